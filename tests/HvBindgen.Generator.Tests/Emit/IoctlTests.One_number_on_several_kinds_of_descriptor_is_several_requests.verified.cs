// ioctl-descriptors/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>DEMO_CREATE_PARTITION</c>, an ioctl request: <c>_IOW(0xb8, 0x00, struct create)</c>. ioctl-descriptors.h, x86_64.</summary>
    public const uint DEMO_CREATE_PARTITION = 0x4008b800;

    /// <summary><c>DEMO_INITIALIZE_PARTITION</c>, an ioctl request: <c>_IO(0xb8, 0x00)</c>. ioctl-descriptors.h, x86_64.</summary>
    public const uint DEMO_INITIALIZE_PARTITION = 0x0000b800;

    /// <summary><c>DEMO_RUN_VP</c>, an ioctl request: <c>_IOR(0xb8, 0x00, struct run)</c>. ioctl-descriptors.h, x86_64.</summary>
    public const uint DEMO_RUN_VP = 0x8008b800;

    /// <summary><c>DEMO_CHECK_EXTENSION</c>, an ioctl request: <c>_IOW(0xb8, 0x01, __u32)</c>. ioctl-descriptors.h, x86_64.</summary>
    public const uint DEMO_CHECK_EXTENSION = 0x4004b801;
}

// ioctl-descriptors/DeviceIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>device</c> descriptor.</summary>
public static unsafe partial class DeviceIoctls
{
    /// <summary><c>_IOW(0xb8, 0x00, struct create)</c>, request <c>0x4008b800</c>.</summary>
    /// <remarks>ioctl-descriptors.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_CREATE_PARTITION<TDescriptor>(TDescriptor fd, create* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_CREATE_PARTITION, argument);

    /// <summary><c>_IOW(0xb8, 0x00, struct create)</c>, request <c>0x4008b800</c>.</summary>
    /// <remarks>ioctl-descriptors.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_CREATE_PARTITION<TDescriptor>(TDescriptor fd, in create argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (create* pointer = &argument)
        {
            return DEMO_CREATE_PARTITION(fd, pointer);
        }
    }

    /// <summary><c>_IOW(0xb8, 0x01, __u32)</c>, request <c>0x4004b801</c>.</summary>
    /// <remarks>ioctl-descriptors.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_CHECK_EXTENSION<TDescriptor>(TDescriptor fd, uint* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_CHECK_EXTENSION, argument);

    /// <summary><c>_IOW(0xb8, 0x01, __u32)</c>, request <c>0x4004b801</c>.</summary>
    /// <remarks>ioctl-descriptors.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_CHECK_EXTENSION<TDescriptor>(TDescriptor fd, in uint argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (uint* pointer = &argument)
        {
            return DEMO_CHECK_EXTENSION(fd, pointer);
        }
    }
}

// ioctl-descriptors/PartitionIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>partition</c> descriptor.</summary>
public static unsafe partial class PartitionIoctls
{
    /// <summary><c>_IOW(0xb8, 0x00, struct create)</c>, request <c>0x4008b800</c>.</summary>
    /// <remarks>ioctl-descriptors.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_CREATE_PARTITION<TDescriptor>(TDescriptor fd, create* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_CREATE_PARTITION, argument);

    /// <summary><c>_IOW(0xb8, 0x00, struct create)</c>, request <c>0x4008b800</c>.</summary>
    /// <remarks>ioctl-descriptors.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_CREATE_PARTITION<TDescriptor>(TDescriptor fd, in create argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (create* pointer = &argument)
        {
            return DEMO_CREATE_PARTITION(fd, pointer);
        }
    }

    /// <summary><c>_IO(0xb8, 0x00)</c>, request <c>0x0000b800</c>.</summary>
    /// <remarks>ioctl-descriptors.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">Integer that some requests without a data type take; 0 where none is defined.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_INITIALIZE_PARTITION<TDescriptor>(TDescriptor fd, nuint argument = 0)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_INITIALIZE_PARTITION, (void*)argument);

    /// <summary><c>_IOW(0xb8, 0x01, __u32)</c>, request <c>0x4004b801</c>.</summary>
    /// <remarks>ioctl-descriptors.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_CHECK_EXTENSION<TDescriptor>(TDescriptor fd, uint* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_CHECK_EXTENSION, argument);

    /// <summary><c>_IOW(0xb8, 0x01, __u32)</c>, request <c>0x4004b801</c>.</summary>
    /// <remarks>ioctl-descriptors.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_CHECK_EXTENSION<TDescriptor>(TDescriptor fd, in uint argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (uint* pointer = &argument)
        {
            return DEMO_CHECK_EXTENSION(fd, pointer);
        }
    }
}

// ioctl-descriptors/Records.g.cs
namespace Fixture;

/// <summary><c>struct create</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>ioctl-descriptors.h, x86_64.</remarks>
public struct create
{
    /// <summary><c>__u64 flags</c>: bytes 0 to 7.</summary>
    public ulong flags;
}

/// <summary><c>struct run</c>: 8 bytes, aligned to 1.</summary>
/// <remarks>ioctl-descriptors.h, x86_64.</remarks>
public struct run
{
    /// <summary><c>__u8 message[8]</c>: bytes 0 to 7.</summary>
    public Array8<byte> message;
}

// ioctl-descriptors/VpIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>vp</c> descriptor.</summary>
public static unsafe partial class VpIoctls
{
    /// <summary><c>_IOR(0xb8, 0x00, struct run)</c>, request <c>0x8008b800</c>.</summary>
    /// <remarks>ioctl-descriptors.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_RUN_VP<TDescriptor>(TDescriptor fd, run* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.DEMO_RUN_VP, argument);

    /// <summary><c>_IOR(0xb8, 0x00, struct run)</c>, request <c>0x8008b800</c>.</summary>
    /// <remarks>ioctl-descriptors.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult DEMO_RUN_VP<TDescriptor>(TDescriptor fd, out run argument)
        where TDescriptor : IIoctlDescriptor
    {
        argument = default;
        fixed (run* pointer = &argument)
        {
            return DEMO_RUN_VP(fd, pointer);
        }
    }
}
