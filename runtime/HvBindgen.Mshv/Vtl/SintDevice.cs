using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Interrupts;

namespace HvBindgen.Mshv.Vtl;

/// <summary><c>/dev/mshv_sint</c>: messages and events between a paravisor and the host.</summary>
public sealed unsafe class SintDevice : IDisposable
{
    private SintDevice(SintHandle handle) => Handle = handle;

    /// <summary>The descriptor; reading it gives messages of 256 bytes.</summary>
    public SintHandle Handle { get; }

    /// <summary>Opens the device.</summary>
    /// <param name="path">Path of the device node.</param>
    /// <param name="systemCalls">System calls; null for this machine's.</param>
    /// <returns>The device, which the caller disposes.</returns>
    /// <exception cref="MshvUnavailableException">The device cannot be used.</exception>
    public static SintDevice Open(string path = Requests.SintNode, ISystemCalls? systemCalls = null)
    {
        systemCalls ??= LinuxSystemCalls.Instance;
        return new SintDevice(new SintHandle(systemCalls, DeviceNode.Open(systemCalls, path)));
    }

    /// <summary>Signals an event of a connection.</summary>
    /// <param name="connectionId">Connection.</param>
    /// <param name="flag">Flag of the connection.</param>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    public void SignalEvent(uint connectionId, uint flag) => Check(
        SintIoctls.MSHV_SINT_SIGNAL_EVENT(Handle, new mshv_vtl_signal_event { connection_id = connectionId, flag = flag }),
        $"Signalling flag {flag} of connection {connectionId}");

    /// <summary>Posts a message to a connection.</summary>
    /// <param name="connectionId">Connection.</param>
    /// <param name="messageType">Type of message.</param>
    /// <param name="payload">Payload, at most 240 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The payload is too long.</exception>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    public void PostMessage(uint connectionId, ulong messageType, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, Abi.Constants.HV_MESSAGE_PAYLOAD_BYTE_COUNT, nameof(payload));

        // The payload stays in place for the call, which copies it.
        fixed (byte* pointer = payload)
        {
            mshv_vtl_sint_post_msg request = new()
            {
                message_type = messageType,
                connection_id = connectionId,
                payload_size = (uint)payload.Length,
                payload_ptr = (ulong)pointer,
            };
            Check(SintIoctls.MSHV_SINT_POST_MESSAGE(Handle, request), $"Posting a message to connection {connectionId}");
        }
    }

    /// <summary>Lets an event of the host signal an eventfd.</summary>
    /// <param name="flag">Event flag, less than 2048.</param>
    /// <param name="signal">Event to signal; null to detach.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such flag.</exception>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public void SetEvent(uint flag, EventHandle? signal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(flag, (uint)Constants.HV_EVENT_FLAGS_COUNT);
        using EventUse use = new(signal);
        mshv_vtl_set_eventfd request = new() { fd = signal is null ? -1 : use.Fd, flag = flag };
        Check(SintIoctls.MSHV_SINT_SET_EVENTFD(Handle, request), $"Attaching an event to flag {flag}");
    }

    /// <summary>Holds messages back, or lets them come again.</summary>
    /// <param name="isPaused">Whether to hold them back.</param>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public void PauseMessages(bool isPaused) => Check(
        SintIoctls.MSHV_SINT_PAUSE_MESSAGE_STREAM(Handle, new mshv_sint_mask { mask = (byte)(isPaused ? 1 : 0) }),
        isPaused ? "Holding messages back" : "Letting messages come again");

    /// <summary>Closes the device.</summary>
    public void Dispose() => Handle.Dispose();

    private static void Check(IoctlResult result, string operation)
    {
        if (!result.IsSuccess)
        {
            throw new HypervisorException(operation, result.Errno);
        }
    }
}
