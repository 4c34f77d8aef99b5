using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Outside;

/// <summary>What a processor has in its registers when it makes a hypercall.</summary>
/// <param name="Control">Code, counters and flags: <c>HV_HYPERCALL_*</c>.</param>
/// <param name="Input">Physical address, or the first operand of a fast call.</param>
/// <param name="Output">Physical address, or the second operand of a fast call.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Hypercall(ulong Control, ulong Input, ulong Output);

/// <summary>Two sockets of the machine's kernel: one for calls and their answers, one for messages. kernel/outside.c has the other
/// end.</summary>
internal sealed class Link : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket calls;
    private readonly Socket notices;

    // Nobody waits until the machine has read one: while it waits for an answer itself it does not read.
    private readonly Channel<Notice> unsent = Channel.CreateUnbounded<Notice>();
    private int unsentCount;
    private int noticeCount;
    private volatile bool isFull;

    // Rings that the machine, which is in a call, is told of when it is answered, or before the next message.
    private readonly Lock gate = new();
    private readonly Dictionary<uint, ulong> rings = [];
    private bool isInCall;

    private Link(Socket calls, Socket notices)
    {
        this.calls = calls;
        this.notices = notices;
        if (!TryReceive(calls, out Greeting greeting))
        {
            throw new InvalidOperationException("The machine has ended before it said anything.");
        }

        Memory = new MachineMemory($"/proc/{greeting.Process}/fd/{greeting.Descriptor}", greeting.SizeBytes);
        HasRootScheduler = greeting.RootScheduler != 0;
        _ = Task.Run(SendNotices);
    }

    internal MachineMemory Memory { get; }

    /// <summary>Whether the machine's kernel says when processors run, not the hypervisor.</summary>
    internal bool HasRootScheduler { get; }

    internal int NoticeCount => Volatile.Read(ref noticeCount);

    /// <summary>Waits for the machine.</summary>
    internal static Link Accept(string path)
    {
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Socket calls = listener.Accept();
        return new Link(calls, listener.Accept());
    }

    /// <summary>Waits for a call.</summary>
    /// <returns>False when the machine has ended.</returns>
    internal bool TryReceive(out Hypercall call)
    {
        bool hasCall = TryReceive(calls, out call);
        lock (gate)
        {
            isInCall = hasCall;
        }

        return hasCall;
    }

    /// <summary>Answers a call; what was sent before arrives before it, unless it is more than the socket takes.</summary>
    internal void Answer(ulong result)
    {
        lock (gate)
        {
            SendRings();
            isInCall = false;
        }

        _ = SpinWait.SpinUntil(() => Volatile.Read(ref unsentCount) == 0 || isFull, Patience);
        Send(calls, in result);
    }

    /// <summary>Sends a message to the machine's kernel.</summary>
    internal void Send<T>(hv_message_type type, ulong sender, in T payload)
        where T : unmanaged
    {
        hv_message message = default;
        message.header.message_type = (uint)type;
        message.header.payload_size = (byte)Marshal.SizeOf<T>();
        message.header.sender = sender;
        MemoryMarshal.Write(MemoryMarshal.AsBytes((Span<ulong>)message.u.payload), in payload);
        lock (gate)
        {
            SendRings();
            Send(new Notice { Message = message });
        }
    }

    /// <summary>Says how often a port's doorbell was rung.</summary>
    internal void Ring(uint port, ulong count)
    {
        lock (gate)
        {
            rings[port] = rings.GetValueOrDefault(port) + count;
            if (!isInCall)
            {
                SendRings();
            }
        }
    }

    public void Dispose()
    {
        unsent.Writer.Complete();
        calls.Dispose();
        notices.Dispose();
        Memory.Dispose();
    }

    private void SendRings()
    {
        foreach ((uint port, ulong count) in rings)
        {
            Send(new Notice { Port = port, Rings = count });
        }

        rings.Clear();
    }

    private void Send(in Notice notice)
    {
        _ = Interlocked.Increment(ref noticeCount);
        _ = Interlocked.Increment(ref unsentCount);
        _ = unsent.Writer.TryWrite(notice); // It does not where the machine has ended.
    }

    private async Task SendNotices()
    {
        await foreach (Notice notice in unsent.Reader.ReadAllAsync())
        {
            // Once it takes no more the machine has to be let go on.
            isFull = !IsWritable();
            Send(notices, in notice);
            isFull = false;
            _ = Interlocked.Decrement(ref unsentCount);
        }
    }

    private bool IsWritable()
    {
        try
        {
            return notices.Poll(TimeSpan.Zero, SelectMode.SelectWrite);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static void Send<T>(Socket socket, in T value)
        where T : unmanaged
    {
        try
        {
            _ = socket.Send(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // The machine has ended; the next call, which there is not, says so.
        }
    }

    private static bool TryReceive<T>(Socket socket, out T value)
        where T : unmanaged
    {
        value = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref value));
        while (!bytes.IsEmpty)
        {
            int received;
            try
            {
                received = socket.Receive(bytes);
            }
            catch (SocketException)
            {
                return false;
            }

            if (received == 0)
            {
                return false;
            }

            bytes = bytes[received..];
        }

        return true;
    }

    [StructLayout(LayoutKind.Sequential)]
    private record struct Greeting(ulong Process, ulong Descriptor, ulong SizeBytes, ulong RootScheduler);

    [StructLayout(LayoutKind.Sequential)]
    private struct Notice
    {
        internal ulong Port;
        internal ulong Rings;
        internal hv_message Message;
    }
}
