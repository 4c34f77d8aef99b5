// names-own/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>OWN_LIMIT</c>, a C <c>int</c>. names-own.h, x86_64.</summary>
    public const int LIMIT = 7;

    /// <summary><c>OWN_3D</c>, a C <c>int</c>. names-own.h, x86_64.</summary>
    public const int _3D = 1;

    /// <summary><c>OWN_LONG</c>, a C <c>int</c>. names-own.h, x86_64.</summary>
    public const int LONG = 8;

    /// <summary><c>OWN_GET</c>, an ioctl request: <c>_IOWR(0x6f, 0x02, struct own_session)</c>. names-own.h, x86_64.</summary>
    public const uint GET = 0xc00c6f02;
}

// names-own/Enums.g.cs
namespace Fixture;

/// <summary><c>enum own_kind</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>names-own.h, x86_64.</remarks>
public enum kind : uint
{
    /// <summary><c>OWN_FLAT</c>, 0.</summary>
    FLAT = 0,

    /// <summary><c>OWN_ROUND</c>, 1.</summary>
    ROUND = 1,
}

// names-own/FdIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
public static unsafe partial class FdIoctls
{
    /// <summary><c>OWN_GET</c>, <c>_IOWR(0x6f, 0x02, struct own_session)</c>, request <c>0xc00c6f02</c>.</summary>
    /// <remarks>names-own.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult GET<TDescriptor>(TDescriptor fd, Session* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.GET, argument);

    /// <summary><c>OWN_GET</c>, <c>_IOWR(0x6f, 0x02, struct own_session)</c>, request <c>0xc00c6f02</c>.</summary>
    /// <remarks>names-own.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads and writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult GET<TDescriptor>(TDescriptor fd, ref Session argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (Session* pointer = &argument)
        {
            return GET(fd, pointer);
        }
    }
}

// names-own/Records.g.cs
namespace Fixture;

/// <summary><c>struct own_point_v1</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>names-own.h, x86_64.</remarks>
public struct point_v1
{
    /// <summary><c>enum own_kind kind</c>: bytes 0 to 3.</summary>
    public kind kind;

    /// <summary><c>int x</c>: bytes 4 to 7.</summary>
    public int x;
}

/// <summary><c>struct own_session</c>: 12 bytes, aligned to 4.</summary>
/// <remarks>names-own.h, x86_64.</remarks>
public struct Session
{
    /// <summary><c>int owner</c>: bytes 0 to 3.</summary>
    public int owner;

    /// <summary><c>struct own_point_v1 token</c>: bytes 4 to 11.</summary>
    public point_v1 Token;
}
