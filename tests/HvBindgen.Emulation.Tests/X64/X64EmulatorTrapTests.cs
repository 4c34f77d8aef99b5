using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed class X64EmulatorTrapTests
{
    private const ulong TrapFlag = 1 << 8;

    [Fact]
    public void A_single_step_trap_is_due_after_each_iteration_of_a_repeated_instruction()
    {
        using X64Machine machine = new(64);
        machine.State.Rflags |= TrapFlag;
        machine.State.Gpr[1] = 3;
        machine.State.Gpr[7] = X64Machine.DeviceBase;
        List<(EmulationResult, bool, ulong, ulong)> steps = [];

        for (int step = 0; step < 3; step++)
        {
            EmulationOutcome outcome = machine.Step(0xF3, 0xAA); // rep stosb
            steps.Add((outcome.Result, outcome.SingleStepIsDue, machine.State.Gpr[1], machine.State.Rip));
        }

        Assert.Equal(
            [
                (EmulationResult.Continue, true, 2, 0x8000),
                (EmulationResult.Continue, true, 1, 0x8000),
                (EmulationResult.Completed, true, 0, 0x8002),
            ],
            steps);
        Assert.Equal(3, machine.Bus.Log.Count);
    }

    [Fact]
    public void A_load_of_the_stack_segment_holds_the_single_step_trap_back()
    {
        using X64Machine machine = new(16);
        machine.State.Rflags |= TrapFlag;

        Assert.False(machine.Step(0x8E, 0xD0).SingleStepIsDue); // mov ss, ax
        Assert.True(machine.Step(0x8E, 0xD8).SingleStepIsDue); // mov ds, ax
    }

    [Theory]
    [InlineData(14, 6)] // ends at the 15th byte, and is undefined
    [InlineData(12, 6)]
    [InlineData(15, 13)] // all prefixes
    public void An_undefined_instruction_of_fifteen_bytes_is_undefined_and_a_longer_one_is_not_looked_at(int prefixes, int vector)
    {
        using X64Machine machine = new(64);
        byte[] code = [.. Enumerable.Repeat((byte)0x2E, prefixes), 0x06, 0, 0, 0]; // push es, which 64-bit mode does not have

        Assert.Equal(vector, machine.Step(code.AsSpan(0, 15)).Vector);
    }

    [Fact]
    public void A_defined_instruction_that_ends_behind_the_fifteenth_byte_is_a_protection_fault()
    {
        using X64Machine machine = new(64);
        byte[] code = [.. Enumerable.Repeat((byte)0x2E, 11), 0xB8, 1, 2, 3]; // mov eax, imm32, one byte too many

        Assert.Equal(13, machine.Step(code).Vector);
    }
}
