using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>One instruction, or a sequence of them, and the state it starts from: <c>struct test_case</c> of the oracle.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct OracleCase
{
    public Words16 Gpr;
    public ulong Rip;
    public ulong Flags;
    public ulong FsBase;
    public ulong GsBase;
    public ulong CodeAddress;
    public uint CodeSizeBytes;
    public Selectors6 Segments;
    public Bytes256 Code;
    public Bytes2048 Vectors;
    public Words8 Masks;
    public Bytes160 FloatingPoint;
    public Bytes256 Window;
}

/// <summary>What the processor made of it: <c>struct test_result</c> of the oracle.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct OracleResult
{
    public Words16 Gpr;
    public ulong Rip;
    public ulong Flags;
    public ulong FaultAddress;
    public uint Trap;
    public uint ErrorCode;
    public uint Strayed;
    public uint Padding;
    public Bytes2048 Vectors;
    public Words8 Masks;
    public Bytes160 FloatingPoint;
    public Selectors6 Segments;
    public ulong FsBase;
    public ulong GsBase;
    public Bytes256 Window;
}

[InlineArray(16)]
internal struct Words16
{
    private ulong first;
}

[InlineArray(8)]
internal struct Words8
{
    private ulong first;
}

[InlineArray(6)]
internal struct Selectors6
{
    private ushort first;
}

[InlineArray(160)]
internal struct Bytes160
{
    private byte first;
}

[InlineArray(256)]
internal struct Bytes256
{
    private byte first;
}

[InlineArray(2048)]
internal struct Bytes2048
{
    private byte first;
}
