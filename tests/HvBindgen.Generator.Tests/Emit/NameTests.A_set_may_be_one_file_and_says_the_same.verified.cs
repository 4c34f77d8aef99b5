// Bindings.g.cs
namespace Fixture
{
    internal static unsafe partial class LayoutTable
    {
        internal static void Check(LayoutCheck check)
        {
            CheckHeader_names_own(check);
        }
    }

    /// <summary>Constants of Fixture.</summary>
    public static partial class Constants
    {
        /// <summary><c>OWN_LIMIT</c>, a C <c>int</c>. names-own.h, x86_64, i686.</summary>
        public const int OWN_LIMIT = 7;

        /// <summary><c>OWN_3D</c>, a C <c>int</c>. names-own.h, x86_64, i686.</summary>
        public const int OWN_3D = 1;

        /// <summary><c>OWN_GET</c>, an ioctl request: <c>_IOWR(0x6f, 0x02, struct own_session)</c>. names-own.h, x86_64, i686.</summary>
        public const uint OWN_GET = 0xc00c6f02;
    }

    /// <summary><c>enum own_kind</c>, a C <c>unsigned int</c>.</summary>
    /// <remarks>names-own.h, x86_64, i686.</remarks>
    public enum own_kind : uint
    {
        /// <summary><c>OWN_FLAT</c>, 0.</summary>
        OWN_FLAT = 0,

        /// <summary><c>OWN_ROUND</c>, 1.</summary>
        OWN_ROUND = 1,
    }

    /// <summary>ioctl requests on a <c>fd</c> descriptor.</summary>
    public static unsafe partial class FdIoctls
    {
        /// <summary><c>_IOWR(0x6f, 0x02, struct own_session)</c>, request <c>0xc00c6f02</c>.</summary>
        /// <remarks>names-own.h, x86_64, i686.</remarks>
        /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
        /// <param name="fd">Descriptor that takes the request.</param>
        /// <param name="argument">The argument, valid until the call returns, with room for all that the request writes.</param>
        /// <returns>The request's result, or its error number.</returns>
        public static IoctlResult OWN_GET<TDescriptor>(TDescriptor fd, own_session* argument)
            where TDescriptor : IIoctlDescriptor => fd.Ioctl(Constants.OWN_GET, argument);

        /// <summary><c>_IOWR(0x6f, 0x02, struct own_session)</c>, request <c>0xc00c6f02</c>.</summary>
        /// <remarks>names-own.h, x86_64, i686.</remarks>
        /// <typeparam name="TDescriptor">Type of descriptor.</typeparam>
        /// <param name="fd">Descriptor that takes the request.</param>
        /// <param name="argument">The argument, which the kernel reads and writes.</param>
        /// <returns>The request's result, or its error number.</returns>
        public static IoctlResult OWN_GET<TDescriptor>(TDescriptor fd, ref own_session argument)
            where TDescriptor : IIoctlDescriptor
        {
            fixed (own_session* pointer = &argument)
            {
                return OWN_GET(fd, pointer);
            }
        }
    }

    /// <summary><c>struct own_point_v1</c>: 8 bytes, aligned to 4.</summary>
    /// <remarks>names-own.h, x86_64, i686.</remarks>
    public struct own_point_v1
    {
        /// <summary><c>enum own_kind kind</c>: bytes 0 to 3.</summary>
        public own_kind kind;

        /// <summary><c>int x</c>: bytes 4 to 7.</summary>
        public int x;
    }

    /// <summary><c>struct own_session</c>: 12 bytes, aligned to 4.</summary>
    /// <remarks>names-own.h, x86_64, i686.</remarks>
    public struct own_session
    {
        /// <summary><c>int owner</c>: bytes 0 to 3.</summary>
        public int owner;

        /// <summary><c>struct own_point_v1 token</c>: bytes 4 to 11.</summary>
        public own_point_v1 token;
    }

    internal static unsafe partial class LayoutTable
    {
        private static void CheckHeader_names_own(LayoutCheck check)
        {
            Check_own_point_v1(check);
            Check_own_session(check);
        }

        private static void Check_own_point_v1(LayoutCheck check)
        {
            own_point_v1* record = check.Begin<own_point_v1>("own_point_v1", 8);
            check.Field("kind", &record->kind, sizeof(own_kind), 0, 4);
            check.Field("x", &record->x, sizeof(int), 4, 4);
        }

        private static void Check_own_session(LayoutCheck check)
        {
            own_session* record = check.Begin<own_session>("own_session", 12);
            check.Field("owner", &record->owner, sizeof(int), 0, 4);
            check.Field("token", &record->token, sizeof(own_point_v1), 4, 8);
        }
    }
}

namespace Fixture.X64
{
    /// <summary>Constants of Fixture.</summary>
    public static partial class Constants
    {
        /// <summary><c>OWN_LONG</c>, a C <c>int</c>. names-own.h, x86_64.</summary>
        public const int OWN_LONG = 8;
    }
}

namespace Fixture.X86
{
    /// <summary>Constants of Fixture.</summary>
    public static partial class Constants
    {
        /// <summary><c>OWN_LONG</c>, a C <c>int</c>. names-own.h, i686.</summary>
        public const int OWN_LONG = 4;
    }
}
