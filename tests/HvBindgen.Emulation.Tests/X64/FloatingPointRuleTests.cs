using System.Buffers.Binary;
using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>What control registers and MXCSR allow, where the processor oracle cannot be asked.</summary>
public sealed class FloatingPointRuleTests
{
    private const int MxcsrOffset = 24;
    private const uint AllMasked = 0x1F80;
    private const uint DivisionUnmasked = 0x1D80;
    private const byte UndefinedOpcode = 6;
    private const byte DeviceNotAvailable = 7;
    private const byte SimdException = 19;
    private const ulong Emulation = 1 << 2;
    private const ulong TaskSwitched = 1 << 3;
    private const ulong OsFxsr = 1 << 9;
    private const ulong OsXmmExcpt = 1 << 10;

    private static readonly byte[] Divide = [0xF2, 0x0F, 0x5E, 0xC1]; // divsd xmm0, xmm1
    private static readonly byte[] Add = [0x0F, 0x58, 0x07]; // addps xmm0, [rdi]

    [Theory]
    [InlineData(Emulation, 0ul, UndefinedOpcode)]
    [InlineData(TaskSwitched, 0ul, DeviceNotAvailable)]
    [InlineData(0ul, OsFxsr, UndefinedOpcode)]
    [InlineData(Emulation | TaskSwitched, 0ul, UndefinedOpcode)]
    public void Arithmetic_faults_where_control_registers_forbid_it(ulong set, ulong missing, byte vector)
    {
        using X64Machine machine = Machine(AllMasked);
        machine.State.Cr0 |= set;
        machine.State.Cr4 &= ~missing;

        Assert.Equal((EmulationResult.Fault, vector), Result(machine, Divide));
        Assert.Equal(AllMasked, Mxcsr(machine));
    }

    [Theory]
    [InlineData(OsXmmExcpt, SimdException)]
    [InlineData(0ul, UndefinedOpcode)]
    public void An_exception_without_a_mask_is_noted_and_raised(ulong support, byte vector)
    {
        using X64Machine machine = Machine(DivisionUnmasked);
        machine.State.Cr4 = (machine.State.Cr4 & ~OsXmmExcpt) | support;
        BinaryPrimitives.WriteDoubleLittleEndian(machine.Bus.Vectors, 1);

        Assert.Equal((EmulationResult.Fault, vector), Result(machine, Divide));
        Assert.Equal(DivisionUnmasked | 4, Mxcsr(machine));
        Assert.Equal(1, BinaryPrimitives.ReadDoubleLittleEndian(machine.Bus.Vectors));
    }

    [Fact]
    public void A_sum_may_have_its_second_operand_on_a_device()
    {
        using X64Machine machine = Machine(AllMasked);
        machine.State.Gpr[7] = X64Machine.DeviceBase;
        machine.Bus.Answer = BitConverter.SingleToUInt32Bits(1.5f) * 0x1_0000_0001UL;
        BinaryPrimitives.WriteSingleLittleEndian(machine.Bus.Vectors.AsSpan(4), 2);

        Assert.Equal(EmulationResult.Completed, machine.Step(Add).Result);
        Assert.Equal(1.5f, BinaryPrimitives.ReadSingleLittleEndian(machine.Bus.Vectors));
        Assert.Equal(3.5f, BinaryPrimitives.ReadSingleLittleEndian(machine.Bus.Vectors.AsSpan(4)));
        Assert.Equal(["read 16 at fee00000"], machine.Bus.Log);
    }

    [Fact]
    public void A_device_that_does_not_answer_leaves_no_exceptions()
    {
        using X64Machine machine = Machine(AllMasked);
        machine.State.Gpr[7] = X64Machine.DeviceBase;
        machine.Bus.Patience = 0;
        machine.Bus.Vectors[0] = 1;

        Assert.Equal(EmulationResult.Abandoned, machine.Step(Add).Result);
        Assert.Equal(AllMasked, Mxcsr(machine));
    }

    [Fact]
    public void Without_MXCSR_arithmetic_is_refused_by_name()
    {
        using X64Machine machine = new(64);
        EmulationOutcome outcome = machine.Step(Divide);

        Assert.Equal((EmulationResult.Unsupported, EmulationLimit.VectorRegisters), (outcome.Result, outcome.Limit));
    }

    private static X64Machine Machine(uint mxcsr)
    {
        X64Machine machine = new(64);
        machine.Bus.HasFloatingPoint = true;
        BinaryPrimitives.WriteUInt32LittleEndian(machine.Bus.FloatingPoint.AsSpan(MxcsrOffset), mxcsr);
        return machine;
    }

    private static (EmulationResult Result, byte Vector) Result(X64Machine machine, byte[] code)
    {
        EmulationOutcome outcome = machine.Step(code);
        return (outcome.Result, outcome.Vector);
    }

    private static uint Mxcsr(X64Machine machine) =>
        BinaryPrimitives.ReadUInt32LittleEndian(machine.Bus.FloatingPoint.AsSpan(MxcsrOffset));
}
