using HvBindgen.Emulation;

namespace HvBindgen.Mshv.Boot;

/// <summary>Places bytes into guest memory before the guest runs. ROM can be filled too: only the guest must not write it.</summary>
internal static unsafe class BootMemory
{
    /// <summary>Copies bytes into guest memory.</summary>
    /// <param name="memory">Guest memory.</param>
    /// <param name="gpa">First guest-physical address.</param>
    /// <param name="bytes">What to place there.</param>
    /// <param name="what">Name of it, for the message of a failure.</param>
    /// <exception cref="GuestImageException">Part of the range has no memory.</exception>
    internal static void Place(this IGuestPhysicalMemory memory, ulong gpa, ReadOnlySpan<byte> bytes, string what)
    {
        memory.Require(gpa, (ulong)bytes.Length, what);
        while (!bytes.IsEmpty)
        {
            HostRange range = memory.Resolve(gpa, what);
            int count = (int)Math.Min((ulong)bytes.Length, range.SizeBytes);
            bytes[..count].CopyTo(new Span<byte>(range.Pointer, count));
            memory.NoteWrite(gpa, (ulong)count);
            bytes = bytes[count..];
            gpa += (ulong)count;
        }
    }

    /// <summary>Fills guest memory with zeros.</summary>
    /// <param name="memory">Guest memory.</param>
    /// <param name="gpa">First guest-physical address.</param>
    /// <param name="sizeBytes">How many bytes.</param>
    /// <param name="what">Name of it, for the message of a failure.</param>
    /// <exception cref="GuestImageException">Part of the range has no memory.</exception>
    internal static void Clear(this IGuestPhysicalMemory memory, ulong gpa, ulong sizeBytes, string what)
    {
        memory.Require(gpa, sizeBytes, what);
        while (sizeBytes > 0)
        {
            HostRange range = memory.Resolve(gpa, what);
            int count = (int)Math.Min(Math.Min(sizeBytes, range.SizeBytes), int.MaxValue);
            new Span<byte>(range.Pointer, count).Clear();
            memory.NoteWrite(gpa, (ulong)count);
            gpa += (ulong)count;
            sizeBytes -= (ulong)count;
        }
    }

    /// <summary>Checks that a range has memory, so that one that does not fit leaves the memory as it was.</summary>
    /// <param name="memory">Guest memory.</param>
    /// <param name="gpa">First guest-physical address.</param>
    /// <param name="sizeBytes">How many bytes.</param>
    /// <param name="what">Name of what shall go there, for the message of a failure.</param>
    /// <exception cref="GuestImageException">Part of the range has no memory.</exception>
    internal static void Require(this IGuestPhysicalMemory memory, ulong gpa, ulong sizeBytes, string what)
    {
        if (sizeBytes > ulong.MaxValue - gpa)
        {
            throw new GuestImageException($"{what}: 0x{sizeBytes:x} bytes from 0x{gpa:x} on run past the end of the address space.");
        }

        ulong checkedBytes = 0;
        while (checkedBytes < sizeBytes)
        {
            if (!memory.TryResolve(gpa + checkedBytes, out HostRange range) || range.SizeBytes == 0)
            {
                throw new GuestImageException(
                    $"{what}: no guest memory at 0x{gpa + checkedBytes:x}; it takes 0x{gpa:x} to 0x{gpa + sizeBytes - 1:x}.");
            }

            checkedBytes += Math.Min(range.SizeBytes, sizeBytes - checkedBytes);
        }
    }

    // It was there when it was checked; another thread may have unmapped it since.
    private static HostRange Resolve(this IGuestPhysicalMemory memory, ulong gpa, string what) =>
        memory.TryResolve(gpa, out HostRange range) && range.SizeBytes > 0
            ? range
            : throw new GuestImageException($"{what}: the guest memory at 0x{gpa:x} is gone while it is filled.");
}
