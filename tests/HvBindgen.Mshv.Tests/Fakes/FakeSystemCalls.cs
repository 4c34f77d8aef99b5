using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Tests.Fakes;

/// <summary>A driver that does as it is told: records requests, remembers properties and registers, and refuses what a test wants
/// refused.</summary>
/// <remarks>Descriptors are real numbers (of eventfds), so that leaks show in the process too. Using a closed one fails the test.</remarks>
internal sealed unsafe partial class FakeSystemCalls() : ScriptedSystemCalls(LinuxSystemCalls.Instance), ISystemCalls
{
    private readonly Lock gate = new();
    private readonly Dictionary<int, FakeDescriptor> open = [];
    private readonly HashSet<(FakeDescriptor Partition, uint Index)> processors = [];
    private readonly Dictionary<nint, nuint> mappings = [];

    /// <inheritdoc/>
    public GuestArchitecture Architecture { get; init; } = HostArchitecture.Current;

    public List<string> Log { get; } = [];

    public bool KeepsLog { get; set; } = true;

    public string? Misuse { get; private set; }

    public int OpenErrno { get; set; }

    public int RegisterPageErrno { get; set; }

    public Dictionary<uint, int> RequestErrno { get; } = [];

    public Func<FakeDescriptor, nint, IoctlResult>? OnRun { get; set; }

    /// <summary>Answers requests of the table of requests that the root driver does not have.</summary>
    public Func<uint, nint, IoctlResult>? OnOtherRequest { get; set; }

    public nint LastRegisterPage { get; private set; }

    public int OpenDescriptors
    {
        get
        {
            lock (gate)
            {
                return open.Count;
            }
        }
    }

    public int OpenMappings
    {
        get
        {
            lock (gate)
            {
                return mappings.Count;
            }
        }
    }

    public override SystemCallResult Open(string path, int flags)
    {
        Note($"open {path}");
        return OpenErrno != 0 ? SystemCallResult.Failure(OpenErrno)
            : path.StartsWith("/dev/mshv", StringComparison.Ordinal)
            ? SystemCallResult.Success(Add(Requests.KindOf(path) ?? DescriptorKind.Device, null, 0).Fd)
            : base.Open(path, flags);
    }

    public override SystemCallResult Close(int fd)
    {
        lock (gate)
        {
            if (!open.Remove(fd))
            {
                return base.Close(fd);
            }
        }

        Note($"close {fd}");
        return base.Close(fd);
    }

    public override SystemCallResult Map(nuint sizeBytes, int protection, int flags, int fd, long offsetBytes)
    {
        bool isPage = Find(fd) is { Kind: DescriptorKind.Vp };
        if (isPage && RegisterPageErrno != 0)
        {
            return SystemCallResult.Failure(RegisterPageErrno);
        }

        SystemCallResult result = isPage
            ? base.Map(sizeBytes, protection, LinuxFlags.MapPrivate | LinuxFlags.MapAnonymous, -1, 0)
            : base.Map(sizeBytes, protection, flags, fd, offsetBytes);
        if (result.IsSuccess)
        {
            lock (gate)
            {
                mappings.Add(result.Value, sizeBytes);
            }

            LastRegisterPage = isPage ? result.Value : LastRegisterPage;
        }

        return result;
    }

    public override SystemCallResult Unmap(void* address, nuint sizeBytes)
    {
        lock (gate)
        {
            if (!mappings.Remove((nint)address, out nuint mapped) || mapped != sizeBytes)
            {
                Misuse ??= $"unmapped {sizeBytes} bytes at 0x{(nint)address:x}, which were not mapped so";
                return SystemCallResult.Failure(Errno.EINVAL);
            }
        }

        return base.Unmap(address, sizeBytes);
    }

    public override IoctlResult Ioctl(int fd, uint request, void* argument)
    {
        if (Find(fd) is not { } descriptor)
        {
            Misuse ??= $"request 0x{request:x8} on the closed descriptor {fd}";
            return IoctlResult.Failure(Errno.EBADF);
        }

        if (descriptor.Kind == DescriptorKind.Vp && request == Constants.MSHV_RUN_VP)
        {
            return OnRun?.Invoke(descriptor, (nint)argument) ?? IoctlResult.Success(0);
        }

        lock (gate)
        {
            return RequestErrno.TryGetValue(request, out int errno)
                ? Refused(descriptor, request, errno)
                : Dispatch(descriptor, request, argument);
        }
    }

    private IoctlResult Refused(FakeDescriptor descriptor, uint request, int errno)
    {
        Note($"{descriptor} 0x{request:x8} -> {errno}");
        return IoctlResult.Failure(errno);
    }

    private IoctlResult Dispatch(FakeDescriptor descriptor, uint request, void* argument)
    {
        return descriptor.Kind is { } kind && Requests.All.Find(kind, request) is { } known
            ? Answer(descriptor, known, argument)
            : IoctlResult.Failure(Errno.ENOTTY);
    }

    private IoctlResult Answer(FakeDescriptor descriptor, RequestInfo<DescriptorKind> request, void* argument) =>
        (descriptor.Kind, request.Number) switch
        {
            (_, Constants.MSHV_ROOT_HVCALL) => Hypercall(descriptor, (mshv_root_hvcall*)argument),
            (DescriptorKind.Device, Constants.MSHV_CREATE_PARTITION) =>
                CreatePartition(descriptor, (Abi.X64.mshv_create_partition_v2*)argument),
            (DescriptorKind.Partition, Constants.MSHV_INITIALIZE_PARTITION) => Done("initialize"),
            (DescriptorKind.Partition, Constants.MSHV_CREATE_VP) => CreateProcessor(descriptor, *(mshv_create_vp*)argument),
            (DescriptorKind.Partition, Constants.MSHV_SET_GUEST_MEMORY) => SetMemory(*(mshv_user_mem_region*)argument),
            (DescriptorKind.Partition, Constants.MSHV_IRQFD) => SetIrqfd(*(mshv_user_irqfd*)argument),
            (DescriptorKind.Partition, Constants.MSHV_IOEVENTFD) => SetDoorbell(*(mshv_user_ioeventfd*)argument),
            (DescriptorKind.Partition, Constants.MSHV_SET_MSI_ROUTING) => SetRoutes((mshv_user_irq_table*)argument),
            (DescriptorKind.Partition, Constants.MSHV_GET_GPAP_ACCESS_BITMAP) => GetBitmap(*(mshv_gpap_access_bitmap*)argument),
            (DescriptorKind.Vp, Constants.MSHV_GET_VP_STATE) => GetState((mshv_get_set_vp_state*)argument),
            (DescriptorKind.Vp, Constants.MSHV_SET_VP_STATE) => SetState((mshv_get_set_vp_state*)argument),
            _ => AnswerOther(descriptor, request, (nint)argument),
        };

    // The test answers; else a request that can be probed is known and refused. A descriptor that the request makes is the fake's to make.
    private IoctlResult AnswerOther(FakeDescriptor descriptor, RequestInfo<DescriptorKind> request, nint argument)
    {
        IoctlResult result = OnOtherRequest?.Invoke(request.Number, argument)
            ?? IoctlResult.Failure(request.RefusesOnes ? Errno.EINVAL : Errno.ENOTTY);
        return result.IsSuccess && request.Creates is { } created ? IoctlResult.Success(Add(created, descriptor, 0).Fd) : result;
    }

    private FakeDescriptor? Find(int fd)
    {
        lock (gate)
        {
            return open.GetValueOrDefault(fd);
        }
    }

    private FakeDescriptor Add(DescriptorKind? kind, FakeDescriptor? parent, uint index)
    {
        int fd = (int)CreateEvent(0, 0).Value;
        FakeDescriptor descriptor = new(fd, kind, parent, index);
        lock (gate)
        {
            open.Add(fd, descriptor);
        }

        return descriptor;
    }

    private IoctlResult Done(string entry)
    {
        Note(entry);
        return IoctlResult.Success(0);
    }

    private void Note(string entry)
    {
        if (KeepsLog)
        {
            lock (gate)
            {
                Log.Add(entry);
            }
        }
    }

    private static ReadOnlySpan<T> View<T>(ulong address, int count)
        where T : unmanaged => new((void*)address, count);
}
