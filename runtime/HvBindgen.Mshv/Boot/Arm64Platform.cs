namespace HvBindgen.Mshv.Boot;

/// <summary>How an arm64 guest calls PSCI, which the hypervisor answers: to start and stop processors, and to switch itself off.</summary>
public enum PsciConduit
{
    /// <summary>HVC.</summary>
    Hvc,

    /// <summary>SMC.</summary>
    Smc,
}

/// <summary>The frame of GICv2m that turns writes of devices into interrupts; the hypervisor has no ITS.</summary>
/// <param name="Gpa">Guest-physical address, as in the partition's GIC layout.</param>
/// <param name="FirstSpi">First of its shared interrupts, from 32 on.</param>
/// <param name="SpiCount">How many.</param>
public sealed record GicV2mFrame(ulong Gpa, uint FirstSpi, uint SpiCount);

/// <summary>What an arm64 machine is made of, as its device tree tells the guest.</summary>
/// <param name="ProcessorCount">Number of processors.</param>
/// <param name="RamGpa">Guest-physical address of RAM.</param>
/// <param name="RamBytes">Its size.</param>
/// <param name="DistributorGpa">The GIC's distributor, as in the partition's GIC layout.</param>
/// <param name="RedistributorGpa">The first processor's redistributor; those of the others follow, 128 KiB each. Each processor is told its
/// own (<c>Arm64Registers.RedistributorAddress</c>).</param>
public sealed record Arm64Platform(
    int ProcessorCount, ulong RamGpa, ulong RamBytes, ulong DistributorGpa, ulong RedistributorGpa)
{
    private const uint DistributorBytes = 0x1_0000;
    private const uint RedistributorBytes = 0x2_0000;
    private const uint MsiFrameBytes = 0x1000;
    private const uint FirstPpi = 16;
    private const uint FirstSpi = 32;
    private const uint GicPhandle = 1;
    private const uint MsiPhandle = 2;

    // Kinds and triggers of the GIC's interrupts: arm,gic-v3 of the kernel's bindings.
    private const uint PrivateInterrupt = 1;
    private const uint LevelHigh = 4;

    // Of the secure world and the hypervisor's own timer, which a guest does not use; the places in the list are fixed.
    private const uint SecureTimerPpi = 29;
    private const uint HypervisorTimerPpi = 26;

    /// <summary>Frame of message-signalled interrupts; null for none.</summary>
    public GicV2mFrame? MsiFrame { get; init; }

    /// <summary>Interrupt of the virtual timer.</summary>
    public uint VirtualTimerPpi { get; init; } = 27;

    /// <summary>Interrupt of the physical timer.</summary>
    public uint PhysicalTimerPpi { get; init; } = 30;

    /// <summary>Interrupt of the performance monitors; null for none.</summary>
    public uint? PerformanceMonitorPpi { get; init; }

    /// <summary>How PSCI is called.</summary>
    public PsciConduit Psci { get; init; }

    /// <summary>Makes the machine's device tree: processors, RAM, interrupt controller with its frame, timer, PSCI, and what the kernel is
    /// started with. Devices are added by the caller.</summary>
    /// <param name="commandLine">Kernel command line, ASCII.</param>
    /// <param name="placement">Where the RAM disk lies, if there is one; null for none.</param>
    /// <returns>The tree. Interrupts of devices have three cells, and addresses two.</returns>
    /// <exception cref="ArgumentException">The command line is not ASCII.</exception>
    public DeviceTree CreateDeviceTree(string commandLine, Arm64Placement? placement = null)
    {
        ArgumentNullException.ThrowIfNull(commandLine);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ProcessorCount);
        DeviceTree tree = new();
        DeviceTreeNode root = tree.Root;
        _ = root.SetText("compatible", "linux,dummy-virt").SetText("model", "HvBindgen").SetCells("#address-cells", 2)
            .SetCells("#size-cells", 2).SetCells("interrupt-parent", GicPhandle);
        DeviceTreeNode chosen = root.Add("chosen").SetText("bootargs", commandLine);
        if (placement is { InitialRamDiskBytes: > 0 })
        {
            _ = chosen.SetAddresses("linux,initrd-start", placement.InitialRamDiskGpa)
                .SetAddresses("linux,initrd-end", placement.InitialRamDiskGpa + placement.InitialRamDiskBytes);
        }

        _ = root.Add($"memory@{RamGpa:x}").SetText("device_type", "memory").SetAddresses("reg", RamGpa, RamBytes);
        _ = root.Add("psci").SetText("compatible", "arm,psci-1.0", "arm,psci-0.2")
            .SetText("method", Psci == PsciConduit.Hvc ? "hvc" : "smc");
        AddProcessors(root);
        AddInterruptController(root);
        _ = root.Add("timer").SetText("compatible", "arm,armv8-timer").SetBytes("always-on").SetCells(
            "interrupts",
            [.. Private(SecureTimerPpi), .. Private(PhysicalTimerPpi), .. Private(VirtualTimerPpi), .. Private(HypervisorTimerPpi)]);
        if (PerformanceMonitorPpi is { } monitors)
        {
            _ = root.Add("pmu").SetText("compatible", "arm,armv8-pmuv3").SetCells("interrupts", Private(monitors));
        }

        return tree;
    }

    private void AddProcessors(DeviceTreeNode root)
    {
        DeviceTreeNode cpus = root.Add("cpus").SetCells("#address-cells", 1).SetCells("#size-cells", 0);
        for (uint index = 0; index < ProcessorCount; index++)
        {
            _ = cpus.Add($"cpu@{index:x}").SetText("device_type", "cpu").SetText("compatible", "arm,armv8").SetText("enable-method", "psci")
                .SetCells("reg", index);
        }
    }

    private void AddInterruptController(DeviceTreeNode root)
    {
        DeviceTreeNode gic = root.Add($"interrupt-controller@{DistributorGpa:x}").SetText("compatible", "arm,gic-v3")
            .SetBytes("interrupt-controller").SetCells("#interrupt-cells", 3).SetCells("#address-cells", 2).SetCells("#size-cells", 2)
            .SetBytes("ranges").SetCells("phandle", GicPhandle)
            .SetAddresses("reg", DistributorGpa, DistributorBytes, RedistributorGpa, (ulong)ProcessorCount * RedistributorBytes);
        if (MsiFrame is { } frame)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(frame.FirstSpi, FirstSpi);
            _ = gic.Add($"v2m@{frame.Gpa:x}").SetText("compatible", "arm,gic-v2m-frame").SetBytes("msi-controller")
                .SetCells("phandle", MsiPhandle).SetAddresses("reg", frame.Gpa, MsiFrameBytes)
                .SetCells("arm,msi-base-spi", frame.FirstSpi).SetCells("arm,msi-num-spis", frame.SpiCount);
        }
    }

    private static uint[] Private(uint ppi) => [PrivateInterrupt, ppi - FirstPpi, LevelHigh];
}
