using System.Text;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>How a guest finds the hypervisor, and that what it finds works.</summary>
public sealed class HypervisorFace
{
    private const ulong HypercallPageGpa = 0xa000;
    private const ulong ResultsGpa = 0xb000;

    private static readonly ulong Features = new hv_partition_synthetic_processor_features
    {
        hypervisor_present = 1,
        hv1 = 1,
        access_partition_reference_counter = 1,
        access_hypercall_regs = 1,
        access_vp_index = 1,
        access_synthetic_timer_regs = 1,
        access_partition_reference_tsc = 1,
    }.as_uint64[0];

    [Fact]
    public void A_guest_finds_the_hypervisor_by_name_and_what_works_of_its_privileges()
    {
        uint[] results = Ask(Features, [0x40000000, 0x40000001, 0x40000003, 0x40000005]);

        Assert.Equal(0x40000005u, results[0]);
        Assert.Equal("Microsoft Hv", Encoding.ASCII.GetString(
            [.. BitConverter.GetBytes(results[1]), .. BitConverter.GetBytes(results[2]), .. BitConverter.GetBytes(results[3])]));
        Assert.Equal("Hv#1", Encoding.ASCII.GetString(BitConverter.GetBytes(results[4])));

        // What was not granted, registers of the interrupt controller above all, is not there.
        ulong expected = Abi.Constants.HV_MSR_TIME_REF_COUNT_AVAILABLE | Abi.Constants.HV_MSR_HYPERCALL_AVAILABLE
            | Abi.Constants.HV_MSR_VP_INDEX_AVAILABLE | Abi.Constants.HV_MSR_SYNTIMER_AVAILABLE
            | Abi.Constants.HV_MSR_REFERENCE_TSC_AVAILABLE;
        Assert.Equal(expected, results[8] | ((ulong)results[9] << 32));
        Assert.Equal(256u, results[12]);
    }

    [Fact]
    public void A_partition_without_synthetic_features_shows_no_hypervisor() =>
        Assert.NotEqual("Microsoft Hv"u8[0], (byte)Ask(0, [0x40000000])[1]);

    [Fact]
    public void Calls_of_a_guest_return_from_the_hypercall_page_with_a_status()
    {
        Assert.SkipWhen(Requirement.IsSoftware, "hypercalls reach processors in software: HypercallGuests");
        using EmulatedMachine machine = new(syntheticFeatures: Features);
        byte[] code = GuestCode.Assemble(64, a =>
        {
            WriteMsr(a, 0x40000000, 1); // HV_X64_MSR_GUEST_OS_ID
            WriteMsr(a, 0x40000001, (uint)HypercallPageGpa | 1);
            a.mov(ecx, 8); // HVCALL_NOTIFY_LONG_SPIN_WAIT
            a.mov(edx, 0x1234);
            a.mov(rax, HypercallPageGpa);
            a.call(rax);
            a.@out(0x80, eax);
        });
        GuestCode.Start(machine, 64, code);

        hv_x64_io_port_intercept_message message =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

        Assert.Equal((ulong)Abi.Constants.HV_STATUS_INVALID_HYPERCALL_CODE, message.rax);
        Assert.Contains(machine.Refusals, each => each.Contains("HV_STATUS_INVALID_HYPERCALL_CODE", StringComparison.Ordinal));
    }

    // The guest stores what CPUID gives it for each leaf: EAX, EBX, ECX, EDX.
    private static uint[] Ask(ulong features, uint[] leaves)
    {
        using EmulatedMachine machine = new(syntheticFeatures: features);
        byte[] code = GuestCode.Assemble(64, a =>
        {
            for (int index = 0; index < leaves.Length; index++)
            {
                a.mov(eax, leaves[index]);
                a.xor(ecx, ecx);
                a.cpuid();
                a.mov(edi, (uint)ResultsGpa + (16 * (uint)index));
                a.mov(__dword_ptr[rdi], eax);
                a.mov(__dword_ptr[rdi + 4], ebx);
                a.mov(__dword_ptr[rdi + 8], ecx);
                a.mov(__dword_ptr[rdi + 12], edx);
            }

            a.@out(0x80, al);
        });
        GuestCode.Start(machine, 64, code);
        _ = machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(machine.RamAt(ResultsGpa, 16 * leaves.Length)).ToArray();
    }

    private static void WriteMsr(Assembler a, uint index, uint value)
    {
        a.mov(ecx, index);
        a.mov(eax, value);
        a.xor(edx, edx);
        a.wrmsr();
    }
}
