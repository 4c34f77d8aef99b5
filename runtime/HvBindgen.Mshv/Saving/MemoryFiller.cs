using System.Buffers.Binary;
using HvBindgen.Mshv.Memory;

namespace HvBindgen.Mshv.Saving;

/// <summary>Fills guest memory from sections in the order of addresses; what lies between them becomes zeros.</summary>
internal sealed class MemoryFiller(GuestAddressSpace memory, IReadOnlyList<(ulong Gpa, ulong SizeBytes)> layout)
{
    private static readonly byte[] Zeros = new byte[MemoryPages.PageBytes];

    private readonly byte[] page = new byte[MemoryPages.PageBytes];
    private int region;
    private ulong done;

    /// <summary>Puts a section's pages where they belong.</summary>
    internal void Fill(ReadOnlySpan<byte> content)
    {
        if (content.Length <= sizeof(ulong) || (content.Length - sizeof(ulong)) % MemoryPages.PageBytes != 0)
        {
            throw new MachineStateFormatException($"A section of memory has {content.Length} bytes, which are no address and whole pages.");
        }

        ulong gpa = BinaryPrimitives.ReadUInt64LittleEndian(content);
        ReadOnlySpan<byte> pages = content[sizeof(ulong)..];
        ClearUpTo(gpa, (ulong)pages.Length);
        memory.Write(gpa, pages);
        done += (ulong)pages.Length;
    }

    /// <summary>Clears what no section had.</summary>
    internal void Finish()
    {
        for (; region < layout.Count; region++, done = 0)
        {
            Clear(layout[region].SizeBytes - done);
        }
    }

    private void ClearUpTo(ulong gpa, ulong sizeBytes)
    {
        for (; region < layout.Count; region++, done = 0)
        {
            (ulong start, ulong size) = layout[region];
            if (gpa >= start + done && gpa - start < size && sizeBytes <= size - (gpa - start))
            {
                Clear(gpa - start - done);
                return;
            }

            Clear(size - done);
        }

        throw new MachineStateFormatException(
            $"The saved machine has 0x{sizeBytes:x} bytes for 0x{gpa:x}, which are no memory of it, or come after higher addresses.");
    }

    // Pages that were never touched stay so.
    private void Clear(ulong sizeBytes)
    {
        for (ulong end = done + sizeBytes; done < end; done += MemoryPages.PageBytes)
        {
            ulong gpa = layout[region].Gpa + done;
            memory.Read(gpa, page);
            if (page.AsSpan().ContainsAnyExcept((byte)0))
            {
                memory.Write(gpa, Zeros);
            }
        }
    }
}
