using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;
using Property = HvBindgen.Mshv.Abi.hv_partition_property_code;

namespace HvBindgen.Mshv.Partitions;

/// <summary>Describes a partition and creates it, initialized.</summary>
/// <remarks>
/// Without a word a partition has a local interrupt controller in the hypervisor, the host's processor and XSAVE features, and the
/// synthetic features that guests use.
/// </remarks>
public sealed class PartitionBuilder
{
    private readonly DeviceHypercalls host;
    private readonly DeviceHandle device;
    private readonly GuestArchitecture architecture;
    private readonly HostFindings findings;
    private readonly List<(Property Code, ulong Value)> earlyProperties = [];
    private MSHV_PT_FLAGS flags;
    private hv_partition_processor_features? disabledProcessor;
    private hv_partition_processor_xsave_features? disabledXsave;
    private hv_partition_synthetic_processor_features? synthetic;
    private bool choosesFeatures = true;

    internal PartitionBuilder(DeviceHypercalls host, DeviceHandle device, GuestArchitecture architecture, HostFindings findings)
    {
        this.host = host;
        this.device = device;
        this.architecture = architecture;
        this.findings = findings;
        flags = MSHV_PT_FLAGS.GPA_SUPER_PAGES;
        if (architecture == GuestArchitecture.X64)
        {
            flags |= MSHV_PT_FLAGS.LAPIC | MSHV_PT_FLAGS.X2APIC;
        }
    }

    /// <summary>Sets the creation flags. Without <see cref="MSHV_PT_FLAGS.LAPIC"/> halts and interrupts are the monitor's
    /// business.</summary>
    /// <param name="value">All flags; <see cref="MSHV_PT_FLAGS.CPU_AND_XSAVE_FEATURES"/> is added and removed as the kernel takes
    /// it.</param>
    /// <returns>This builder.</returns>
    public PartitionBuilder WithFlags(MSHV_PT_FLAGS value)
    {
        if (((uint)value & ~(uint)Constants.MSHV_PT_FLAGS_MASK) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Only bits of MSHV_PT_FLAGS_MASK have a meaning.");
        }

        flags = value & ~MSHV_PT_FLAGS.CPU_AND_XSAVE_FEATURES;
        return this;
    }

    /// <summary>Gives the partition every feature there is, as kernels before 6.19 always do.</summary>
    /// <returns>This builder.</returns>
    public PartitionBuilder WithAllFeatures()
    {
        choosesFeatures = false;
        return this;
    }

    /// <summary>Takes processor features away, besides those that the host lacks.</summary>
    /// <param name="features">Features that the guest does without.</param>
    /// <returns>This builder.</returns>
    public PartitionBuilder WithoutProcessorFeatures(hv_partition_processor_features features)
    {
        disabledProcessor = features;
        return this;
    }

    /// <summary>Chooses the XSAVE features exactly.</summary>
    /// <param name="features">Features that the guest has.</param>
    /// <returns>This builder.</returns>
    public PartitionBuilder WithXsaveFeatures(hv_partition_processor_xsave_features features)
    {
        disabledXsave = new hv_partition_processor_xsave_features { as_uint64 = ~features.as_uint64 };
        return this;
    }

    /// <summary>Chooses the synthetic features exactly.</summary>
    /// <param name="features">Features that the guest has. One that the hypervisor cannot give makes <see cref="Build"/> fail.</param>
    /// <returns>This builder.</returns>
    public PartitionBuilder WithSyntheticFeatures(hv_partition_synthetic_processor_features features)
    {
        synthetic = features;
        return this;
    }

    /// <summary>Sets a property before the partition is initialized; some can be set only then.</summary>
    /// <param name="code">Property.</param>
    /// <param name="value">Value.</param>
    /// <returns>This builder.</returns>
    public PartitionBuilder WithEarlyProperty(Property code, ulong value)
    {
        earlyProperties.Add((code, value));
        return this;
    }

    /// <summary>Places the interrupt controller of an arm64 partition.</summary>
    /// <param name="layout">Where, and with which interrupts.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">The guests of the device are not arm64.</exception>
    public PartitionBuilder WithGic(GicLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (architecture != GuestArchitecture.Arm64)
        {
            throw new InvalidOperationException("A GIC belongs to arm64 partitions; x86-64 has a local APIC, chosen by a flag.");
        }

        WithEarlyProperty(Property.HV_PARTITION_PROPERTY_GICD_BASE_ADDRESS, layout.DistributorAddress);
        AddIfPresent(Property.HV_PARTITION_PROPERTY_GITS_TRANSLATER_BASE_ADDRESS, layout.MsiFrameAddress);
        WithEarlyProperty(Property.HV_PARTITION_PROPERTY_GIC_LPI_INT_ID_BITS, layout.LpiIdBits);
        WithEarlyProperty(Property.HV_PARTITION_PROPERTY_GIC_PPI_OVERFLOW_INTERRUPT_FROM_CNTV, layout.VirtualTimerPpi);
        AddIfPresent(Property.HV_PARTITION_PROPERTY_GIC_PPI_OVERFLOW_INTERRUPT_FROM_CNTP, layout.PhysicalTimerPpi);
        AddIfPresent(Property.HV_PARTITION_PROPERTY_GIC_PPI_PERFORMANCE_MONITORS_INTERRUPT, layout.PerformanceMonitorPpi);
        return this;
    }

    /// <summary>Creates the partition, sets its early properties and initializes it.</summary>
    /// <returns>The partition, which the caller disposes.</returns>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused. Nothing is left behind.</exception>
    /// <exception cref="ObjectDisposedException">The device has been closed.</exception>
    public Partition Build()
    {
        PartitionHandle handle = new PartitionCreation(flags, FeaturesToDisable()).Send(device, out bool featuresTaken);
        try
        {
            SetEarly(handle, Property.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES, SyntheticFeatures().as_uint64[0]);
            foreach ((Property code, ulong value) in earlyProperties)
            {
                SetEarly(handle, code, value);
            }

            Initialize(handle);
            return new Partition(handle, architecture, flags, featuresTaken, findings);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private void AddIfPresent(Property code, ulong? value)
    {
        if (value is { } present)
        {
            WithEarlyProperty(code, present);
        }
    }

    private DisabledFeatures? FeaturesToDisable()
    {
        if (!choosesFeatures)
        {
            return null;
        }

        if (host.ProcessorFeatures is not { } features)
        {
            // A kernel that does not tell the host's features (before 6.19) does not take a choice either.
            return disabledProcessor is null && disabledXsave is null
                ? null
                : new DisabledFeatures(disabledProcessor ?? default, disabledXsave ?? default);
        }

        DisabledFeatures disabled = FeatureMasks.Disabled(features, host.XsaveFeatures);
        hv_partition_processor_features processor = disabled.Processor;
        if (disabledProcessor is { } more)
        {
            processor.as_uint64[0] |= more.as_uint64[0];
            processor.as_uint64[1] |= more.as_uint64[1];
        }

        hv_partition_processor_xsave_features xsave = disabledXsave ?? disabled.Xsave;
        return new DisabledFeatures(processor, architecture == GuestArchitecture.X64 ? xsave : default);
    }

    private hv_partition_synthetic_processor_features SyntheticFeatures()
    {
        if (synthetic is { } chosen)
        {
            return chosen;
        }

        hv_partition_synthetic_processor_features usual = FeatureMasks.UsualSynthetic;
        if (host.AssignableSyntheticFeatures is { } assignable)
        {
            usual.as_uint64[0] &= assignable.as_uint64[0];
        }

        return usual;
    }

    private static void SetEarly(PartitionHandle handle, Property code, ulong value) =>
        PropertyHypercalls.Set(handle, code, value).ThrowIfFailed($"Setting the early property {code} to 0x{value:x}");

    private static void Initialize(PartitionHandle handle)
    {
        IoctlResult result = PartitionIoctls.MSHV_INITIALIZE_PARTITION(new UninterruptedDescriptor(handle));
        if (!result.IsSuccess)
        {
            throw new HypervisorException("Initializing a partition", result.Errno);
        }
    }
}
