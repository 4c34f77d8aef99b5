// names-collisions/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>COST$</c>, a C <c>int</c>. names-collisions.h, x86_64. Called <c>COST__</c> here: there is a constant COST_.</summary>
    public const int COST__ = 3;

    /// <summary><c>COST_</c>, a C <c>int</c>. names-collisions.h, x86_64.</summary>
    public const int COST_ = 4;

    /// <summary><c>Constants</c>, a C <c>int</c>. names-collisions.h, x86_64. Called <c>Constants_</c> here: it is the class of constants.</summary>
    public const int Constants_ = 5;

    /// <summary><c>System</c>, a C <c>int</c>. names-collisions.h, x86_64. Called <c>System_</c> here: generated code uses that name.</summary>
    public const int System_ = 6;

    /// <summary><c>get_TEXT</c>, a C <c>int</c>. names-collisions.h, x86_64. Called <c>get_TEXT_</c> here: C# keeps that name for an accessor of TEXT.</summary>
    public const int get_TEXT_ = 7;

    /// <summary><c>TEXT</c>, a C <c>char[5]</c>. names-collisions.h, x86_64.</summary>
    public static System.ReadOnlySpan<byte> TEXT => "text"u8;

    /// <summary><c>ToString</c>, a C <c>int</c>. names-collisions.h, x86_64. Called <c>ToString_</c> here: every C# class has a method of that name.</summary>
    public const int ToString_ = 8;

    /// <summary><c>FdIoctls</c>, a C <c>int</c>. names-collisions.h, x86_64. Called <c>FdIoctls_</c> here: it is the class of requests on a fd descriptor.</summary>
    public const int FdIoctls_ = 9;

    /// <summary><c>string</c>, a C <c>int</c>. names-collisions.h, x86_64.</summary>
    public const int @string = 10;

    /// <summary><c>KEEP</c>, an ioctl request: <c>_IO(0x6e, 0x01)</c>. names-collisions.h, x86_64.</summary>
    public const uint KEEP = 0x00006e01;

    /// <summary><c>Finalize</c>, an ioctl request: <c>_IOW(0x6e, 0x02, struct Fd)</c>. names-collisions.h, x86_64. Called <c>Finalize_</c> here: every C# class has a method of that name.</summary>
    public const uint Finalize_ = 0x40046e02;
}

// names-collisions/Enums.g.cs
namespace Fixture;

/// <summary><c>enum state</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public enum state : uint
{
    /// <summary><c>value__</c>, 0. Called <c>value___</c> here: every C# enum has a member of that name.</summary>
    value___ = 0,

    /// <summary><c>other__</c>, 1.</summary>
    other__ = 1,

    /// <summary><c>Equals</c>, 2.</summary>
    Equals = 2,

    /// <summary><c>ToString</c>, 3.</summary>
    ToString = 3,

    /// <summary><c>GetHashCode</c>, 4.</summary>
    GetHashCode = 4,
}

// names-collisions/FdIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
public static unsafe partial class FdIoctls
{
    /// <summary><c>_IO(0x6e, 0x01)</c>, request <c>0x00006e01</c>.</summary>
    /// <remarks>names-collisions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Integer that some requests without a data type take; 0 where none is defined.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult KEEP<TDescriptor>(TDescriptor fd, nuint argument = 0)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.KEEP, (void*)argument);

    /// <summary><c>Finalize</c>, <c>_IOW(0x6e, 0x02, struct Fd)</c>, request <c>0x40046e02</c>. Called <c>Finalize_</c> here: every C# class has a method of that name.</summary>
    /// <remarks>names-collisions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult Finalize_<TDescriptor>(TDescriptor fd, Fd_* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.Finalize_, argument);

    /// <summary><c>Finalize</c>, <c>_IOW(0x6e, 0x02, struct Fd)</c>, request <c>0x40046e02</c>. Called <c>Finalize_</c> here: every C# class has a method of that name.</summary>
    /// <remarks>names-collisions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult Finalize_<TDescriptor>(TDescriptor fd, in Fd_ argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (Fd_* pointer = &argument)
        {
            return Finalize_(fd, pointer);
        }
    }
}

// names-collisions/Records.g.cs
namespace Fixture;

/// <summary><c>struct properties</c>: 16 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct properties
{
    [FieldOffset(8)]
    private byte bits_8_1;

    /// <summary><c>int get_on</c>: bytes 0 to 3. Called <c>get_on_</c> here: C# keeps that name for an accessor of on.</summary>
    [FieldOffset(0)]
    public int get_on_;

    /// <summary><c>int set_on</c>: bytes 4 to 7. Called <c>set_on_</c> here: C# keeps that name for an accessor of on.</summary>
    [FieldOffset(4)]
    public int set_on_;

    /// <summary><c>unsigned int on:1</c>: bit 64.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 1 bit.</exception>
    public uint on
    {
        readonly get => (uint)BitField.Unsigned(bits_8_1, 0, 1);
        set => bits_8_1 = (byte)BitField.Insert(bits_8_1, 0, 1, (ulong)value);
    }

    /// <summary><c>unsigned int off:2</c>: bits 65 to 66.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 2 bits.</exception>
    public uint off
    {
        readonly get => (uint)BitField.Unsigned(bits_8_1, 1, 2);
        set => bits_8_1 = (byte)BitField.Insert(bits_8_1, 1, 2, (ulong)value);
    }

    /// <summary><c>int get_other</c>: bytes 12 to 15.</summary>
    [FieldOffset(12)]
    public int get_other;
}

/// <summary><c>struct made</c>: 28 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 28)]
public unsafe struct made
{
    [FieldOffset(0)]
    private byte bits_0_1_;

    /// <summary><c>unsigned int low:3</c>: bits 0 to 2.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 3 bits.</exception>
    public uint low
    {
        readonly get => (uint)BitField.Unsigned(bits_0_1_, 0, 3);
        set => bits_0_1_ = (byte)BitField.Insert(bits_0_1_, 0, 3, (ulong)value);
    }

    /// <summary><c>int bits_0_1</c>: bytes 4 to 7.</summary>
    [FieldOffset(4)]
    public int bits_0_1;

    /// <summary><c>int bits_0_4</c>: bytes 8 to 11.</summary>
    [FieldOffset(8)]
    public int bits_0_4;

    /// <summary><c>int AllocationSize</c>: bytes 12 to 15.</summary>
    [FieldOffset(12)]
    public int AllocationSize;

    /// <summary><c>int rows_offset</c>: bytes 16 to 19.</summary>
    [FieldOffset(16)]
    public int rows_offset;

    /// <summary><c>struct inner</c>: bytes 20 to 23.</summary>
    [FieldOffset(20)]
    public inner_t_ inner;

    /// <summary>Type of <c>made.inner</c>: 4 bytes, aligned to 4.</summary>
    public struct inner_t_
    {
        /// <summary><c>int a</c>: bytes 0 to 3.</summary>
        public int a;
    }

    /// <summary><c>int inner_t</c>: bytes 24 to 27.</summary>
    [FieldOffset(24)]
    public int inner_t;

    /// <summary>Where the elements of <c>int rows[]</c> start, in bytes from the start of the record.</summary>
    public const int rows_offset_ = 28;

    /// <summary>Bytes that a record with a number of elements of <c>int rows[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize_(int count) => System.Math.Max(28, checked(28 + (count * sizeof(int))));

    /// <summary>The elements of <c>int rows[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<int> rows(System.Span<byte> record) => MemoryMarshal.Cast<byte, int>(record.Slice(rows_offset_));

    /// <summary>The first element of <c>int rows[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static int* rows(made* record) => (int*)((byte*)record + rows_offset_);
}

/// <summary><c>struct aligned_64</c>: 64 bytes, aligned to 64.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct aligned_64 : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 64;

    /// <summary><c>int AlignmentBytes</c>: bytes 0 to 3. Called <c>AlignmentBytes_</c> here: over-aligned records have a property of that name.</summary>
    [FieldOffset(0)]
    public int AlignmentBytes_;

    /// <summary><c>int get_AlignmentBytes</c>: bytes 4 to 7. Called <c>get_AlignmentBytes_</c> here: over-aligned records have a property of that name.</summary>
    [FieldOffset(4)]
    public int get_AlignmentBytes_;
}

/// <summary><c>struct every</c>: 32 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct every
{
    /// <summary><c>int ToString</c>: bytes 0 to 3. Called <c>ToString_</c> here: every C# type has a method of that name.</summary>
    public int ToString_;

    /// <summary><c>int Equals</c>: bytes 4 to 7. Called <c>Equals_</c> here: every C# type has a method of that name.</summary>
    public int Equals_;

    /// <summary><c>int GetHashCode</c>: bytes 8 to 11. Called <c>GetHashCode_</c> here: every C# type has a method of that name.</summary>
    public int GetHashCode_;

    /// <summary><c>int GetType</c>: bytes 12 to 15. Called <c>GetType_</c> here: every C# type has a method of that name.</summary>
    public int GetType_;

    /// <summary><c>int MemberwiseClone</c>: bytes 16 to 19. Called <c>MemberwiseClone_</c> here: every C# type has a method of that name.</summary>
    public int MemberwiseClone_;

    /// <summary><c>int Finalize</c>: bytes 20 to 23. Called <c>Finalize_</c> here: every C# type has a method of that name.</summary>
    public int Finalize_;

    /// <summary><c>int ReferenceEquals</c>: bytes 24 to 27. Called <c>ReferenceEquals_</c> here: every C# type has a method of that name.</summary>
    public int ReferenceEquals_;

    /// <summary><c>int every</c>: bytes 28 to 31. Called <c>every_</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public int every_;
}

/// <summary><c>struct uses</c>: 16 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public unsafe struct uses
{
    [FieldOffset(4)]
    private byte bits_4_1;

    /// <summary><c>int System</c>: bytes 0 to 3. Called <c>System_</c> here: generated code uses that name.</summary>
    [FieldOffset(0)]
    public int System_;

    /// <summary><c>unsigned int BitField:3</c>: bits 32 to 34. Called <c>BitField_</c> here: generated code uses that name.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 3 bits.</exception>
    public uint BitField_
    {
        readonly get => (uint)BitField.Unsigned(bits_4_1, 0, 3);
        set => bits_4_1 = (byte)BitField.Insert(bits_4_1, 0, 3, (ulong)value);
    }

    /// <summary><c>int MemoryMarshal</c>: bytes 8 to 11. Called <c>MemoryMarshal_</c> here: generated code uses that name.</summary>
    [FieldOffset(8)]
    public int MemoryMarshal_;

    /// <summary><c>int BigEndianBits</c>: bytes 12 to 15. Called <c>BigEndianBits_</c> here: generated code uses that name.</summary>
    [FieldOffset(12)]
    public int BigEndianBits_;

    /// <summary>Where the elements of <c>int items[]</c> start, in bytes from the start of the record.</summary>
    public const int items_offset = 16;

    /// <summary>Bytes that a record with a number of elements of <c>int items[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(16, checked(16 + (count * sizeof(int))));

    /// <summary>The elements of <c>int items[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<int> items(System.Span<byte> record) => MemoryMarshal.Cast<byte, int>(record.Slice(items_offset));

    /// <summary>The first element of <c>int items[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static int* items(uses* record) => (int*)((byte*)record + items_offset);
}

/// <summary><c>struct System</c>: 4 bytes, aligned to 4. Called <c>System_</c> here: generated code uses that name.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct System_
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct LayoutKind</c>: 8 bytes, aligned to 4. Called <c>LayoutKind_</c> here: generated code uses that name.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct LayoutKind_
{
    /// <summary><c>char c</c>: byte 0.</summary>
    public byte c;

    /// <summary><c>int d</c>: bytes 4 to 7.</summary>
    public int d;
}

/// <summary><c>struct BitField</c>: 4 bytes, aligned to 4. Called <c>BitField_</c> here: generated code uses that name.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 4)]
public struct BitField_
{
    [FieldOffset(0)]
    private byte bits_0_1;

    /// <summary><c>int a:3</c>: bits 0 to 2.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 3 bits.</exception>
    public int a
    {
        readonly get => (int)BitField.Signed(bits_0_1, 0, 3);
        set => bits_0_1 = (byte)BitField.Insert(bits_0_1, 0, 3, (long)value);
    }
}

/// <summary><c>struct LayoutTable</c>: 4 bytes, aligned to 4. Called <c>LayoutTable_</c> here: generated code uses that name.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct LayoutTable_
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct LayoutCheck</c>: 4 bytes, aligned to 4. Called <c>LayoutCheck_</c> here: generated code uses that name.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct LayoutCheck_
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct AbiLayout</c>: 4 bytes, aligned to 4. Called <c>AbiLayout_</c> here: it is the class that checks the layout.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct AbiLayout_
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct Fixture</c>: 4 bytes, aligned to 4. Called <c>Fixture_</c> here: it is a namespace.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct Fixture_
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct Constants</c>: 4 bytes, aligned to 4. Called <c>Constants_</c> here: it is the class of constants.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct Constants_
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct Fd</c>: 4 bytes, aligned to 4. Called <c>Fd_</c> here: generated code uses that name.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct Fd_
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct IoctlResult</c>: 4 bytes, aligned to 4. Called <c>IoctlResult_</c> here: generated code uses that name.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct IoctlResult_
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct FdIoctls</c>: 4 bytes, aligned to 4. Called <c>FdIoctls_</c> here: it is the class of requests on a fd descriptor.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct FdIoctls_
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct StructLayout</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct StructLayout
{
    /// <summary><c>int a</c>: bytes 0 to 3.</summary>
    public int a;

    /// <summary><c>char b</c>: byte 4.</summary>
    public byte b;
}

/// <summary><c>struct FieldOffset</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct FieldOffset
{
    /// <summary><c>int a</c>: bytes 0 to 3.</summary>
    public int a;
}

/// <summary><c>struct MemoryMarshal</c>: 4 bytes, aligned to 4. Called <c>MemoryMarshal_</c> here: generated code uses that name.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public unsafe struct MemoryMarshal_
{
    /// <summary><c>int n</c>: bytes 0 to 3.</summary>
    public int n;

    /// <summary>Where the elements of <c>int d[]</c> start, in bytes from the start of the record.</summary>
    public const int d_offset = 4;

    /// <summary>Bytes that a record with a number of elements of <c>int d[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(4, checked(4 + (count * sizeof(int))));

    /// <summary>The elements of <c>int d[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<int> d(System.Span<byte> record) => MemoryMarshal.Cast<byte, int>(record.Slice(d_offset));

    /// <summary>The first element of <c>int d[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static int* d(MemoryMarshal_* record) => (int*)((byte*)record + d_offset);
}

/// <summary><c>struct Array4</c>: 16 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct Array4
{
    /// <summary><c>int x[4]</c>: bytes 0 to 15.</summary>
    public Array4<int> x;
}

/// <summary><c>struct Span</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct Span
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct _</c>: 8 bytes, aligned to 4. Called <c>__</c> here: generated code uses that name.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct __
{
    /// <summary><c>int _</c>: bytes 0 to 3.</summary>
    public int _;

    /// <summary><c>int __</c>: bytes 4 to 7. Called <c>___</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public int ___;
}

/// <summary><c>struct check</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct check
{
    /// <summary><c>int check</c>: bytes 0 to 3. Called <c>check_</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public int check_;

    /// <summary><c>int record</c>: bytes 4 to 7.</summary>
    public int record;
}

/// <summary><c>struct a</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct a
{
    /// <summary><c>struct b_c</c>: bytes 0 to 3.</summary>
    public b_c_t b_c;

    /// <summary>Type of <c>a.b_c</c>: 4 bytes, aligned to 4.</summary>
    public struct b_c_t
    {
        /// <summary><c>int x</c>: bytes 0 to 3.</summary>
        public int x;
    }
}

/// <summary><c>struct a_b</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct a_b
{
    /// <summary><c>struct c</c>: bytes 0 to 3.</summary>
    public c_t c;

    /// <summary>Type of <c>a_b.c</c>: 4 bytes, aligned to 4.</summary>
    public struct c_t
    {
        /// <summary><c>int x</c>: bytes 0 to 3.</summary>
        public int x;
    }
}

/// <summary><c>struct a_b_c</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct a_b_c
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct twin</c>: 4 bytes, aligned to 4. Called <c>twin__</c> here: twin is called so.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct twin__
{
    /// <summary><c>int tagged</c>: bytes 0 to 3.</summary>
    public int tagged;
}

/// <summary><c>twin</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct twin
{
    /// <summary><c>long named</c>: bytes 0 to 7.</summary>
    public long named;
}

/// <summary><c>struct twin_</c>: 1 byte, aligned to 1.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct twin_
{
    /// <summary><c>char third</c>: byte 0.</summary>
    public byte third;
}

/// <summary><c>struct both</c>: 24 bytes, aligned to 8.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct both
{
    /// <summary><c>struct twin a</c>: bytes 0 to 3.</summary>
    public twin__ a;

    /// <summary><c>twin b</c>: bytes 8 to 15.</summary>
    public twin b;

    /// <summary><c>struct twin_ c</c>: byte 16.</summary>
    public twin_ c;
}

/// <summary><c>struct record</c>: 28 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @record
{
    /// <summary><c>int field</c>: bytes 0 to 3.</summary>
    public int @field;

    /// <summary><c>int value</c>: bytes 4 to 7.</summary>
    public int value;

    /// <summary><c>int init</c>: bytes 8 to 11.</summary>
    public int init;

    /// <summary><c>int get</c>: bytes 12 to 15.</summary>
    public int get;

    /// <summary><c>int set</c>: bytes 16 to 19.</summary>
    public int set;

    /// <summary><c>int add</c>: bytes 20 to 23.</summary>
    public int add;

    /// <summary><c>int remove</c>: bytes 24 to 27.</summary>
    public int remove;
}

/// <summary><c>struct field</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @field
{
    /// <summary><c>int record</c>: bytes 0 to 3.</summary>
    public int record;
}

/// <summary><c>struct required</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @required
{
    /// <summary><c>int file</c>: bytes 0 to 3.</summary>
    public int file;
}

/// <summary><c>struct scoped</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @scoped
{
    /// <summary><c>int required</c>: bytes 0 to 3.</summary>
    public int required;
}

/// <summary><c>struct file</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @file
{
    /// <summary><c>int scoped</c>: bytes 0 to 3.</summary>
    public int scoped;
}

/// <summary><c>struct nint</c>: 4 bytes, aligned to 4. Called <c>nint_</c> here: generated code uses that name.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct nint_
{
    /// <summary><c>int nuint</c>: bytes 0 to 3.</summary>
    public int nuint;
}

/// <summary><c>struct dynamic</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @dynamic
{
    /// <summary><c>int var</c>: bytes 0 to 3.</summary>
    public int var;
}

/// <summary><c>struct async</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @async
{
    /// <summary><c>int await</c>: bytes 0 to 3.</summary>
    public int await;
}

/// <summary><c>struct where</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @where
{
    /// <summary><c>int when</c>: bytes 0 to 3.</summary>
    public int when;
}

/// <summary><c>struct partial</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @partial
{
    /// <summary><c>int partial</c>: bytes 0 to 3. Called <c>partial_</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public int partial_;
}

/// <summary><c>struct global</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @global
{
    /// <summary><c>int yield</c>: bytes 0 to 3.</summary>
    public int yield;
}

/// <summary><c>struct extension</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @extension
{
    /// <summary><c>int extension</c>: bytes 0 to 3. Called <c>extension_</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public int extension_;
}

/// <summary><c>struct nameof</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @nameof
{
    /// <summary><c>int nameof</c>: bytes 0 to 3. Called <c>nameof_</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public int nameof_;
}

/// <summary><c>struct notnull</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @notnull
{
    /// <summary><c>int unmanaged</c>: bytes 0 to 3.</summary>
    public int unmanaged;
}

/// <summary><c>struct managed</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @managed
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct args</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @args
{
    /// <summary><c>int args</c>: bytes 0 to 3. Called <c>args_</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public int args_;
}

/// <summary><c>struct alias</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @alias
{
    /// <summary><c>int alias</c>: bytes 0 to 3. Called <c>alias_</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public int alias_;
}

/// <summary><c>struct with</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @with
{
    /// <summary><c>int with</c>: bytes 0 to 3. Called <c>with_</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public int with_;
}

/// <summary><c>struct allows</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @allows
{
    /// <summary><c>int allows</c>: bytes 0 to 3. Called <c>allows_</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public int allows_;
}

/// <summary><c>struct union_</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct union_
{
    /// <summary><c>int safe</c>: bytes 0 to 3.</summary>
    public int safe;
}

/// <summary><c>struct safe</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @safe
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct closed</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @closed
{
    /// <summary><c>int x</c>: bytes 0 to 3.</summary>
    public int x;
}

/// <summary><c>struct string</c>: 12 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct @string
{
    /// <summary><c>int object</c>: bytes 0 to 3.</summary>
    public int @object;

    /// <summary><c>int string</c>: bytes 4 to 7. Called <c>string_</c> here: the record itself is called so, and C# keeps that name for constructors.</summary>
    public int string_;

    /// <summary><c>int byte</c>: bytes 8 to 11.</summary>
    public int @byte;
}

/// <summary><c>struct price$</c>: 8 bytes, aligned to 4. Called <c>price_</c> here: C# has no such letter in a name.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct price_
{
    /// <summary><c>int a$b</c>: bytes 0 to 3. Called <c>a_b_</c> here: there is a member a_b.</summary>
    public int a_b_;

    /// <summary><c>int a_b</c>: bytes 4 to 7.</summary>
    public int a_b;
}

/// <summary><c>struct größe</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>names-collisions.h, x86_64.</remarks>
public struct größe
{
    /// <summary><c>int länge</c>: bytes 0 to 3.</summary>
    public int länge;
}
