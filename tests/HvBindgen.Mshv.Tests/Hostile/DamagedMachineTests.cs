using System.Buffers.Binary;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Saving;
using HvBindgen.Mshv.Tests.Guests;
using Xunit;

namespace HvBindgen.Mshv.Tests.Hostile;

/// <summary>Saved machines whose sections are made wrong at random, behind right checksums: restored or refused.</summary>
public sealed class DamagedMachineTests
{
    public static TheoryData<int> Seeds => [.. FuzzRounds.Seeds];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Machines_are_restored_or_refused(int seed)
    {
        using RunningGuest guest = new();
        guest.Partition.Memory.Write(RunningGuest.HighRamGpa + 0x8000, 5);
        Box box = new();
        using MemoryStream saved = new();
        MachineState.Save(guest.Partition, saved, [box], TestContext.Current.CancellationToken);
        List<(SectionKind Kind, byte[] Content)> whole = SectionsOf(saved.ToArray());
        FuzzRounds.Repeat(seed, 40, 10_000, random =>
        {
            List<(SectionKind Kind, byte[] Content)> sections = [.. whole];
            for (int edit = random.Next(1, 3); edit > 0 && sections.Count > 0; edit--)
            {
                Edit(random, sections);
            }

            try
            {
                MachineState.Restore(guest.Partition, StreamOf(sections), [box], TestContext.Current.CancellationToken);
            }
            catch (Exception fault) when (fault is MachineStateFormatException or HypervisorException)
            {
                Assert.NotEmpty(fault.Message);
            }
        }, TestContext.Current.TestOutputHelper!.WriteLine);
    }

    [Theory]
    [InlineData(0x10_0000UL, 0x10_0000UL, 0x10_0000UL, 0x10_0000UL)]
    [InlineData(0x10_0000UL, 0x10_0000UL, 0UL, 0xa_0000UL)]
    [InlineData(0x10_0000UL, 0x10_0000UL, 0x1f_f000UL, 0x1000UL)]
    [InlineData(0UL, 0xa_0000UL, 0x10_0000UL, 0xf_ff00UL)]
    [InlineData(0UL, 0xa_0000UL, 0x10_0800UL, 0x1000UL)]
    public void Memory_that_a_machine_has_twice_or_in_parts_of_pages_is_refused(
        ulong gpa, ulong sizeBytes, ulong otherGpa, ulong otherBytes)
    {
        using RunningGuest guest = new();
        using MemoryStream saved = new();
        MachineState.Save(guest.Partition, saved, cancellation: TestContext.Current.CancellationToken);
        byte[] layout = [.. ((ulong[])[gpa, sizeBytes, otherGpa, otherBytes]).SelectMany(BitConverter.GetBytes)];
        Stream hostile = StreamOf(
            [.. SectionsOf(saved.ToArray()).Select(one => one.Kind == SectionKind.Layout ? (one.Kind, layout) : one)]);

        MachineStateFormatException refusal = Assert.Throws<MachineStateFormatException>(
            () => MachineState.Restore(guest.Partition, hostile, cancellation: TestContext.Current.CancellationToken));

        Assert.Contains("of memory at 0x", refusal.Message, StringComparison.Ordinal);
    }

    private static void Edit(Random random, List<(SectionKind Kind, byte[] Content)> sections)
    {
        int at = random.Next(sections.Count);
        switch (random.Next(6))
        {
            case 0:
                sections.RemoveAt(at);
                break;
            case 1:
                sections.Insert(at, sections[random.Next(sections.Count)]);
                break;
            case 2:
                int other = random.Next(sections.Count);
                (sections[at], sections[other]) = (sections[other], sections[at]);
                break;
            case 3:
                sections[at] = ((SectionKind)random.Next(1, 10), sections[at].Content);
                break;
            default:
                byte[] content = sections[at].Content;
                sections[at] = content.Length == 0 ? sections[at] : (sections[at].Kind, DamagedBytes.Of(random, content));
                break;
        }
    }

    private static List<(SectionKind Kind, byte[] Content)> SectionsOf(byte[] saved)
    {
        List<(SectionKind Kind, byte[] Content)> sections = [];
        for (int position = SectionWriter.HeadBytes; position < saved.Length;)
        {
            SectionKind kind = (SectionKind)BinaryPrimitives.ReadUInt32LittleEndian(saved.AsSpan(position));
            int length = BinaryPrimitives.ReadInt32LittleEndian(saved.AsSpan(position + sizeof(uint)));
            position += SectionWriter.SectionHeadBytes;
            sections.Add((kind, saved[position..(position + length)]));
            position += length + SectionWriter.ChecksumBytes;
        }

        return sections;
    }

    private static MemoryStream StreamOf(List<(SectionKind Kind, byte[] Content)> sections)
    {
        MemoryStream stream = new();
        using (SectionWriter writer = new(stream, GuestArchitecture.X64))
        {
            foreach ((SectionKind kind, byte[] content) in sections)
            {
                writer.Begin(kind).Write(content);
                writer.End();
            }
        }

        stream.Position = 0;
        return stream;
    }

    /// <summary>Takes any state.</summary>
    private sealed class Box : ISavedDevice
    {
        private byte[] state = "state"u8.ToArray();

        public string StateName => "box";

        public byte[] SaveState() => state;

        public void RestoreState(ReadOnlySpan<byte> state) => this.state = state.ToArray();
    }
}
