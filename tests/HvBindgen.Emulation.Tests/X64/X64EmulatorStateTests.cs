using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed class X64EmulatorStateTests
{
    [Fact]
    public void Real_mode_adds_segment_times_sixteen_and_faults_without_error_code()
    {
        using X64Machine machine = new(16);
        machine.State.Segments[X64SegmentFile.Ds].Base = 0x1_2340;
        machine.State.Gpr[3] = 0x10;
        machine.Memory.Bytes[0x1_2350] = 0x99;

        Assert.Equal(EmulationResult.Completed, machine.Step(0x8A, 0x07).Result); // mov al, [bx]
        Assert.Equal(0x99u, machine.State.Gpr[0]);

        machine.State.Gpr[3] = 0xFFFF;
        EmulationOutcome outcome = machine.Step(0x8B, 0x07); // mov ax, [bx]: two bytes at the end of the segment

        Assert.Equal((EmulationResult.Fault, 13), (outcome.Result, outcome.Vector));
        Assert.Null(outcome.ErrorCode);
    }

    [Theory]
    [InlineData(1, 0x1234_56FF)]
    [InlineData(0, 0x1234_5600)]
    public void SALC_fills_AL_with_the_carry_flag_outside_64_bit_mode(ulong carry, ulong expected)
    {
        using X64Machine machine = new(32);
        machine.State.Gpr[0] = 0x1234_5678;
        machine.State.Rflags = 2 | carry;

        Assert.Equal(EmulationResult.Completed, machine.Step(0xD6).Result);

        Assert.Equal((expected, 2 | carry), (machine.State.Gpr[0], machine.State.Rflags));
    }

    [Fact]
    public void Real_mode_loads_segments_and_protected_mode_says_it_cannot()
    {
        using X64Machine real = new(16);
        using X64Machine flat = new(32);
        real.State.Gpr[0] = 0xB800;

        EmulationOutcome loaded = real.Step(0x8E, 0xD0); // mov ss, ax
        EmulationOutcome refused = flat.Step(0x8E, 0xD8); // mov ds, eax

        Assert.Equal(EmulationResult.Completed, loaded.Result);
        Assert.True(loaded.LoadsStackSegment);
        Assert.Equal(0xB_8000u, real.State.Segments[X64SegmentFile.Ss].Base);
        Assert.Equal((EmulationResult.Unsupported, EmulationLimit.SegmentLoad), (refused.Result, refused.Limit));
    }

    [Fact]
    public void Bytes_are_fetched_through_the_page_tables_when_none_are_delivered()
    {
        using X64Machine machine = new(64);
        machine.EnableIdentityPaging();
        machine.State.Rip = 0x9_FFFE;
        new byte[] { 0x48, 0xB8, 1, 2, 3, 4, 5, 6, 7, 8 }.CopyTo(machine.Memory.Bytes[0x9_FFFE..]); // mov rax, imm64 over a page border

        Assert.Equal(EmulationResult.Completed, machine.Step().Result);
        Assert.Equal(0x0807_0605_0403_0201u, machine.State.Gpr[0]);
        Assert.Equal(0xA_0008u, machine.State.Rip);
    }

    [Fact]
    public void Bytes_cut_short_are_fetched_again()
    {
        using X64Machine machine = new(64);
        new byte[] { 0xB8, 0x78, 0x56, 0x34, 0x12 }.CopyTo(machine.Memory.Bytes[0x8000..]); // mov eax, imm32

        Assert.Equal(EmulationResult.Completed, machine.Step(0xB8, 0x78).Result);
        Assert.Equal(0x1234_5678u, machine.State.Gpr[0]);
    }

    [Theory]
    [InlineData(new byte[] { 0x0F, 0x0B }, 6)] // ud2
    [InlineData(new byte[] { 0xF0, 0x8B, 0x03 }, 6)] // lock mov
    [InlineData(new byte[] { 0xF0, 0x01, 0xC3 }, 6)] // lock add ebx, eax
    [InlineData(new byte[] { 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E }, 13)] // too long
    public void What_is_no_instruction_faults(byte[] code, byte vector)
    {
        using X64Machine machine = new(64);
        EmulationOutcome outcome = machine.Step(code);

        Assert.Equal((EmulationResult.Fault, vector), (outcome.Result, outcome.Vector));
        Assert.Equal(0x8000u, machine.State.Rip);
    }

    [Theory]
    [InlineData(new byte[] { 0x0F, 0xA2 })] // cpuid
    [InlineData(new byte[] { 0x0F, 0x01, 0x1B })] // lidt [rbx]
    [InlineData(new byte[] { 0x0F, 0xAE, 0x23 })] // xsave [rbx]
    [InlineData(new byte[] { 0x62, 0xF2, 0x7D, 0x48, 0x7E, 0x03 })] // vpermt2d zmm0, zmm0, [rbx]
    public void What_is_not_emulated_is_said_and_touches_nothing(byte[] code)
    {
        using X64Machine machine = new(64);
        machine.State.Gpr[3] = X64Machine.DeviceBase;

        EmulationOutcome outcome = machine.Step(code);

        Assert.Equal((EmulationResult.Unsupported, EmulationLimit.Instruction), (outcome.Result, outcome.Limit));
        Assert.NotEmpty(outcome.InstructionName);
        Assert.Empty(machine.Bus.Log);
        Assert.Equal(0x8000u, machine.State.Rip);
    }

    [Fact]
    public void Vectors_need_what_the_control_registers_enable()
    {
        using X64Machine machine = new(64);
        machine.State.Cr0 |= 8;
        Assert.Equal(7, machine.Step(0x0F, 0x10, 0xC1).Vector); // movups xmm0, xmm1 with CR0.TS

        machine.State.Cr0 &= ~8UL;
        machine.State.Cr4 &= ~0x200UL;
        Assert.Equal(6, machine.Step(0x0F, 0x10, 0xC1).Vector); // without CR4.OSFXSR

        machine.State.Xcr0 = 3;
        Assert.Equal(6, machine.Step(0xC5, 0xFC, 0x10, 0xC1).Vector); // vmovups ymm0, ymm1 without XCR0.AVX
    }

    [Fact]
    public void Supervisor_writes_to_read_only_pages_depend_on_wp_and_to_user_pages_on_smap()
    {
        using X64Machine machine = new(64);
        machine.EnableIdentityPaging();
        machine.State.Gpr[3] = 0x40_0000;
        machine.Memory.Words[1536 + 2] = 0x85; // user, read-only: the 2 MiB page behind the RAM
        machine.Bus.Answer = 5;

        Assert.Equal(EmulationResult.Completed, machine.Step(0x89, 0x03).Result);

        machine.State.Cr0 |= 1 << 16;
        Assert.Equal(3u, machine.Step(0x89, 0x03).ErrorCode);

        machine.State.Cr4 |= 1 << 21;
        Assert.Equal(1u, machine.Step(0x8B, 0x03).ErrorCode);

        machine.State.Rflags |= 1 << 18;
        Assert.Equal(EmulationResult.Completed, machine.Step(0x8B, 0x03).Result);
    }

    [Fact]
    public void Popf_at_privilege_three_leaves_what_only_the_kernel_may_change()
    {
        using X64Machine machine = new(64);
        machine.State.Gpr[4] = 0x7000;
        BitConverter.TryWriteBytes(machine.Memory.Bytes[0x7000..], 0xFFFF_FFFF_FFFF_FFFF);
        machine.State.Segments[X64SegmentFile.Ss].PrivilegeLevel = 3;
        machine.State.Rflags = 2;

        Assert.Equal(EmulationResult.Completed, machine.Step(0x9D).Result);
        Assert.Equal(0x24_4DD7u, machine.State.Rflags);
    }

    [Fact]
    public void A_single_step_trap_is_reported_with_the_instruction_that_owes_it()
    {
        using X64Machine machine = new(64);
        machine.State.Rflags |= 1 << 8;

        Assert.True(machine.Step(0x90).SingleStepIsDue);
        machine.State.Rflags &= ~(1UL << 8);
        Assert.False(machine.Step(0x90).SingleStepIsDue);
    }
}
