using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Partitions;

namespace HvBindgen.Mshv.Devices;

/// <summary>Finds out what the driver and the host can do, by requests that are invalid on purpose and so change nothing.</summary>
internal static unsafe class CapabilityProbe
{
    internal static MshvCapabilities Run(MshvDevice device)
    {
        DeviceHandle handle = device.Handle;
        List<RequestSupport> requests = [.. Ask(DescriptorKind.Device, handle)];
        List<HypercallSupport> hypercalls = [];
        AddHypercall(hypercalls, DescriptorKind.Device, nameof(Constants.HVCALL_GET_PARTITION_PROPERTY), device.Hypercalls.TryGetProperty(
            hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0, out _));
        AddHypercall(hypercalls, DescriptorKind.Device, nameof(Constants.HVCALL_GET_PARTITION_PROPERTY_EX),
            device.Hypercalls.TryGetVmmCapabilities(out ulong vmmCapabilities));

        bool? createsWithFeatures = null;
        HypervisorException? partitionFailure = null;
        try
        {
            using PartitionHandle partition = PartitionCreation.ForProbe.Send(handle, out bool featuresTaken);
            createsWithFeatures = featuresTaken;
            AddPartition(requests, hypercalls, partition);
        }
        catch (HypervisorException e)
        {
            partitionFailure = e;
        }

        return new MshvCapabilities
        {
            IsFallback = device.IsFallback,
            Architecture = device.Architecture,
            Requests = requests,
            Hypercalls = hypercalls,
            CreatesPartitionsWithFeatures = createsWithFeatures,
            PartitionFailure = partitionFailure,
            ProcessorFeatures = device.Hypercalls.ProcessorFeatures,
            XsaveFeatures = device.Hypercalls.XsaveFeatures,
            AssignableSyntheticFeatures = device.Hypercalls.AssignableSyntheticFeatures,
            VmmCapabilities = vmmCapabilities,
            HasRegisterPage = device.Findings.HasRegisterPage,
        };
    }

    private static void AddPartition(List<RequestSupport> requests, List<HypercallSupport> hypercalls, PartitionHandle handle)
    {
        requests.AddRange(Ask(DescriptorKind.Partition, handle));
        AddHypercall(hypercalls, DescriptorKind.Partition, nameof(Constants.HVCALL_GET_PARTITION_PROPERTY), PropertyHypercalls.Get(
            handle, hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0, out _));
        AddHypercall(hypercalls, DescriptorKind.Partition, nameof(Constants.HVCALL_GET_PARTITION_PROPERTY_EX),
            PropertyHypercalls.GetVmmCapabilities(handle, out _));

        // None of these can succeed for a processor that does not exist: the hypervisor's status shows that it was asked.
        const int InputBytes = 64;
        byte* input = stackalloc byte[InputBytes];
        foreach (ushort code in ProcessorHypercalls)
        {
            new Span<byte>(input, InputBytes).Clear();
            AddHypercall(hypercalls, DescriptorKind.Partition, HypercallNames.OfCall(code) ?? "unknown",
                HypercallClient.Call(handle, code, 0, input, InputBytes, null, 0));
        }
    }

    private static ReadOnlySpan<ushort> ProcessorHypercalls =>
    [
        Constants.HVCALL_GET_VP_REGISTERS,
        Constants.HVCALL_SET_VP_REGISTERS,
        Constants.HVCALL_TRANSLATE_VIRTUAL_ADDRESS,
        Constants.HVCALL_REGISTER_INTERCEPT_RESULT,
        Constants.HVCALL_SIGNAL_EVENT_DIRECT,
        Constants.HVCALL_POST_MESSAGE_DIRECT,
        Constants.HVCALL_GET_VP_CPUID_VALUES,
        Constants.HVCALL_READ_GPA,
        Constants.HVCALL_WRITE_GPA,
    ];

    // A request without an argument that is surely refused is not asked.
    private static IEnumerable<RequestSupport> Ask(DescriptorKind kind, DescriptorHandle handle) =>
        Requests.All.Rows.Where(request => request.Descriptor == kind).Select(
            request => new RequestSupport(kind, request.Name, request.Number, request.RefusesOnes ? Answers(handle, request) : null));

    private static bool Answers(DescriptorHandle handle, RequestInfo<DescriptorKind> request)
    {
        Span<byte> argument = stackalloc byte[request.ArgumentBytes];
        argument.Fill(byte.MaxValue);
        foreach (PointedMemory memory in request.Memory)
        {
            argument.Slice(memory.Pointer.OffsetBytes, memory.Pointer.SizeBytes).Clear();
            argument.Slice(memory.Count.OffsetBytes, memory.Count.SizeBytes).Clear();
        }

        // It stays in place for the call, which looks no further than at the argument itself.
        fixed (byte* pointer = argument)
        {
            return handle.Ioctl(request.Number, pointer).Errno != Errno.ENOTTY;
        }
    }

    private static void AddHypercall(List<HypercallSupport> list, DescriptorKind kind, string name, HypercallResult result)
    {
        // With a hypervisor status it got through; EINVAL without one is the kernel's own refusal; other errors do not tell.
        bool? isPassedOn = result.IsSuccess || result.Status != 0 ? true
            : result.Errno is Errno.EINVAL or Errno.ENOTTY ? false
            : null;
        list.Add(new HypercallSupport(kind, name, result, isPassedOn));
    }
}
