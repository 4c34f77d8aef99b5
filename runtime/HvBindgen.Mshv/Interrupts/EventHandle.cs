using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Interrupts;

/// <summary>An eventfd: a counter in the kernel that one side adds to and the other takes.</summary>
public sealed class EventHandle : DescriptorHandle
{
    private EventHandle(ISystemCalls systemCalls, int fd)
        : base(systemCalls, fd, parent: null)
    {
    }

    /// <summary>Creates an event.</summary>
    /// <param name="systemCalls">System calls of the device that shall use it; null for this machine's.</param>
    /// <returns>The event, which the caller disposes. Where it is attached the kernel keeps it.</returns>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public static EventHandle Create(ISystemCalls? systemCalls = null)
    {
        systemCalls ??= LinuxSystemCalls.Instance;
        SystemCallResult created = systemCalls.CreateEvent(0, LinuxFlags.EventNonBlocking | LinuxFlags.EventCloseOnExec);
        return created.IsSuccess
            ? new EventHandle(systemCalls, (int)created.Value)
            : throw new HypervisorException("Creating an event", created.Errno);
    }

    /// <summary>Adds to the counter: triggers what the event is attached to.</summary>
    /// <param name="count">How much.</param>
    /// <exception cref="HypervisorException">The kernel refused. EAGAIN: the counter is full.</exception>
    public void Signal(ulong count = 1)
    {
        using EventUse use = new(this);
        SystemCallResult result = HostCalls.WriteEvent(use.Fd, count);
        if (!result.IsSuccess)
        {
            throw new HypervisorException("Signalling an event", result.Errno);
        }
    }

    /// <summary>Takes the counter.</summary>
    /// <param name="count">What it was; it is 0 now.</param>
    /// <returns>False when it was 0 already.</returns>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public bool TryTake(out ulong count)
    {
        using EventUse use = new(this);
        SystemCallResult result = HostCalls.ReadEvent(use.Fd, out count);
        return result.Errno switch
        {
            0 => true,
            Errno.EAGAIN or Errno.EINTR => false,
            _ => throw new HypervisorException("Taking an event", result.Errno),
        };
    }

    /// <summary>Waits until the counter is not 0, and leaves it.</summary>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <returns>False when the time is over, or a signal came first.</returns>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public bool Wait(TimeSpan timeout)
    {
        int milliseconds = timeout == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Clamp(timeout.TotalMilliseconds, 0, int.MaxValue);
        using EventUse use = new(this);
        SystemCallResult result = HostCalls.WaitReadable(use.Fd, milliseconds);
        return result.IsSuccess ? result.Value > 0
            : result.Errno == Errno.EINTR ? false
            : throw new HypervisorException("Waiting for an event", result.Errno);
    }
}
