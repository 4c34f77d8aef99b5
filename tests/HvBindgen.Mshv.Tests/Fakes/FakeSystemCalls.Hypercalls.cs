using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Tests.Fakes;

/// <content>Hypercalls: properties, registers, and what a test answers itself.</content>
internal sealed unsafe partial class FakeSystemCalls
{
    /// <summary>Answers a hypercall: input and room for output in, hypervisor status out. Null: the fake answers.</summary>
    public Func<ushort, byte[], byte[], ushort?>? OnHypercall { get; set; }

    /// <summary>Hypercalls that the kernel does not pass on.</summary>
    public HashSet<ushort> BlockedHypercalls { get; } = [];

    public Dictionary<uint, ulong> Properties { get; } = [];

    public Dictionary<(uint Vp, uint Name), hv_u128> Registers { get; } = [];

    public HashSet<uint> RefusedRegisters { get; } = [];

    /// <summary>Most elements of a list that one hypercall completes.</summary>
    public int MaxCompleted { get; set; } = int.MaxValue;

    /// <summary>Whether every hypercall succeeds at once, recorded nowhere, so that a test can count what the caller allocates.</summary>
    public bool AnswersQuickly { get; set; }

    /// <summary>Times to answer EAGAIN first, as Linux 6.15 does for want of memory.</summary>
    public int EagainCount { get; set; }

    public int RegisterCalls { get; private set; }

    public ushort LastCallCode { get; private set; }

    public byte[] LastInput { get; private set; } = [];

    private IoctlResult Hypercall(FakeDescriptor descriptor, mshv_root_hvcall* call)
    {
        bool isDeviceCall = call->code is Constants.HVCALL_GET_PARTITION_PROPERTY or Constants.HVCALL_GET_PARTITION_PROPERTY_EX;
        if (call->status != 0 || call->in_ptr == 0 || call->in_sz is < 8 or > 4096 || (call->out_ptr != 0 && call->out_sz is 0 or > 4096)
            || BlockedHypercalls.Contains(call->code) || (descriptor.Kind == DescriptorKind.Device && !isDeviceCall))
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        if (AnswersQuickly)
        {
            return IoctlResult.Success(0);
        }

        if (EagainCount > 0)
        {
            EagainCount--;
            call->status = Constants.HV_STATUS_INSUFFICIENT_MEMORY;
            call->reps = 0;
            return IoctlResult.Failure(Errno.EAGAIN);
        }

        LastCallCode = call->code;
        LastInput = View<byte>(call->in_ptr, call->in_sz).ToArray();
        byte[] output = new byte[call->out_ptr == 0 ? 0 : call->out_sz];
        int completed = call->reps;
        ushort status = OnHypercall?.Invoke(call->code, LastInput, output) ?? Answer(call->code, LastInput, output, ref completed);
        call->status = status;
        call->reps = (ushort)completed;
        if (status != 0)
        {
            return IoctlResult.Failure(status is Constants.HV_STATUS_ACCESS_DENIED ? Errno.EACCES
                : status is Constants.HV_STATUS_INVALID_PARAMETER or Constants.HV_STATUS_UNKNOWN_PROPERTY ? Errno.EINVAL : Errno.EIO);
        }

        output.CopyTo(new Span<byte>((void*)call->out_ptr, output.Length));
        return IoctlResult.Success(0);
    }

    private ushort Answer(ushort code, byte[] input, byte[] output, ref int completed)
    {
        switch (code)
        {
            case Constants.HVCALL_GET_PARTITION_PROPERTY:
                if (!Properties.TryGetValue(BitConverter.ToUInt32(input, 8), out ulong value))
                {
                    return Constants.HV_STATUS_UNKNOWN_PROPERTY;
                }

                BitConverter.TryWriteBytes(output, value);
                return 0;
            case Constants.HVCALL_SET_PARTITION_PROPERTY:
                uint property = BitConverter.ToUInt32(input, 8);
                Properties[property] = BitConverter.ToUInt64(input, 16);
                Note($"property 0x{property:x} = 0x{Properties[property]:x}");
                return 0;
            case Constants.HVCALL_GET_VP_REGISTERS:
                return GetRegisters(input, output, ref completed);
            case Constants.HVCALL_SET_VP_REGISTERS:
                return SetRegisters(input, ref completed);
            case Constants.HVCALL_GET_PARTITION_PROPERTY_EX:
                return Constants.HV_STATUS_ACCESS_DENIED;
            default:
                return 0;
        }
    }

    private ushort GetRegisters(byte[] input, byte[] output, ref int completed)
    {
        RegisterCalls++;
        uint vp = BitConverter.ToUInt32(input, 8);
        int asked = completed;
        for (completed = 0; completed < Math.Min(asked, MaxCompleted); completed++)
        {
            uint name = BitConverter.ToUInt32(input, 16 + (4 * completed));
            if (RefusedRegisters.Contains(name))
            {
                return Constants.HV_STATUS_INVALID_PARAMETER;
            }

            hv_u128 value = Registers.GetValueOrDefault((vp, name));
            BitConverter.TryWriteBytes(output.AsSpan(16 * completed), value.low_part);
            BitConverter.TryWriteBytes(output.AsSpan((16 * completed) + 8), value.high_part);
        }

        return 0;
    }

    private ushort SetRegisters(byte[] input, ref int completed)
    {
        RegisterCalls++;
        uint vp = BitConverter.ToUInt32(input, 8);
        int asked = completed;
        for (completed = 0; completed < Math.Min(asked, MaxCompleted); completed++)
        {
            int at = 16 + (32 * completed);
            uint name = BitConverter.ToUInt32(input, at);
            if (RefusedRegisters.Contains(name))
            {
                return Constants.HV_STATUS_INVALID_PARAMETER;
            }

            Registers[(vp, name)] = new hv_u128
            {
                low_part = BitConverter.ToUInt64(input, at + 16),
                high_part = BitConverter.ToUInt64(input, at + 24),
            };
        }

        return 0;
    }
}
