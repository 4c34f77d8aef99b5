using System.Buffers.Binary;

namespace HvBindgen.Mshv.Recording;

/// <summary>Reads a recording, and says what is wrong with a damaged one, and where.</summary>
internal static class RecordingReader
{
    internal static List<RecordedFrame> ReadAll(Stream stream, string name, out GuestArchitecture architecture)
    {
        byte[] head = new byte[RecordingFormat.HeadBytes];
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length
            || !head.AsSpan().StartsWith(RecordingFormat.Magic))
        {
            throw new RecordingException(
                $"{name} is not a recording of a run: it does not begin with "
                    + $"'{System.Text.Encoding.ASCII.GetString(RecordingFormat.Magic)}'.");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8));
        if (version != RecordingFormat.Version)
        {
            throw new RecordingException(
                $"{name} is a recording of version {version}; this library plays version {RecordingFormat.Version}. Record the run again.");
        }

        uint recordedOn = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(12));
        if (recordedOn > (uint)GuestArchitecture.Arm64)
        {
            throw new RecordingException($"{name} is of an unknown processor architecture ({recordedOn}).");
        }

        architecture = (GuestArchitecture)recordedOn;
        return ReadFrames(stream, name);
    }

    private static List<RecordedFrame> ReadFrames(Stream stream, string name)
    {
        List<RecordedFrame> frames = [];
        byte[] head = new byte[RecordingFormat.FrameHeadBytes];
        long position = RecordingFormat.HeadBytes;
        while (frames.Count == 0 || frames[^1].Kind != FrameKind.End)
        {
            string place = $"frame {frames.Count}, byte {position}";
            if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
            {
                throw new RecordingException(
                    $"{name} is cut off at {place}: the recording was not disposed, or the file not copied whole.");
            }

            int length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length is < 1 or > RecordingFormat.MaxFrameBytes)
            {
                throw new RecordingException($"{name} is damaged at {place}: a frame of {length} bytes.");
            }

            byte[] content = new byte[length];
            if (stream.ReadAtLeast(content, length, throwOnEndOfStream: false) < length)
            {
                throw new RecordingException($"{name} is cut off within {place}.");
            }

            if (RecordingFormat.Checksum(content) != BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)))
            {
                throw new RecordingException($"{name} is damaged at {place}: the checksum does not match.");
            }

            frames.Add(RecordedFrame.TryRead(content, position)
                ?? throw new RecordingException($"{name} is damaged at {place}: the content does not fit its kind ({content[0]})."));
            position += RecordingFormat.FrameHeadBytes + length;
        }

        return frames;
    }
}
