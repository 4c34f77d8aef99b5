using System.Runtime.InteropServices;
using HvBindgen.Emulation;

namespace HvBindgen.Testing;

/// <summary>Guest RAM from address zero on, with guard bytes around it that nothing may touch.</summary>
public sealed unsafe class FlatMemory : IGuestPhysicalMemory, IDisposable
{
    private const int GuardBytes = 4096;
    private const byte GuardByte = 0xC3;

    private readonly byte* block;

    public FlatMemory(int sizeBytes)
    {
        SizeBytes = sizeBytes;
        block = (byte*)NativeMemory.AlignedAlloc((nuint)(sizeBytes + (2 * GuardBytes)), 4096);
        new Span<byte>(block, sizeBytes + (2 * GuardBytes)).Fill(GuardByte);
        Bytes.Clear();
    }

    public int SizeBytes { get; }

    /// <summary>From this address on it is ROM.</summary>
    public ulong RomBase { get; init; } = ulong.MaxValue;

    public byte* Pointer => block + GuardBytes;

    public Span<byte> Bytes => new(Pointer, SizeBytes);

    public Span<ulong> Words => MemoryMarshal.Cast<byte, ulong>(Bytes);

    /// <summary>Whether nothing has been written beyond the ends.</summary>
    public bool IsIntact =>
        !new Span<byte>(block, GuardBytes).ContainsAnyExcept(GuardByte)
        && !new Span<byte>(block + GuardBytes + SizeBytes, GuardBytes).ContainsAnyExcept(GuardByte);

    public bool TryResolve(ulong gpa, out HostRange range)
    {
        bool found = gpa < (ulong)SizeBytes;
        ulong end = gpa < RomBase ? Math.Min(RomBase, (ulong)SizeBytes) : (ulong)SizeBytes;
        range = found ? new HostRange((nint)(Pointer + gpa), end - gpa, gpa < RomBase) : default;
        return found;
    }

    public void Dispose() => NativeMemory.AlignedFree(block);
}
