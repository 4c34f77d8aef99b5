using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Gdb.Debugging;

/// <summary>Guest memory as a processor sees it now: by guest-virtual address, for a machine that stands.</summary>
internal sealed class GuestVirtualMemory(GuestAddressSpace memory)
{
    private const ulong PageBytes = Constants.MSHV_HV_PAGE_SIZE;

    /// <summary>Where an address leads, whoever may use it.</summary>
    internal static bool TryTranslate(VirtualProcessor processor, ulong gva, out ulong gpa)
    {
        // Supervisor code may be kept off the pages of programs (SMAP); a debugger looks at both.
        foreach (AccessPrivilege privilege in (ReadOnlySpan<AccessPrivilege>)[AccessPrivilege.Supervisor, AccessPrivilege.User])
        {
            GvaTranslation translation = processor.TranslateGva(gva, AccessKind.Read, privilege);
            if (translation.Code == hv_translate_gva_result_code.HV_TRANSLATE_GVA_SUCCESS)
            {
                gpa = translation.Gpa;
                return true;
            }
        }

        gpa = 0;
        return false;
    }

    /// <summary>Reads as far as there is memory.</summary>
    /// <returns>Number of bytes read.</returns>
    internal int Read(VirtualProcessor processor, ulong gva, Span<byte> data, SoftwareBreakpoints breakpoints)
    {
        int done = 0;
        while (done < data.Length)
        {
            Span<byte> chunk = Chunk(data[done..], gva);
            if (!TryTranslate(processor, gva, out ulong gpa) || !memory.TryRead(gpa, chunk))
            {
                break;
            }

            breakpoints.Hide(gpa, chunk);
            done += chunk.Length;
            gva = unchecked(gva + (ulong)chunk.Length);
        }

        return done;
    }

    /// <summary>Writes, also where the guest itself may not. What lies before the first byte that is no memory has been written.</summary>
    internal bool TryWrite(VirtualProcessor processor, ulong gva, ReadOnlySpan<byte> data, SoftwareBreakpoints breakpoints)
    {
        while (!data.IsEmpty)
        {
            byte[] chunk = [.. data[..Chunk(data, gva)]];
            if (!TryTranslate(processor, gva, out ulong gpa))
            {
                return false;
            }

            breakpoints.Keep(gpa, chunk);
            if (!memory.TryWrite(gpa, chunk))
            {
                return false;
            }

            data = data[chunk.Length..];
            gva = unchecked(gva + (ulong)chunk.Length);
        }

        return true;
    }

    private static Span<byte> Chunk(Span<byte> data, ulong gva) => data[..Chunk((ReadOnlySpan<byte>)data, gva)];

    private static int Chunk(ReadOnlySpan<byte> data, ulong gva) => (int)Math.Min((ulong)data.Length, PageBytes - (gva % PageBytes));
}
