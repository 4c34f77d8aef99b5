using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Instructions whose accesses are not answered, or answered by an exception.</summary>
public sealed class X64EmulatorRepeatTests
{
    [Theory]
    [InlineData(0xA4, 5)] // rep movsb to the device
    [InlineData(0xAA, 5)] // rep stosb
    [InlineData(0x6E, 5)] // rep outsb
    public void What_a_repeated_instruction_has_done_stays_done_when_an_access_is_not_answered(byte opcode, int answered)
    {
        using X64Machine machine = Machine(answered);

        EmulationOutcome outcome = machine.Step(0xF3, opcode);

        Assert.Equal(EmulationResult.Abandoned, outcome.Result);
        Assert.Equal(8 - (ulong)answered, machine.State.Gpr[1]);
        Assert.Equal(0x8000u, machine.State.Rip);
        Assert.Equal(answered, machine.Bus.Log.Count);
    }

    [Theory]
    [InlineData(0xA4)]
    [InlineData(0xAA)]
    [InlineData(0x6E)]
    public void What_a_repeated_instruction_has_done_stays_done_when_a_device_throws(byte opcode)
    {
        using X64Machine machine = Machine(answered: 3);
        machine.Bus.Fault = new FormatException();

        Assert.Throws<FormatException>(() => machine.Step(0xF3, opcode));

        Assert.Equal(5u, machine.State.Gpr[1]);
        Assert.Equal(0x8000u, machine.State.Rip);
        machine.Bus.Patience = int.MaxValue;
        Assert.Equal(EmulationResult.Completed, machine.Step(0xF3, opcode).Result);
        Assert.Equal(8, machine.Bus.Log.Count);
    }

    [Fact]
    public void A_comparison_that_is_not_answered_shows_the_flags_from_before()
    {
        using X64Machine machine = Machine(answered: 2);
        machine.State.Rflags = 0x2;

        machine.Step(0xF3, 0xA6); // repe cmpsb: zeros with zeros

        Assert.Equal((6UL, 0x2UL), (machine.State.Gpr[1], machine.State.Rflags));
    }

    [Theory]
    [InlineData(new byte[] { 0x8A, 0x07 })] // mov al, [rdi]
    [InlineData(new byte[] { 0x00, 0x07 })] // add [rdi], al
    [InlineData(new byte[] { 0xFF, 0x37 })] // push [rdi]
    [InlineData(new byte[] { 0xFF, 0x17 })] // call [rdi]
    [InlineData(new byte[] { 0x0F, 0x10, 0x07 })] // movups xmm0, [rdi]
    [InlineData(new byte[] { 0xA4 })] // movsb, back to RAM
    [InlineData(new byte[] { 0xEC })] // in al, dx
    [InlineData(new byte[] { 0xEE })] // out dx, al
    public void What_is_not_answered_leaves_registers_and_RAM_as_they_were(byte[] code)
    {
        using X64Machine machine = Machine(answered: 0);
        (machine.State.Gpr[6], machine.State.Gpr[7]) = code[0] == 0xA4
            ? (X64Machine.DeviceBase, 0x5000UL)
            : (0x4000UL, X64Machine.DeviceBase);
        machine.Bus.Answer = 0x5A5A_5A5A_5A5A_5A5A;
        ulong[] registers = [.. (ReadOnlySpan<ulong>)machine.State.Gpr];
        byte[] memory = machine.Memory.Bytes.ToArray();

        Assert.Equal(EmulationResult.Abandoned, machine.Step(code).Result);

        Assert.Equal(registers, ((ReadOnlySpan<ulong>)machine.State.Gpr).ToArray());
        Assert.Equal(0x8000u, machine.State.Rip);
        Assert.True(machine.Memory.Bytes.SequenceEqual(memory));
        Assert.All(machine.Bus.Vectors, part => Assert.Equal(0, part));
    }

    [Fact]
    public void A_repeated_instruction_is_left_between_two_iterations_when_something_is_asked_of_the_thread()
    {
        using X64Machine machine = Machine(answered: int.MaxValue);
        EmulationInput input = new() { InstructionBytes = [0xF3, 0xAA], IsInterrupted = () => machine.Bus.Log.Count == 3 };

        EmulationOutcome outcome = machine.Emulator.Execute(ref machine.State, input);

        Assert.Equal(EmulationResult.Continue, outcome.Result);
        Assert.Equal((5UL, 3), (machine.State.Gpr[1], machine.Bus.Log.Count));
    }

    private static X64Machine Machine(int answered)
    {
        X64Machine machine = new(64);
        machine.Bus.Patience = answered;
        machine.State.Gpr[1] = 8;
        machine.State.Gpr[4] = 0x7800;
        machine.State.Gpr[6] = 0x4000;
        machine.State.Gpr[7] = X64Machine.DeviceBase;
        return machine;
    }
}
