using System.Text;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Saving;

/// <summary>A whole machine at a standstill, written to a stream and read back: time, routes, processors, devices, and memory but for pages
/// that are all zeros.</summary>
/// <remarks>
/// <para>Pause the machine first (<see cref="Running.Machine.Pause"/>); processors that run are refused. Restoring gives the same partition
/// another state, as a warm reset to a state that was saved before the first start does, or fills another one with the same features,
/// processors and memory, of this or another host.</para>
/// <para>The form has a version, and a checksum for each section. Reading is safe for bytes from anywhere: all but memory is checked before
/// anything is touched.</para>
/// </remarks>
public static class MachineState
{
    // What the builder gave the partition, and a guest relies on.
    private static readonly hv_partition_property_code[] Compared =
    [
        hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0,
        hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1,
        hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_XSAVE_FEATURES,
        hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES,
        hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSORS_PER_SOCKET,
        hv_partition_property_code.HV_PARTITION_PROPERTY_UNIMPLEMENTED_MSR_ACTION,
    ];

    /// <summary>Saves a machine.</summary>
    /// <param name="partition">The partition. Its time is frozen meanwhile.</param>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="devices">Devices with a state.</param>
    /// <param name="cancellation">Calls it off; the stream then has no whole machine.</param>
    /// <exception cref="InvalidOperationException">A processor runs, or a device gives more than 64 MiB.</exception>
    /// <exception cref="ArgumentException">Two devices have one name, or one has none.</exception>
    /// <exception cref="HypervisorException">The hypervisor refused something; the message names it.</exception>
    public static void Save(
        Partition partition, Stream stream, IReadOnlyList<ISavedDevice>? devices = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(partition);
        ArgumentNullException.ThrowIfNull(stream);
        devices ??= [];
        CheckNames(devices);
        using TimeFreezeScope freeze = partition.Properties.FreezeTime();
        using SectionWriter writer = new(stream, partition.Architecture);
        WriteMachine(writer, partition);
        foreach (VirtualProcessor processor in partition.Processors)
        {
            BinaryWriter content = writer.Begin(SectionKind.Processor);
            content.Write(processor.Index);
            content.Write(processor.SaveState().ToArray());
            writer.End();
        }

        foreach (ISavedDevice device in devices)
        {
            BinaryWriter content = writer.Begin(SectionKind.Device);
            byte[] name = Encoding.UTF8.GetBytes(device.StateName);
            content.Write((ushort)name.Length);
            content.Write(name);
            content.Write(device.SaveState());
            writer.End();
        }

        MemoryPages pages = new(writer, partition.Memory);
        foreach (MemoryRegion region in partition.Memory.Regions)
        {
            cancellation.ThrowIfCancellationRequested();
            pages.Write(region, cancellation);
        }

        writer.Begin(SectionKind.End);
        writer.End();
    }

    /// <summary>Restores a machine that <see cref="Save"/> wrote.</summary>
    /// <param name="partition">
    /// A partition of the same architecture and features, with the same processors, and memory at least where the saved one had it.
    /// Its time is frozen meanwhile.
    /// </param>
    /// <param name="stream">Where from; it stays open, at the first byte after the machine.</param>
    /// <param name="devices">The devices that were saved, by their names; given their states last.</param>
    /// <param name="cancellation">Calls it off; memory is a mixture then.</param>
    /// <returns>Events and doorbells that the saved machine was attached to; <see cref="SavedConnections.Attach"/> attaches this process's
    /// to the same places. Those of a partition that is given an earlier state of its own stay attached.</returns>
    /// <exception cref="MachineStateFormatException">The bytes are no saved machine, are damaged, or do not fit this one. Nothing has been
    /// touched, unless the damage is in the memory's part: memory is a mixture then, and the rest as it was.</exception>
    /// <exception cref="InvalidOperationException">A processor runs.</exception>
    /// <exception cref="HypervisorException">The hypervisor refused something; the machine is a mixture then.</exception>
    public static SavedConnections Restore(
        Partition partition, Stream stream, IReadOnlyList<ISavedDevice>? devices = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(partition);
        ArgumentNullException.ThrowIfNull(stream);
        devices ??= [];
        CheckNames(devices);
        SectionReader reader = new(stream);
        if (reader.Architecture != partition.Architecture)
        {
            throw new MachineStateFormatException($"The saved machine is {reader.Architecture}, this one {partition.Architecture}.");
        }

        SavedContent saved = new();
        SectionKind kind;
        byte[] content;
        while ((kind = reader.Read(out content)) is not (SectionKind.Memory or SectionKind.End))
        {
            cancellation.ThrowIfCancellationRequested();
            saved.Add(kind, content);
        }

        saved.Check(partition, devices);
        if (partition.Processors.FirstOrDefault(processor => processor.IsRunning) is { } running)
        {
            throw new InvalidOperationException($"Virtual processor {running.Index} is running; pause the machine first.");
        }

        using TimeFreezeScope freeze = partition.Properties.FreezeTime();
        MemoryFiller filler = new(partition.Memory, saved.Layout);
        for (; kind == SectionKind.Memory; kind = reader.Read(out content))
        {
            cancellation.ThrowIfCancellationRequested();
            filler.Fill(content);
        }

        if (kind != SectionKind.End)
        {
            throw new MachineStateFormatException($"A section of kind {kind} stands behind the memory of the saved machine.");
        }

        filler.Finish();
        partition.Properties.ReferenceTime = saved.Time;
        partition.Interrupts.SetRoutes(saved.Routes);
        foreach (VirtualProcessor processor in partition.Processors)
        {
            processor.RestoreState(saved.ProcessorState(processor.Index));
        }

        foreach (ISavedDevice device in devices)
        {
            device.RestoreState(saved.DeviceState(device));
        }

        return saved.Connections;
    }

    private static void WriteMachine(SectionWriter writer, Partition partition)
    {
        BinaryWriter content = writer.Begin(SectionKind.Properties);
        foreach (hv_partition_property_code code in Compared)
        {
            // What this hypervisor does not know, no guest relies on.
            if (partition.Properties.TryGet(code, out ulong value).IsSuccess)
            {
                content.Write((uint)code);
                content.Write(value);
            }
        }

        writer.End();
        writer.Begin(SectionKind.Time).Write(partition.Properties.ReferenceTime.Ticks);
        writer.End();
        content = writer.Begin(SectionKind.Routes);
        foreach ((uint gsi, MsiMessage message) in partition.Interrupts.Routes.Routes)
        {
            content.Write(gsi);
            content.Write(message.Address);
            content.Write(message.Data);
        }

        writer.End();
        WriteConnections(writer.Begin(SectionKind.Connections), partition.Interrupts);
        writer.End();
        content = writer.Begin(SectionKind.Layout);
        foreach (MemoryRegion region in partition.Memory.Regions)
        {
            content.Write(region.Gpa);
            content.Write(region.SizeBytes);
        }

        writer.End();
    }

    private static void WriteConnections(BinaryWriter content, PartitionInterrupts interrupts)
    {
        IReadOnlyList<InterruptLine> lines = interrupts.Lines;
        content.Write(lines.Count);
        foreach (InterruptLine line in lines)
        {
            content.Write(line.Gsi);
            content.Write(line.IsResampled);
        }

        foreach (Doorbell doorbell in interrupts.Doorbells)
        {
            content.Write(doorbell.Gpa);
            content.Write(doorbell.SizeBytes);
            content.Write(doorbell.Value is not null);
            content.Write(doorbell.Value ?? 0);
        }
    }

    private static void CheckNames(IReadOnlyList<ISavedDevice> devices)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (ISavedDevice device in devices)
        {
            string name = device.StateName;
            if (string.IsNullOrEmpty(name) || Encoding.UTF8.GetByteCount(name) > ushort.MaxValue || !names.Add(name))
            {
                throw new ArgumentException($"'{name}' is no name for a device's state: each has one of its own.", nameof(devices));
            }
        }
    }
}
