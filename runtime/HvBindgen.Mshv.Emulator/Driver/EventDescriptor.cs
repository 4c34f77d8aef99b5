using System.Globalization;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>What the kernel finds out about a descriptor that should be an eventfd.</summary>
internal static unsafe class EventDescriptor
{
    private const int MaxNameBytes = 64;

    /// <summary>Checks a descriptor.</summary>
    /// <param name="fd">Descriptor of the client's.</param>
    /// <param name="descriptors">Descriptors of the driver's own, which are none.</param>
    /// <param name="identity">The event behind it.</param>
    /// <returns>0, EBADF when it is closed, EINVAL when it is no eventfd.</returns>
    internal static int Check(int fd, DescriptorTable descriptors, out EventIdentity identity)
    {
        identity = default;
        byte* name = stackalloc byte[MaxNameBytes];
        nint length = LibC.ReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{fd}"), name, MaxNameBytes);
        if (length < 0)
        {
            return Errno.EBADF;
        }

        if (!new ReadOnlySpan<byte>(name, (int)length).SequenceEqual("anon_inode:[eventfd]"u8) || descriptors.Contains(fd))
        {
            return Errno.EINVAL;
        }

        identity = EventIdentity.Of(fd);
        return 0;
    }

    /// <summary>Keeps the event behind a descriptor beyond the descriptor's life.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal static int Keep(int fd, out int kept)
    {
        kept = LibC.Duplicate(fd);
        return kept < 0 ? Marshal.GetLastSystemError() : 0;
    }
}
