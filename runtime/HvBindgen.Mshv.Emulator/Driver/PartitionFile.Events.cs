using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <content>Interrupt events and doorbells.</content>
internal sealed partial class PartitionFile
{
    private readonly List<InterruptEvent> interruptEvents = [];
    private readonly List<(Doorbell Doorbell, int KeptFd)> doorbells = [];

    /// <summary>An eventfd that raises an interrupt; with a second one, that is told of the interrupt's end.</summary>
    private sealed record InterruptEvent(int Fd, uint Gsi, int? ResampleFd);

    private int SetInterruptEvent(ulong argument)
    {
        if (!UserMemory.TryRead(argument, out mshv_user_irqfd request))
        {
            return Errno.EFAULT;
        }

        MSHV_IRQFD_FLAGS flags = (MSHV_IRQFD_FLAGS)request.flags;
        if ((request.flags & ~Hv.MSHV_IRQFD_FLAGS_MASK) != 0)
        {
            return Errno.EINVAL;
        }

        int errno = EventDescriptor.Check(request.fd, descriptors);
        if (errno != 0)
        {
            return errno;
        }

        return flags.HasFlag(MSHV_IRQFD_FLAGS.DEASSIGN)
            ? RemoveInterruptEvent(request.fd, request.gsi)
            : AddInterruptEvent(in request, flags.HasFlag(MSHV_IRQFD_FLAGS.RESAMPLE));
    }

    private int AddInterruptEvent(in mshv_user_irqfd request, bool resample)
    {
        int? kept = null;
        if (resample)
        {
            int errno = EventDescriptor.Check(request.resamplefd, descriptors);
            if (errno != 0)
            {
                return errno;
            }

            // Only the end of a level-triggered interrupt is reported.
            if (partition.Interrupts.FindRoute(request.gsi) is not { Message.IsLevel: true })
            {
                return Errno.EINVAL;
            }
        }

        // One event, one interrupt; the engine knows the event behind other descriptors of it, too.
        int eventFd = request.fd;
        if (interruptEvents.Exists(each => each.Fd == eventFd) && !partition.Options.HasApic)
        {
            return Errno.EBUSY;
        }

        int failure = partition.Options.HasApic ? partition.Engine.SetInterruptEvent(request.fd, request.gsi, assign: true) : 0;
        if (failure != 0)
        {
            return failure;
        }

        if (resample)
        {
            failure = EventDescriptor.Keep(request.resamplefd, out int duplicate);
            if (failure != 0)
            {
                _ = partition.Engine.SetInterruptEvent(request.fd, request.gsi, assign: false);
                return failure;
            }

            kept = duplicate;
            partition.Interrupts.AddResampler(request.gsi, duplicate);
        }

        interruptEvents.Add(new InterruptEvent(request.fd, request.gsi, kept));
        return 0;
    }

    // Taking away what is not there is no error.
    private int RemoveInterruptEvent(int fd, uint gsi)
    {
        _ = partition.Options.HasApic ? partition.Engine.SetInterruptEvent(fd, gsi, assign: false) : 0;
        foreach (InterruptEvent each in interruptEvents.Where(each => each.Fd == fd && each.Gsi == gsi).ToArray())
        {
            Forget(each);
        }

        return 0;
    }

    private void Forget(InterruptEvent interruptEvent)
    {
        interruptEvents.Remove(interruptEvent);
        if (interruptEvent.ResampleFd is { } kept)
        {
            partition.Interrupts.RemoveResampler(interruptEvent.Gsi, kept);
            _ = CLibrary.Close(kept);
        }
    }

    private int SetDoorbell(ulong argument)
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
            return RemoveDoorbell(doorbell);
        }

        if (request.len is not (0 or 1 or 2 or 4 or 8) || request.addr + request.len < request.addr)
        {
            return Errno.EINVAL;
        }

        return AddDoorbell(doorbell);
    }

    private int AddDoorbell(Doorbell doorbell)
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

    private int RemoveDoorbell(Doorbell doorbell)
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

    // The partition's descriptor is gone: its events end at once, whatever still runs.
    private void RemoveEvents()
    {
        foreach (InterruptEvent each in interruptEvents.ToArray())
        {
            _ = partition.Options.HasApic ? partition.Engine.SetInterruptEvent(each.Fd, each.Gsi, assign: false) : 0;
            Forget(each);
        }

        // An event whose descriptor the client has closed or replaced loses its route instead.
        _ = partition.Interrupts.SetRoutes([]);
        foreach ((Doorbell doorbell, int kept) in doorbells)
        {
            _ = partition.Engine.SetDoorbell(doorbell with { EventFd = kept }, assign: false);
            _ = CLibrary.Close(kept);
        }

        doorbells.Clear();
    }
}
