using System.Buffers.Binary;
using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>FNSTENV and its kin where the processor oracle cannot be asked: pointers, real mode, devices.</summary>
public sealed class EnvironmentTests
{
    private const ushort Control = 0x340;
    private const ushort Status = 0x2800;
    private const ushort Operation = 0x5AB;
    private const uint CodePointer = 0x1_2345;
    private const uint DataPointer = 0x6_789A;
    private const string Empty = "FFFF";
    private const string Fill = "FFFF";

    private static readonly byte[] StoreEnvironment = [0xD9, 0x37]; // fnstenv [bx] and [rdi], by mode
    private static readonly byte[] LoadEnvironment = [0xD9, 0x27];

    [Theory]
    [InlineData(16, false, "4003" + "0028" + Empty + "4523" + "AB15" + "9A78" + "0060")]
    [InlineData(
        16, true,
        "4003" + Fill + "0028" + Fill + Empty + Fill + "4523" + Fill + "AB150000" + "9A78" + Fill + "00600000")]
    [InlineData(32, true, "4003" + Fill + "0028" + Fill + Empty + Fill + "45230100" + "0000AB05" + "9A780600" + "0000" + Fill)]
    [InlineData(64, false, "4003" + "0028" + Empty + "4523" + "0000" + "9A78" + "0000")]
    public void An_environment_has_the_form_of_its_mode_and_comes_back_from_it(int bits, bool isWide, string expected)
    {
        using X64Machine machine = Machine(bits);
        byte[] prefix = isWide == (bits != 16) ? [] : [0x66];
        byte[] before = [.. machine.Bus.FloatingPoint];

        Assert.Equal(EmulationResult.Completed, machine.Step([.. prefix, .. StoreEnvironment]).Result);
        Assert.Equal(expected, Convert.ToHexString(machine.Memory.Bytes.Slice(0x100, expected.Length / 2)));

        // All exceptions are masked then.
        Assert.Equal(Control | 0x3F, BinaryPrimitives.ReadUInt16LittleEndian(machine.Bus.FloatingPoint));

        Array.Clear(machine.Bus.FloatingPoint, 6, 18);
        Assert.Equal(EmulationResult.Completed, machine.Step([.. prefix, .. LoadEnvironment]).Result);
        Assert.Equal(before[..6], machine.Bus.FloatingPoint[..6]);

        // Sixteen bits of protected mode have neither upper halves nor the operation.
        byte[] image = machine.Bus.FloatingPoint;
        uint mask = bits == 16 || isWide ? uint.MaxValue : ushort.MaxValue;
        Assert.Equal(CodePointer & mask, BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(8)));
        Assert.Equal(DataPointer & mask, BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(16)));
        Assert.Equal(mask == uint.MaxValue ? Operation : 0u, BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(6)));
    }

    [Fact]
    public void A_device_that_does_not_answer_leaves_x87_as_it_was()
    {
        using X64Machine machine = Machine(64);
        machine.State.Gpr[7] = X64Machine.DeviceBase;
        machine.Bus.Patience = 0;
        byte[] before = [.. machine.Bus.FloatingPoint];

        Assert.Equal(EmulationResult.Abandoned, machine.Step(0xDD, 0x27).Result); // frstor [rdi]
        Assert.Equal(EmulationResult.Abandoned, machine.Step(0xDD, 0x37).Result); // fnsave [rdi]
        Assert.Equal(EmulationResult.Abandoned, machine.Step(0xDF, 0x27).Result); // fbld [rdi]
        Assert.Equal(before, machine.Bus.FloatingPoint);
    }

    [Fact]
    public void A_device_is_given_all_of_x87_and_x87_starts_anew()
    {
        using X64Machine machine = Machine(64);
        machine.State.Gpr[7] = X64Machine.DeviceBase;

        Assert.Equal(EmulationResult.Completed, machine.Step(0xDD, 0x37).Result); // fnsave [rdi]
        Assert.StartsWith("write 108 at fee00000: 4003FFFF0028FFFF", Assert.Single(machine.Bus.Log), StringComparison.Ordinal);
        Assert.Equal("7F0300000000", Convert.ToHexString(machine.Bus.FloatingPoint.AsSpan(0, 6)));
    }

    private static X64Machine Machine(int bits)
    {
        X64Machine machine = new(bits);
        machine.Bus.HasFloatingPoint = true;
        machine.State.Gpr[3] = 0x100;
        machine.State.Gpr[7] = 0x100;
        Span<byte> image = machine.Bus.FloatingPoint;
        BinaryPrimitives.WriteUInt16LittleEndian(image, Control);
        BinaryPrimitives.WriteUInt16LittleEndian(image[2..], Status);
        BinaryPrimitives.WriteUInt16LittleEndian(image[6..], Operation);
        BinaryPrimitives.WriteUInt64LittleEndian(image[8..], CodePointer);
        BinaryPrimitives.WriteUInt64LittleEndian(image[16..], DataPointer);
        return machine;
    }
}
