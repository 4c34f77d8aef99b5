using System.Buffers.Binary;
using System.Text;

namespace HvBindgen.Mshv.Recording;

/// <summary>A frame that was read, and whether its content is what its kind promises.</summary>
internal sealed class RecordedFrame
{
    private RecordedFrame(FrameKind kind, long position)
    {
        Kind = kind;
        Position = position;
    }

    internal FrameKind Kind { get; }

    /// <summary>Where it lies in the file.</summary>
    internal long Position { get; }

    /// <summary>Descriptor that the call went to; -1 for one that went to none.</summary>
    internal int Fd { get; private set; } = -1;

    internal int Value { get; private set; }

    internal int Errno { get; private set; }

    internal uint Request { get; private set; }

    internal ulong Offset { get; private set; }

    internal string Path { get; private set; } = "";

    internal ReadOnlyMemory<byte> Input { get; private set; }

    internal ReadOnlyMemory<byte> Argument { get; private set; }

    internal ReadOnlyMemory<byte> Output { get; private set; }

    internal ReadOnlyMemory<byte> Delta { get; private set; }

    internal bool IsUsed { get; set; }

    /// <summary>Reads the content of a frame.</summary>
    /// <returns>Null when the content is not what the kind promises.</returns>
    internal static RecordedFrame? TryRead(byte[] content, long position)
    {
        if (content.Length == 0)
        {
            return null;
        }

        RecordedFrame frame = new((FrameKind)content[0], position);
        Cursor cursor = new(content.AsMemory(1));
        bool fits = frame.Kind switch
        {
            FrameKind.Open => frame.ReadOpen(ref cursor),
            FrameKind.Close => frame.ReadClose(ref cursor),
            FrameKind.Ioctl => frame.ReadIoctl(ref cursor),
            FrameKind.Map => frame.ReadMap(ref cursor),
            FrameKind.Run => frame.ReadRun(ref cursor),
            FrameKind.PageWrite
                => cursor.TryReadInt32(out int fd) && frame.SetFd(fd)
                    && frame.TakeDelta(ref cursor, Processors.RegisterPage.OwnBytes),
            FrameKind.GuestPage => frame.ReadGuestPage(ref cursor),
            FrameKind.End => true,
            _ => false,
        };
        return fits && cursor.IsAtEnd ? frame : null;
    }

    private bool ReadOpen(ref Cursor cursor)
    {
        bool fits = cursor.TryReadInt32(out int value) & cursor.TryReadInt32(out int errno)
            & cursor.TryReadBlock(out ReadOnlyMemory<byte> path);
        (Value, Errno, Path) = (value, errno, Encoding.UTF8.GetString(path.Span));
        return fits;
    }

    private bool ReadClose(ref Cursor cursor)
    {
        bool fits = cursor.TryReadInt32(out int fd) & cursor.TryReadInt32(out int errno);
        (Fd, Errno) = (fd, errno);
        return fits;
    }

    private bool ReadIoctl(ref Cursor cursor)
    {
        bool fits = cursor.TryReadInt32(out int fd) & cursor.TryReadUInt64(out ulong request);
        (Fd, Request) = (fd, (uint)request);
        ReadOnlyMemory<byte> inputStart = cursor.Rest;
        bool hasArgument = inputStart.Length > 2 * sizeof(int);
        if (hasArgument)
        {
            fits &= cursor.TryReadBlock(out _) & cursor.TryReadBlock(out _);
            Input = inputStart[..(inputStart.Length - cursor.Rest.Length)];
        }

        fits &= cursor.TryReadInt32(out int value) & cursor.TryReadInt32(out int errno);
        (Value, Errno) = (value, errno);
        if (hasArgument)
        {
            fits &= cursor.TryReadBlock(out ReadOnlyMemory<byte> argument) & cursor.TryReadBlock(out ReadOnlyMemory<byte> output);
            (Argument, Output) = (argument, output);
        }

        return fits;
    }

    private bool ReadMap(ref Cursor cursor)
    {
        bool fits = cursor.TryReadInt32(out int fd) & cursor.TryReadInt32(out int errno) & cursor.TryReadUInt64(out ulong offset);
        (Fd, Errno, Offset) = (fd, errno, offset);
        return fits && (cursor.IsAtEnd || TakeDelta(ref cursor, Processors.RegisterPage.OwnBytes));
    }

    private bool ReadRun(ref Cursor cursor)
    {
        bool fits = cursor.TryReadInt32(out int fd) & cursor.TryReadInt32(out int errno)
            & cursor.TryReadBlock(out ReadOnlyMemory<byte> message);
        (Fd, Errno, Output) = (fd, errno, message);
        return fits && message.Length <= Abi.Constants.HV_MESSAGE_SIZE && TakeDelta(ref cursor, Processors.RegisterPage.OwnBytes);
    }

    private bool ReadGuestPage(ref Cursor cursor)
    {
        bool fits = cursor.TryReadInt32(out int fd) & cursor.TryReadUInt64(out ulong gpa);
        (Fd, Offset) = (fd, gpa);
        return fits && (gpa & 0xfff) == 0 && TakeDelta(ref cursor, Abi.Constants.MSHV_HV_PAGE_SIZE);
    }

    private bool SetFd(int fd)
    {
        Fd = fd;
        return true;
    }

    private bool TakeDelta(ref Cursor cursor, int stateBytes)
    {
        int size = WordDelta.Measure(cursor.Rest.Span, stateBytes);
        if (size < 0)
        {
            return false;
        }

        Delta = cursor.Rest[..size];
        cursor.Skip(size);
        return true;
    }

    private struct Cursor(ReadOnlyMemory<byte> rest)
    {
        internal ReadOnlyMemory<byte> Rest { get; private set; } = rest;

        internal readonly bool IsAtEnd => Rest.Length == 0;

        internal void Skip(int count) => Rest = Rest[count..];

        internal bool TryReadInt32(out int value)
        {
            bool fits = BinaryPrimitives.TryReadInt32LittleEndian(Rest.Span, out value);
            Skip(fits ? sizeof(int) : Rest.Length);
            return fits;
        }

        internal bool TryReadUInt64(out ulong value)
        {
            bool fits = BinaryPrimitives.TryReadUInt64LittleEndian(Rest.Span, out value);
            Skip(fits ? sizeof(ulong) : Rest.Length);
            return fits;
        }

        internal bool TryReadBlock(out ReadOnlyMemory<byte> block)
        {
            block = default;
            if (!TryReadInt32(out int length) || length < 0 || length > Rest.Length)
            {
                return false;
            }

            block = Rest[..length];
            Skip(length);
            return true;
        }
    }
}
