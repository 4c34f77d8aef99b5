using System.Runtime.InteropServices;
using HvBindgen.Mshv.Memory;

namespace HvBindgen.Mshv.Tests.RunLoop;

/// <summary>RAM from guest-physical address 0 on, with a guard page on each side that must stay as it is.</summary>
internal sealed unsafe class FlatMemory : IGuestPhysicalMemory, IDisposable
{
    private const int GuardBytes = 4096;
    private const byte GuardValue = 0x5a;

    private readonly byte* block;
    private readonly int sizeBytes;

    internal FlatMemory(int sizeBytes)
    {
        this.sizeBytes = sizeBytes;
        block = (byte*)NativeMemory.AlignedAlloc((nuint)(sizeBytes + (2 * GuardBytes)), 4096);
        NativeMemory.Fill(block, (nuint)(sizeBytes + (2 * GuardBytes)), GuardValue);
        Span.Clear();
    }

    internal Span<byte> Span => new(block + GuardBytes, sizeBytes);

    internal bool GuardsAreIntact =>
        !new ReadOnlySpan<byte>(block, GuardBytes).ContainsAnyExcept(GuardValue)
        && !new ReadOnlySpan<byte>(block + GuardBytes + sizeBytes, GuardBytes).ContainsAnyExcept(GuardValue);

    public bool TryResolve(ulong gpa, out HostRange range)
    {
        bool isRam = gpa < (ulong)sizeBytes;
        range = isRam ? new HostRange((nint)(block + GuardBytes + gpa), (ulong)sizeBytes - gpa, IsWritable: true) : default;
        return isRam;
    }

    public void Dispose() => NativeMemory.AlignedFree(block);
}
