using Iced.Intel;

namespace HvBindgen.Emulation.X64;

/// <summary>Carries out single x64 instructions on the state of a virtual processor, its RAM and its devices.</summary>
/// <remarks>
/// <para>One instance per virtual processor, used by one thread at a time; it allocates nothing after construction. An instruction works on a
/// copy of the state, which becomes the caller's when the instruction has ended: a fault leaves no trace but the progress of a repeated
/// string instruction and the accessed and dirty bits of the page tables.</para>
/// <para>Every address is translated and checked before the first device is touched. An instruction with a LOCK prefix, and XCHG, is
/// atomic on RAM: it ends in one interlocked compare-and-exchange of the host, at any alignment (an x64 host locks across cache lines and
/// pages). Only where an operand crosses into a page that lies elsewhere in host memory is it atomic among emulated instructions alone.</para>
/// <para>The guest's CPUID is not looked at: an instruction the guest's processor should lack is carried out all the same. Protection
/// keys, linear-address masking, shadow stacks and data breakpoints are not modelled.</para>
/// </remarks>
public sealed partial class X64Emulator
{
    private readonly IGuestPhysicalMemory ram;
    private readonly IX64Bus bus;
    private readonly IX64VectorRegisters? vectors;

    private readonly InstructionBytes code = new();
    private readonly Decoder decoder16;
    private readonly Decoder decoder32;
    private readonly Decoder decoder64;

    // The instruction under way.
    private X64State state;
    private Instruction instruction;
    private EmulationOutcome outcome;
    private ulong nextRip;
    private bool keepsProgress;
    private bool loadsStackSegment;
    private bool is64BitMode;

    // What the caller knows about it.
    private ulong knownGvaPage;
    private ulong knownGpaPage;
    private bool hasKnownTranslation;
    private bool knownTranslationIsForWrite;
    private bool portAccessIsGranted;
    private int maxIterations;

    /// <summary>Makes an emulator for one virtual processor.</summary>
    /// <param name="ram">Guest RAM and ROM.</param>
    /// <param name="bus">Devices: whatever no RAM backs.</param>
    /// <param name="vectors">Vector registers; without them instructions that use one are not supported.</param>
    public X64Emulator(IGuestPhysicalMemory ram, IX64Bus bus, IX64VectorRegisters? vectors = null)
    {
        ArgumentNullException.ThrowIfNull(ram);
        ArgumentNullException.ThrowIfNull(bus);
        this.ram = ram;
        this.bus = bus;
        this.vectors = vectors;
        decoder16 = Decoder.Create(16, code);
        decoder32 = Decoder.Create(32, code);
        decoder64 = Decoder.Create(64, code);
    }

    /// <summary>Width of a guest-physical address in bits; page-table bits above it are reserved.</summary>
    public int PhysicalAddressBits { get; init; } = 52;

    /// <summary>Carries out the instruction at RIP.</summary>
    /// <param name="state">State before; on return the state after. Unchanged on a fault, but for the progress of a repeated instruction.</param>
    /// <param name="input">What else is known.</param>
    /// <returns>How it ended. Injecting a fault is the caller's business.</returns>
    public EmulationOutcome Execute(ref X64State state, in EmulationInput input)
    {
        this.state = state;
        knownGvaPage = input.KnownGva & ~0xFFFUL;
        knownGpaPage = input.KnownGpa & ~0xFFFUL;
        hasKnownTranslation = input.HasKnownTranslation;
        knownTranslationIsForWrite = input.KnownTranslationIsForWrite;
        portAccessIsGranted = input.PortAccessIsGranted;
        maxIterations = input.MaxIterations > 0 ? input.MaxIterations : EmulationInput.DefaultMaxIterations;
        keepsProgress = false;
        loadsStackSegment = false;
        is64BitMode = state.Is64BitMode;

        if (!TryDecode(input.InstructionBytes))
        {
            return outcome;
        }

        nextRip = MaskRip(this.state.Rip + (uint)instruction.Length);

        if (TryExecute())
        {
            this.state.Rip = nextRip;
            outcome = EmulationOutcome.Done(instruction, (state.Rflags & X64Bits.FlagTf) != 0, loadsStackSegment);
            this.state.Rflags &= ~X64Bits.FlagRf;
            state = this.state;
        }
        else if (keepsProgress)
        {
            state = this.state;
        }

        return outcome;
    }

    private ulong MaskRip(ulong rip) => is64BitMode ? rip : (uint)rip;

    /// <summary>Ends the instruction with a fault.</summary>
    /// <returns>False always, so that a check can return it.</returns>
    private bool Fault(byte vector)
    {
        outcome = EmulationOutcome.Faulted(instruction, vector, null, 0);
        return false;
    }

    private bool FaultWithCode(byte vector)
    {
        // Real mode has no error codes.
        outcome = EmulationOutcome.Faulted(instruction, vector, (state.Cr0 & X64Bits.Cr0Pe) != 0 ? 0 : null, 0);
        return false;
    }

    private bool Unsupported(EmulationLimit limit)
    {
        outcome = EmulationOutcome.NotSupported(instruction, limit);
        return false;
    }
}
