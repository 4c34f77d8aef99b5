using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv;

/// <summary>Finds out what the driver and the host can do, by requests that are invalid on purpose and so change nothing.</summary>
internal static unsafe class CapabilityProbe
{
    internal static MshvCapabilities Run(MshvDevice device)
    {
        DeviceHandle handle = device.Handle;
        List<RequestSupport> requests =
        [
            Request(DescriptorKind.Device, nameof(Constants.MSHV_CREATE_PARTITION), Constants.MSHV_CREATE_PARTITION,
                DeviceIoctls.MSHV_CREATE_PARTITION(handle, new mshv_create_partition { pt_flags = ulong.MaxValue })),
            HypercallRequest(DescriptorKind.Device, handle),
        ];
        List<HypercallSupport> hypercalls = [];
        AddHypercall(hypercalls, DescriptorKind.Device, nameof(Constants.HVCALL_GET_PARTITION_PROPERTY), device.Hypercalls.TryGetProperty(
            hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0, out _));
        AddHypercall(hypercalls, DescriptorKind.Device, nameof(Constants.HVCALL_GET_PARTITION_PROPERTY_EX),
            device.Hypercalls.TryGetVmmCapabilities(out ulong vmmCapabilities));

        bool? createsWithFeatures = null;
        HypervisorException? partitionFailure = null;
        try
        {
            using PartitionHandle partition = PartitionCreation.CreateForProbe(handle, out createsWithFeatures);
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
            ProcessorFeatures = HostFeatures.Processor(device),
            XsaveFeatures = HostFeatures.Xsave(device),
            AssignableSyntheticFeatures = HostFeatures.AssignableSynthetic(device),
            VmmCapabilities = vmmCapabilities,
            HasRegisterPage = device.HasRegisterPage,
        };
    }

    // INITIALIZE_PARTITION takes no argument that could be invalid; it is not asked.
    private static void AddPartition(List<RequestSupport> requests, List<HypercallSupport> hypercalls, PartitionHandle handle)
    {
        mshv_user_irq_table table = new() { nr = uint.MaxValue };
        mshv_gpap_access_bitmap bitmap = new() { access_type = byte.MaxValue };
        requests.AddRange(
        [
            new(DescriptorKind.Partition, nameof(Constants.MSHV_INITIALIZE_PARTITION), Constants.MSHV_INITIALIZE_PARTITION, null),
            Request(DescriptorKind.Partition, nameof(Constants.MSHV_CREATE_VP), Constants.MSHV_CREATE_VP,
                PartitionIoctls.MSHV_CREATE_VP(handle, new mshv_create_vp { vp_index = uint.MaxValue })),
            Request(DescriptorKind.Partition, nameof(Constants.MSHV_SET_GUEST_MEMORY), Constants.MSHV_SET_GUEST_MEMORY,
                PartitionIoctls.MSHV_SET_GUEST_MEMORY(handle, new mshv_user_mem_region { flags = byte.MaxValue })),
            Request(DescriptorKind.Partition, nameof(Constants.MSHV_IRQFD), Constants.MSHV_IRQFD,
                PartitionIoctls.MSHV_IRQFD(handle, new mshv_user_irqfd { fd = -1, flags = uint.MaxValue })),
            Request(DescriptorKind.Partition, nameof(Constants.MSHV_IOEVENTFD), Constants.MSHV_IOEVENTFD,
                PartitionIoctls.MSHV_IOEVENTFD(handle, new mshv_user_ioeventfd { fd = -1, flags = uint.MaxValue })),
            Request(DescriptorKind.Partition, nameof(Constants.MSHV_SET_MSI_ROUTING), Constants.MSHV_SET_MSI_ROUTING,
                PartitionIoctls.MSHV_SET_MSI_ROUTING(handle, &table)),
            Request(DescriptorKind.Partition, nameof(Constants.MSHV_GET_GPAP_ACCESS_BITMAP), Constants.MSHV_GET_GPAP_ACCESS_BITMAP,
                PartitionIoctls.MSHV_GET_GPAP_ACCESS_BITMAP(handle, ref bitmap)),
            HypercallRequest(DescriptorKind.Partition, handle),
        ]);
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

    private static RequestSupport Request(DescriptorKind kind, string name, uint number, IoctlResult result) =>
        new(kind, name, number, result.Errno != Errno.ENOTTY);

    private static RequestSupport HypercallRequest(DescriptorKind kind, DescriptorHandle handle)
    {
        // The kernel wants the status it will write to be 0.
        mshv_root_hvcall invalid = new() { status = 1 };
        return Request(
            kind, nameof(Constants.MSHV_ROOT_HVCALL), Constants.MSHV_ROOT_HVCALL, DeviceIoctls.MSHV_ROOT_HVCALL(handle, ref invalid));
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
