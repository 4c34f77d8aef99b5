using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests.Systems;

/// <summary>The handlers of a system program: each reports its vector, and goes on in the slot after the one that was
/// interrupted.</summary>
internal static class SystemHandlers
{
    private const uint Debug = 1;
    private const int LastOfSlot = SystemLayout.SlotBytes - 1;
    private const uint WithErrorCode = 1u << 8 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 17;

    /// <summary>Writes those of all widths.</summary>
    internal static void Write(SystemImage memory)
    {
        for (uint vector = 0; vector < SystemLayout.Vectors; vector++)
        {
            foreach (int bits in (ReadOnlySpan<int>)[16, 32, 64])
            {
                ulong place = SystemLayout.HandlerPlace(bits, vector);
                byte[] code = RunningGuest.Assemble(bits, a => Write(a, bits, vector), place);
                memory.Write(place, code);
            }
        }
    }

    // Those of 16 bits are real mode's, which has no error codes.
    private static void Write(Assembler a, int bits, uint vector)
    {
        bool hasCode = vector < 32 && ((WithErrorCode >> (int)vector) & 1) != 0;
        switch (bits)
        {
            case 16:
                a.push(ax);
                Report(a, vector);
                a.pop(ax);
                a.push(bp);
                a.mov(bp, sp);
                Skip(a, __word_ptr[bp + 2], __byte_ptr[bp + 2], vector);
                a.pop(bp);
                a.iret();
                break;
            case 32:
                a.push(eax);
                Report(a, vector);
                a.pop(eax);
                if (hasCode)
                {
                    a.add(esp, 4);
                }

                Skip(a, __dword_ptr[esp], __byte_ptr[esp], vector);
                a.iretd();
                break;
            default:
                a.push(rax);
                Report(a, vector);
                a.pop(rax);
                if (hasCode)
                {
                    a.add(rsp, 8);
                }

                Skip(a, __qword_ptr[rsp], __byte_ptr[rsp], vector);
                a.iretq();
                break;
        }
    }

    private static void Report(Assembler a, uint vector)
    {
        a.mov(al, (sbyte)vector);
        a.@out((byte)RunningGuest.ReportPort, al);
    }

    // A debug exception stands behind its instruction.
    private static void Skip(Assembler a, AssemblerMemoryOperand whole, AssemblerMemoryOperand low, uint vector)
    {
        if (vector != Debug)
        {
            a.or(low, LastOfSlot);
            a.inc(whole);
        }
    }
}
