using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>Events that raise interrupts, and events that are told of an interrupt's end.</summary>
internal sealed class InterruptEvents(DescriptorTable descriptors, VirtualPartition partition)
{
    private readonly List<InterruptEvent> events = [];

    /// <summary>An eventfd that raises an interrupt.</summary>
    /// <param name="Event">The event.</param>
    /// <param name="Fd">A descriptor of it, which the client may have closed since: the event itself is not kept, as in the driver.</param>
    /// <param name="Gsi">Number of the interrupt's route.</param>
    /// <param name="ResampleFd">Own descriptor of the event that is told of the interrupt's end.</param>
    private sealed record InterruptEvent(EventIdentity Event, int Fd, uint Gsi, int? ResampleFd);

    /// <summary>MSHV_IRQFD.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Set(ulong argument)
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

        int errno = EventDescriptor.Check(request.fd, descriptors, out EventIdentity identity);
        if (errno != 0)
        {
            return errno;
        }

        return flags.HasFlag(MSHV_IRQFD_FLAGS.DEASSIGN)
            ? Remove(identity, request.fd, request.gsi)
            : Add(in request, identity, flags.HasFlag(MSHV_IRQFD_FLAGS.RESAMPLE));
    }

    private int Add(in mshv_user_irqfd request, EventIdentity identity, bool resample)
    {
        if (resample && EventDescriptor.Check(request.resamplefd, descriptors, out _) is not 0 and int errno)
        {
            return errno;
        }

        // One event, one interrupt. The event is looked at before the route, of which the end of a level-triggered interrupt alone is told.
        bool isUsed = events.Exists(each => each.Event == identity);
        if (resample && partition.Interrupts.FindRoute(request.gsi) is not { Message.IsLevel: true })
        {
            return isUsed ? Errno.EBUSY : Errno.EINVAL;
        }

        // Where there is an engine to ask, it knows better whether an event is still in use.
        int refused = partition.Options.HasApic ? partition.Engine.SetInterruptEvent(request.fd, request.gsi, assign: true)
            : isUsed ? Errno.EBUSY
            : 0;
        if (refused != 0)
        {
            return refused;
        }

        int kept = -1;
        if (resample && EventDescriptor.Keep(request.resamplefd, out kept) is not 0 and int failure)
        {
            Detach(request.fd, request.gsi);
            return failure;
        }

        // The engine took it although its number is known: the event that had the number is gone.
        Forget(each => each.Event == identity);
        events.Add(new InterruptEvent(identity, request.fd, request.gsi, resample ? kept : null));
        if (resample)
        {
            partition.Interrupts.AddResampler(request.gsi, kept);
        }

        return 0;
    }

    // Taking away what is not there is no error.
    private int Remove(EventIdentity identity, int fd, uint gsi)
    {
        Detach(fd, gsi);
        Forget(each => each.Event == identity && each.Gsi == gsi);
        return 0;
    }

    private void Detach(int fd, uint gsi) => _ = partition.Options.HasApic ? partition.Engine.SetInterruptEvent(fd, gsi, assign: false) : 0;

    private void Forget(Predicate<InterruptEvent> isMeant)
    {
        foreach (InterruptEvent each in events.FindAll(isMeant))
        {
            events.Remove(each);
            if (each.ResampleFd is { } kept)
            {
                partition.Interrupts.RemoveResampler(each.Gsi, kept);
                _ = CLibrary.Close(kept);
            }
        }
    }

    /// <summary>Takes all away: the partition's descriptor is gone.</summary>
    internal void RemoveAll()
    {
        foreach (InterruptEvent each in events)
        {
            Detach(each.Fd, each.Gsi);
        }

        Forget(_ => true);

        // An event whose descriptor the client has closed or replaced loses its route instead.
        _ = partition.Interrupts.SetRoutes([]);
    }
}
