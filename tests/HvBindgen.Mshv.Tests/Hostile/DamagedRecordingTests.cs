using System.Buffers.Binary;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Recording;
using HvBindgen.Mshv.Tests.Recording;
using HvBindgen.Mshv.Tests.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Hostile;

/// <summary>
/// Recordings whose frames are made wrong at random, behind right checksums, and played: refused, found to differ, or played to an end.
/// </summary>
public sealed class DamagedRecordingTests
{
    public static TheoryData<int> Seeds => [.. FuzzRounds.Seeds];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Recordings_are_played_or_refused(int seed)
    {
        byte[][] recordings = [RecordingTests.Record(hasPage: false), RecordingTests.Record(hasPage: true)];
        FuzzRounds.Repeat(seed, 200, 100_000, random =>
        {
            byte[] whole = recordings[random.Next(recordings.Length)];
            List<byte[]> frames = FramesOf(whole);
            for (int edit = random.Next(1, 4); edit > 0 && frames.Count > 0; edit--)
            {
                Edit(random, frames);
            }

            try
            {
                ReplaySystemCalls replay = new(new MemoryStream(FileOf(whole, frames)), "fuzz");
                RecordingTests.Play(replay, new TestDevice(0x60));
            }
            catch (Exception fault) when (fault is RecordingException or IOException or HypervisorException)
            {
                Assert.NotEmpty(fault.Message);
            }
        }, TestContext.Current.TestOutputHelper!.WriteLine);
    }

    private static void Edit(Random random, List<byte[]> frames)
    {
        int at = random.Next(frames.Count);
        switch (random.Next(5))
        {
            case 0:
                frames.RemoveAt(at);
                break;
            case 1:
                frames.Insert(at, frames[random.Next(frames.Count)]);
                break;
            case 2:
                int other = random.Next(frames.Count);
                (frames[at], frames[other]) = (frames[other], frames[at]);
                break;
            default:
                byte[] damaged = DamagedBytes.Of(random, frames[at], keepsLength: random.Next(2) == 0);
                frames[at] = damaged.Length > 0 ? damaged : frames[at];
                break;
        }
    }

    private static List<byte[]> FramesOf(byte[] recording)
    {
        List<byte[]> frames = [];
        for (int position = RecordingFormat.HeadBytes; position < recording.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(recording.AsSpan(position));
            position += RecordingFormat.FrameHeadBytes;
            frames.Add(recording[position..(position + length)]);
            position += length;
        }

        return frames;
    }

    private static byte[] FileOf(byte[] whole, List<byte[]> frames)
    {
        using MemoryStream file = new();
        file.Write(whole.AsSpan(0, RecordingFormat.HeadBytes));
        foreach (byte[] content in frames)
        {
            file.Write(BitConverter.GetBytes(content.Length));
            file.Write(BitConverter.GetBytes(RecordingFormat.Checksum(content)));
            file.Write(content);
        }

        return file.ToArray();
    }
}
