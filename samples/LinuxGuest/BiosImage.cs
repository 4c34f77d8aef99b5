using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Memory;

namespace LinuxGuest;

/// <summary>The image of a BIOS: its end is the end of the first 4 GiB, where a processor begins, and its last 256 KiB are in the first MiB
/// too, in memory that it may change.</summary>
internal sealed class BiosImage : IDisposable
{
    private const ulong End = 1UL << 32;
    private const ulong EndBelow = 1 << 20;
    private const int BelowBytes = 256 << 10;
    private const int SmallestBytes = 64 << 10;
    private const int LargestBytes = 16 << 20;

    private readonly byte[] image;
    private readonly GuestMemory memory;

    private BiosImage(byte[] image)
    {
        this.image = image;
        memory = GuestMemory.Allocate((ulong)image.Length);
        image.CopyTo(memory.GetSpan(0, image.Length));
    }

    /// <summary>Reads it from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="GuestImageException">No BIOS has this size.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BiosImage Read(string path)
    {
        byte[] image = File.ReadAllBytes(path);
        return image.Length is >= SmallestBytes and <= LargestBytes && image.Length % SmallestBytes == 0
            ? new BiosImage(image)
            : throw new GuestImageException($"{path}: {image.Length} bytes; a BIOS has 64 KiB to 16 MiB, in steps of 64 KiB.");
    }

    /// <summary>Places it.</summary>
    /// <param name="guest">Guest memory, with RAM in the first MiB.</param>
    public void Load(GuestAddressSpace guest)
    {
        guest.Map(End - (ulong)image.Length, memory, MemoryAccess.Rom);
        int below = Math.Min(BelowBytes, image.Length);
        guest.Write(EndBelow - (ulong)below, image.AsSpan(image.Length - below));
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
