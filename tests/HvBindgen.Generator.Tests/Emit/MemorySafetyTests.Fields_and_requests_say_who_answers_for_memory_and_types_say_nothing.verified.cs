// memory-safety/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>SAFE_RUN</c>, an ioctl request: <c>_IO(0x73, 0x01)</c>. memory-safety.h, x86_64.</summary>
    public const uint SAFE_RUN = 0x00007301;

    /// <summary><c>SAFE_SET_NUMBERS</c>, an ioctl request: <c>_IOW(0x73, 0x02, struct numbers)</c>. memory-safety.h, x86_64.</summary>
    public const uint SAFE_SET_NUMBERS = 0x40087302;

    /// <summary><c>SAFE_GET_NUMBERS</c>, an ioctl request: <c>_IOR(0x73, 0x03, struct numbers)</c>. memory-safety.h, x86_64.</summary>
    public const uint SAFE_GET_NUMBERS = 0x80087303;

    /// <summary><c>SAFE_SET_HOLDER</c>, an ioctl request: <c>_IOW(0x73, 0x04, struct holder)</c>. memory-safety.h, x86_64.</summary>
    public const uint SAFE_SET_HOLDER = 0x40107304;

    /// <summary><c>SAFE_SWAP_DEEP</c>, an ioctl request: <c>_IOWR(0x73, 0x05, struct deep)</c>. memory-safety.h, x86_64.</summary>
    public const uint SAFE_SWAP_DEEP = 0xc0187305;

    /// <summary><c>SAFE_GET_LIST</c>, an ioctl request: <c>_IOWR(0x73, 0x06, struct list)</c>. memory-safety.h, x86_64.</summary>
    public const uint SAFE_GET_LIST = 0xc0087306;

    /// <summary><c>SAFE_GET_UNKNOWN</c>, an ioctl request: <c>_IOR(0x73, 0x07, struct unknown)</c>. memory-safety.h, x86_64.</summary>
    public const uint SAFE_GET_UNKNOWN = 0x80107307;

    /// <summary><c>SAFE_SET_HANDLE</c>, an ioctl request: <c>_IOW(0x73, 0x08, __u64)</c>. memory-safety.h, x86_64.</summary>
    public const uint SAFE_SET_HANDLE = 0x40087308;

    /// <summary><c>SAFE_GET_NAME(len)</c>, an ioctl request: <c>_IOC(_IOC_READ, 0x73, 0x09, len)</c>. memory-safety.h, x86_64.</summary>
    /// <param name="len">Size of the argument in bytes, 0 to 16383.</param>
    /// <returns>The request's number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the number.</exception>
    public static uint SAFE_GET_NAME(int len)
    {
        System.ArgumentOutOfRangeException.ThrowIfNegative(len);
        System.ArgumentOutOfRangeException.ThrowIfGreaterThan(len, 16383);
        return 0x80007309 + (uint)len * 0x00010000;
    }
}

// memory-safety/FdIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
public static partial class FdIoctls
{
    /// <summary><c>_IO(0x73, 0x01)</c>, request <c>0x00007301</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Integer that some requests without a data type take; 0 where none is defined.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static safe IoctlResult SAFE_RUN<TDescriptor>(TDescriptor fd, nuint argument = 0)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            return fd.Ioctl(Constants.SAFE_RUN, (void*)argument);
        }
    }

    /// <summary><c>_IOW(0x73, 0x02, struct numbers)</c>, request <c>0x40087302</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static unsafe IoctlResult SAFE_SET_NUMBERS<TDescriptor>(TDescriptor fd, numbers* argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            return fd.Ioctl(Constants.SAFE_SET_NUMBERS, argument);
        }
    }

    /// <summary><c>_IOW(0x73, 0x02, struct numbers)</c>, request <c>0x40087302</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static safe IoctlResult SAFE_SET_NUMBERS<TDescriptor>(TDescriptor fd, in numbers argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            fixed (numbers* pointer = &argument)
            {
                return SAFE_SET_NUMBERS(fd, pointer);
            }
        }
    }

    /// <summary><c>_IOR(0x73, 0x03, struct numbers)</c>, request <c>0x80087303</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static unsafe IoctlResult SAFE_GET_NUMBERS<TDescriptor>(TDescriptor fd, numbers* argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            return fd.Ioctl(Constants.SAFE_GET_NUMBERS, argument);
        }
    }

    /// <summary><c>_IOR(0x73, 0x03, struct numbers)</c>, request <c>0x80087303</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static safe IoctlResult SAFE_GET_NUMBERS<TDescriptor>(TDescriptor fd, out numbers argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            argument = default;
            fixed (numbers* pointer = &argument)
            {
                return SAFE_GET_NUMBERS(fd, pointer);
            }
        }
    }

    /// <summary><c>_IOW(0x73, 0x04, struct holder)</c>, request <c>0x40107304</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static unsafe IoctlResult SAFE_SET_HOLDER<TDescriptor>(TDescriptor fd, holder* argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            return fd.Ioctl(Constants.SAFE_SET_HOLDER, argument);
        }
    }

    /// <summary><c>_IOW(0x73, 0x04, struct holder)</c>, request <c>0x40107304</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads. The caller answers for the memory that it leads to.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static unsafe IoctlResult SAFE_SET_HOLDER<TDescriptor>(TDescriptor fd, in holder argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            fixed (holder* pointer = &argument)
            {
                return SAFE_SET_HOLDER(fd, pointer);
            }
        }
    }

    /// <summary><c>_IOWR(0x73, 0x05, struct deep)</c>, request <c>0xc0187305</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static unsafe IoctlResult SAFE_SWAP_DEEP<TDescriptor>(TDescriptor fd, deep* argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            return fd.Ioctl(Constants.SAFE_SWAP_DEEP, argument);
        }
    }

    /// <summary><c>_IOWR(0x73, 0x05, struct deep)</c>, request <c>0xc0187305</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads and writes. The caller answers for the memory that it leads to.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static unsafe IoctlResult SAFE_SWAP_DEEP<TDescriptor>(TDescriptor fd, ref deep argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            fixed (deep* pointer = &argument)
            {
                return SAFE_SWAP_DEEP(fd, pointer);
            }
        }
    }

    /// <summary><c>_IOWR(0x73, 0x06, struct list)</c>, request <c>0xc0087306</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static unsafe IoctlResult SAFE_GET_LIST<TDescriptor>(TDescriptor fd, list* argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            return fd.Ioctl(Constants.SAFE_GET_LIST, argument);
        }
    }

    /// <summary><c>_IOWR(0x73, 0x06, struct list)</c>, request <c>0xc0087306</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Memory that starts with a <c>list</c> and goes on with its elements. The caller answers for the memory that it leads to.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory is shorter than a <c>list</c>.</exception>
    public static unsafe IoctlResult SAFE_GET_LIST<TDescriptor>(TDescriptor fd, System.Span<byte> argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            System.ArgumentOutOfRangeException.ThrowIfLessThan(argument.Length, sizeof(list));
            fixed (byte* pointer = argument)
            {
                return SAFE_GET_LIST(fd, (list*)pointer);
            }
        }
    }

    /// <summary><c>_IOR(0x73, 0x07, struct unknown)</c>, request <c>0x80107307</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static unsafe IoctlResult SAFE_GET_UNKNOWN<TDescriptor>(TDescriptor fd, unknown* argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            return fd.Ioctl(Constants.SAFE_GET_UNKNOWN, argument);
        }
    }

    /// <summary><c>_IOR(0x73, 0x07, struct unknown)</c>, request <c>0x80107307</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error. The caller answers for the memory that it leads to.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static unsafe IoctlResult SAFE_GET_UNKNOWN<TDescriptor>(TDescriptor fd, out unknown argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            argument = default;
            fixed (unknown* pointer = &argument)
            {
                return SAFE_GET_UNKNOWN(fd, pointer);
            }
        }
    }

    /// <summary><c>_IOW(0x73, 0x08, __u64)</c>, request <c>0x40087308</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static unsafe IoctlResult SAFE_SET_HANDLE<TDescriptor>(TDescriptor fd, ulong* argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            return fd.Ioctl(Constants.SAFE_SET_HANDLE, argument);
        }
    }

    /// <summary><c>_IOW(0x73, 0x08, __u64)</c>, request <c>0x40087308</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static safe IoctlResult SAFE_SET_HANDLE<TDescriptor>(TDescriptor fd, in ulong argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            fixed (ulong* pointer = &argument)
            {
                return SAFE_SET_HANDLE(fd, pointer);
            }
        }
    }

    /// <summary><c>SAFE_GET_NAME(len)</c>: <c>_IOC(_IOC_READ, 0x73, 0x09, len)</c>.</summary>
    /// <remarks>memory-safety.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Memory of which the request's number tells the size: the kernel writes it.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory, or a value, has no room in the request's number.</exception>
    public static safe IoctlResult SAFE_GET_NAME<TDescriptor>(TDescriptor fd, System.Span<byte> argument)
        where TDescriptor : IIoctlDescriptor
    {
        unsafe
        {
            fixed (byte* pointer = argument)
            {
                return fd.Ioctl(Constants.SAFE_GET_NAME(argument.Length), pointer);
            }
        }
    }
}

// memory-safety/Records.g.cs
namespace Fixture;

/// <summary><c>struct numbers</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>memory-safety.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct numbers
{
    [FieldOffset(4)]
    private safe byte bits_4_1;
    [FieldOffset(4)]
    private safe uint bits_4_4;

    /// <summary><c>__u32 kind</c>: bytes 0 to 3.</summary>
    [FieldOffset(0)]
    public safe uint kind;

    /// <summary><c>__u32 flags:3</c>: bits 32 to 34.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 3 bits.</exception>
    public uint flags
    {
        readonly get => (uint)BitField.Unsigned(bits_4_1, 0, 3);
        set => bits_4_1 = (byte)BitField.Insert(bits_4_1, 0, 3, (ulong)value);
    }

    /// <summary><c>__u32 rest:29</c>: bits 35 to 63.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The value needs more than 29 bits.</exception>
    public uint rest
    {
        readonly get => (uint)BitField.Unsigned(bits_4_4, 3, 29);
        set => bits_4_4 = (uint)BitField.Insert(bits_4_4, 3, 29, (ulong)value);
    }
}

/// <summary><c>struct holder</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>memory-safety.h, x86_64.</remarks>
public struct holder
{
    /// <summary><c>__u64 length</c>: bytes 0 to 7.</summary>
    public ulong length;

    /// <summary><c>void *where</c>: bytes 8 to 15.</summary>
    public unsafe void* where;
}

/// <summary><c>union either</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>memory-safety.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct either
{
    /// <summary><c>__u64 number</c>: bytes 0 to 7.</summary>
    [FieldOffset(0)]
    public safe ulong number;

    /// <summary><c>char *text</c>: bytes 0 to 7.</summary>
    [FieldOffset(0)]
    public unsafe byte* text;

    /// <summary><c>void (*call)(int)</c>: bytes 0 to 7.</summary>
    [FieldOffset(0)]
    public unsafe delegate* unmanaged[Cdecl]<int, void> call;
}

/// <summary><c>struct deep</c>: 24 bytes, aligned to 8.</summary>
/// <remarks>memory-safety.h, x86_64.</remarks>
public struct deep
{
    /// <summary><c>struct holder *none_of_these</c>: bytes 0 to 7.</summary>
    public unsafe holder* none_of_these;

    /// <summary><c>union either inside[2]</c>: bytes 8 to 23.</summary>
    public Array2<either> inside;
}

/// <summary><c>struct list</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>memory-safety.h, x86_64.</remarks>
public struct list
{
    /// <summary><c>__u32 count</c>: bytes 0 to 3.</summary>
    public uint count;

    /// <summary><c>__u32 pad</c>: bytes 4 to 7.</summary>
    public uint pad;

    /// <summary>Where the elements of <c>struct numbers entries[]</c> start, in bytes from the start of the record.</summary>
    public const int entries_offset = 8;

    /// <summary>Bytes that a record with a number of elements of <c>struct numbers entries[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(8, checked(8 + (count * sizeof(numbers))));

    /// <summary>The elements of <c>struct numbers entries[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<numbers> entries(System.Span<byte> record)
    {
        unsafe
        {
            return MemoryMarshal.Cast<byte, numbers>(record.Slice(entries_offset));
        }
    }

    /// <summary>The first element of <c>struct numbers entries[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static numbers* entries(list* record) => (numbers*)((byte*)record + entries_offset);
}

/// <summary><c>struct unknown</c>: 16 bytes, aligned to 16.</summary>
/// <remarks>memory-safety.h, x86_64.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct unknown : IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes; C# gives it less.</summary>
    public static int AlignmentBytes => 16;

    /// <summary><c>__typeof__(float __attribute__((vector_size(16))) /* 16 bytes */) lanes</c>: bytes 0 to 15.</summary>
    /// <remarks>Bytes, because C# has no type for 'float __attribute__((vector_size(16)))'.</remarks>
    [FieldOffset(0)]
    public safe Array16<byte> lanes;
}
