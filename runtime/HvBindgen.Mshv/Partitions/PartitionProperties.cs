using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;
using Property = HvBindgen.Mshv.Abi.hv_partition_property_code;

namespace HvBindgen.Mshv.Partitions;

/// <summary>Properties of a partition. May be used while its processors run.</summary>
public sealed class PartitionProperties : IGuestTime
{
    private readonly PartitionHandle handle;
    private readonly Lock timeLock = new();
    private int freezeCount;

    internal PartitionProperties(PartitionHandle handle) => this.handle = handle;

    /// <summary>The partition's reference time, which stands still while time is frozen. Setting it needs frozen time.</summary>
    public TimeSpan ReferenceTime
    {
        get => TimeSpan.FromTicks((long)Get(Property.HV_PARTITION_PROPERTY_REFERENCE_TIME));
        set => Set(Property.HV_PARTITION_PROPERTY_REFERENCE_TIME, ReferenceTicks(value));
    }

    /// <summary>Processors that the guest sees in one socket.</summary>
    public uint ProcessorsPerSocket
    {
        get => (uint)Get(Property.HV_PARTITION_PROPERTY_PROCESSORS_PER_SOCKET);
        set => Set(Property.HV_PARTITION_PROPERTY_PROCESSORS_PER_SOCKET, value);
    }

    /// <summary>What happens when the guest names a model-specific register that nobody implements; x86-64 only.</summary>
    public Abi.X64.hv_unimplemented_msr_action UnimplementedMsrAction
    {
        get => (Abi.X64.hv_unimplemented_msr_action)Get(Property.HV_PARTITION_PROPERTY_UNIMPLEMENTED_MSR_ACTION);
        set => Set(Property.HV_PARTITION_PROPERTY_UNIMPLEMENTED_MSR_ACTION, (ulong)value);
    }

    /// <summary>Width of guest-physical addresses in bits.</summary>
    public int PhysicalAddressWidthBits => (int)Get(Property.HV_PARTITION_PROPERTY_PHYSICAL_ADDRESS_WIDTH);

    /// <summary>Largest XSAVE state of a processor in bytes; x86-64 only.</summary>
    public int MaxXsaveBytes => (int)Get(Property.HV_PARTITION_PROPERTY_MAX_XSAVE_DATA_SIZE);

    /// <summary>Processor features that the partition has.</summary>
    public hv_partition_processor_features ProcessorFeatures
    {
        get
        {
            hv_partition_processor_features features = default;
            features.as_uint64[0] = Get(Property.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0);
            features.as_uint64[1] = Get(Property.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1);
            return features;
        }
    }

    /// <summary>XSAVE features that the partition has; x86-64 only.</summary>
    public hv_partition_processor_xsave_features XsaveFeatures =>
        new() { as_uint64 = Get(Property.HV_PARTITION_PROPERTY_PROCESSOR_XSAVE_FEATURES) };

    /// <summary>Synthetic features that the partition has.</summary>
    public hv_partition_synthetic_processor_features SyntheticFeatures
    {
        get
        {
            hv_partition_synthetic_processor_features features = default;
            features.as_uint64[0] = Get(Property.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES);
            return features;
        }
    }

    /// <summary>Reads a property.</summary>
    /// <param name="property">Property.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    public ulong Get(Property property)
    {
        TryGet(property, out ulong value).ThrowIfFailed($"Reading the property {property}");
        return value;
    }

    /// <summary>Reads a property that this hypervisor may not know.</summary>
    /// <param name="property">Property.</param>
    /// <param name="value">Its value; 0 after a failure.</param>
    /// <returns>What the hypercall gave.</returns>
    public HypercallResult TryGet(Property property, out ulong value) => PropertyHypercalls.Get(handle, property, out value);

    /// <summary>Sets a property.</summary>
    /// <param name="property">Property.</param>
    /// <param name="value">Value.</param>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    public void Set(Property property, ulong value) =>
        TrySet(property, value).ThrowIfFailed($"Setting the property {property} to 0x{value:x}");

    /// <summary>Sets a property that this hypervisor may not know.</summary>
    /// <param name="property">Property.</param>
    /// <param name="value">Value.</param>
    /// <returns>What the hypercall gave.</returns>
    public HypercallResult TrySet(Property property, ulong value) => PropertyHypercalls.Set(handle, property, value);

    /// <summary>Stops the partition's clocks until the scope is disposed. Scopes nest; time goes on when the last one ends.</summary>
    /// <returns>The scope, which the caller disposes.</returns>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    public TimeFreezeScope FreezeTime()
    {
        lock (timeLock)
        {
            if (freezeCount == 0)
            {
                Set(Property.HV_PARTITION_PROPERTY_TIME_FREEZE, 1);
            }

            freezeCount++;
        }

        return new TimeFreezeScope(this);
    }

    IDisposable IGuestTime.Freeze() => FreezeTime();

    internal void ThawTime()
    {
        lock (timeLock)
        {
            freezeCount--;

            // A partition that has been disposed in the meantime has no time left to go on.
            if (freezeCount == 0 && !handle.IsClosed)
            {
                Set(Property.HV_PARTITION_PROPERTY_TIME_FREEZE, 0);
            }
        }
    }

    private static ulong ReferenceTicks(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);

        // Both count units of 100 nanoseconds.
        return (ulong)value.Ticks;
    }
}
