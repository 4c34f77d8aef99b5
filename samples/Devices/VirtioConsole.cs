using HvBindgen.Mshv.Memory;

namespace ExampleDevices;

/// <summary>A console of one port (virtio 1.2, section 5.3).</summary>
/// <param name="memory">Guest memory.</param>
/// <param name="output">Takes what the guest prints.</param>
public sealed class VirtioConsole(GuestAddressSpace memory, Action<byte> output) : VirtioDevice
{
    /// <summary>Number of the queue for input.</summary>
    public const int InputQueue = 0;

    private const int LargestPiece = 4096;

    private readonly Queue<byte> input = new();

    /// <inheritdoc/>
    public override uint Kind => 3;

    /// <inheritdoc/>
    public override int QueueCount => 2;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Configuration => [];

    /// <summary>Gives the guest a byte of input, from any thread; <see cref="VirtioMmio.Serve"/> of <see cref="InputQueue"/> then sends
    /// it.</summary>
    /// <param name="value">The byte.</param>
    public void Receive(byte value)
    {
        lock (input)
        {
            input.Enqueue(value);
        }
    }

    /// <inheritdoc/>
    public override bool Serve(int index, Virtqueue queue) => index == InputQueue ? Fill(queue) : Print(queue);

    private bool Fill(Virtqueue queue)
    {
        lock (input)
        {
            bool isAny = false;
            while (input.Count > 0 && queue.TryTake(out VirtioChain chain))
            {
                VirtioBuffer buffer = chain.Buffers[0];
                byte[] piece = new byte[Math.Min(Math.Min(buffer.SizeBytes, LargestPiece), (uint)input.Count)];
                for (int at = 0; at < piece.Length; at++)
                {
                    piece[at] = input.Dequeue();
                }

                queue.Return(in chain, buffer.IsWritable && memory.TryWrite(buffer.Gpa, piece) ? (uint)piece.Length : 0);
                isAny = true;
            }

            return isAny;
        }
    }

    private bool Print(Virtqueue queue)
    {
        bool isAny = false;
        byte[] piece = new byte[LargestPiece];
        while (queue.TryTake(out VirtioChain chain))
        {
            foreach (VirtioBuffer buffer in chain.Buffers)
            {
                for (ulong done = 0; done < buffer.SizeBytes; done += LargestPiece)
                {
                    Span<byte> part = piece.AsSpan(0, (int)Math.Min((ulong)LargestPiece, buffer.SizeBytes - done));
                    if (!memory.TryRead(buffer.Gpa + done, part))
                    {
                        break;
                    }

                    foreach (byte value in part)
                    {
                        output(value);
                    }
                }
            }

            queue.Return(in chain, 0);
            isAny = true;
        }

        return isAny;
    }
}
