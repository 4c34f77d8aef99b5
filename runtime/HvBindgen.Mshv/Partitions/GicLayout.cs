namespace HvBindgen.Mshv.Partitions;

/// <summary>Interrupt controller of an arm64 partition; the hypervisor implements it at these addresses.</summary>
/// <param name="DistributorAddress">Guest-physical address of the distributor.</param>
/// <param name="MsiFrameAddress">Guest-physical address of the GICv2m frame that takes message-signalled interrupts; null for none.</param>
/// <param name="VirtualTimerPpi">Interrupt of the virtual timer.</param>
/// <param name="PerformanceMonitorPpi">Interrupt of the performance monitors; null for none.</param>
/// <param name="PhysicalTimerPpi">Interrupt of the physical timer; null to leave it as the hypervisor has it.</param>
/// <param name="LpiIdBits">Bits of locality-specific interrupt ids; 0 without an ITS, which this hypervisor does not have.</param>
public sealed record GicLayout(
    ulong DistributorAddress,
    ulong? MsiFrameAddress = null,
    uint VirtualTimerPpi = 27,
    uint? PerformanceMonitorPpi = null,
    uint? PhysicalTimerPpi = null,
    uint LpiIdBits = 0);
