// ioctl-functions/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>FUN_GET_NAME(len)</c>, an ioctl request: <c>_IOC(_IOC_READ, 0x66, 0x06, len)</c>. ioctl-functions.h, x86_64.</summary>
    /// <param name="len">Size of the argument in bytes, 0 to 16383.</param>
    /// <returns>The request's number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the number.</exception>
    public static uint FUN_GET_NAME(int len)
    {
        System.ArgumentOutOfRangeException.ThrowIfNegative(len);
        System.ArgumentOutOfRangeException.ThrowIfGreaterThan(len, 16383);
        return 0x80006606 + (uint)len * 0x00010000;
    }

    /// <summary><c>FUN_GET_BITS(ev, len)</c>, an ioctl request: <c>_IOC(_IOC_READ, 0x66, 0x20 + ev, len)</c>. ioctl-functions.h, x86_64.</summary>
    /// <param name="ev">Added to the request's nr, 0 to 223.</param>
    /// <param name="len">Size of the argument in bytes, 0 to 16383.</param>
    /// <returns>The request's number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the number.</exception>
    public static uint FUN_GET_BITS(int ev, int len)
    {
        System.ArgumentOutOfRangeException.ThrowIfNegative(ev);
        System.ArgumentOutOfRangeException.ThrowIfGreaterThan(ev, 223);
        System.ArgumentOutOfRangeException.ThrowIfNegative(len);
        System.ArgumentOutOfRangeException.ThrowIfGreaterThan(len, 16383);
        return 0x80006620 + (uint)ev + (uint)len * 0x00010000;
    }

    /// <summary><c>FUN_SET_NAME(len)</c>, an ioctl request: <c>_IOC(_IOC_WRITE, 0x66, 0x07, len)</c>. ioctl-functions.h, x86_64.</summary>
    /// <param name="len">Size of the argument in bytes, 0 to 16383.</param>
    /// <returns>The request's number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the number.</exception>
    public static uint FUN_SET_NAME(int len)
    {
        System.ArgumentOutOfRangeException.ThrowIfNegative(len);
        System.ArgumentOutOfRangeException.ThrowIfGreaterThan(len, 16383);
        return 0x40006607 + (uint)len * 0x00010000;
    }

    /// <summary><c>FUN_FEATURE(len)</c>, an ioctl request: <c>_IOC(_IOC_READ | _IOC_WRITE, 0x66, 0x08, len)</c>. ioctl-functions.h, x86_64.</summary>
    /// <param name="len">Size of the argument in bytes, 0 to 16383.</param>
    /// <returns>The request's number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the number.</exception>
    public static uint FUN_FEATURE(int len)
    {
        System.ArgumentOutOfRangeException.ThrowIfNegative(len);
        System.ArgumentOutOfRangeException.ThrowIfGreaterThan(len, 16383);
        return 0xc0006608 + (uint)len * 0x00010000;
    }

    /// <summary><c>FUN_GET_AXIS(axis)</c>, an ioctl request: <c>_IOC(_IOC_READ, 0x66, 0x40 + axis, 16)</c>. ioctl-functions.h, x86_64.</summary>
    /// <param name="axis">Added to the request's nr, 0 to 191.</param>
    /// <returns>The request's number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the number.</exception>
    public static uint FUN_GET_AXIS(int axis)
    {
        System.ArgumentOutOfRangeException.ThrowIfNegative(axis);
        System.ArgumentOutOfRangeException.ThrowIfGreaterThan(axis, 191);
        return 0x80106640 + (uint)axis;
    }

    /// <summary><c>FUN_SET_AXIS(axis)</c>, an ioctl request: <c>_IOC(_IOC_WRITE, 0x66, 0x80 + axis, 16)</c>. ioctl-functions.h, x86_64.</summary>
    /// <param name="axis">Added to the request's nr, 0 to 127.</param>
    /// <returns>The request's number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the number.</exception>
    public static uint FUN_SET_AXIS(int axis)
    {
        System.ArgumentOutOfRangeException.ThrowIfNegative(axis);
        System.ArgumentOutOfRangeException.ThrowIfGreaterThan(axis, 127);
        return 0x40106680 + (uint)axis;
    }

    /// <summary><c>FUN_MESSAGE(N)</c>, an ioctl request: <c>_IOC(_IOC_WRITE, 0x66, 0x00, 16 * N)</c>. ioctl-functions.h, x86_64.</summary>
    /// <param name="N">Number of elements of 16 bytes, 0 to 1023.</param>
    /// <returns>The request's number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the number.</exception>
    public static uint FUN_MESSAGE(int N)
    {
        System.ArgumentOutOfRangeException.ThrowIfNegative(N);
        System.ArgumentOutOfRangeException.ThrowIfGreaterThan(N, 1023);
        return 0x40006600 + (uint)N * 0x00100000;
    }

    /// <summary><c>FUN_PLAIN(slot)</c>, an ioctl request: <c>_IOC(_IOC_NONE, 0x66, 0xc0 + slot, 0)</c>. ioctl-functions.h, x86_64.</summary>
    /// <param name="slot">Added to the request's nr, 0 to 63.</param>
    /// <returns>The request's number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the number.</exception>
    public static uint FUN_PLAIN(int slot)
    {
        System.ArgumentOutOfRangeException.ThrowIfNegative(slot);
        System.ArgumentOutOfRangeException.ThrowIfGreaterThan(slot, 63);
        return 0x000066c0 + (uint)slot;
    }

    /// <summary><c>FUN_KEYWORD(fixed, argument)</c>, an ioctl request: <c>_IOC(_IOC_READ, 0x66, 0xd0 + fixed, argument)</c>. ioctl-functions.h, x86_64.</summary>
    /// <param name="fixed">Added to the request's nr, 0 to 47.</param>
    /// <param name="argument_">Size of the argument in bytes, 0 to 16383.</param>
    /// <returns>The request's number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the number.</exception>
    public static uint FUN_KEYWORD(int @fixed, int argument_)
    {
        System.ArgumentOutOfRangeException.ThrowIfNegative(@fixed);
        System.ArgumentOutOfRangeException.ThrowIfGreaterThan(@fixed, 47);
        System.ArgumentOutOfRangeException.ThrowIfNegative(argument_);
        System.ArgumentOutOfRangeException.ThrowIfGreaterThan(argument_, 16383);
        return 0x800066d0 + (uint)@fixed + (uint)argument_ * 0x00010000;
    }

    /// <summary><c>FUN_HELPED</c>, an ioctl request: <c>_IO(0x66, 0xf0)</c>. ioctl-functions.h, x86_64.</summary>
    public const uint FUN_HELPED = 0x000066f0;

    /// <summary><c>FUN_SHARED</c>, an enumerator. ioctl-functions.h, x86_64.</summary>
    public const int FUN_SHARED = 3;
}

// ioctl-functions/FdIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
public static unsafe partial class FdIoctls
{
    /// <summary><c>FUN_GET_NAME(len)</c>: <c>_IOC(_IOC_READ, 0x66, 0x06, len)</c>.</summary>
    /// <remarks>ioctl-functions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Memory of which the request's number tells the size: the kernel writes it.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory, or a value, has no room in the request's number.</exception>
    public static IoctlResult FUN_GET_NAME<TDescriptor>(TDescriptor fd, System.Span<byte> argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (byte* pointer = argument)
        {
            return fd.Ioctl(Constants.FUN_GET_NAME(argument.Length), pointer);
        }
    }

    /// <summary><c>FUN_GET_BITS(ev, len)</c>: <c>_IOC(_IOC_READ, 0x66, 0x20 + ev, len)</c>.</summary>
    /// <remarks>ioctl-functions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="ev">Added to the request's nr, 0 to 223.</param>
    /// <param name="argument">Memory of which the request's number tells the size: the kernel writes it.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory, or a value, has no room in the request's number.</exception>
    public static IoctlResult FUN_GET_BITS<TDescriptor>(TDescriptor fd, int ev, System.Span<byte> argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (byte* pointer = argument)
        {
            return fd.Ioctl(Constants.FUN_GET_BITS(ev, argument.Length), pointer);
        }
    }

    /// <summary><c>FUN_SET_NAME(len)</c>: <c>_IOC(_IOC_WRITE, 0x66, 0x07, len)</c>.</summary>
    /// <remarks>ioctl-functions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Memory of which the request's number tells the size: the kernel reads it.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory, or a value, has no room in the request's number.</exception>
    public static IoctlResult FUN_SET_NAME<TDescriptor>(TDescriptor fd, System.ReadOnlySpan<byte> argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (byte* pointer = argument)
        {
            return fd.Ioctl(Constants.FUN_SET_NAME(argument.Length), pointer);
        }
    }

    /// <summary><c>FUN_FEATURE(len)</c>: <c>_IOC(_IOC_READ | _IOC_WRITE, 0x66, 0x08, len)</c>.</summary>
    /// <remarks>ioctl-functions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Memory of which the request's number tells the size: the kernel reads and writes it.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory, or a value, has no room in the request's number.</exception>
    public static IoctlResult FUN_FEATURE<TDescriptor>(TDescriptor fd, System.Span<byte> argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (byte* pointer = argument)
        {
            return fd.Ioctl(Constants.FUN_FEATURE(argument.Length), pointer);
        }
    }

    /// <summary><c>FUN_GET_AXIS(axis)</c>: <c>_IOC(_IOC_READ, 0x66, 0x40 + axis, 16)</c>.</summary>
    /// <remarks>ioctl-functions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="axis">Added to the request's nr, 0 to 191.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the request's number.</exception>
    public static IoctlResult FUN_GET_AXIS<TDescriptor>(TDescriptor fd, int axis, item* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.FUN_GET_AXIS(axis), argument);

    /// <summary><c>FUN_GET_AXIS(axis)</c>: <c>_IOC(_IOC_READ, 0x66, 0x40 + axis, 16)</c>.</summary>
    /// <remarks>ioctl-functions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="axis">Added to the request's nr, 0 to 191.</param>
    /// <param name="argument">The argument: the kernel writes it.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the request's number.</exception>
    public static IoctlResult FUN_GET_AXIS<TDescriptor>(TDescriptor fd, int axis, out item argument)
        where TDescriptor : IIoctlDescriptor
    {
        argument = default;
        fixed (item* pointer = &argument)
        {
            return fd.Ioctl(Constants.FUN_GET_AXIS(axis), pointer);
        }
    }

    /// <summary><c>FUN_SET_AXIS(axis)</c>: <c>_IOC(_IOC_WRITE, 0x66, 0x80 + axis, 16)</c>.</summary>
    /// <remarks>ioctl-functions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="axis">Added to the request's nr, 0 to 127.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the request's number.</exception>
    public static IoctlResult FUN_SET_AXIS<TDescriptor>(TDescriptor fd, int axis, item* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.FUN_SET_AXIS(axis), argument);

    /// <summary><c>FUN_SET_AXIS(axis)</c>: <c>_IOC(_IOC_WRITE, 0x66, 0x80 + axis, 16)</c>.</summary>
    /// <remarks>ioctl-functions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="axis">Added to the request's nr, 0 to 127.</param>
    /// <param name="argument">The argument: the kernel reads it.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the request's number.</exception>
    public static IoctlResult FUN_SET_AXIS<TDescriptor>(TDescriptor fd, int axis, in item argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (item* pointer = &argument)
        {
            return fd.Ioctl(Constants.FUN_SET_AXIS(axis), pointer);
        }
    }

    /// <summary><c>FUN_MESSAGE(N)</c>: <c>_IOC(_IOC_WRITE, 0x66, 0x00, 16 * N)</c>.</summary>
    /// <remarks>ioctl-functions.h, x86_64. Whatever the macro says, the kernel reads a <c>struct item</c>: demo/driver.c.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Memory of which the request's number tells the size: the kernel reads it.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory, or a value, has no room in the request's number.</exception>
    public static IoctlResult FUN_MESSAGE<TDescriptor>(TDescriptor fd, System.ReadOnlySpan<item> argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (item* pointer = argument)
        {
            return fd.Ioctl(Constants.FUN_MESSAGE(argument.Length), pointer);
        }
    }

    /// <summary><c>FUN_PLAIN(slot)</c>: <c>_IOC(_IOC_NONE, 0x66, 0xc0 + slot, 0)</c>.</summary>
    /// <remarks>ioctl-functions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="slot">Added to the request's nr, 0 to 63.</param>
    /// <param name="argument">Integer that some requests without a data type take; 0 where none is defined.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">A value has no room in the request's number.</exception>
    public static IoctlResult FUN_PLAIN<TDescriptor>(TDescriptor fd, int slot, nuint argument = 0)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.FUN_PLAIN(slot), (void*)argument);

    /// <summary><c>FUN_KEYWORD(fixed, argument)</c>: <c>_IOC(_IOC_READ, 0x66, 0xd0 + fixed, argument)</c>.</summary>
    /// <remarks>ioctl-functions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="fixed">Added to the request's nr, 0 to 47.</param>
    /// <param name="argument">Memory of which the request's number tells the size: the kernel writes it.</param>
    /// <returns>The request's result, or its error number.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The memory, or a value, has no room in the request's number.</exception>
    public static IoctlResult FUN_KEYWORD<TDescriptor>(TDescriptor fd, int @fixed, System.Span<byte> argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (byte* pointer = argument)
        {
            return fd.Ioctl(Constants.FUN_KEYWORD(@fixed, argument.Length), pointer);
        }
    }

    /// <summary><c>_IO(0x66, 0xf0)</c>, request <c>0x000066f0</c>.</summary>
    /// <remarks>ioctl-functions.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Integer that some requests without a data type take; 0 where none is defined.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult FUN_HELPED<TDescriptor>(TDescriptor fd, nuint argument = 0)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.FUN_HELPED, (void*)argument);
}

// ioctl-functions/Records.g.cs
namespace Fixture;

/// <summary><c>struct item</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>ioctl-functions.h, x86_64.</remarks>
public struct item
{
    /// <summary><c>__u64 address</c>: bytes 0 to 7.</summary>
    public ulong address;

    /// <summary><c>__u32 length</c>: bytes 8 to 11.</summary>
    public uint length;

    /// <summary><c>__u32 pad</c>: bytes 12 to 15.</summary>
    public uint pad;
}
