using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Memory;

namespace HvBindgen.Mshv.Processors;

/// <summary>What a virtual processor knows of its partition, which owns it.</summary>
/// <param name="Handle">The partition's descriptor, which each processor's keeps open.</param>
/// <param name="Architecture">Architecture of the guest.</param>
/// <param name="Flags">Flags that the partition was created with.</param>
/// <param name="Memory">Guest-physical memory; each processor that is open is a user of it.</param>
/// <param name="Hypercalls">Hypercalls that do not wait for a running processor.</param>
/// <param name="Time">The time that the guest sees.</param>
/// <param name="Findings">Where a processor notes what it has found out about the host.</param>
internal sealed record PartitionView(
    PartitionHandle Handle,
    GuestArchitecture Architecture,
    MSHV_PT_FLAGS Flags,
    GuestAddressSpace Memory,
    PartitionHypercalls Hypercalls,
    IGuestTime Time,
    HostFindings Findings);
