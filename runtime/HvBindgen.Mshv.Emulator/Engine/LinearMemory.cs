using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>
/// Guest memory as the code of a stopped processor addresses it, with its paging as it is and without any check of access rights.
/// </summary>
internal sealed class LinearMemory(ProcessorState state, IGuestPhysicalMemory memory)
{
    internal const ulong PageBytes = 4096;

    /// <summary>Linear address of an offset in a segment.</summary>
    internal ulong AddressOf(int segment, ulong offset) =>
        state.Is64BitCode
            ? (segment is ProcessorState.Fs or ProcessorState.Gs ? state.Segments[segment].@base : 0) + offset
            : (uint)(state.Segments[segment].@base + offset);

    /// <summary>Translates a linear address.</summary>
    /// <returns>False where the guest's tables map nothing.</returns>
    internal bool TryTranslate(ulong linear, out ulong gpa)
    {
        TranslationResult result = Translate(linear);
        gpa = result.Gpa;
        return result.Succeeded;
    }

    /// <summary>What a linear address leads to that no memory answers: a page, or a table on the way to it.</summary>
    /// <returns>False where memory answers, or the guest's tables map nothing.</returns>
    internal bool TryFindUnreachable(ulong linear, bool isWrite, out ulong gpa, out bool isTable) =>
        TryFindUnreachable(linear, isWrite ? MemoryAccess.Write : MemoryAccess.Read, out gpa, out isTable);

    /// <summary>The same for any access: also what does not allow it.</summary>
    /// <returns>False where memory answers, or the guest's tables map nothing.</returns>
    internal bool TryFindUnreachable(ulong linear, MemoryAccess access, out ulong gpa, out bool isTable)
    {
        TranslationResult result = Translate(linear);
        gpa = result.Gpa;
        isTable = result.Status == TranslationStatus.TableNotBacked;
        return isTable || (result.Succeeded && !(memory.TryResolve(gpa, out HostRange range) && Allows(in range, access)));
    }

    private static bool Allows(in HostRange range, MemoryAccess access) => access switch
    {
        MemoryAccess.Read => true,
        MemoryAccess.Write => range.IsWritable,
        _ => !range.ForbidsExecution,
    };

    private TranslationResult Translate(ulong linear)
    {
        // That SMAP may refuse an access is not the question here.
        PagingState paging = new(state.Cr0, state.Cr3, state.Cr4, state.Efer, state.Rflags | X64Bits.FlagAc);
        return PageWalker.Translate(in paging, memory, linear, AccessKind.Read, AccessPrivilege.Supervisor, setAccessedDirty: false);
    }

    /// <summary>Reads guest memory.</summary>
    /// <returns>Number of bytes read: fewer than asked where nothing is mapped.</returns>
    internal int Read(ulong linear, Span<byte> destination) => Transfer(linear, destination, MemoryAccess.Read);

    /// <summary>Reads code that the guest may execute.</summary>
    /// <returns>Number of bytes read: fewer than asked where nothing is mapped, or execution is forbidden.</returns>
    internal int Fetch(ulong linear, Span<byte> destination) => Transfer(linear, destination, MemoryAccess.Execute);

    /// <summary>Writes guest memory.</summary>
    /// <returns>Number of bytes written.</returns>
    internal int Write(ulong linear, Span<byte> data) => Transfer(linear, data, MemoryAccess.Write);

    private int Transfer(ulong linear, Span<byte> data, MemoryAccess access)
    {
        int done = 0;
        while (done < data.Length)
        {
            ulong address = linear + (ulong)done;
            int count = (int)Math.Min((ulong)(data.Length - done), PageBytes - (address % PageBytes));
            if (!TryTranslate(address, out ulong gpa)
                || (access == MemoryAccess.Execute && memory.TryResolve(gpa, out HostRange range) && range.ForbidsExecution))
            {
                break;
            }

            Span<byte> part = data.Slice(done, count);
            int moved = access == MemoryAccess.Write ? memory.Write(gpa, part) : memory.Read(gpa, part);
            done += moved;
            if (moved < count)
            {
                break;
            }
        }

        return done;
    }
}
