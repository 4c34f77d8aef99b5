using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.FastPath;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Carries out instructions one after another as long as each takes the fast path.</summary>
/// <remarks>
/// Such an instruction happens wholly or changes nothing, raises nothing, and changes no mode and no translation: what holds when a run
/// begins holds to its end. Whatever else comes, a fault, a device, a page met for the first time, is left to the general way.
/// </remarks>
internal sealed unsafe class FastRun(
    X64Context context, X64AddressSpace space, DecodedCode code, FastMemory memory, ProcessorSignals signals,
    SystemRegisters system)
{
    // With them set something happens behind or in front of the next instruction.
    private const ulong FlagsThatStop = X64Bits.FlagTf | X64Bits.FlagRf;

    /// <summary>Instructions that the last run carried out.</summary>
    internal long Count { get; private set; }

    /// <summary>Runs on.</summary>
    /// <param name="most">How many at most.</param>
    /// <returns>The instruction that stands next, where the run ended because of it; else a null reference.</returns>
    internal ref DecodedInstruction Run(long most)
    {
        Count = 0;
        return ref IsPossible ? ref RunOn(most) : ref Unsafe.NullRef<DecodedInstruction>();
    }

    // Tagged addresses, and programs whose operands must be aligned, are seldom.
    private bool IsPossible
    {
        get
        {
            ref X64State state = ref context.State;

            return state.Is64BitMode
                && !system.InterruptShadow
                && (state.Rflags & FlagsThatStop) == 0
                && (state.Cr4 & X64Bits.Cr4LamSup) == 0
                && (state.Cr3 & (X64Bits.Cr3LamU57 | X64Bits.Cr3LamU48)) == 0
                && ((state.Rflags & X64Bits.FlagAc) == 0 || (state.Cr0 & X64Bits.Cr0Am) == 0 || state.PrivilegeLevel != 3);
        }
    }

    private ref DecodedInstruction RunOn(long most)
    {
        ref X64State state = ref context.State;
        int endedBy = ProcessorSignals.Effective(state.Rflags); // no instruction of the fast path changes IF
        long done = 0;
        ulong page = ulong.MaxValue;
        byte* start = null;
        ref DecodedInstruction next = ref Unsafe.NullRef<DecodedInstruction>();
        space.Begin();
        memory.Begin(space.Pages.Privilege, in state);

        while (done < most && (signals.Raised & endedBy) == 0)
        {
            ulong rip = state.Rip;
            int offset = (int)rip & 0xFFF;

            if (rip - (uint)offset != page)
            {
                byte* found = space.IsCanonical(rip) ? space.Pages.FindCode(rip) : null;

                if (found == null)
                {
                    break;
                }

                start = found - offset;
                page = rip - (uint)offset;
            }

            if (offset > DecodedCode.LastWholeOffset)
            {
                break;
            }

            ref DecodedInstruction decoded = ref code.Find64(rip, Vector128.Load(start + offset), out bool isFound);

            if (!isFound)
            {
                break;
            }

            state.Rip = rip + decoded.Fast.Length;

            if (decoded.Fast.Handler == null || !decoded.Fast.Handler(ref state, memory, ref decoded.Fast))
            {
                state.Rip = rip;
                next = ref decoded;
                break;
            }

            done++;
        }

        Count = done;
        return ref next;
    }
}
