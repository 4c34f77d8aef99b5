using System.Net.Sockets;
using System.Text;
using HvBindgen.Mshv.Gdb;
using Xunit;

namespace HvBindgen.Mshv.Tests.Gdb;

/// <summary>The debugger's side of the protocol, as far as tests speak it: commands out, answers in. By a file, because there may be no
/// network.</summary>
internal sealed class GdbClient : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    internal GdbClient(GdbServer server)
    {
        socket.Connect(server.Listen(new UnixDomainSocketEndPoint(folder["gdb"])));
        socket.ReceiveTimeout = 30_000;
    }

    /// <summary>Sends a command and waits for its answer, which is acknowledged.</summary>
    internal string Ask(string command)
    {
        Send(command);
        return Receive();
    }

    internal void Send(string command) => SendRaw([.. Frame(Encoding.Latin1.GetBytes(command))]);

    internal void SendRaw(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    /// <summary>Sends no more, and waits until the other side has closed.</summary>
    internal void HangUp()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            byte[] rest = new byte[4096];
            while (socket.Receive(rest) > 0)
            {
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // It has closed without reading the last acknowledgement.
        }
    }

    /// <summary>The next answer without its frame; acknowledgements are passed over.</summary>
    internal string Receive()
    {
        while (ReadByte() != '$')
        {
        }

        StringBuilder answer = new();
        for (int next = ReadByte(); next != '#'; next = ReadByte())
        {
            _ = answer.Append((char)(next == '}' ? ReadByte() ^ 0x20 : next));
        }

        _ = ReadByte();
        _ = ReadByte();
        try
        {
            SendRaw("+"u8);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // It was the last answer.
        }

        return answer.ToString();
    }

    internal byte ReadByte()
    {
        byte[] one = new byte[1];
        Assert.Equal(1, socket.Receive(one));
        return one[0];
    }

    public void Dispose()
    {
        socket.Dispose();
        folder.Dispose();
    }

    private static IEnumerable<byte> Frame(byte[] command)
    {
        byte sum = 0;
        foreach (byte each in command)
        {
            sum += each;
        }

        return [(byte)'$', .. command, (byte)'#', .. Encoding.ASCII.GetBytes($"{sum:x2}")];
    }
}
