using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>An open <c>/dev/mshv</c>.</summary>
/// <param name="descriptors">The driver's open files.</param>
/// <param name="host">The machine.</param>
/// <param name="openFlags">How it was opened.</param>
internal sealed class DeviceFile(DescriptorTable descriptors, Host host, int openFlags) : EmulatedFile, RootHypercall.ITarget
{
    // Only bits that Linux 7.3 knows.
    private const ulong KnownFlags = Hv.MSHV_PT_FLAGS_MASK;

    public ulong PartitionId => Hv.HV_PARTITION_ID_SELF;

    internal override IoctlResult Ioctl(uint request, ulong argument) => request switch
    {
        Hv.MSHV_CREATE_PARTITION => CreatePartition(argument),
        Hv.MSHV_ROOT_HVCALL => Answer(RootHypercall.Handle(this, argument)),
        _ => IoctlResult.Failure(Errno.ENOTTY),
    };

    public bool Allows(int code) => code is Hv.HVCALL_GET_PARTITION_PROPERTY or Hv.HVCALL_GET_PARTITION_PROPERTY_EX;

    public int Execute(int code, ref HypercallFrame frame) => host.Hypercall(code, ref frame);

    // There is nothing to map; the kernel looks first at whether a file that is open for reading would be written.
    internal override unsafe SystemCallResult Map(
        void* address, nuint sizeBytes, int protection, int flags, long offsetBytes) =>
        (flags & LinuxFlags.MapShared) != 0 && (protection & LinuxFlags.ProtWrite) != 0
            && (openFlags & LinuxFlags.OpenReadWrite) == 0
            ? SystemCallResult.Failure(Errno.EACCES)
            : SystemCallResult.Failure(Errno.ENODEV);

    private protected override void OnReleased()
    {
    }

    private IoctlResult CreatePartition(ulong argument)
    {
        if (!UserMemory.TryRead(argument, out mshv_create_partition first))
        {
            return IoctlResult.Failure(Errno.EFAULT);
        }

        if (!IsValid(first.pt_flags, first.pt_isolation))
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        mshv_create_partition_v2 second = default;
        if ((first.pt_flags & (ulong)MSHV_PT_FLAGS.CPU_AND_XSAVE_FEATURES) != 0)
        {
            if (!UserMemory.TryRead(argument, out second))
            {
                return IoctlResult.Failure(Errno.EFAULT);
            }

            // The caller may have changed the first part between the two copies.
            if (!IsValid(second.pt_flags, second.pt_isolation) || second.pt_num_cpu_fbanks != Hv.MSHV_NUM_CPU_FEATURES_BANKS
                || ((ReadOnlySpan<byte>)second.pt_rsvd).ContainsAnyExcept((byte)0)
                || ((ReadOnlySpan<ulong>)second.pt_rsvd1).ContainsAnyExcept(0UL))
            {
                return IoctlResult.Failure(Errno.EINVAL);
            }
        }

        PartitionOptions options = new(
            (MSHV_PT_FLAGS)first.pt_flags, second.pt_cpu_fbanks[0], second.pt_cpu_fbanks[1], second.pt_disabled_xsave);
        int errno = VirtualPartition.Create(host, options, out VirtualPartition? partition);
        if (partition is null)
        {
            return IoctlResult.Failure(errno);
        }

        PartitionFile file = new(descriptors, partition);
        return descriptors.Install(file);
    }

    private static bool IsValid(ulong flags, ulong isolation) =>
        (flags & ~KnownFlags) == 0 && isolation == Hv.MSHV_PT_ISOLATION_NONE;
}
