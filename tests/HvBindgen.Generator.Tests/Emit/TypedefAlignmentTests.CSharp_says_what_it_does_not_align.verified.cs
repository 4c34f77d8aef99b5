// record-aligned-typedef/Records.g.cs
namespace Fixture;

/// <summary><c>wide_t</c>: 8 bytes, aligned to 16.</summary>
/// <remarks>record-aligned-typedef.h, x86_64.</remarks>
public struct wide_t : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 16;

    /// <summary><c>char a</c>: byte 0.</summary>
    public byte a;

    /// <summary><c>int b</c>: bytes 4 to 7.</summary>
    public int b;
}

/// <summary><c>loose_t</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>record-aligned-typedef.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 8, Pack = 4)]
public struct loose_t
{
    /// <summary><c>long a</c>: bytes 0 to 7.</summary>
    [FieldOffset(0)]
    public long a;
}

/// <summary><c>either_t</c>: 4 bytes, aligned to 32.</summary>
/// <remarks>record-aligned-typedef.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 4)]
public struct either_t : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 32;

    /// <summary><c>char a</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte a;

    /// <summary><c>int b</c>: bytes 0 to 3.</summary>
    [FieldOffset(0)]
    public int b;
}

/// <summary><c>late_t</c>: 4 bytes, aligned to 64.</summary>
/// <remarks>record-aligned-typedef.h, x86_64.</remarks>
public struct late_t : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 64;

    /// <summary><c>int a</c>: bytes 0 to 3.</summary>
    public int a;
}

/// <summary><c>plain_t</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>record-aligned-typedef.h, x86_64.</remarks>
public struct plain_t
{
    /// <summary><c>char a</c>: byte 0.</summary>
    public byte a;

    /// <summary><c>int b</c>: bytes 4 to 7.</summary>
    public int b;
}

/// <summary><c>struct tagged</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>record-aligned-typedef.h, x86_64.</remarks>
public struct tagged
{
    /// <summary><c>char a</c>: byte 0.</summary>
    public byte a;

    /// <summary><c>int b</c>: bytes 4 to 7.</summary>
    public int b;
}

/// <summary><c>struct user</c>: 64 bytes, aligned to 16.</summary>
/// <remarks>record-aligned-typedef.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public unsafe struct user : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 16;

    /// <summary><c>char x</c>: byte 0.</summary>
    [FieldOffset(0)]
    public byte x;

    /// <summary><c>wide_t wide</c>: bytes 16 to 23.</summary>
    [FieldOffset(16)]
    public wide_t wide;

    /// <summary><c>char y</c>: byte 24.</summary>
    [FieldOffset(24)]
    public byte y;

    /// <summary><c>loose_t loose</c>: bytes 28 to 35.</summary>
    [FieldOffset(28)]
    public loose_t loose;

    /// <summary><c>either_t *pointer</c>: bytes 40 to 47.</summary>
    [FieldOffset(40)]
    public either_t* pointer;

    /// <summary><c>void (*take)(wide_t)</c>: bytes 48 to 55.</summary>
    /// <remarks>A pointer to anything, because C# would not pass 'wide_t' as C does.</remarks>
    [FieldOffset(48)]
    public void* take;
}
