using System.Text;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Saving;

/// <summary>All of a saved machine but its memory, read and found to fit a partition before anything of that is touched.</summary>
internal sealed class SavedContent
{
    private readonly Dictionary<uint, VpState> processors = [];
    private readonly Dictionary<string, byte[]> devices = new(StringComparer.Ordinal);
    private readonly HashSet<SectionKind> seen = [];

    internal TimeSpan Time { get; private set; }

    internal MsiRoutingTable Routes { get; } = new();

    internal SavedConnections Connections { get; private set; } = new([], []);

    internal List<(ulong Gpa, ulong SizeBytes)> Layout { get; } = [];

    private List<(hv_partition_property_code Code, ulong Value)> Properties { get; } = [];

    internal VpState ProcessorState(uint index) => processors[index];

    internal byte[] DeviceState(ISavedDevice device) => devices[device.StateName];

    /// <summary>Takes a section that is not memory.</summary>
    internal void Add(SectionKind kind, byte[] content)
    {
        if (!seen.Add(kind) && kind is not (SectionKind.Processor or SectionKind.Device))
        {
            throw new MachineStateFormatException($"The saved machine has two sections of kind {kind}.");
        }

        using BinaryReader reader = new(new MemoryStream(content));
        try
        {
            Read(kind, reader, content);
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or OverflowException or VpStateFormatException)
        {
            throw new MachineStateFormatException($"The saved machine's section of kind {kind} is wrong: {e.Message}");
        }
    }

    /// <summary>Refuses what is incomplete or does not fit.</summary>
    internal void Check(Partition partition, IReadOnlyList<ISavedDevice> own)
    {
        foreach (SectionKind kind in
            (SectionKind[])[SectionKind.Properties, SectionKind.Time, SectionKind.Routes, SectionKind.Connections, SectionKind.Layout])
        {
            Require(seen.Contains(kind), $"The saved machine has no section of kind {kind}.");
        }

        foreach ((hv_partition_property_code code, ulong value) in Properties)
        {
            bool isKnown = partition.Properties.TryGet(code, out ulong now).IsSuccess;
            string here = isKnown ? $"0x{now:x}" : "none";
            Require(isKnown && now == value, $"The saved machine has 0x{value:x} for {code}, this one {here}.");
        }

        uint[] indexes = [.. partition.Processors.Select(processor => processor.Index)];
        Require(
            processors.Keys.Order().SequenceEqual(indexes),
            $"The saved machine has processors {string.Join(", ", processors.Keys.Order())}, this one {string.Join(", ", indexes)}.");
        string[] names = [.. own.Select(device => device.StateName)];
        Require(
            devices.Keys.Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal)),
            $"The saved machine has the devices '{string.Join("', '", devices.Keys)}', this one '{string.Join("', '", names)}'.");
        try
        {
            partition.Interrupts.CheckRoutes(Routes);
        }
        catch (ArgumentException e)
        {
            throw new MachineStateFormatException($"The saved machine's routes do not fit this one: {e.Message}");
        }

        ulong end = 0;
        foreach ((ulong gpa, ulong sizeBytes) in Layout)
        {
            // Each byte of memory is filled or cleared once, however many parts a stranger makes of it.
            Require(
                gpa >= end && gpa % MemoryPages.PageBytes == 0 && sizeBytes % MemoryPages.PageBytes == 0 && sizeBytes > 0,
                $"The saved machine has 0x{sizeBytes:x} bytes of memory at 0x{gpa:x}: no whole pages, or some behind higher ones.");
            Require(
                sizeBytes <= ulong.MaxValue - gpa && partition.Memory.IsMemory(gpa, sizeBytes),
                $"The saved machine has 0x{sizeBytes:x} bytes of memory at 0x{gpa:x}; not all of that is memory here.");
            end = gpa + sizeBytes;
        }
    }

    private static void Require(bool isRight, string complaint)
    {
        if (!isRight)
        {
            throw new MachineStateFormatException(complaint);
        }
    }

    private void Read(SectionKind kind, BinaryReader reader, byte[] content)
    {
        switch (kind)
        {
            case SectionKind.Properties:
                Repeat(reader, () => Properties.Add(((hv_partition_property_code)reader.ReadUInt32(), reader.ReadUInt64())));
                break;
            case SectionKind.Time:
                long ticks = reader.ReadInt64();
                ArgumentOutOfRangeException.ThrowIfNegative(ticks);
                Time = TimeSpan.FromTicks(ticks);
                break;
            case SectionKind.Routes:
                Repeat(reader, () => Routes.Set(reader.ReadUInt32(), new MsiMessage(reader.ReadUInt64(), reader.ReadUInt32())));
                break;
            case SectionKind.Connections:
                ReadConnections(reader);
                break;
            case SectionKind.Processor:
                Require(processors.TryAdd(reader.ReadUInt32(), VpState.Parse(content.AsSpan(sizeof(uint)))), "A processor is there twice.");
                break;
            case SectionKind.Device:
                byte[] name = new byte[reader.ReadUInt16()];
                reader.BaseStream.ReadExactly(name);
                byte[] state = content[(int)reader.BaseStream.Position..];
                Require(devices.TryAdd(Encoding.UTF8.GetString(name), state), "A device is there twice.");
                break;
            case SectionKind.Layout:
                Repeat(reader, () => Layout.Add((reader.ReadUInt64(), reader.ReadUInt64())));
                break;
            default:
                throw new MachineStateFormatException($"A section of kind {kind} stands where none may be.");
        }
    }

    private void ReadConnections(BinaryReader reader)
    {
        List<SavedLine> lines = [];
        List<SavedDoorbell> doorbells = [];
        for (uint left = reader.ReadUInt32(); left > 0; left--)
        {
            lines.Add(new SavedLine(reader.ReadUInt32(), reader.ReadBoolean()));
        }

        Repeat(reader, () =>
        {
            ulong gpa = reader.ReadUInt64();
            int sizeBytes = reader.ReadInt32();
            bool hasValue = reader.ReadBoolean();
            ulong value = reader.ReadUInt64();
            doorbells.Add(new SavedDoorbell(gpa, sizeBytes, hasValue ? value : null));
        });
        Connections = new SavedConnections(lines, doorbells);
    }

    // To the end of the section.
    private static void Repeat(BinaryReader reader, Action readOne)
    {
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            readOne();
        }
    }
}
