using System.Runtime.InteropServices;
using HvBindgen.Emulation;
using Xunit;

namespace HvBindgen.Mshv.Tests.Boot;

/// <summary>Guest memory of one block, without a device; bytes behind its ends stay as they are, or the test notices.</summary>
internal sealed unsafe class RamBlock : IGuestPhysicalMemory, IDisposable
{
    private const int GuardBytes = 64;
    private readonly byte* block;
    private readonly ulong gpa;
    private readonly int sizeBytes;

    public RamBlock(int sizeBytes, ulong gpa = 0)
    {
        this.gpa = gpa;
        this.sizeBytes = sizeBytes;
        block = (byte*)NativeMemory.AllocZeroed((nuint)(sizeBytes + (2 * GuardBytes)));
    }

    public bool TryResolve(ulong gpa, out HostRange range)
    {
        if (gpa < this.gpa || gpa - this.gpa >= (ulong)sizeBytes)
        {
            range = default;
            return false;
        }

        ulong offset = gpa - this.gpa;
        range = new HostRange((nint)(block + GuardBytes + offset), (ulong)sizeBytes - offset, IsWritable: true);
        return true;
    }

    public Span<byte> At(ulong gpa, int count)
    {
        Assert.True(gpa >= this.gpa && (gpa - this.gpa) + (ulong)count <= (ulong)sizeBytes);
        return new Span<byte>(block + GuardBytes + (gpa - this.gpa), count);
    }

    public void Dispose()
    {
        Assert.Equal(-1, new Span<byte>(block, GuardBytes).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, new Span<byte>(block + GuardBytes + sizeBytes, GuardBytes).IndexOfAnyExcept((byte)0));
        NativeMemory.Free(block);
    }
}
