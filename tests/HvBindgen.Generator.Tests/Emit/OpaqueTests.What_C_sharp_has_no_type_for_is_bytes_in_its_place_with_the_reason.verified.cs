// opaque/Records.g.cs
namespace Fixture;

/// <summary><c>struct opaque</c>: 112 bytes, aligned to 16.</summary>
/// <remarks>opaque.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 112)]
public struct opaque : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 16;

    /// <summary><c>char tag</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte tag;

    /// <summary><c>vector4 vector</c>: bytes 16 to 31.</summary>
    /// <remarks>Bytes, because C# has no type for 'float __attribute__((vector_size(16)))'.</remarks>
    [FieldOffset(16)]
    public Array16<byte> vector;

    /// <summary><c>__typeof__(_Complex double /* 16 bytes */) complex</c>: bytes 32 to 47.</summary>
    /// <remarks>Bytes, because C# has no type for '_Complex double'.</remarks>
    [FieldOffset(32)]
    public Array16<byte> complex;

    /// <summary><c>__typeof__(__builtin_va_list /* 24 bytes */) list</c>: bytes 48 to 71.</summary>
    /// <remarks>Bytes, because C# has no type for '__builtin_va_list'.</remarks>
    [FieldOffset(48)]
    public Array24<byte> list;

    /// <summary><c>__typeof__(__float128 /* 16 bytes */) quad</c>: bytes 80 to 95.</summary>
    /// <remarks>Bytes, because C# has no type for '__float128'.</remarks>
    [FieldOffset(80)]
    public Array16<byte> quad;

    /// <summary><c>char end</c>: byte 96.</summary>
    [FieldOffset(96)]
    public byte end;
}

/// <summary><c>struct inside</c>: 256 bytes, aligned to 16.</summary>
/// <remarks>opaque.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 256)]
public unsafe struct inside : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 16;

    /// <summary><c>char tag</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte tag;

    /// <summary><c>struct opaque opaque[2]</c>: bytes 16 to 239.</summary>
    [FieldOffset(16)]
    public Array2<opaque> opaque;

    /// <summary><c>vector4 *pointer</c>: bytes 240 to 247.</summary>
    [FieldOffset(240)]
    public void* pointer;
}

/// <summary><c>struct atomic</c>: 24 bytes, aligned to 8.</summary>
/// <remarks>opaque.h, x86_64.</remarks>
public struct atomic
{
    /// <summary><c>int head</c>: bytes 0 to 3.</summary>
    public int head;

    /// <summary><c>unsigned long tail</c>: bytes 8 to 15.</summary>
    public ulong tail;

    /// <summary><c>int plain</c>: bytes 16 to 19.</summary>
    public int plain;
}

/// <summary><c>struct ring</c>: 2097160 bytes, aligned to 4.</summary>
/// <remarks>opaque.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 2097160, Pack = 4)]
public struct ring
{
    /// <summary><c>unsigned int head</c>: bytes 0 to 3.</summary>
    [FieldOffset(0)]
    public uint head;

    /// <summary><c>unsigned char data[2097152]</c>: bytes 4 to 2097155.</summary>
    /// <remarks>Bytes, because the runtime lays out no array of more than 1048576.</remarks>
    [FieldOffset(4)]
    public Block2097152 data;

    /// <summary><c>unsigned int tail</c>: bytes 2097156 to 2097159.</summary>
    [FieldOffset(2097156)]
    public uint tail;
}
