using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Emulator.Hypervisor;

namespace HvBindgen.Mshv.Outside;

/// <summary>The partition whose kernel calls: what it may ask of the hypervisor, and its children.</summary>
internal sealed class RootPartition(Link link) : IDisposable
{
    private const ulong RootId = 1;

    private readonly Host host = new(new EngineChoice(new MshvEmulatorOptions { Engine = MshvEngine.Kvm }).Open, Console.Error.WriteLine);
    private readonly Dictionary<ulong, ChildPartition> children = [];
    private readonly HashSet<int> codes = [];
    private readonly DepositedPages deposits = new(link.Memory);
    private readonly byte[] noOutput = new byte[SharedPages.PageBytes];

    internal int CallCount { get; private set; }

    internal int CodeCount => codes.Count;

    internal int PartitionCount { get; private set; }

    /// <summary>Executes a hypercall.</summary>
    /// <returns>What the caller gets in its register: the status, and how many repetitions are done.</returns>
    internal ulong Call(in Hypercall call)
    {
        CallCount++;
        ReadOnlySpan<ulong> operands = [call.Input, call.Output];
        Span<byte> fast = stackalloc byte[2 * sizeof(ulong)];
        MemoryMarshal.AsBytes(operands).CopyTo(fast);
        bool isFast = (call.Control & Hv.HV_HYPERCALL_FAST_BIT) != 0;
        int code = (ushort)call.Control;
        HypercallFrame frame = new(
            isFast ? fast : link.Memory.RestOfPage(call.Input),
            isFast || call.Output == 0 ? noOutput : link.Memory.RestOfPage(call.Output),
            (int)((call.Control & Hv.HV_HYPERCALL_REP_COMP_MASK) >> Hv.HV_HYPERCALL_REP_COMP_OFFSET))
        {
            RepsCompleted = (int)((call.Control & Hv.HV_HYPERCALL_REP_START_MASK) >> Hv.HV_HYPERCALL_REP_START_OFFSET),
        };
        int headerWords = (int)((call.Control & Hv.HV_HYPERCALL_VARHEAD_MASK) >> Hv.HV_HYPERCALL_VARHEAD_OFFSET);
        _ = codes.Add(code);
        int status = Execute(code, headerWords, ref frame);
        return (uint)status | ((ulong)frame.RepsCompleted << Hv.HV_HYPERCALL_REP_COMP_OFFSET);
    }

    public void Dispose()
    {
        foreach (ChildPartition child in children.Values)
        {
            child.Dispose();
        }

        host.Dispose();
    }

    private int Execute(int code, int headerWords, ref HypercallFrame frame)
    {
        ulong id = BinaryPrimitives.ReadUInt64LittleEndian(frame.Input);
        switch (code)
        {
            case Hv.HVCALL_CREATE_PARTITION:
                return CreatePartition(ref frame);
            case Hv.HVCALL_DELETE_PARTITION:
                if (!children.Remove(id, out ChildPartition? deleted))
                {
                    return Hv.HV_STATUS_INVALID_PARTITION_ID;
                }

                deleted.Dispose();
                return Hv.HV_STATUS_SUCCESS;
            case Hv.HVCALL_GET_SYSTEM_PROPERTY:
                frame.Write(new Abi.X64.hv_output_get_system_property
                {
                    scheduler_type = (uint)(link.HasRootScheduler
                        ? hv_scheduler_type.HV_SCHEDULER_TYPE_ROOT
                        : hv_scheduler_type.HV_SCHEDULER_TYPE_CORE_SMT),
                });
                return Hv.HV_STATUS_SUCCESS;
            case Hv.HVCALL_MAP_STATS_PAGE:
                id = frame.Read<hv_input_map_stats_page>().identity.vp.partition_id;
                break;

            // Pages stay the hypervisor's until the partition ends; a port is nothing before it is connected.
            case Hv.HVCALL_UNMAP_STATS_PAGE:
            case Hv.HVCALL_UNMAP_VP_STATE_PAGE:
            case Hv.HVCALL_CREATE_PORT:
            case Hv.HVCALL_DELETE_PORT:
                return Hv.HV_STATUS_SUCCESS;
            case Hv.HVCALL_GET_PARTITION_PROPERTY or Hv.HVCALL_GET_PARTITION_PROPERTY_EX when id == Hv.HV_PARTITION_ID_SELF:
                return host.Hypercall(code, ref frame);
            case Hv.HVCALL_DEPOSIT_MEMORY or Hv.HVCALL_WITHDRAW_MEMORY when id is RootId or Hv.HV_PARTITION_ID_SELF:
                return deposits.Execute(code, ref frame);
        }

        return !children.TryGetValue(id, out ChildPartition? child)
            ? Hv.HV_STATUS_INVALID_PARTITION_ID
            : child.Execute(code, headerWords, ref frame);
    }

    private int CreatePartition(ref HypercallFrame frame)
    {
        // What the hypervisor keeps of a partition takes a page of the root's.
        if (deposits.Count <= children.Count)
        {
            return Hv.HV_STATUS_INSUFFICIENT_MEMORY;
        }

        hv_input_create_partition input = frame.Read<hv_input_create_partition>();
        MSHV_PT_FLAGS flags = 0;
        flags |= (input.flags & Hv.HV_PARTITION_CREATION_FLAG_LAPIC_ENABLED) != 0 ? MSHV_PT_FLAGS.LAPIC : 0;
        flags |= (input.flags & Hv.HV_PARTITION_CREATION_FLAG_X2APIC_CAPABLE) != 0 ? MSHV_PT_FLAGS.X2APIC : 0;
        ref hv_partition_creation_properties disabled = ref input.partition_creation_properties;
        PartitionOptions options = new(
            flags,
            disabled.disabled_processor_features.as_uint64[0],
            disabled.disabled_processor_features.as_uint64[1],
            disabled.disabled_processor_xsave_features.as_uint64);
        int errno = VirtualPartition.Create(host, options, out VirtualPartition? partition);
        if (partition is null)
        {
            Console.Error.WriteLine($"no partition: errno {errno}");
            return Hv.HV_STATUS_NO_RESOURCES;
        }

        PartitionCount++;
        children.Add(partition.Id, new ChildPartition(partition, link));
        frame.Write(new hv_output_create_partition { partition_id = partition.Id });
        return Hv.HV_STATUS_SUCCESS;
    }
}
