using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>MSHV_ROOT_HVCALL: the driver's checks around a hypercall that it passes through.</summary>
internal static class RootHypercall
{
    private const int PageBytes = 4096;

    /// <summary>Who a descriptor's calls go to.</summary>
    internal interface ITarget
    {
        /// <summary>Partition that the driver writes into the input.</summary>
        ulong PartitionId { get; }

        /// <summary>Whether the driver passes the call on for this kind of descriptor.</summary>
        bool Allows(int code);

        /// <summary>Executes the call; gives its status.</summary>
        int Execute(int code, ref HypercallFrame frame);
    }

    /// <summary>Calls for a partition's and a processor's descriptor.</summary>
    internal static bool IsAllowedOnPartition(int code) => code
        is Hv.HVCALL_GET_PARTITION_PROPERTY or Hv.HVCALL_SET_PARTITION_PROPERTY or Hv.HVCALL_INSTALL_INTERCEPT
        or Hv.HVCALL_GET_VP_REGISTERS or Hv.HVCALL_SET_VP_REGISTERS or Hv.HVCALL_TRANSLATE_VIRTUAL_ADDRESS
        or Hv.HVCALL_CLEAR_VIRTUAL_INTERRUPT or Hv.HVCALL_REGISTER_INTERCEPT_RESULT or Hv.HVCALL_ASSERT_VIRTUAL_INTERRUPT
        or Hv.HVCALL_SIGNAL_EVENT_DIRECT or Hv.HVCALL_POST_MESSAGE_DIRECT or Hv.HVCALL_GET_GPA_PAGES_ACCESS_STATES
        or Hv.HVCALL_GET_VP_CPUID_VALUES or Hv.HVCALL_GET_PARTITION_PROPERTY_EX;

    /// <summary>Whether a call completes later, which only a partition's descriptor can wait for.</summary>
    internal static bool IsAsynchronous(int code) => code == Hv.HVCALL_SET_PARTITION_PROPERTY;

    [SkipLocalsInit]
    internal static int Handle<TTarget>(TTarget target, ulong argument)
        where TTarget : ITarget
    {
        if (!UserMemory.TryRead(argument, out mshv_root_hvcall call))
        {
            return Errno.EFAULT;
        }

        if (call.status != 0 || call.in_ptr == 0 || call.in_sz is < sizeof(ulong) or > PageBytes || !IsZero(call.rsvd)
            || (call.out_ptr != 0 && (call.out_sz is 0 or > PageBytes))
            || !target.Allows(call.code))
        {
            return Errno.EINVAL;
        }

        Span<byte> input = stackalloc byte[PageBytes];
        Span<byte> output = stackalloc byte[PageBytes];
        input[call.in_sz..].Clear();
        if (!UserMemory.TryRead(call.in_ptr, input[..call.in_sz]))
        {
            return Errno.EFAULT;
        }

        output.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(input, target.PartitionId);
        HypercallFrame frame = new(input, output, call.reps);
        int status = target.Execute(call.code, ref frame);

        // Status and counter go back on failure too, the output only on success.
        call.status = (ushort)status;
        call.reps = (ushort)frame.RepsCompleted;
        if (!UserMemory.TryWrite(argument, in call)
            || (status == Hv.HV_STATUS_SUCCESS && call.out_ptr != 0 && !UserMemory.TryWrite(call.out_ptr, output[..call.out_sz])))
        {
            return Errno.EFAULT;
        }

        return StatusErrno.Of(status);
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);
}
