using System.Net;
using System.Net.Sockets;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Gdb.Debugging;
using HvBindgen.Mshv.Gdb.Protocol;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Gdb;

/// <summary>Lets gdb look at a machine's guest: <c>target remote</c> by TCP or by a Unix socket.</summary>
/// <remarks>
/// <para>While a debugger is connected #DB and #BP are intercepted; between two connections nothing of it is left in the guest.
/// One debugger at a time; the next one waits. Processors are gdb's threads: processor 0 is thread 1. All stop together, and the
/// partition's time stands still with them. An interrupt that waits is taken before an instruction is stepped over, and its handler runs
/// whole.</para>
/// <para>Whoever reaches the socket has the guest in his hands, as the monitor has; what he sends cannot do more than that.</para>
/// <para>arm64 guests: registers, memory, and stopping by hand. No message tells the monitor of their exceptions, so there are no
/// breakpoints and no steps.</para>
/// </remarks>
public sealed class GdbServer : IDisposable
{
    private readonly DebuggedMachine machine;
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim oneDebugger = new(1, 1);
    private readonly List<Socket> listeners = [];
    private readonly List<Task> accepting = [];

    /// <summary>Makes a server; nobody can connect yet.</summary>
    /// <param name="machine">The machine. The caller disposes it, after this server.</param>
    /// <param name="partition">Its partition, with all processors that it will have.</param>
    /// <param name="handlers">The handlers of its run loops. The server becomes their <see cref="MachineHandlers.Exceptions"/>, and hands
    /// on what is not the debugger's; without another handler the guest gets it.</param>
    /// <param name="waitsAtStart">Whether the machine, not started yet, stands at its first instruction until a debugger lets it
    /// go.</param>
    /// <exception cref="ArgumentException">The machine runs a processor that the partition does not have.</exception>
    public GdbServer(Machine machine, Partition partition, MachineHandlers handlers, bool waitsAtStart = false)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(partition);
        ArgumentNullException.ThrowIfNull(handlers);
        this.machine = new DebuggedMachine(machine, partition, handlers);
        if (waitsAtStart)
        {
            this.machine.PauseFromStart();
        }
    }

    /// <summary>Lets debuggers connect.</summary>
    /// <param name="place">An <see cref="IPEndPoint"/>, best of the loopback, port 0 for a free one; or a
    /// <see cref="UnixDomainSocketEndPoint"/>, whose file the caller deletes.</param>
    /// <returns>Where they connect to, with the port that was chosen.</returns>
    /// <exception cref="SocketException">The place is taken, or may not be used.</exception>
    public EndPoint Listen(EndPoint place)
    {
        ArgumentNullException.ThrowIfNull(place);
        ObjectDisposedException.ThrowIf(stop.IsCancellationRequested, this);
        Socket listener = new(
            place.AddressFamily, SocketType.Stream, place is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            listener.Bind(place);
            listener.Listen(1);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        listeners.Add(listener);
        accepting.Add(Task.Run(() => AcceptAsync(listener)));
        return listener.LocalEndPoint!;
    }

    /// <summary>Talks with a debugger over a stream, until it goes: a serial line, a connection of the monitor's own.</summary>
    /// <param name="stream">The stream, which the caller closes.</param>
    /// <param name="cancellation">Ends the conversation; the machine goes on.</param>
    /// <returns>Ends when the debugger has gone, or has sent what is no packet of gdb's.</returns>
    /// <exception cref="HypervisorException">The hypervisor refused an intercept or a register.</exception>
    /// <exception cref="IOException">The stream failed. The machine goes on.</exception>
    /// <exception cref="OperationCanceledException">It was called off.</exception>
    public async Task ServeAsync(Stream stream, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        await oneDebugger.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await new Session(new PacketStream(stream), machine).RunAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            oneDebugger.Release();
        }
    }

    /// <summary>Ends all conversations and listens no more; the machine goes on.</summary>
    public void Dispose()
    {
        if (stop.IsCancellationRequested)
        {
            return;
        }

        stop.Cancel();
        foreach (Socket listener in listeners)
        {
            listener.Dispose();
        }

        Task.WaitAll(accepting);
        stop.Dispose();
        oneDebugger.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using Socket connection = await listener.AcceptAsync(stop.Token).ConfigureAwait(false);
                if (connection.AddressFamily != AddressFamily.Unix)
                {
                    connection.NoDelay = true;
                }

                using NetworkStream stream = new(connection);
                await ServeAsync(stream, stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException
                or ObjectDisposedException or HypervisorException or InvalidOperationException)
            {
                // This debugger has gone, whatever the reason; the next one may come.
            }
        }
    }
}
