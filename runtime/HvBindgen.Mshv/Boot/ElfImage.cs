using HvBindgen.Emulation;

namespace HvBindgen.Mshv.Boot;

/// <summary>An ELF executable placed into guest memory, such as an uncompressed Linux kernel.</summary>
/// <param name="Entry">Address of the first instruction, as the file states it: physical or virtual, by the guest's own convention.</param>
/// <param name="PvhEntry">Guest-physical address for flat 32-bit entry after the PVH boot protocol; null when the file names none.</param>
/// <param name="LowestGpa">First guest-physical address that the file takes.</param>
/// <param name="EndGpa">Guest-physical address behind the last byte that the file takes.</param>
public sealed record ElfImage(ulong Entry, ulong? PvhEntry, ulong LowestGpa, ulong EndGpa)
{
    private const uint Magic = 0x464c457f;
    private const uint LoadSegment = 1;
    private const uint NoteSegment = 4;

    // A note of the owner "Xen", whose number says that the descriptor is the PVH entry.
    private const uint PvhNote = 18;

    // Between two of these a load can be called off.
    private const ulong PartBytes = 16 << 20;

    /// <summary>Places the loadable segments at their physical addresses.</summary>
    /// <param name="memory">Guest memory.</param>
    /// <param name="file">The file's bytes: little-endian ELF of 32 or 64 bits.</param>
    /// <param name="cancellation">Calls the loading off: a file may ask for gigabytes of zeros.</param>
    /// <returns>Where it lies and where it starts.</returns>
    /// <exception cref="GuestImageException">
    /// The file is no such ELF, is damaged, has segments that overlap, or does not fit into guest memory.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was called off; a part of the file may be in memory.</exception>
    public static ElfImage Load(IGuestPhysicalMemory memory, ReadOnlySpan<byte> file, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ImageReader reader = new(file, "ELF file");
        if (reader.U32(0, "magic") != Magic)
        {
            throw new GuestImageException("ELF file: it does not start with 0x7f 'ELF'.");
        }

        if (reader.Byte(5, "byte order") != 1)
        {
            throw new GuestImageException("ELF file: not little-endian.");
        }

        bool is64 = reader.Byte(4, "class") switch
        {
            1 => false,
            2 => true,
            byte other => throw new GuestImageException($"ELF file: class {other} at byte 4, expected 1 (32 bits) or 2 (64 bits)."),
        };
        ulong entry = is64 ? reader.U64(24, "entry") : reader.U32(24, "entry");
        ulong headers = is64 ? reader.U64(32, "program header offset") : reader.U32(28, "program header offset");
        ushort headerBytes = reader.U16(is64 ? 54UL : 42, "program header size");
        int count = reader.U16(is64 ? 56UL : 44, "program header count");
        if (headerBytes < (is64 ? 56 : 32))
        {
            throw new GuestImageException($"ELF file: program headers of {headerBytes} bytes.");
        }

        // A first pass over everything that can be wrong, so that a damaged file places nothing.
        Extent extent = Visit(reader, is64, headers, headerBytes, count, memory, write: false, cancellation);
        Visit(reader, is64, headers, headerBytes, count, memory, write: true, cancellation);
        return new ElfImage(entry, extent.PvhEntry, extent.Lowest, extent.End);
    }

    private static Extent Visit(
        ImageReader reader,
        bool is64,
        ulong headers,
        ushort headerBytes,
        int count,
        IGuestPhysicalMemory memory,
        bool write,
        CancellationToken cancellation)
    {
        Extent extent = new(ulong.MaxValue, 0, null);
        List<(ulong Start, ulong End, int Index)> placed = [];
        ulong noteBytes = 0;
        for (int index = 0; index < count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            string what = $"segment {index}";
            ulong at = unchecked(headers + ((ulong)index * headerBytes));
            uint type = reader.U32(at, what);
            ulong offset = is64 ? reader.U64(at + 8, what) : reader.U32(at + 4, what);
            ulong gpa = is64 ? reader.U64(at + 24, what) : reader.U32(at + 12, what);
            ulong fileBytes = is64 ? reader.U64(at + 32, what) : reader.U32(at + 16, what);
            ulong memoryBytes = is64 ? reader.U64(at + 40, what) : reader.U32(at + 20, what);
            if (type == NoteSegment)
            {
                ReadOnlySpan<byte> notes = reader.Slice(offset, fileBytes, what);
                noteBytes += fileBytes;
                if (noteBytes > reader.SizeBytes)
                {
                    throw new GuestImageException("ELF file: its notes lie over each other.");
                }

                extent = extent with { PvhEntry = FindPvhEntry(notes) ?? extent.PvhEntry };
            }
            else if (type == LoadSegment && memoryBytes > 0)
            {
                if (fileBytes > memoryBytes || memoryBytes > ulong.MaxValue - gpa)
                {
                    throw new GuestImageException($"ELF file: {what} has 0x{fileBytes:x} bytes for 0x{memoryBytes:x} at 0x{gpa:x}.");
                }

                ReadOnlySpan<byte> content = reader.Slice(offset, fileBytes, what);
                placed.Add((gpa, gpa + memoryBytes, index));
                extent = extent with { Lowest = Math.Min(extent.Lowest, gpa), End = Math.Max(extent.End, gpa + memoryBytes) };
                memory.Require(gpa, memoryBytes, "ELF " + what);
                if (write)
                {
                    Place(memory, gpa, content, memoryBytes, "ELF " + what, cancellation);
                }
            }
        }

        if (!write)
        {
            RequireApart(placed);
        }

        return extent.End != 0 ? extent : throw new GuestImageException("ELF file: it has no loadable segment.");
    }

    private static void Place(
        IGuestPhysicalMemory memory, ulong gpa, ReadOnlySpan<byte> content, ulong sizeBytes, string what, CancellationToken cancellation)
    {
        for (ulong done = 0; done < sizeBytes;)
        {
            cancellation.ThrowIfCancellationRequested();
            ulong part = Math.Min(PartBytes, sizeBytes - done);
            int copied = (int)Math.Min(part, (ulong)content.Length);
            memory.Place(gpa + done, content[..copied], what);
            memory.Clear(gpa + done + (ulong)copied, part - (ulong)copied, what);
            content = content[copied..];
            done += part;
        }
    }

    // Thousands of segments of the same memory would take for ever, and what the guest finds would be a matter of their order.
    private static void RequireApart(List<(ulong Start, ulong End, int Index)> placed)
    {
        placed.Sort();
        for (int index = 1; index < placed.Count; index++)
        {
            if (placed[index].Start < placed[index - 1].End)
            {
                throw new GuestImageException(
                    $"ELF file: segments {placed[index - 1].Index} and {placed[index].Index} both take 0x{placed[index].Start:x}.");
            }
        }
    }

    // A note: length of the owner's name, length of the descriptor, number; then both, each padded to 4 bytes.
    private static ulong? FindPvhEntry(ReadOnlySpan<byte> notes)
    {
        const ulong HeaderBytes = 12;
        ImageReader reader = new(notes, "ELF notes");
        ulong at = 0;
        while (at + HeaderBytes <= (ulong)notes.Length)
        {
            uint nameBytes = reader.U32(at, "note");
            uint valueBytes = reader.U32(at + 4, "note");
            uint number = reader.U32(at + 8, "note");
            ulong name = at + HeaderBytes;
            ulong value = name + Padded(nameBytes);
            if (number == PvhNote && reader.Slice(name, nameBytes, "note").SequenceEqual("Xen\0"u8))
            {
                return valueBytes switch
                {
                    4 => reader.U32(value, "PVH entry"),
                    8 => reader.U64(value, "PVH entry"),
                    _ => throw new GuestImageException($"ELF file: a PVH entry of {valueBytes} bytes, expected 4 or 8."),
                };
            }

            at = value + Padded(valueBytes);
        }

        return null;
    }

    private static ulong Padded(uint sizeBytes) => ((ulong)sizeBytes + 3) & ~3UL;

    private readonly record struct Extent(ulong Lowest, ulong End, ulong? PvhEntry);
}
