using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>Guest writes that signal an event instead of ending a run.</summary>
internal sealed class Doorbells(DescriptorTable descriptors, VirtualPartition partition)
{
    private readonly List<AssignedDoorbell> doorbells = [];

    /// <summary>A doorbell and its event.</summary>
    /// <param name="Event">The event.</param>
    /// <param name="Doorbell">What rings; its descriptor is one of the driver's own, which keeps the event.</param>
    private sealed record AssignedDoorbell(EventIdentity Event, Doorbell Doorbell);

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
        bool isAssigned = !flags.HasFlag(MSHV_IOEVENTFD_FLAGS.DEASSIGN);
        if (isAssigned && (request.len is not (0 or 1 or 2 or 4 or 8) || request.addr + request.len < request.addr))
        {
            return Errno.EINVAL;
        }

        int errno = EventDescriptor.Check(request.fd, descriptors, out EventIdentity identity);
        return errno != 0 ? errno
            : isAssigned ? Add(identity, in doorbell)
            : Remove(identity, in doorbell);
    }

    private int Add(EventIdentity identity, in Doorbell doorbell)
    {
        (ulong gpa, uint sizeBytes, ulong? match, int eventFd) = doorbell;
        if (doorbells.Exists(each => each.Doorbell.Gpa == gpa && each.Doorbell.SizeBytes == sizeBytes
            && (each.Doorbell.Match is null || match is null || each.Doorbell.Match == match)))
        {
            return Errno.EEXIST;
        }

        int errno = EventDescriptor.Keep(eventFd, out int kept);
        if (errno != 0)
        {
            return errno;
        }

        AssignedDoorbell assigned = new(identity, doorbell with { EventFd = kept });
        errno = partition.Engine.SetDoorbell(assigned.Doorbell, assign: true);
        if (errno != 0)
        {
            partition.Host.Refusals.Report(
                $"KVM cannot signal an event for writes of {sizeBytes} bytes at 0x{gpa:x}"
                + $"{(match is null ? "" : " with one value")} (errno {errno})");
            _ = CLibrary.Close(kept);
            return errno;
        }

        doorbells.Add(assigned);
        return 0;
    }

    private int Remove(EventIdentity identity, in Doorbell doorbell)
    {
        (ulong gpa, uint sizeBytes, ulong? match, _) = doorbell;
        int at = doorbells.FindIndex(each => each.Event == identity
            && each.Doorbell.Gpa == gpa && each.Doorbell.SizeBytes == sizeBytes && each.Doorbell.Match == match);
        if (at < 0)
        {
            return Errno.ENOENT;
        }

        int errno = partition.Engine.SetDoorbell(doorbells[at].Doorbell, assign: false);
        _ = CLibrary.Close(doorbells[at].Doorbell.EventFd);
        doorbells.RemoveAt(at);
        return errno;
    }

    /// <summary>Takes all away: the partition's descriptor is gone.</summary>
    internal void RemoveAll()
    {
        foreach (AssignedDoorbell each in doorbells)
        {
            _ = partition.Engine.SetDoorbell(each.Doorbell, assign: false);
            _ = CLibrary.Close(each.Doorbell.EventFd);
        }

        doorbells.Clear();
    }
}
