// ioctl-uses/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>USE_DROP</c>, an ioctl request: <c>_IOR(0x75, 0x01, struct range)</c>. ioctl-uses.h, x86_64.</summary>
    public const uint USE_DROP = 0x80107501;

    /// <summary><c>USE_COUNT</c>, an ioctl request: <c>_IOR(0x75, 0x02, unsigned int)</c>. ioctl-uses.h, x86_64.</summary>
    public const uint USE_COUNT = 0x80047502;

    /// <summary><c>USE_KEEP</c>, an ioctl request: <c>_IOW(0x75, 0x03, int)</c>. ioctl-uses.h, x86_64.</summary>
    public const uint USE_KEEP = 0x40047503;

    /// <summary><c>USE_QUERY</c>, an ioctl request: <c>_IO(0x75, 0x04)</c>. ioctl-uses.h, x86_64.</summary>
    public const uint USE_QUERY = 0x00007504;

    /// <summary><c>USE_LIST</c>, an ioctl request: <c>_IOW(0x75, 0x05, int[2])</c>. ioctl-uses.h, x86_64.</summary>
    public const uint USE_LIST = 0x40087505;

    /// <summary><c>USE_RESET</c>, an ioctl request: <c>_IOR(0x75, 0x06, int)</c>. ioctl-uses.h, x86_64.</summary>
    public const uint USE_RESET = 0x80047506;

    /// <summary><c>USE_BUFFER</c>, an ioctl request: <c>_IOW(0x75, 0x07, char *)</c>. ioctl-uses.h, x86_64.</summary>
    public const uint USE_BUFFER = 0x40087507;

    /// <summary><c>USE_ELSEWHERE</c>, an ioctl request: <c>_IOR(0x75, 0x08, int)</c>. ioctl-uses.h, x86_64.</summary>
    public const uint USE_ELSEWHERE = 0x80047508;

    /// <summary><c>USE_BELIEVED</c>, an ioctl request: <c>_IOR(0x75, 0x09, struct range)</c>. ioctl-uses.h, x86_64.</summary>
    public const uint USE_BELIEVED = 0x80107509;

    /// <summary><c>USE_OLD</c>, an ioctl request: <c>_IO(0x54, 0x01)</c>. ioctl-uses.h, x86_64.</summary>
    public const uint USE_OLD = 0x00005401;

    /// <summary><c>USE_NO_REQUEST</c>, a C <c>int</c>. ioctl-uses.h, x86_64.</summary>
    public const int USE_NO_REQUEST = 0x5402;

    /// <summary><c>USE_ENUMERATED</c>, an enumerator. ioctl-uses.h, x86_64.</summary>
    public const uint USE_ENUMERATED = 0xc010750a;

    /// <summary><c>USE_PLAIN_ENUMERATOR</c>, an enumerator. ioctl-uses.h, x86_64.</summary>
    public const int USE_PLAIN_ENUMERATOR = 7;

    /// <summary><c>USE_LISTED</c>, an ioctl request: <c>_IO(0x75, 0x0b)</c>. ioctl-uses.h, x86_64.</summary>
    public const uint USE_LISTED = 0x0000750b;
}

// ioctl-uses/Enums.g.cs
namespace Fixture;

/// <summary><c>enum use_list</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>ioctl-uses.h, x86_64.</remarks>
public enum use_list : uint
{
    /// <summary><c>USE_LISTED</c>, 29963.</summary>
    USE_LISTED = 0x750b,
}

// ioctl-uses/FdIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
public static unsafe partial class FdIoctls
{
    /// <summary><c>_IOR(0x75, 0x01, struct range)</c>, request <c>0x80107501</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel reads a <c>struct range</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_DROP<TDescriptor>(TDescriptor fd, range* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.USE_DROP, argument);

    /// <summary><c>_IOR(0x75, 0x01, struct range)</c>, request <c>0x80107501</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel reads a <c>struct range</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_DROP<TDescriptor>(TDescriptor fd, in range argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (range* pointer = &argument)
        {
            return USE_DROP(fd, pointer);
        }
    }

    /// <summary><c>_IOR(0x75, 0x02, unsigned int)</c>, request <c>0x80047502</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel reads and writes a <c>struct range</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_COUNT<TDescriptor>(TDescriptor fd, range* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.USE_COUNT, argument);

    /// <summary><c>_IOR(0x75, 0x02, unsigned int)</c>, request <c>0x80047502</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel reads and writes a <c>struct range</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads and writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_COUNT<TDescriptor>(TDescriptor fd, ref range argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (range* pointer = &argument)
        {
            return USE_COUNT(fd, pointer);
        }
    }

    /// <summary><c>_IOW(0x75, 0x03, int)</c>, request <c>0x40047503</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel takes a <c>int</c> in place of an address: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The number itself; the kernel is given no address.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_KEEP<TDescriptor>(TDescriptor fd, int argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.USE_KEEP, (void*)(nint)argument);

    /// <summary><c>_IO(0x75, 0x04)</c>, request <c>0x00007504</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel writes a <c>unsigned short</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_QUERY<TDescriptor>(TDescriptor fd, ushort* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.USE_QUERY, argument);

    /// <summary><c>_IO(0x75, 0x04)</c>, request <c>0x00007504</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel writes a <c>unsigned short</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_QUERY<TDescriptor>(TDescriptor fd, out ushort argument)
        where TDescriptor : IIoctlDescriptor
    {
        argument = default;
        fixed (ushort* pointer = &argument)
        {
            return USE_QUERY(fd, pointer);
        }
    }

    /// <summary><c>_IOW(0x75, 0x05, int[2])</c>, request <c>0x40087505</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel reads a <c>struct table</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_LIST<TDescriptor>(TDescriptor fd, table* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.USE_LIST, argument);

    /// <summary><c>_IOW(0x75, 0x05, int[2])</c>, request <c>0x40087505</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel reads a <c>struct table</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Memory that starts with a <c>table</c> and goes on with its elements.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory is shorter than a <c>table</c>.</exception>
    public static IoctlResult USE_LIST<TDescriptor>(TDescriptor fd, System.ReadOnlySpan<byte> argument)
        where TDescriptor : IIoctlDescriptor
    {
        System.ArgumentOutOfRangeException.ThrowIfLessThan(argument.Length, sizeof(table));
        fixed (byte* pointer = argument)
        {
            return USE_LIST(fd, (table*)pointer);
        }
    }

    /// <summary><c>_IOR(0x75, 0x06, int)</c>, request <c>0x80047506</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel takes no argument: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_RESET<TDescriptor>(TDescriptor fd)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.USE_RESET, null);

    /// <summary><c>_IOW(0x75, 0x07, char *)</c>, request <c>0x40087507</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel takes the address of what no single type describes: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_BUFFER<TDescriptor>(TDescriptor fd, void* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.USE_BUFFER, argument);

    /// <summary><c>_IOR(0x75, 0x08, int)</c>, request <c>0x80047508</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel reads and writes a <c>struct not_declared</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_ELSEWHERE<TDescriptor>(TDescriptor fd, void* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.USE_ELSEWHERE, argument);

    /// <summary><c>_IOR(0x75, 0x09, struct range)</c>, request <c>0x80107509</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_BELIEVED<TDescriptor>(TDescriptor fd, range* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.USE_BELIEVED, argument);

    /// <summary><c>_IOR(0x75, 0x09, struct range)</c>, request <c>0x80107509</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_BELIEVED<TDescriptor>(TDescriptor fd, out range argument)
        where TDescriptor : IIoctlDescriptor
    {
        argument = default;
        fixed (range* pointer = &argument)
        {
            return USE_BELIEVED(fd, pointer);
        }
    }

    /// <summary><c>_IO(0x54, 0x01)</c>, request <c>0x00005401</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel writes a <c>int</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_OLD<TDescriptor>(TDescriptor fd, int* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.USE_OLD, argument);

    /// <summary><c>_IO(0x54, 0x01)</c>, request <c>0x00005401</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel writes a <c>int</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_OLD<TDescriptor>(TDescriptor fd, out int argument)
        where TDescriptor : IIoctlDescriptor
    {
        argument = default;
        fixed (int* pointer = &argument)
        {
            return USE_OLD(fd, pointer);
        }
    }

    /// <summary><c>_IOWR(0x75, 0x0a, 16 bytes)</c>, request <c>0xc010750a</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel reads and writes a <c>struct range</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_ENUMERATED<TDescriptor>(TDescriptor fd, range* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(0xc010750a, argument);

    /// <summary><c>_IOWR(0x75, 0x0a, 16 bytes)</c>, request <c>0xc010750a</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64. Whatever the macro says, the kernel reads and writes a <c>struct range</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads and writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_ENUMERATED<TDescriptor>(TDescriptor fd, ref range argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (range* pointer = &argument)
        {
            return USE_ENUMERATED(fd, pointer);
        }
    }

    /// <summary><c>_IO(0x75, 0x0b)</c>, request <c>0x0000750b</c>.</summary>
    /// <remarks>ioctl-uses.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Integer that some requests without a data type take; 0 where none is defined.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult USE_LISTED<TDescriptor>(TDescriptor fd, nuint argument = 0)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(0x0000750b, (void*)argument);
}

// ioctl-uses/Records.g.cs
namespace Fixture;

/// <summary><c>struct range</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>ioctl-uses.h, x86_64.</remarks>
public struct range
{
    /// <summary><c>__u64 start</c>: bytes 0 to 7.</summary>
    public ulong start;

    /// <summary><c>__u64 size</c>: bytes 8 to 15.</summary>
    public ulong size;
}

/// <summary><c>struct table</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>ioctl-uses.h, x86_64.</remarks>
public unsafe struct table
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
    public static ulong* entries(table* record) => (ulong*)((byte*)record + entries_offset);
}
