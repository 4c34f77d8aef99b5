using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Running;

public sealed class SegmentRegisterTests
{
    [Fact]
    public void The_emulator_reads_the_hypervisors_segment_registers_field_by_field()
    {
        hv_x64_segment_register register = new()
        {
            @base = 0x1122_3344_5566_7788,
            limit = 0x99AA_BBCC,
            selector = 0xDDEE,
        };
        Assert.Equal(new X64SegmentState { Base = register.@base, Limit = register.limit, Selector = 0xDDEE }, StateOf(register));
        Assert.Equal(new X64SegmentState { Type = 0xB }, StateOf(new() { segment_type = 0xB }));
        Assert.Equal(new X64SegmentState { IsCodeOrData = true }, StateOf(new() { non_system_segment = 1 }));
        Assert.Equal(new X64SegmentState { PrivilegeLevel = 2 }, StateOf(new() { descriptor_privilege_level = 2 }));
        Assert.Equal(new X64SegmentState { IsPresent = true }, StateOf(new() { present = 1 }));
        Assert.Equal(new X64SegmentState { IsLong = true }, StateOf(new() { _long = 1 }));
        Assert.Equal(new X64SegmentState { IsBig = true }, StateOf(new() { _default = 1 }));
        Assert.Equal(new X64SegmentState { IsGranular = true }, StateOf(new() { granularity = 1 }));
    }

    [Fact]
    public void A_segment_register_comes_back_as_it_went()
    {
        X64SegmentState state = new() { Base = 1UL << 40, Limit = 3, Selector = 0x28, Attributes = 0xA09B };

        hv_x64_segment_register register = SegmentRegisters.AsRegister(in state);

        Assert.Equal((state.Base, state.Limit, state.Selector), (register.@base, register.limit, register.selector));
        Assert.Equal(state, StateOf(register));
    }

    private static X64SegmentState StateOf(hv_x64_segment_register register) => SegmentRegisters.AsStates([register])[0];
}
