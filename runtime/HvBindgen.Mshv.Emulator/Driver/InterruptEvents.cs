using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>Events that raise interrupts, and events that are told of an interrupt's end.</summary>
internal sealed class InterruptEvents(DescriptorTable descriptors, VirtualPartition partition)
{
    private readonly List<InterruptEvent> events = [];

    /// <summary>An eventfd that raises an interrupt; with a second one, that is told of the interrupt's end.</summary>
    private sealed record InterruptEvent(int Fd, uint Gsi, int? ResampleFd);

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

        int errno = EventDescriptor.Check(request.fd, descriptors);
        if (errno != 0)
        {
            return errno;
        }

        return flags.HasFlag(MSHV_IRQFD_FLAGS.DEASSIGN)
            ? Remove(request.fd, request.gsi)
            : Add(in request, flags.HasFlag(MSHV_IRQFD_FLAGS.RESAMPLE));
    }

    private int Add(in mshv_user_irqfd request, bool resample)
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
        if (events.Exists(each => each.Fd == eventFd) && !partition.Options.HasApic)
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

        events.Add(new InterruptEvent(request.fd, request.gsi, kept));
        return 0;
    }

    // Taking away what is not there is no error.
    private int Remove(int fd, uint gsi)
    {
        _ = partition.Options.HasApic ? partition.Engine.SetInterruptEvent(fd, gsi, assign: false) : 0;
        foreach (InterruptEvent each in events.Where(each => each.Fd == fd && each.Gsi == gsi).ToArray())
        {
            Forget(each);
        }

        return 0;
    }

    private void Forget(InterruptEvent interruptEvent)
    {
        events.Remove(interruptEvent);
        if (interruptEvent.ResampleFd is { } kept)
        {
            partition.Interrupts.RemoveResampler(interruptEvent.Gsi, kept);
            _ = CLibrary.Close(kept);
        }
    }

    /// <summary>Takes all away: the partition's descriptor is gone.</summary>
    internal void RemoveAll()
    {
        foreach (InterruptEvent each in events.ToArray())
        {
            _ = partition.Options.HasApic ? partition.Engine.SetInterruptEvent(each.Fd, each.Gsi, assign: false) : 0;
            Forget(each);
        }

        // An event whose descriptor the client has closed or replaced loses its route instead.
        _ = partition.Interrupts.SetRoutes([]);
    }
}
