using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>What the processor oracle can't be asked about: segments of real mode, and what the kernel makes up for programs.</summary>
public sealed class SegmentPointerTests
{
    [Theory]
    [InlineData(new byte[] { 0xC4, 0x0F }, X64SegmentFile.Es)] // les cx, [bx]
    [InlineData(new byte[] { 0xC5, 0x0F }, X64SegmentFile.Ds)] // lds cx, [bx]
    [InlineData(new byte[] { 0x0F, 0xB2, 0x0F }, X64SegmentFile.Ss)] // lss cx, [bx]
    [InlineData(new byte[] { 0x0F, 0xB4, 0x0F }, X64SegmentFile.Fs)] // lfs cx, [bx]
    [InlineData(new byte[] { 0x0F, 0xB5, 0x0F }, X64SegmentFile.Gs)] // lgs cx, [bx]
    public void A_far_pointer_is_an_offset_and_a_selector(byte[] code, int segment)
    {
        using X64Machine machine = new(16);
        machine.State.Gpr[1] = 0x9999_9999;
        machine.State.Gpr[3] = 0x4001;
        machine.State.Rflags |= 1 << 8;
        ((ReadOnlySpan<byte>)[0x34, 0x12, 0xCD, 0xAB]).CopyTo(machine.Memory.Bytes[0x4001..]);

        EmulationOutcome outcome = machine.Step(code);

        Assert.Equal(EmulationResult.Completed, outcome.Result);
        Assert.Equal(0x9999_1234u, machine.State.Gpr[1]);
        Assert.Equal((0xABCD, 0xABCD0UL), (machine.State.Segments[segment].Selector, machine.State.Segments[segment].Base));

        // The stack pointer may have come with it: nothing is held back, as after a load of SS alone.
        Assert.True(outcome.SingleStepIsDue);
        Assert.False(outcome.LoadsStackSegment);
    }

    [Fact]
    public void A_far_pointer_in_a_device_is_two_reads_and_none_in_protected_mode_without_tables()
    {
        using X64Machine real = new(16);
        real.State.Segments[X64SegmentFile.Ds].Base = X64Machine.DeviceBase;
        real.Bus.Answer = 0x5566_7788;
        using X64Machine flat = new(32);
        flat.State.Gpr[3] = X64Machine.DeviceBase;

        Assert.Equal(EmulationResult.Completed, real.Step(0x66, 0xC4, 0x0F).Result); // les ecx, [bx]
        Assert.Equal(["read 4 at fee00000", "read 2 at fee00004"], real.Bus.Log);
        Assert.Equal(EmulationLimit.SegmentLoad, flat.Step(0xC4, 0x0B).Limit); // les ecx, [ebx], without tables
        Assert.Empty(flat.Bus.Log);
    }

    [Fact]
    public void The_machine_status_goes_into_two_bytes_of_memory_or_a_whole_register()
    {
        using X64Machine machine = new(64);
        machine.State.Cr0 = 0x0005_0033;
        machine.State.Gpr[3] = X64Machine.DeviceBase;
        machine.State.Gpr[1] = ulong.MaxValue;

        Assert.Equal(EmulationResult.Completed, machine.Step(0x0F, 0x01, 0x23).Result); // smsw [rbx]
        Assert.Equal(["write 2 at fee00000: 3300"], machine.Bus.Log);
        machine.Step(0x66, 0x0F, 0x01, 0xE1); // smsw cx
        Assert.Equal(0xFFFF_FFFF_FFFF_0033UL, machine.State.Gpr[1]);
        machine.Step(0x0F, 0x01, 0xE1); // smsw ecx
        Assert.Equal(0x0005_0033UL, machine.State.Gpr[1]);
    }

    [Theory]
    [InlineData(0, EmulationResult.Completed)]
    [InlineData(3, EmulationResult.Fault)]
    public void With_UMIP_programs_do_not_see_the_machine_status(int privilege, EmulationResult expected)
    {
        using X64Machine machine = new(64);
        machine.State.Cr4 |= 1 << 11;
        machine.State.Segments[X64SegmentFile.Ss].PrivilegeLevel = privilege;

        Assert.Equal(expected, machine.Step(0x0F, 0x01, 0xE1).Result); // smsw ecx
    }

    [Theory]
    [InlineData(new byte[] { 0xC4, 0xE2, 0x60, 0xF2, 0xC8 })] // andn ecx, ebx, eax
    [InlineData(new byte[] { 0xC4, 0xE2, 0x60, 0xF3, 0xC8 })] // blsr ebx, eax
    [InlineData(new byte[] { 0xC4, 0xE2, 0x63, 0xF6, 0xC8 })] // mulx ecx, ebx, eax
    [InlineData(new byte[] { 0xC4, 0xE3, 0x7B, 0xF0, 0xC8, 0x03 })] // rorx ecx, eax, 3
    public void Without_protected_mode_there_are_no_VEX_instructions(byte[] code)
    {
        using X64Machine machine = new(16);
        EmulationOutcome outcome = machine.Step(code);

        Assert.Equal((EmulationResult.Fault, 6), (outcome.Result, outcome.Vector));
    }
}
