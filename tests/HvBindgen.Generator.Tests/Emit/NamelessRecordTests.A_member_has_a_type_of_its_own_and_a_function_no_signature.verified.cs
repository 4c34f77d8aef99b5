// record-nameless/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>NAMELESS_READ</c>, an ioctl request: <c>_IOR(0x01, 0x01, both_t)</c>. record-nameless.h, x86_64.</summary>
    public const uint NAMELESS_READ = 0x80080101;

    /// <summary><c>NAMELESS_WRITE</c>, an ioctl request: <c>_IOW(0x01, 0x02, held_t)</c>. record-nameless.h, x86_64.</summary>
    public const uint NAMELESS_WRITE = 0x40040102;

    /// <summary><c>NAMELESS_SEVERAL</c>, an ioctl request: <c>_IOW(0x01, 0x03, __typeof__(/* struct { int a; } */ /* 4 bytes */)[3])</c>. record-nameless.h, x86_64.</summary>
    public const uint NAMELESS_SEVERAL = 0x400c0103;

    /// <summary><c>NAMELESS_MATRIX</c>, an ioctl request: <c>_IOW(0x01, 0x04, __typeof__(/* struct { int a; } */ /* 4 bytes */)[3])</c>. record-nameless.h, x86_64.</summary>
    public const uint NAMELESS_MATRIX = 0x400c0104;

    /// <summary><c>NAMELESS_POINTER</c>, an ioctl request: <c>_IOW(0x01, 0x05, __typeof__(/* struct { int a; } */ /* 4 bytes */) *)</c>. record-nameless.h, x86_64.</summary>
    public const uint NAMELESS_POINTER = 0x40080105;
}

// record-nameless/FdIoctls.g.cs
namespace Fixture;

/// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
public static unsafe partial class FdIoctls
{
    /// <summary><c>_IOR(0x01, 0x01, both_t)</c>, request <c>0x80080101</c>.</summary>
    /// <remarks>record-nameless.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult NAMELESS_READ<TDescriptor>(TDescriptor fd, void* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.NAMELESS_READ, argument);

    /// <summary><c>_IOW(0x01, 0x02, held_t)</c>, request <c>0x40040102</c>.</summary>
    /// <remarks>record-nameless.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult NAMELESS_WRITE<TDescriptor>(TDescriptor fd, void* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.NAMELESS_WRITE, argument);

    /// <summary><c>_IOW(0x01, 0x03, __typeof__(/* struct { int a; } */ /* 4 bytes */)[3])</c>, request <c>0x400c0103</c>.</summary>
    /// <remarks>record-nameless.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult NAMELESS_SEVERAL<TDescriptor>(TDescriptor fd, Array3<Array4<byte>>* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.NAMELESS_SEVERAL, argument);

    /// <summary><c>_IOW(0x01, 0x03, __typeof__(/* struct { int a; } */ /* 4 bytes */)[3])</c>, request <c>0x400c0103</c>.</summary>
    /// <remarks>record-nameless.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult NAMELESS_SEVERAL<TDescriptor>(TDescriptor fd, in Array3<Array4<byte>> argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (Array3<Array4<byte>>* pointer = &argument)
        {
            return NAMELESS_SEVERAL(fd, pointer);
        }
    }

    /// <summary><c>_IOW(0x01, 0x04, __typeof__(/* struct { int a; } */ /* 4 bytes */)[3])</c>, request <c>0x400c0104</c>.</summary>
    /// <remarks>record-nameless.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult NAMELESS_MATRIX<TDescriptor>(TDescriptor fd, Array3<Array4<byte>>* argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.NAMELESS_MATRIX, argument);

    /// <summary><c>_IOW(0x01, 0x04, __typeof__(/* struct { int a; } */ /* 4 bytes */)[3])</c>, request <c>0x400c0104</c>.</summary>
    /// <remarks>record-nameless.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult NAMELESS_MATRIX<TDescriptor>(TDescriptor fd, in Array3<Array4<byte>> argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (Array3<Array4<byte>>* pointer = &argument)
        {
            return NAMELESS_MATRIX(fd, pointer);
        }
    }

    /// <summary><c>_IOW(0x01, 0x05, __typeof__(/* struct { int a; } */ /* 4 bytes */) *)</c>, request <c>0x40080105</c>.</summary>
    /// <remarks>record-nameless.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult NAMELESS_POINTER<TDescriptor>(TDescriptor fd, void** argument)
        where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.NAMELESS_POINTER, argument);

    /// <summary><c>_IOW(0x01, 0x05, __typeof__(/* struct { int a; } */ /* 4 bytes */) *)</c>, request <c>0x40080105</c>.</summary>
    /// <remarks>record-nameless.h, x86_64.</remarks>
    /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="argument">The argument, which the kernel reads.</param>
    /// <returns>The request's result, or its error number.</returns>
    public static IoctlResult NAMELESS_POINTER<TDescriptor>(TDescriptor fd, in void* argument)
        where TDescriptor : IIoctlDescriptor
    {
        fixed (void** pointer = &argument)
        {
            return NAMELESS_POINTER(fd, pointer);
        }
    }
}

// record-nameless/Records.g.cs
namespace Fixture;

/// <summary><c>struct other</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>record-nameless.h, x86_64.</remarks>
public struct other
{
    /// <summary><c>struct x</c>: bytes 0 to 3.</summary>
    public x_t x;

    /// <summary>Type of <c>other.x</c>: 4 bytes, aligned to 4.</summary>
    public struct x_t
    {
        /// <summary><c>int a</c>: bytes 0 to 3.</summary>
        public int a;
    }
}

/// <summary><c>struct holder</c>: 80 bytes, aligned to 8.</summary>
/// <remarks>record-nameless.h, x86_64.</remarks>
public unsafe struct holder
{
    /// <summary><c>struct held</c>: bytes 0 to 3.</summary>
    public held_t held;

    /// <summary>Type of <c>holder.held</c>: 4 bytes, aligned to 4.</summary>
    public struct held_t
    {
        /// <summary><c>int a</c>: bytes 0 to 3.</summary>
        public int a;
    }

    /// <summary><c>struct both[2]</c>: bytes 4 to 11.</summary>
    public Array2<both_t> both;

    /// <summary>Type of <c>holder.both</c>: 4 bytes, aligned to 4.</summary>
    public struct both_t
    {
        /// <summary><c>int a</c>: bytes 0 to 3.</summary>
        public int a;
    }

    /// <summary><c>struct found</c>: bytes 12 to 15.</summary>
    public found_t found;

    /// <summary>Type of <c>holder.found</c>: 4 bytes, aligned to 4.</summary>
    public struct found_t
    {
        /// <summary><c>int a</c>: bytes 0 to 3.</summary>
        public int a;
    }

    /// <summary><c>union seen</c>: bytes 16 to 23.</summary>
    public seen_t seen;

    /// <summary>Type of <c>holder.seen</c>: 8 bytes, aligned to 4.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 8)]
    public struct seen_t
    {
        /// <summary><c>int first</c>: bytes 0 to 3.</summary>
        [FieldOffset(0)]
        public int first;

        /// <summary><c>char bytes[8]</c>: bytes 0 to 7.</summary>
        [FieldOffset(0)]
        public Array8<byte> bytes;
    }

    /// <summary><c>struct last</c>: bytes 24 to 27.</summary>
    public last_t last;

    /// <summary>Type of <c>holder.last</c>: 4 bytes, aligned to 4.</summary>
    public struct last_t
    {
        /// <summary><c>int a</c>: bytes 0 to 3.</summary>
        public int a;
    }

    /// <summary><c>held_t *pointer</c>: bytes 32 to 39.</summary>
    public void* pointer;

    /// <summary><c>struct again</c>: bytes 40 to 43.</summary>
    public again_t again;

    /// <summary>Type of <c>holder.again</c>: 4 bytes, aligned to 4.</summary>
    public struct again_t
    {
        /// <summary><c>int a</c>: bytes 0 to 3.</summary>
        public int a;
    }

    /// <summary><c>void (*take)(held_t)</c>: bytes 48 to 55.</summary>
    /// <remarks>A pointer to anything, because C# has no name for the record that 'held_t' stands for.</remarks>
    public void* take;

    /// <summary><c>found_t (*give)(void)</c>: bytes 56 to 63.</summary>
    /// <remarks>A pointer to anything, because C# has no name for the record that 'found_t' stands for.</remarks>
    public void* give;

    /// <summary><c>void (*typed)(int, typed_t)</c>: bytes 64 to 71.</summary>
    /// <remarks>A pointer to anything, because C# has no name for the record that 'typed_t' stands for.</remarks>
    public void* typed;

    /// <summary><c>int (*behind)(held_t *)</c>: bytes 72 to 79.</summary>
    public delegate* unmanaged[Cdecl]<void*, int> behind;
}
