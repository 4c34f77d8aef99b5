using System.Diagnostics;
using System.Runtime.InteropServices;
using HvBindgen.Kvm.Abi;
using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Processors;
using hv_u128 = HvBindgen.Mshv.Abi.hv_u128;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>State that KVM gives and takes by requests of its own.</summary>
internal sealed unsafe class KvmStoredState(Fd fd, VcpuRegisters registers, int xsaveSizeBytes) : IStoredState
{
    private readonly byte[] xsaveBuffer = new byte[xsaveSizeBytes];

    public int XsaveSizeBytes { get; } = xsaveSizeBytes;

    /// <summary>Whether the client has written debug registers since somebody last took note of them.</summary>
    internal bool DebugRegistersChanged { get; set; }

    public ProcessorActivity Activity
    {
        get
        {
            _ = KvmVcpu.KVM_GET_MP_STATE(fd, out kvm_mp_state state);
            return (int)state.mp_state switch
            {
                KvmConstants.KVM_MP_STATE_HALTED => ProcessorActivity.Halted,
                KvmConstants.KVM_MP_STATE_UNINITIALIZED or KvmConstants.KVM_MP_STATE_INIT_RECEIVED
                    or KvmConstants.KVM_MP_STATE_SIPI_RECEIVED => ProcessorActivity.WaitingForStartup,
                KvmConstants.KVM_MP_STATE_RUNNABLE => ProcessorActivity.Running,
                int other => throw new UnreachableException($"KVM_MP_STATE {other} is of no processor on x86-64."),
            };
        }

        set
        {
            kvm_mp_state state = new()
            {
                mp_state = value switch
                {
                    ProcessorActivity.Halted => KvmConstants.KVM_MP_STATE_HALTED,
                    ProcessorActivity.WaitingForStartup => KvmConstants.KVM_MP_STATE_UNINITIALIZED,
                    _ => KvmConstants.KVM_MP_STATE_RUNNABLE,
                },
            };
            _ = KvmVcpu.KVM_SET_MP_STATE(fd, in state);
        }
    }

    public bool TryReadMsr(uint index, out ulong value)
    {
        Span<byte> buffer = stackalloc byte[kvm_msrs.AllocationSize(1)];
        buffer.Clear();
        MemoryMarshal.Write(buffer, 1u);
        kvm_msrs.entries(buffer)[0].index = index;
        bool isRead = KvmVcpuX64.KVM_GET_MSRS(fd, buffer).Value == 1;
        value = kvm_msrs.entries(buffer)[0].data;
        return isRead;
    }

    public bool TryWriteMsr(uint index, ulong value) => WriteMsrs([(index, value)]) == 1;

    public int WriteMsrs(ReadOnlySpan<(uint Index, ulong Value)> values)
    {
        byte[] buffer = new byte[kvm_msrs.AllocationSize(values.Length)];
        MemoryMarshal.Write(buffer, (uint)values.Length);
        Span<kvm_msr_entry> entries = kvm_msrs.entries(buffer.AsSpan());
        for (int index = 0; index < values.Length; index++)
        {
            entries[index] = new() { index = values[index].Index, data = values[index].Value };
        }

        return Math.Max(0, KvmVcpuX64.KVM_SET_MSRS(fd, buffer).Value);
    }

    public void ReadFxState(out FxsaveArea area)
    {
        const uint EveryMxcsrBit = 0xffff;
        _ = KvmVcpuX64.KVM_GET_FPU(fd, out kvm_fpu fpu);
        area = default;
        area.FpControlStatus.fp_control = fpu.fcw;
        area.FpControlStatus.fp_status = fpu.fsw;
        area.FpControlStatus.fp_tag = fpu.ftwx;
        area.FpControlStatus.last_fp_op = fpu.last_opcode;
        area.FpControlStatus.last_fp_rip = fpu.last_ip;
        area.XmmControlStatus.last_fp_rdp = fpu.last_dp;
        area.XmmControlStatus.xmm_status_control = fpu.mxcsr;
        area.XmmControlStatus.xmm_status_control_mask = EveryMxcsrBit;
        MemoryMarshal.Cast<Array16<byte>, hv_u128>((ReadOnlySpan<Array16<byte>>)fpu.fpr).CopyTo(area.Fp);
        MemoryMarshal.Cast<Array16<byte>, hv_u128>((ReadOnlySpan<Array16<byte>>)fpu.xmm).CopyTo(area.Xmm);
    }

    // By way of the extended state: KVM_SET_FPU does not mark the registers as in use, and KVM forgets them when it next swaps them out.
    public bool TryWriteFxState(in FxsaveArea area)
    {
        ReadXsave(xsaveBuffer);
        ref XsaveArea whole = ref MemoryMarshal.AsRef<XsaveArea>(xsaveBuffer.AsSpan());
        whole.Legacy.FpControlStatus = area.FpControlStatus;
        whole.Legacy.XmmControlStatus = area.XmmControlStatus;
        whole.Legacy.Fp = area.Fp;
        whole.Legacy.Xmm = area.Xmm;
        whole.Header.Present |= XsaveHeader.X87 | XsaveHeader.Sse;
        return TryWriteXsave(xsaveBuffer);
    }

    public void ReadXsave(Span<byte> area)
    {
        if (XsaveSizeBytes > sizeof(kvm_xsave))
        {
            _ = KvmVcpuX64.KVM_GET_XSAVE2(fd, area[..XsaveSizeBytes]);
        }
        else
        {
            _ = KvmVcpuX64.KVM_GET_XSAVE(fd, area[..sizeof(kvm_xsave)]);
        }
    }

    public bool TryWriteXsave(ReadOnlySpan<byte> area) => KvmVcpuX64.KVM_SET_XSAVE(fd, area).IsSuccess;

    public ulong ReadXcr0()
    {
        _ = KvmVcpuX64.KVM_GET_XCRS(fd, out kvm_xcrs xcrs);
        return xcrs.nr_xcrs > 0 ? xcrs.xcrs[0].value : 1;
    }

    public bool TryWriteXcr0(ulong value)
    {
        kvm_xcrs xcrs = new() { nr_xcrs = 1 };
        xcrs.xcrs[0].value = value;
        return KvmVcpuX64.KVM_SET_XCRS(fd, in xcrs).IsSuccess;
    }

    public void ReadDebugRegisters(Span<ulong> registers)
    {
        _ = KvmVcpuX64.KVM_GET_DEBUGREGS(fd, out kvm_debugregs debug);
        ((ReadOnlySpan<ulong>)debug.db).CopyTo(registers);
        registers[4] = debug.dr6;
        registers[5] = debug.dr7;
    }

    public bool TryWriteDebugRegisters(ReadOnlySpan<ulong> registers)
    {
        kvm_debugregs debug = new() { dr6 = registers[4], dr7 = registers[5] };
        registers[..4].CopyTo(debug.db);
        DebugRegistersChanged = true;
        return KvmVcpuX64.KVM_SET_DEBUGREGS(fd, in debug).IsSuccess;
    }

    public bool TryReadApic(Span<byte> page)
    {
        registers.FlushSystem();
        bool isRead = KvmVcpuX64.KVM_GET_LAPIC(fd, out kvm_lapic_state apic).IsSuccess;
        MemoryMarshal.AsBytes(new ReadOnlySpan<kvm_lapic_state>(in apic)).CopyTo(page);
        return isRead;
    }

    public bool TryWriteApic(ReadOnlySpan<byte> page)
    {
        registers.FlushSystem();
        kvm_lapic_state apic = MemoryMarshal.Read<kvm_lapic_state>(page);
        return KvmVcpuX64.KVM_SET_LAPIC(fd, in apic).IsSuccess;
    }

    public bool TrySetCpuid(ReadOnlySpan<CpuidEntry> entries)
    {
        byte[] buffer = new byte[kvm_cpuid2.AllocationSize(entries.Length)];
        MemoryMarshal.Write(buffer, (uint)entries.Length);
        Span<kvm_cpuid_entry2> target = kvm_cpuid2.entries(buffer.AsSpan());
        for (int index = 0; index < entries.Length; index++)
        {
            CpuidEntry entry = entries[index];
            target[index] = new()
            {
                function = entry.Function,
                index = entry.Index,
                flags = entry.HasIndex ? (uint)KvmX64.KVM_CPUID_FLAG_SIGNIFCANT_INDEX : 0,
                eax = entry.Eax,
                ebx = entry.Ebx,
                ecx = entry.Ecx,
                edx = entry.Edx,
            };
        }

        return KvmVcpuX64.KVM_SET_CPUID2(fd, buffer).IsSuccess;
    }
}
