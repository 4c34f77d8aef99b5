// ioctl-wrapper/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>WRAP_BASE</c>, a C <c>int</c>. ioctl-wrapper.h, x86_64.</summary>
    public const int WRAP_BASE = 100;

    /// <summary><c>WRAP_OPEN</c>, an ioctl request: <c>_IOWR(0x64, 0x10, struct request)</c>. ioctl-wrapper.h, x86_64.</summary>
    public const uint WRAP_OPEN = 0xc0106410;

    /// <summary><c>WRAP_CLOSE</c>, an ioctl request: <c>_IO(0x64, 0x11)</c>. ioctl-wrapper.h, x86_64.</summary>
    public const uint WRAP_CLOSE = 0x00006411;

    /// <summary><c>WRAP_NAMES</c>, an ioctl request: <c>_IOWR(0x64, 0x12, char[4][8])</c>. ioctl-wrapper.h, x86_64.</summary>
    public const uint WRAP_NAMES = 0xc0206412;
}

// ioctl-wrapper/FdIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
public static unsafe partial class FdIoctls
{
    /// <summary><c>_IOWR(0x64, 0x10, struct request)</c>, request <c>0xc0106410</c>.</summary>
    /// <remarks>ioctl-wrapper.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult WRAP_OPEN<TDescriptor>(TDescriptor fd, request* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.WRAP_OPEN, argument);

    /// <summary><c>_IOWR(0x64, 0x10, struct request)</c>, request <c>0xc0106410</c>.</summary>
    /// <remarks>ioctl-wrapper.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads and writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult WRAP_OPEN<TDescriptor>(TDescriptor fd, ref request argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (request* pointer = &argument)
        {
            return WRAP_OPEN(fd, pointer);
        }
    }

    /// <summary><c>_IO(0x64, 0x11)</c>, request <c>0x00006411</c>.</summary>
    /// <remarks>ioctl-wrapper.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Integer that some requests without a data type take; 0 where none is defined.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult WRAP_CLOSE<TDescriptor>(TDescriptor fd, nuint argument = 0)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.WRAP_CLOSE, (void*)argument);

    /// <summary><c>_IOWR(0x64, 0x12, char[4][8])</c>, request <c>0xc0206412</c>.</summary>
    /// <remarks>ioctl-wrapper.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult WRAP_NAMES<TDescriptor>(TDescriptor fd, Array4<Array8<byte>>* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.WRAP_NAMES, argument);

    /// <summary><c>_IOWR(0x64, 0x12, char[4][8])</c>, request <c>0xc0206412</c>.</summary>
    /// <remarks>ioctl-wrapper.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads and writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult WRAP_NAMES<TDescriptor>(TDescriptor fd, ref Array4<Array8<byte>> argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (Array4<Array8<byte>>* pointer = &argument)
        {
            return WRAP_NAMES(fd, pointer);
        }
    }
}

// ioctl-wrapper/Records.g.cs
namespace Fixture;

/// <summary><c>struct request</c>: 16 bytes, aligned to 4.</summary>
/// <remarks>ioctl-wrapper.h, x86_64.</remarks>
public struct request
{
    /// <summary><c>__u32 handle</c>: bytes 0 to 3.</summary>
    public uint handle;

    /// <summary><c>char name[12]</c>: bytes 4 to 15.</summary>
    public Array12<byte> name;
}
