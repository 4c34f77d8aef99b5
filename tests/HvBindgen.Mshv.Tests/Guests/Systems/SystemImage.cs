using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Tests.Guests.Systems;

/// <summary>The memory that a system program begins with.</summary>
internal sealed class SystemImage
{
    /// <summary>From address 0 on.</summary>
    internal byte[] Bytes { get; } = new byte[SystemLayout.End];

    /// <summary>Writes a number.</summary>
    internal void Write<T>(ulong gpa, T value)
        where T : unmanaged => MemoryMarshal.Write(Bytes.AsSpan((int)gpa), in value);

    /// <summary>Writes bytes.</summary>
    internal void Write(ulong gpa, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Bytes.AsSpan((int)gpa));
}
