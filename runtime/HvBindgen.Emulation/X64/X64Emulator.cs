using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Instructions;

namespace HvBindgen.Emulation.X64;

/// <summary>Carries out single x64 instructions on the state of a virtual processor, its RAM and its devices.</summary>
/// <remarks>
/// <para>One instance per virtual processor, used by one thread at a time; it allocates nothing after construction. An instruction works on
/// a copy of the state, which becomes the caller's when the instruction has ended: a fault leaves no trace but the progress of a repeated
/// string instruction and the accessed and dirty bits of the page tables.</para>
/// <para>Every address is translated and checked before the first device is touched. An instruction with a LOCK prefix, and XCHG, is
/// atomic on RAM: it ends in one interlocked compare-and-exchange of the host, at any alignment (an x64 host locks across cache lines and
/// pages). Only where an operand crosses into a page that lies elsewhere in host memory, and on other hosts where it is not aligned to its
/// size, is it atomic among emulated instructions alone.</para>
/// <para>The guest's CPUID is not looked at: an instruction the guest's processor should lack is carried out all the same. Shadow
/// stacks and data breakpoints are not modelled. Rights of protection keys are not known: an operand in a page with a key is refused,
/// unless the hypervisor has translated it.</para>
/// </remarks>
public sealed class X64Emulator
{
    private readonly X64Context context = new();
    private readonly X64AddressSpace space;
    private readonly InstructionFetcher fetcher;
    private readonly InstructionSet instructions;

    /// <summary>Makes an emulator for one virtual processor.</summary>
    /// <param name="ram">Guest RAM and ROM.</param>
    /// <param name="bus">Devices: whatever no RAM backs.</param>
    /// <param name="vectors">Vector registers; without them instructions that use one are not supported.</param>
    public X64Emulator(IGuestPhysicalMemory ram, IX64Bus bus, IX64VectorRegisters? vectors = null)
        : this(ram, bus, vectors, HostAlignment.OfThisProcess)
    {
    }

    /// <summary>Makes an emulator that runs on a processor with certain rules about addresses.</summary>
    internal X64Emulator(IGuestPhysicalMemory ram, IX64Bus bus, IX64VectorRegisters? vectors, HostAlignment host)
    {
        ArgumentNullException.ThrowIfNull(ram);
        ArgumentNullException.ThrowIfNull(bus);
        space = new X64AddressSpace(context, ram, bus, host);
        fetcher = new InstructionFetcher(context, space, ram);
        instructions = new InstructionSet(context, space, bus, vectors);
    }

    /// <summary>
    /// Width of a guest-physical address in bits; page-table bits above it are reserved. At most 52, which is what 0 means.
    /// </summary>
    public int PhysicalAddressBits
    {
        get => space.Pages.PhysicalAddressBits;
        init => space.Pages.PhysicalAddressBits = value;
    }

    /// <summary>Where descriptor tables are; without it segments are loaded in real mode alone, and refused in protected mode.</summary>
    public IX64DescriptorTables? DescriptorTables
    {
        get => instructions.Segments.Tables;
        init => instructions.Segments.Tables = value;
    }

    /// <summary>Carries out the instruction at RIP.</summary>
    /// <param name="state">State before; on return the state after. Unchanged on a fault, but for the progress of a repeated
    /// instruction.</param>
    /// <param name="input">What else is known.</param>
    /// <returns>How it ended. Injecting a fault is the caller's business.</returns>
    /// <remarks>An exception of the bus comes through; the state is then that of a fault.</remarks>
    public EmulationOutcome Execute(ref X64State state, in EmulationInput input) => Execute(in state, ref state, in input);

    /// <summary>Carries out the instruction at RIP, for a caller who needs the state before it too.</summary>
    /// <param name="before">State before.</param>
    /// <param name="after">Receives the state after; on a fault that before, but for the progress of a repeated instruction.</param>
    /// <param name="input">What else is known.</param>
    /// <returns>How it ended. Injecting a fault is the caller's business.</returns>
    /// <remarks>An exception of the bus comes through; the state is then that of a fault.</remarks>
    public EmulationOutcome Execute(in X64State before, ref X64State after, in EmulationInput input)
    {
        context.Begin(in before, in input);
        space.Begin();
        bool hasEnded = TryExecute(in before, ref after, input.InstructionBytes);

        if (space.IsAbandoned)
        {
            hasEnded = context.Abandon();
        }

        if (hasEnded)
        {
            context.State.Rip = context.NextRip;

            // SDM volume 3, 6.8.3: after a load of SS a single-step trap waits for the next instruction's, as interrupts do.
            bool isStepped = (before.Rflags & X64Bits.FlagTf) != 0 && !context.LoadsStackSegment;
            context.Outcome = EmulationOutcome.Done(context.Instruction, isStepped, context.LoadsStackSegment);
            context.State.Rflags &= ~X64Bits.FlagRf;
            after = context.State;
        }
        else
        {
            TakeProgress(in before, ref after);
        }

        return context.Outcome;
    }

    private bool TryExecute(in X64State before, ref X64State after, ReadOnlySpan<byte> delivered)
    {
        try
        {
            if (!fetcher.TryDecode(delivered))
            {
                return false;
            }

            context.NextRip = context.MaskRip(before.Rip + (uint)context.Instruction.Length);
            return instructions.TryExecute();
        }
        catch
        {
            // A device is anyone's code. Iterations that are done stay done, whatever the next one ran into, and show no flags.
            context.State.Rflags = before.Rflags;
            TakeProgress(in before, ref after);
            throw;
        }
    }

    private void TakeProgress(in X64State before, ref X64State after)
    {
        if (context.KeepsProgress)
        {
            after = context.State;
        }
        else
        {
            after = before;
        }
    }
}
