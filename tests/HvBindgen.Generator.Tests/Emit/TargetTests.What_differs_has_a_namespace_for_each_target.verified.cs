// targets-differing/Constants.Arm64.g.cs
namespace Fixture.Arm64;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>STACK_LIMIT</c>, a C <c>unsigned long</c>. targets-differing.h, arm64.</summary>
    public const ulong STACK_LIMIT = 0x4000;

    /// <summary><c>GET_FRAME</c>, an ioctl request: <c>_IOR(0x74, 0x01, struct frame)</c>. targets-differing.h, arm64.</summary>
    public const uint GET_FRAME = 0x81007401;

    /// <summary><c>GET_POINTING</c>, an ioctl request: <c>_IOR(0x74, 0x03, struct pointing)</c>. targets-differing.h, arm64.</summary>
    public const uint GET_POINTING = 0x80087403;
}

// targets-differing/Constants.X64.g.cs
namespace Fixture.X64;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>STACK_LIMIT</c>, a C <c>int</c>. targets-differing.h, x86_64.</summary>
    public const int STACK_LIMIT = 0x1000;

    /// <summary><c>GET_FRAME</c>, an ioctl request: <c>_IOR(0x74, 0x01, struct frame)</c>. targets-differing.h, x86_64.</summary>
    public const uint GET_FRAME = 0x80107401;

    /// <summary><c>GET_POINTING</c>, an ioctl request: <c>_IOR(0x74, 0x03, struct pointing)</c>. targets-differing.h, x86_64.</summary>
    public const uint GET_POINTING = 0x80087403;
}

// targets-differing/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>GET_SAME</c>, an ioctl request: <c>_IOR(0x74, 0x02, struct same)</c>. targets-differing.h, x86_64, arm64.</summary>
    public const uint GET_SAME = 0x80047402;
}

// targets-differing/Enums.Arm64.g.cs
namespace Fixture.Arm64;

/// <summary><c>enum reg</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>targets-differing.h, arm64.</remarks>
public enum reg : uint
{
    /// <summary><c>REG_A</c>, 65536.</summary>
    REG_A = 0x10000,

    /// <summary><c>REG_C</c>, 65537.</summary>
    REG_C = 0x10001,
}

// targets-differing/Enums.X64.g.cs
namespace Fixture.X64;

/// <summary><c>enum reg</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>targets-differing.h, x86_64.</remarks>
public enum reg : uint
{
    /// <summary><c>REG_A</c>, 131072.</summary>
    REG_A = 0x20000,

    /// <summary><c>REG_B</c>, 131073.</summary>
    REG_B = 0x20001,
}

// targets-differing/FdIoctls.Arm64.g.cs
namespace Fixture.Arm64;

/// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
public static unsafe partial class FdIoctls
{
    /// <summary><c>_IOR(0x74, 0x01, struct frame)</c>, request <c>0x81007401</c>.</summary>
    /// <remarks>targets-differing.h, arm64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult GET_FRAME<TDescriptor>(TDescriptor fd, frame* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.GET_FRAME, argument);

    /// <summary><c>_IOR(0x74, 0x01, struct frame)</c>, request <c>0x81007401</c>.</summary>
    /// <remarks>targets-differing.h, arm64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult GET_FRAME<TDescriptor>(TDescriptor fd, out frame argument)
        where TDescriptor : IIoctlDescriptor
    {
        argument = default;
        fixed (frame* pointer = &argument)
        {
            return GET_FRAME(fd, pointer);
        }
    }

    /// <summary><c>_IOR(0x74, 0x03, struct pointing)</c>, request <c>0x80087403</c>.</summary>
    /// <remarks>targets-differing.h, arm64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult GET_POINTING<TDescriptor>(TDescriptor fd, pointing* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.GET_POINTING, argument);

    /// <summary><c>_IOR(0x74, 0x03, struct pointing)</c>, request <c>0x80087403</c>.</summary>
    /// <remarks>targets-differing.h, arm64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult GET_POINTING<TDescriptor>(TDescriptor fd, out pointing argument)
        where TDescriptor : IIoctlDescriptor
    {
        argument = default;
        fixed (pointing* pointer = &argument)
        {
            return GET_POINTING(fd, pointer);
        }
    }
}

// targets-differing/FdIoctls.X64.g.cs
namespace Fixture.X64;

/// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
public static unsafe partial class FdIoctls
{
    /// <summary><c>_IOR(0x74, 0x01, struct frame)</c>, request <c>0x80107401</c>.</summary>
    /// <remarks>targets-differing.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult GET_FRAME<TDescriptor>(TDescriptor fd, frame* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.GET_FRAME, argument);

    /// <summary><c>_IOR(0x74, 0x01, struct frame)</c>, request <c>0x80107401</c>.</summary>
    /// <remarks>targets-differing.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult GET_FRAME<TDescriptor>(TDescriptor fd, out frame argument)
        where TDescriptor : IIoctlDescriptor
    {
        argument = default;
        fixed (frame* pointer = &argument)
        {
            return GET_FRAME(fd, pointer);
        }
    }

    /// <summary><c>_IOR(0x74, 0x03, struct pointing)</c>, request <c>0x80087403</c>.</summary>
    /// <remarks>targets-differing.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult GET_POINTING<TDescriptor>(TDescriptor fd, pointing* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.GET_POINTING, argument);

    /// <summary><c>_IOR(0x74, 0x03, struct pointing)</c>, request <c>0x80087403</c>.</summary>
    /// <remarks>targets-differing.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult GET_POINTING<TDescriptor>(TDescriptor fd, out pointing argument)
        where TDescriptor : IIoctlDescriptor
    {
        argument = default;
        fixed (pointing* pointer = &argument)
        {
            return GET_POINTING(fd, pointer);
        }
    }
}

// targets-differing/FdIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
public static unsafe partial class FdIoctls
{
    /// <summary><c>_IOR(0x74, 0x02, struct same)</c>, request <c>0x80047402</c>.</summary>
    /// <remarks>targets-differing.h, x86_64, arm64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult GET_SAME<TDescriptor>(TDescriptor fd, same* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.GET_SAME, argument);

    /// <summary><c>_IOR(0x74, 0x02, struct same)</c>, request <c>0x80047402</c>.</summary>
    /// <remarks>targets-differing.h, x86_64, arm64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">What the kernel wrote; zeros after an error.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult GET_SAME<TDescriptor>(TDescriptor fd, out same argument)
        where TDescriptor : IIoctlDescriptor
    {
        argument = default;
        fixed (same* pointer = &argument)
        {
            return GET_SAME(fd, pointer);
        }
    }
}

// targets-differing/Records.Arm64.g.cs
namespace Fixture.Arm64;

/// <summary><c>struct frame</c>: 256 bytes, aligned to 8.</summary>
/// <remarks>targets-differing.h, arm64.</remarks>
public struct frame
{
    /// <summary><c>__u64 x[31]</c>: bytes 0 to 247.</summary>
    public Array31<ulong> x;

    /// <summary><c>__u64 pc</c>: bytes 248 to 255.</summary>
    public ulong pc;
}

/// <summary><c>struct holder</c>: 264 bytes, aligned to 8.</summary>
/// <remarks>targets-differing.h, arm64.</remarks>
public struct holder
{
    /// <summary><c>struct same same</c>: bytes 0 to 3.</summary>
    public same same;

    /// <summary><c>struct frame frame</c>: bytes 8 to 263.</summary>
    public frame frame;
}

/// <summary><c>struct pointing</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>targets-differing.h, arm64.</remarks>
public unsafe struct pointing
{
    /// <summary><c>struct holder *holder</c>: bytes 0 to 7.</summary>
    public holder* holder;
}

/// <summary><c>struct choosing</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>targets-differing.h, arm64.</remarks>
public struct choosing
{
    /// <summary><c>enum reg reg</c>: bytes 0 to 3.</summary>
    public reg reg;
}

// targets-differing/Records.X64.g.cs
namespace Fixture.X64;

/// <summary><c>struct frame</c>: 16 bytes, aligned to 8.</summary>
/// <remarks>targets-differing.h, x86_64.</remarks>
public struct frame
{
    /// <summary><c>__u64 rax</c>: bytes 0 to 7.</summary>
    public ulong rax;

    /// <summary><c>__u64 rip</c>: bytes 8 to 15.</summary>
    public ulong rip;
}

/// <summary><c>struct holder</c>: 24 bytes, aligned to 8.</summary>
/// <remarks>targets-differing.h, x86_64.</remarks>
public struct holder
{
    /// <summary><c>struct same same</c>: bytes 0 to 3.</summary>
    public same same;

    /// <summary><c>struct frame frame</c>: bytes 8 to 23.</summary>
    public frame frame;
}

/// <summary><c>struct pointing</c>: 8 bytes, aligned to 8.</summary>
/// <remarks>targets-differing.h, x86_64.</remarks>
public unsafe struct pointing
{
    /// <summary><c>struct holder *holder</c>: bytes 0 to 7.</summary>
    public holder* holder;
}

/// <summary><c>struct choosing</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>targets-differing.h, x86_64.</remarks>
public struct choosing
{
    /// <summary><c>enum reg reg</c>: bytes 0 to 3.</summary>
    public reg reg;
}

// targets-differing/Records.g.cs
namespace Fixture;

/// <summary><c>struct same</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>targets-differing.h, x86_64, arm64.</remarks>
public struct same
{
    /// <summary><c>__u32 value</c>: bytes 0 to 3.</summary>
    public uint value;
}
