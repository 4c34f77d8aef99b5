namespace HvBindgen.Mshv.Gdb.Protocol;

/// <summary>What came from the debugger.</summary>
internal enum PacketKind
{
    /// <summary>A command.</summary>
    Command,

    /// <summary>The user wants the machine to stop.</summary>
    Interrupt,

    /// <summary>Nothing comes any more, or nothing that a debugger would send.</summary>
    End,
}

/// <summary>A packet of gdb's remote protocol.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Content">A command, without frame and escapes.</param>
internal readonly record struct Packet(PacketKind Kind, ReadOnlyMemory<byte> Content);

/// <summary>Packets of gdb's remote protocol over a stream: frames, checksums, acknowledgements.</summary>
/// <remarks>One thread reads, and the same one sends.</remarks>
internal sealed class PacketStream(Stream stream)
{
    /// <summary>Most bytes of a command, which gdb is told. One that is longer ends the conversation.</summary>
    internal const int MaxContentBytes = 0x4000;

    private const byte InterruptByte = 0x03;
    private const byte Escape = (byte)'}';
    private const byte EscapeMask = 0x20;

    private readonly byte[] input = new byte[4096];
    private readonly byte[] content = new byte[MaxContentBytes];
    private int inputPosition;
    private int inputCount;
    private byte[] lastSent = [];

    /// <summary>Whether packets are acknowledged, as they are until gdb says that the connection is reliable.</summary>
    internal bool IsAcknowledged { get; set; } = true;

    /// <summary>Waits for the next packet.</summary>
    internal async ValueTask<Packet> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            switch (await ReadByteAsync(cancellation))
            {
                case < 0:
                    return new Packet(PacketKind.End, default);
                case InterruptByte:
                    return new Packet(PacketKind.Interrupt, default);
                case '-' when IsAcknowledged && lastSent.Length > 0:
                    await stream.WriteAsync(lastSent, cancellation);
                    break;
                case '$':
                    (PacketKind kind, int length, bool isIntact) = await ReadContentAsync(cancellation);
                    if (kind == PacketKind.End)
                    {
                        return new Packet(kind, default);
                    }

                    if (IsAcknowledged)
                    {
                        await stream.WriteAsync(isIntact ? "+"u8.ToArray() : "-"u8.ToArray(), cancellation);
                    }

                    if (isIntact)
                    {
                        return new Packet(kind, content.AsMemory(0, length));
                    }

                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Sends an answer.</summary>
    internal async ValueTask SendAsync(ReadOnlyMemory<byte> answer, CancellationToken cancellation)
    {
        lastSent = Frame(answer.Span);
        await stream.WriteAsync(lastSent, cancellation);
        await stream.FlushAsync(cancellation);
    }

    private static byte[] Frame(ReadOnlySpan<byte> answer)
    {
        List<byte> frame = new(answer.Length + 4) { (byte)'$' };
        byte sum = 0;
        foreach (byte each in answer)
        {
            // '*' would begin a run of equal bytes.
            if (each is (byte)'#' or (byte)'$' or Escape or (byte)'*')
            {
                Add(Escape);
                Add((byte)(each ^ EscapeMask));
            }
            else
            {
                Add(each);
            }
        }

        frame.Add((byte)'#');
        frame.AddRange(System.Text.Encoding.ASCII.GetBytes($"{sum:x2}"));
        return [.. frame];

        void Add(byte value)
        {
            frame.Add(value);
            sum += value;
        }
    }

    private async ValueTask<(PacketKind Kind, int Length, bool IsIntact)> ReadContentAsync(CancellationToken cancellation)
    {
        int length = 0;
        byte sum = 0;
        bool isEscaped = false;
        while (true)
        {
            int next = await ReadByteAsync(cancellation);
            if (next < 0 || length == MaxContentBytes)
            {
                return (PacketKind.End, 0, false);
            }

            if (next == '#')
            {
                int high = Digit(await ReadByteAsync(cancellation));
                int low = Digit(await ReadByteAsync(cancellation));
                return (PacketKind.Command, length, !IsAcknowledged || (high >= 0 && low >= 0 && ((high << 4) | low) == sum));
            }

            sum += (byte)next;
            if (!isEscaped && next == Escape)
            {
                isEscaped = true;
                continue;
            }

            content[length++] = isEscaped ? (byte)(next ^ EscapeMask) : (byte)next;
            isEscaped = false;
        }
    }

    private static int Digit(int character) => character switch
    {
        >= '0' and <= '9' => character - '0',
        >= 'a' and <= 'f' => character - 'a' + 10,
        >= 'A' and <= 'F' => character - 'A' + 10,
        _ => -1,
    };

    private async ValueTask<int> ReadByteAsync(CancellationToken cancellation)
    {
        if (inputPosition == inputCount)
        {
            inputCount = await stream.ReadAsync(input, cancellation);
            inputPosition = 0;
        }

        return inputCount == 0 ? -1 : input[inputPosition++];
    }
}
