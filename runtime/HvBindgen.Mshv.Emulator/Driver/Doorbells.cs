using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>Guest writes that signal an event instead of ending a run.</summary>
internal sealed class Doorbells(DescriptorTable descriptors, VirtualPartition partition)
{
    private readonly List<(Doorbell Doorbell, int KeptFd)> doorbells = [];

    /// <summary>MSHV_IOEVENTFD.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Set(ulong argument)
    {
        if (!UserMemory.TryRead(argument, out mshv_user_ioeventfd request))
        {
            return Errno.EFAULT;
        }

        MSHV_IOEVENTFD_FLAGS flags = (MSHV_IOEVENTFD_FLAGS)request.flags;
        if ((request.flags & ~Hv.MSHV_IOEVENTFD_FLAGS_MASK) != 0 || ((ReadOnlySpan<byte>)request.rsvd).ContainsAnyExcept((byte)0))
        {
            return Errno.EINVAL;
        }

        if (flags.HasFlag(MSHV_IOEVENTFD_FLAGS.PIO))
        {
            return Errno.EOPNOTSUPP;
        }

        Doorbell doorbell = new(
            request.addr, request.len, flags.HasFlag(MSHV_IOEVENTFD_FLAGS.DATAMATCH) ? request.datamatch : null, request.fd);
        if (flags.HasFlag(MSHV_IOEVENTFD_FLAGS.DEASSIGN))
        {
            return Remove(doorbell);
        }

        if (request.len is not (0 or 1 or 2 or 4 or 8) || request.addr + request.len < request.addr)
        {
            return Errno.EINVAL;
        }

        return Add(doorbell);
    }

    private int Add(Doorbell doorbell)
    {
        int errno = EventDescriptor.Check(doorbell.EventFd, descriptors);
        if (errno != 0)
        {
            return errno;
        }

        if (doorbells.Exists(each => each.Doorbell.Gpa == doorbell.Gpa && each.Doorbell.LengthBytes == doorbell.LengthBytes
            && (each.Doorbell.Match is null || doorbell.Match is null || each.Doorbell.Match == doorbell.Match)))
        {
            return Errno.EEXIST;
        }

        errno = EventDescriptor.Keep(doorbell.EventFd, out int kept);
        if (errno != 0)
        {
            return errno;
        }

        errno = partition.Engine.SetDoorbell(doorbell, assign: true);
        if (errno != 0)
        {
            partition.Host.Refusals.Report(
                $"KVM cannot signal an event for writes of {doorbell.LengthBytes} bytes at 0x{doorbell.Gpa:x}"
                + $"{(doorbell.Match is null ? "" : " with one value")} (errno {errno})");
            _ = CLibrary.Close(kept);
            return errno;
        }

        doorbells.Add((doorbell, kept));
        return 0;
    }

    private int Remove(Doorbell doorbell)
    {
        int errno = EventDescriptor.Check(doorbell.EventFd, descriptors);
        if (errno != 0)
        {
            return errno;
        }

        int at = doorbells.FindIndex(each => each.Doorbell == doorbell);
        if (at < 0)
        {
            return Errno.ENOENT;
        }

        errno = partition.Engine.SetDoorbell(doorbell, assign: false);
        _ = CLibrary.Close(doorbells[at].KeptFd);
        doorbells.RemoveAt(at);
        return errno;
    }

    /// <summary>Takes all away: the partition's descriptor is gone.</summary>
    internal void RemoveAll()
    {
        foreach ((Doorbell doorbell, int kept) in doorbells)
        {
            _ = partition.Engine.SetDoorbell(doorbell with { EventFd = kept }, assign: false);
            _ = CLibrary.Close(kept);
        }

        doorbells.Clear();
    }
}
