using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Interop;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Registers that are set by one call: each counts by itself, although they reach the engine together.</summary>
public sealed class RegisterSeries
{
    [Fact]
    public void What_comes_before_a_refused_register_is_set_and_what_comes_behind_is_not()
    {
        using EmulatedMachine machine = new();
        machine.Set(hv_register_name.HV_X64_REGISTER_XMM2, 22);

        mshv_root_hvcall call = Set(
            machine,
            out int errno,
            (hv_register_name.HV_X64_REGISTER_XMM0, 1),
            (hv_register_name.HV_X64_REGISTER_FP_MMX3, 3),
            (hv_register_name.HV_X64_REGISTER_XMM_CONTROL_STATUS, 0), // with all bits of MXCSR, see below
            (hv_register_name.HV_X64_REGISTER_XMM2, 2));

        Assert.Equal((Errno.EINVAL, (ushort)2), (errno, call.reps));
        Assert.Equal(1UL, machine.Get(hv_register_name.HV_X64_REGISTER_XMM0).reg64);
        Assert.Equal(3UL, machine.Get(hv_register_name.HV_X64_REGISTER_FP_MMX3).reg64);
        Assert.Equal(22UL, machine.Get(hv_register_name.HV_X64_REGISTER_XMM2).reg64);
    }

    [Fact]
    public void All_of_a_long_series_are_set()
    {
        using EmulatedMachine machine = new();
        (hv_register_name Name, ulong Value)[] registers =
        [
            .. Enumerable.Range(0, 16).Select(index => (hv_register_name.HV_X64_REGISTER_XMM0 + (uint)index, 100UL + (ulong)index)),
            .. Enumerable.Range(0, 8).Select(index => (hv_register_name.HV_X64_REGISTER_FP_MMX0 + (uint)index, 200UL + (ulong)index)),
            .. Enumerable.Range(0, 16).Select(index => (hv_register_name.HV_X64_REGISTER_RAX + (uint)index, 300UL + (ulong)index)),
        ];

        mshv_root_hvcall call = Set(machine, out int errno, registers);

        Assert.Equal((0, (ushort)registers.Length), (errno, call.reps));
        Assert.All(registers, each => Assert.Equal(each.Value, machine.Get(each.Name).reg64));
    }

    [Fact]
    public void A_model_specific_register_that_is_refused_ends_a_series_of_them()
    {
        using EmulatedMachine machine = new();
        machine.Set(hv_register_name.HV_X64_REGISTER_CSTAR, 22);

        mshv_root_hvcall call = Set(
            machine,
            out int errno,
            (hv_register_name.HV_X64_REGISTER_LSTAR, 0x1000),
            (hv_register_name.HV_X64_REGISTER_KERNEL_GS_BASE, 1UL << 63), // no address of any processor
            (hv_register_name.HV_X64_REGISTER_CSTAR, 2));

        Assert.Equal((Errno.EINVAL, (ushort)1), (errno, call.reps));
        Assert.Equal(0x1000UL, machine.Get(hv_register_name.HV_X64_REGISTER_LSTAR).reg64);
        Assert.Equal(22UL, machine.Get(hv_register_name.HV_X64_REGISTER_CSTAR).reg64);
    }

    private static mshv_root_hvcall Set(EmulatedMachine machine, out int errno, params (hv_register_name Name, ulong Value)[] registers)
    {
        byte[] input = new byte[hv_input_set_vp_registers.AllocationSize(registers.Length)];
        Span<hv_register_assoc> elements = hv_input_set_vp_registers.elements(input.AsSpan());
        for (int index = 0; index < registers.Length; index++)
        {
            elements[index] = new() { name = (uint)registers[index].Name, value = new() { reg64 = registers[index].Value } };
            if (registers[index].Name == hv_register_name.HV_X64_REGISTER_XMM_CONTROL_STATUS)
            {
                hv_x64_xmm_control_status_register status = default;
                status.xmm_status_control = uint.MaxValue; // most of its bits are reserved
                elements[index].value.reg128 = status.as_uint128;
            }
        }

        return machine.Call(machine.Processor, Abi.Constants.HVCALL_SET_VP_REGISTERS, input, [], registers.Length, out errno);
    }
}
