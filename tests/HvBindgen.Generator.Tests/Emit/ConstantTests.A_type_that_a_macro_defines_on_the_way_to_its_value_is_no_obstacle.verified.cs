// macro-braces/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>SIZE</c>, a C <c>unsigned long</c>. macro-braces.h, x86_64.</summary>
    public const ulong SIZE = 8;

    /// <summary><c>SET_UNNAMED</c>, an ioctl request: <c>_IOW(0x58, 0x0c, __typeof__(/* struct { int q; } */ /* 4 bytes */))</c>. macro-braces.h, x86_64.</summary>
    public const uint SET_UNNAMED = 0x4004580c;
}

// macro-braces/FdIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
public static unsafe partial class FdIoctls
{
    /// <summary><c>_IOW(0x58, 0x0c, __typeof__(/* struct { int q; } */ /* 4 bytes */))</c>, request <c>0x4004580c</c>.</summary>
    /// <remarks>macro-braces.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult SET_UNNAMED<TDescriptor>(TDescriptor fd, Array4<byte>* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.SET_UNNAMED, argument);

    /// <summary><c>_IOW(0x58, 0x0c, __typeof__(/* struct { int q; } */ /* 4 bytes */))</c>, request <c>0x4004580c</c>.</summary>
    /// <remarks>macro-braces.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult SET_UNNAMED<TDescriptor>(TDescriptor fd, in Array4<byte> argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (Array4<byte>* pointer = &argument)
        {
            return SET_UNNAMED(fd, pointer);
        }
    }
}

// Left out:
// macro-braces.h:4:9: macro LIST: it is no expression: it holds a brace, a semicolon, a '#' or '::', or does not close what it opens
// macro-braces.h:5:9: macro STATEMENT: it is no expression: it holds a brace, a semicolon, a '#' or '::', or does not close what it opens
// macro-braces.h:6:9: macro BLOCK: it is no constant expression (clang: ...)
// macro-braces.h:7:9: macro OPEN: it is no expression: it holds a brace, a semicolon, a '#' or '::', or does not close what it opens
