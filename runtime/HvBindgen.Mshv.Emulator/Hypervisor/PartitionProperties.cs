using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A partition's properties: which there are, when they may be set, and to what.</summary>
internal sealed class PartitionProperties(VirtualPartition partition)
{
    private readonly Dictionary<hv_partition_property_code, ulong> values = new()
    {
        [hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES] = 0,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_ISOLATION_POLICY] = 0,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_PRIVILEGE_FLAGS] = 0,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_UNIMPLEMENTED_MSR_ACTION] = 0,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSORS_PER_SOCKET] = 1,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_CPU_RESERVE] = 0,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_CPU_CAP] = 0,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_CPU_WEIGHT] = 100,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_CPU_GROUP_ID] = 0,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_SUSPEND] = 0,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_ZERO_MEMORY_ON_RESET] = 0,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_ALLOCATION_ID] = 0,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_MONITORING_ID] = 0,
        [hv_partition_property_code.HV_PARTITION_PROPERTY_GUEST_OS_ID] = 0,
    };

    private ulong referenceStart = partition.Engine.Clock.ReferenceTime;
    private ulong referenceOffset;

    internal hv_unimplemented_msr_action UnimplementedMsrAction =>
        (hv_unimplemented_msr_action)values[hv_partition_property_code.HV_PARTITION_PROPERTY_UNIMPLEMENTED_MSR_ACTION];

    /// <summary>Synthetic features of the guest: bits of <c>hv_partition_synthetic_processor_features</c>.</summary>
    internal ulong SyntheticFeatures => values[hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES];

    /// <summary>The same, by name.</summary>
    internal hv_partition_synthetic_processor_features Features
    {
        get
        {
            hv_partition_synthetic_processor_features features = default;
            features.as_uint64[0] = SyntheticFeatures;
            return features;
        }
    }

    /// <summary>Time since the partition was created, in units of 100 ns, without the time that it was frozen.</summary>
    internal ulong ReferenceTime => partition.Freeze.IsOn ? referenceOffset : RunningTimeAt(partition.Engine.Clock.ReferenceTime);

    /// <summary>The reference time at a time of the machine's clock, as long as it runs.</summary>
    internal ulong RunningTimeAt(ulong time) => referenceOffset + (time - referenceStart);

    internal int Get(uint code, out ulong value)
    {
        hv_partition_property_code property = (hv_partition_property_code)code;
        switch (property)
        {
            case hv_partition_property_code.HV_PARTITION_PROPERTY_TIME_FREEZE:
                value = partition.Freeze.IsOn ? 1UL : 0;
                return Hv.HV_STATUS_SUCCESS;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_REFERENCE_TIME:
                value = ReferenceTime;
                return Hv.HV_STATUS_SUCCESS;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_GPA_PAGE_ACCESS_TRACKING:
                value = partition.Memory.TracksWrites ? 1UL : 0;
                return Hv.HV_STATUS_SUCCESS;
        }

        if (values.TryGetValue(property, out value))
        {
            return Hv.HV_STATUS_SUCCESS;
        }

        if (!partition.Host.Properties.TryGet(property, out value))
        {
            return Hv.HV_STATUS_UNKNOWN_PROPERTY;
        }

        value &= property switch
        {
            hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0 => ~partition.Options.DisabledFeatures0,
            hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1 => ~partition.Options.DisabledFeatures1,
            hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_XSAVE_FEATURES => ~partition.Options.DisabledXsaveFeatures,
            _ => ulong.MaxValue,
        };
        return Hv.HV_STATUS_SUCCESS;
    }

    internal int Set(uint code, ulong value)
    {
        hv_partition_property_code property = (hv_partition_property_code)code;
        bool isEarly = IsEarlyOnly(property);
        if (!isEarly && !IsKnown(property))
        {
            return Hv.HV_STATUS_UNKNOWN_PROPERTY;
        }

        if (partition.IsInitialized == isEarly)
        {
            return Hv.HV_STATUS_INVALID_PARTITION_STATE;
        }

        switch (property)
        {
            case hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES
                when (value & ~HostProperties.AssignableSyntheticFeatures) != 0:
                return Hv.HV_STATUS_PROPERTY_VALUE_OUT_OF_RANGE;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_UNIMPLEMENTED_MSR_ACTION
                when value >= (ulong)hv_unimplemented_msr_action.HV_UNIMPLEMENTED_MSR_ACTION_COUNT:
                return Hv.HV_STATUS_INVALID_PARAMETER;
            case hv_partition_property_code.HV_PARTITION_PROPERTY_TIME_FREEZE:
                return value > 1 ? Hv.HV_STATUS_INVALID_PARAMETER : Freeze(value != 0);
            case hv_partition_property_code.HV_PARTITION_PROPERTY_REFERENCE_TIME:
                return SetReferenceTime(value);
            case hv_partition_property_code.HV_PARTITION_PROPERTY_GPA_PAGE_ACCESS_TRACKING:
                return value > 1 ? Hv.HV_STATUS_INVALID_PARAMETER : partition.Memory.SetWriteTracking(value != 0);
            default:
                if (!values.ContainsKey(property))
                {
                    return Hv.HV_STATUS_ACCESS_DENIED; // what the host is, no one sets
                }

                values[property] = value;
                return Hv.HV_STATUS_SUCCESS;
        }
    }

    private static bool IsEarlyOnly(hv_partition_property_code property) => property
        is hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES
        or hv_partition_property_code.HV_PARTITION_PROPERTY_ISOLATION_POLICY;

    private bool IsKnown(hv_partition_property_code property) =>
        Get((uint)property, out _) == Hv.HV_STATUS_SUCCESS;

    private int Freeze(bool freeze)
    {
        if (freeze == partition.Freeze.IsOn)
        {
            return Hv.HV_STATUS_SUCCESS;
        }

        if (freeze)
        {
            referenceOffset = ReferenceTime;
        }
        else
        {
            referenceStart = partition.Engine.Clock.ReferenceTime;
        }

        partition.SetTimeFrozen(freeze);
        return Hv.HV_STATUS_SUCCESS;
    }

    private int SetReferenceTime(ulong value)
    {
        // A clock that runs cannot be set.
        if (!partition.Freeze.IsOn)
        {
            return Hv.HV_STATUS_INVALID_PARTITION_STATE;
        }

        referenceOffset = value;
        return Hv.HV_STATUS_SUCCESS;
    }
}
