// ioctl-kinds/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>DEMO_MAGIC</c>, a C <c>int</c>. ioctl-kinds.h, x86_64.</summary>
    public const int DEMO_MAGIC = 184;

    /// <summary><c>DEMO_RUN</c>, an ioctl request: <c>_IO(0xb8, 0x00)</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_RUN = 0x0000b800;

    /// <summary><c>DEMO_SET_REGION</c>, an ioctl request: <c>_IOW(0xb8, 0x01, struct region)</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_SET_REGION = 0x4010b801;

    /// <summary><c>DEMO_GET_REGION</c>, an ioctl request: <c>_IOR(0xb8, 0x02, struct region)</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_GET_REGION = 0x8010b802;

    /// <summary><c>DEMO_SWAP_REGION</c>, an ioctl request: <c>_IOWR(0xb8, 0x03, struct region)</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_SWAP_REGION = 0xc010b803;

    /// <summary><c>DEMO_SET_WORDS</c>, an ioctl request: <c>_IOW(0xb8, 0x04, unsigned int[8])</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_SET_WORDS = 0x4020b804;

    /// <summary><c>DEMO_SET_POINTER</c>, an ioctl request: <c>_IOW(0xb8, 0x05, void *)</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_SET_POINTER = 0x4008b805;

    /// <summary><c>DEMO_SET_HANDLE</c>, an ioctl request: <c>_IOW(0xb8, 0x06, handle_t)</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_SET_HANDLE = 0x4008b806;

    /// <summary><c>DEMO_GET_MSRS</c>, an ioctl request: <c>_IOWR(0xb8, 0x07, struct msr_list)</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_GET_MSRS = 0xc008b807;

    /// <summary><c>DEMO_SET_MSRS</c>, an ioctl request: <c>_IOW(0xb8, 0x08, struct msr_list)</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_SET_MSRS = 0x4008b808;

    /// <summary><c>DEMO_SET_LEVEL</c>, an ioctl request: <c>_IOW(0xb8, 0x09, enum level)</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_SET_LEVEL = 0x4004b809;

    /// <summary><c>DEMO_GET_BYTES</c>, an ioctl request: <c>_IOR(0xb8, 0x0a, 64 bytes)</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_GET_BYTES = 0x8040b80a;

    /// <summary><c>DEMO_ALIAS</c>, an ioctl request: <c>_IO(0xb8, 0x00)</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_ALIAS = 0x0000b800;

    /// <summary><c>DEMO_OLD</c>, a C <c>int</c>. ioctl-kinds.h, x86_64.</summary>
    public const int DEMO_OLD = 0x5401;

    /// <summary><c>DEMO_GET_SIZE</c>, an ioctl request: <c>_IOR(0xb8, 0x0b, size_t)</c>. ioctl-kinds.h, x86_64.</summary>
    public const uint DEMO_GET_SIZE = 0x8008b80b;
}

// ioctl-kinds/Enums.g.cs
namespace Fixture;

/// <summary><c>enum level</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>ioctl-kinds.h, x86_64.</remarks>
public enum level : uint
{
    /// <summary><c>LEVEL_LOW</c>, 0.</summary>
    LEVEL_LOW = 0,

    /// <summary><c>LEVEL_HIGH</c>, 1.</summary>
    LEVEL_HIGH = 1,
}

// ioctl-kinds/FdIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
public static unsafe partial class FdIoctls
{
    /// <summary><c>_IO(0xb8, 0x00)</c>, request <c>0x0000b800</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Integer that some requests without a data type take; 0 where none is defined.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_RUN<TDescriptor>(TDescriptor fd, nuint argument = 0)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_RUN, (void*)argument);

    /// <summary><c>_IOW(0xb8, 0x01, struct region)</c>, request <c>0x4010b801</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SET_REGION<TDescriptor>(TDescriptor fd, region* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_SET_REGION, argument);

    /// <summary><c>_IOW(0xb8, 0x01, struct region)</c>, request <c>0x4010b801</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SET_REGION<TDescriptor>(TDescriptor fd, in region argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (region* pointer = &argument)
        {
            return DEMO_SET_REGION(fd, pointer);
        }
    }

    /// <summary><c>_IOR(0xb8, 0x02, struct region)</c>, request <c>0x8010b802</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_GET_REGION<TDescriptor>(TDescriptor fd, region* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_GET_REGION, argument);

    /// <summary><c>_IOR(0xb8, 0x02, struct region)</c>, request <c>0x8010b802</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_GET_REGION<TDescriptor>(TDescriptor fd, out region argument)
        where TDescriptor : IIoctlDescriptor
    {
        argument = default;
        fixed (region* pointer = &argument)
        {
            return DEMO_GET_REGION(fd, pointer);
        }
    }

    /// <summary><c>_IOWR(0xb8, 0x03, struct region)</c>, request <c>0xc010b803</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SWAP_REGION<TDescriptor>(TDescriptor fd, region* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_SWAP_REGION, argument);

    /// <summary><c>_IOWR(0xb8, 0x03, struct region)</c>, request <c>0xc010b803</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads and writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SWAP_REGION<TDescriptor>(TDescriptor fd, ref region argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (region* pointer = &argument)
        {
            return DEMO_SWAP_REGION(fd, pointer);
        }
    }

    /// <summary><c>_IOW(0xb8, 0x04, unsigned int[8])</c>, request <c>0x4020b804</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SET_WORDS<TDescriptor>(TDescriptor fd, Array8<uint>* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_SET_WORDS, argument);

    /// <summary><c>_IOW(0xb8, 0x04, unsigned int[8])</c>, request <c>0x4020b804</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SET_WORDS<TDescriptor>(TDescriptor fd, in Array8<uint> argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (Array8<uint>* pointer = &argument)
        {
            return DEMO_SET_WORDS(fd, pointer);
        }
    }

    /// <summary><c>_IOW(0xb8, 0x05, void *)</c>, request <c>0x4008b805</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SET_POINTER<TDescriptor>(TDescriptor fd, void** argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_SET_POINTER, argument);

    /// <summary><c>_IOW(0xb8, 0x05, void *)</c>, request <c>0x4008b805</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SET_POINTER<TDescriptor>(TDescriptor fd, in void* argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (void** pointer = &argument)
        {
            return DEMO_SET_POINTER(fd, pointer);
        }
    }

    /// <summary><c>_IOW(0xb8, 0x06, handle_t)</c>, request <c>0x4008b806</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SET_HANDLE<TDescriptor>(TDescriptor fd, ulong* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_SET_HANDLE, argument);

    /// <summary><c>_IOW(0xb8, 0x06, handle_t)</c>, request <c>0x4008b806</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SET_HANDLE<TDescriptor>(TDescriptor fd, in ulong argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (ulong* pointer = &argument)
        {
            return DEMO_SET_HANDLE(fd, pointer);
        }
    }

    /// <summary><c>_IOWR(0xb8, 0x07, struct msr_list)</c>, request <c>0xc008b807</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_GET_MSRS<TDescriptor>(TDescriptor fd, msr_list* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_GET_MSRS, argument);

    /// <summary><c>_IOWR(0xb8, 0x07, struct msr_list)</c>, request <c>0xc008b807</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Memory that starts with a <c>msr_list</c> and goes on with its elements.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory is shorter than a <c>msr_list</c>.</exception>
    public static IoctlResult DEMO_GET_MSRS<TDescriptor>(TDescriptor fd, System.Span<byte> argument)
        where TDescriptor : IIoctlDescriptor
    {
        System.ArgumentOutOfRangeException.ThrowIfLessThan(argument.Length, sizeof(msr_list));
        fixed (byte* pointer = argument)
        {
            return DEMO_GET_MSRS(fd, (msr_list*)pointer);
        }
    }

    /// <summary><c>_IOW(0xb8, 0x08, struct msr_list)</c>, request <c>0x4008b808</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SET_MSRS<TDescriptor>(TDescriptor fd, msr_list* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_SET_MSRS, argument);

    /// <summary><c>_IOW(0xb8, 0x08, struct msr_list)</c>, request <c>0x4008b808</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Memory that starts with a <c>msr_list</c> and goes on with its elements.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory is shorter than a <c>msr_list</c>.</exception>
    public static IoctlResult DEMO_SET_MSRS<TDescriptor>(TDescriptor fd, System.ReadOnlySpan<byte> argument)
        where TDescriptor : IIoctlDescriptor
    {
        System.ArgumentOutOfRangeException.ThrowIfLessThan(argument.Length, sizeof(msr_list));
        fixed (byte* pointer = argument)
        {
            return DEMO_SET_MSRS(fd, (msr_list*)pointer);
        }
    }

    /// <summary><c>_IOW(0xb8, 0x09, enum level)</c>, request <c>0x4004b809</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SET_LEVEL<TDescriptor>(TDescriptor fd, level* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_SET_LEVEL, argument);

    /// <summary><c>_IOW(0xb8, 0x09, enum level)</c>, request <c>0x4004b809</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_SET_LEVEL<TDescriptor>(TDescriptor fd, in level argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (level* pointer = &argument)
        {
            return DEMO_SET_LEVEL(fd, pointer);
        }
    }

    /// <summary><c>_IOR(0xb8, 0x0a, 64 bytes)</c>, request <c>0x8040b80a</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_GET_BYTES<TDescriptor>(TDescriptor fd, void* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_GET_BYTES, argument);

    /// <summary><c>_IO(0xb8, 0x00)</c>, request <c>0x0000b800</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Integer that some requests without a data type take; 0 where none is defined.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_ALIAS<TDescriptor>(TDescriptor fd, nuint argument = 0)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_ALIAS, (void*)argument);

    /// <summary><c>_IOR(0xb8, 0x0b, size_t)</c>, request <c>0x8008b80b</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_GET_SIZE<TDescriptor>(TDescriptor fd, ulong* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_GET_SIZE, argument);

    /// <summary><c>_IOR(0xb8, 0x0b, size_t)</c>, request <c>0x8008b80b</c>.</summary>
    /// <remarks>ioctl-kinds.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_GET_SIZE<TDescriptor>(TDescriptor fd, out ulong argument)
        where TDescriptor : IIoctlDescriptor
    {
        argument = default;
        fixed (ulong* pointer = &argument)
        {
            return DEMO_GET_SIZE(fd, pointer);
        }
    }
}

// ioctl-kinds/Records.g.cs
namespace Fixture;

/// <summary><c>struct region</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>ioctl-kinds.h, x86_64.</remarks>
public struct region
{
    /// <summary><c>__u64 start</c>: bytes 0 to 7.</summary>
    public ulong start;

    /// <summary><c>__u64 size</c>: bytes 8 to 15.</summary>
    public ulong size;
}

/// <summary><c>struct msr_list</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>ioctl-kinds.h, x86_64.</remarks>
public unsafe struct msr_list
{
    /// <summary><c>__u32 count</c>: bytes 0 to 3.</summary>
    public uint count;

    /// <summary><c>__u32 pad</c>: bytes 4 to 7.</summary>
    public uint pad;

    /// <summary>Where the elements of <c>__u64 entries[]</c> start, in bytes from the start of the record.</summary>
    public const int entries_offset = 8;

    /// <summary>Bytes that a record with a number of elements of <c>__u64 entries[]</c> takes.</summary>
    /// <param name="count">Number of elements, not negative.</param>
    /// <returns>Size in bytes, never less than the record's own.</returns>
    /// <exception cref="System.OverflowException">The size is larger than an int.</exception>
    public static int AllocationSize(int count) => System.Math.Max(8, checked(8 + (count * sizeof(ulong))));

    /// <summary>The elements of <c>__u64 entries[]</c> in the memory of a record.</summary>
    /// <param name="record">Memory that starts with the record; all of the rest is elements.</param>
    /// <returns>As many elements as the memory holds whole.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory ends before the elements start.</exception>
    public static System.Span<ulong> entries(System.Span<byte> record) => MemoryMarshal.Cast<byte, ulong>(record.Slice(entries_offset));

    /// <summary>The first element of <c>__u64 entries[]</c>.</summary>
    /// <param name="record">A record with its elements behind it; the caller answers for their number.</param>
    /// <returns>A pointer into the same memory.</returns>
    public static ulong* entries(msr_list* record) => (ulong*)((byte*)record + entries_offset);
}
