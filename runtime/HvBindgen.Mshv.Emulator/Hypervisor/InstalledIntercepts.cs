using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Intercepts that the client has installed on a partition.</summary>
internal sealed class InstalledIntercepts(VirtualPartition partition)
{
    private readonly Dictionary<uint, MsrIntercept> msrIntercepts = [];
    private readonly HashSet<uint> cpuidIntercepts = [];
    private uint interceptedExceptions;
    private bool takesCalls;
    private bool takesConnections;

    /// <summary>HvCallInstallIntercept.</summary>
    /// <returns>A status.</returns>
    internal int Install(in hv_input_install_intercept input)
    {
        const uint KnownAccess =
            Hv.HV_INTERCEPT_ACCESS_MASK_READ | Hv.HV_INTERCEPT_ACCESS_MASK_WRITE | Hv.HV_INTERCEPT_ACCESS_MASK_EXECUTE;
        if ((input.access_type & ~KnownAccess) != 0)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        hv_intercept_type type = (hv_intercept_type)input.intercept_type;
        switch (type)
        {
            case hv_intercept_type.HV_INTERCEPT_TYPE_X64_IO_PORT or hv_intercept_type.HV_INTERCEPT_TYPE_X64_IO_PORT_RANGE
                when input.access_type != 0:
                return Hv.HV_STATUS_SUCCESS; // every port access is an intercept
            case hv_intercept_type.HV_INTERCEPT_TYPE_X64_MSR_INDEX:
                return InterceptMsr(input.intercept_parameter.msr_index, input.access_type);
            case hv_intercept_type.HV_INTERCEPT_TYPE_EXCEPTION:
                return input.access_type is 0 or Hv.HV_INTERCEPT_ACCESS_MASK_EXECUTE
                    ? InterceptException(input.intercept_parameter.exception_vector, input.access_type != 0)
                    : Hv.HV_STATUS_INVALID_PARAMETER; // an exception is no reading and no writing
            case hv_intercept_type.HV_INTERCEPT_TYPE_X64_CPUID:
                return InterceptCpuid(input.intercept_parameter.cpuid_index, input.access_type);
            case hv_intercept_type.HV_INTERCEPT_TYPE_HYPERCALL when partition.Engine.TakesHypercalls:
                return InterceptCalls(input.access_type, ref takesCalls);
            case hv_intercept_type.HV_INTERCEPT_TYPE_UNKNOWN_SYNIC_CONNECTION when partition.Engine.TakesHypercalls:
                return InterceptCalls(input.access_type, ref takesConnections);
            case hv_intercept_type.HV_INTERCEPT_TYPE_INVALID:
            case var _ when !Enum.IsDefined(type):
                return Hv.HV_STATUS_INVALID_PARAMETER;
            default:
                partition.Host.Refusals.Report($"intercepts of type {NameOf(type)} are not installed: {ReasonAgainst(type)}");
                return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
        }
    }

    // Two names have one number: the later is what it means.
    private static string NameOf(hv_intercept_type type) => type == hv_intercept_type.HV_INTERCEPT_TYPE_UNKNOWN_SYNIC_CONNECTION
        ? nameof(hv_intercept_type.HV_INTERCEPT_TYPE_UNKNOWN_SYNIC_CONNECTION)
        : type.ToString();

    private static string ReasonAgainst(hv_intercept_type type) => type switch
    {
        hv_intercept_type.HV_INTERCEPT_TYPE_X64_IO_PORT or hv_intercept_type.HV_INTERCEPT_TYPE_X64_IO_PORT_RANGE
            => "every access to a port is an intercept, and none is taken away",
        hv_intercept_type.HV_INTERCEPT_TYPE_HYPERCALL or hv_intercept_type.HV_INTERCEPT_TYPE_UNKNOWN_SYNIC_CONNECTION
            => "KVM does not stop for a guest's calls",
        hv_intercept_type.HV_INTERCEPT_TYPE_X64_APIC_SMI or hv_intercept_type.HV_INTERCEPT_TYPE_X64_APIC_INIT_SIPI
            or hv_intercept_type.HV_INTERCEPT_TYPE_X64_APIC_WRITE => "no header has the message that they make",
        hv_intercept_type.HV_INTERCEPT_TYPE_X64_APIC_EOI
            => "the end of a level-triggered interrupt is told in any case, and what else they tell of no header says",
        hv_intercept_type.HV_INTERCEPT_TYPE_RESERVED0 => "the type is reserved, and was that of registers once",
        _ => "no header says what they stop for",
    };

    /// <summary>Whether the client answers a call that the hypervisor has no answer for.</summary>
    /// <param name="isOfConnection">Whether it is a message or an event for a connection that nobody has made.</param>
    internal bool TakesCall(bool isOfConnection) =>
        Volatile.Read(ref takesCalls) || (isOfConnection && Volatile.Read(ref takesConnections));

    // CPUID is executed, and neither read nor written.
    private int InterceptCpuid(uint function, uint access)
    {
        if (access is not (0 or Hv.HV_INTERCEPT_ACCESS_MASK_EXECUTE))
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        uint[] wanted = [.. cpuidIntercepts.Where(each => each != function), .. access != 0 ? (uint[])[function] : []];
        if (partition.Engine.SetCpuidIntercepts(wanted) != 0)
        {
            partition.Host.Refusals.Report($"KVM cannot intercept CPUID 0x{function:x}");
            return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
        }

        cpuidIntercepts.Clear();
        cpuidIntercepts.UnionWith(wanted);
        return Hv.HV_STATUS_SUCCESS;
    }

    // A call is executed, and neither read nor written.
    private static int InterceptCalls(uint access, ref bool isOn)
    {
        if (access is not (0 or Hv.HV_INTERCEPT_ACCESS_MASK_EXECUTE))
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        Volatile.Write(ref isOn, access != 0);
        return Hv.HV_STATUS_SUCCESS;
    }

    private int InterceptMsr(uint index, uint access)
    {
        bool wasInstalled = msrIntercepts.Remove(index, out MsrIntercept before);
        if (access != 0)
        {
            bool reads = (access & Hv.HV_INTERCEPT_ACCESS_MASK_READ) != 0;
            bool writes = (access & Hv.HV_INTERCEPT_ACCESS_MASK_WRITE) != 0;
            msrIntercepts[index] = new MsrIntercept(index, reads, writes);
        }

        MsrIntercept[] all = [.. msrIntercepts.Values];
        int errno = partition.Engine.SetMsrIntercepts(all);
        if (errno == 0)
        {
            return Hv.HV_STATUS_SUCCESS;
        }

        // The engine has kept those there were.
        _ = msrIntercepts.Remove(index);
        if (wasInstalled)
        {
            msrIntercepts[index] = before;
        }

        partition.Host.Refusals.Report($"KVM cannot intercept MSR 0x{index:x} beside {msrIntercepts.Count} others (errno {errno})");
        return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
    }

    private int InterceptException(ushort vector, bool isOn)
    {
        if (vector >= 32)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        uint vectors = isOn ? interceptedExceptions | (1u << vector) : interceptedExceptions & ~(1u << vector);
        if (!partition.Engine.CanInterceptExceptions(vectors))
        {
            return RefuseException(vector);
        }

        foreach (VirtualCpu processor in partition.Processors)
        {
            using EngineGate.Stop stop = processor.StopForAccess();
            if (!processor.Engine.TryInterceptExceptions(vectors))
            {
                _ = processor.Engine.TryInterceptExceptions(interceptedExceptions);
                return RefuseException(vector);
            }
        }

        interceptedExceptions = vectors;
        return Hv.HV_STATUS_SUCCESS;
    }

    /// <summary>Tells a processor that has just been created what was installed before.</summary>
    internal void ApplyTo(VirtualCpu processor)
    {
        if (interceptedExceptions != 0 && !processor.Engine.TryInterceptExceptions(interceptedExceptions))
        {
            partition.Host.Refusals.Report($"KVM does not intercept exceptions of processor {processor.Index}, which was created later");
        }
    }

    private int RefuseException(ushort vector)
    {
        partition.Host.Refusals.Report($"KVM cannot intercept exception {vector}, only 1 (#DB) and 3 (#BP)");
        return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
    }
}
