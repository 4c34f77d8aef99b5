using System.Buffers.Binary;
using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>What arithmetic of MMX and AVX-512 asks of a device; the processor oracle has what it makes of RAM.</summary>
public sealed class VectorArithmeticTests
{
    private const int FirstRegister = 32;
    private const int RegisterBytes = 16;
    private const int TagOffset = 4;

    [Theory]
    [InlineData(new byte[] { 0x0F, 0xFC, 0x0B }, "read 8 at fee00000", 0x1224_3648_5A6C_7E90)] // paddb mm1, [rbx]
    [InlineData(new byte[] { 0x0F, 0x60, 0x0B }, "read 4 at fee00000", 0x5505_6606_7707_8808)] // punpcklbw mm1, dword [rbx]
    [InlineData(new byte[] { 0x0F, 0x69, 0x0B }, "read 8 at fee00000", 0x1122_0102_3344_0304)] // punpckhwd mm1, [rbx]
    [InlineData(new byte[] { 0x0F, 0x63, 0x0B }, "read 8 at fee00000", 0x7F7F_7F7F_7F7F_7F7F)] // packsswb mm1, [rbx]
    [InlineData(new byte[] { 0x0F, 0x70, 0x0B, 0x1B }, "read 8 at fee00000", 0x7788_5566_3344_1122)] // pshufw mm1, [rbx], 0x1b
    [InlineData(new byte[] { 0x0F, 0x3A, 0x0F, 0x0B, 3 }, "read 8 at fee00000", 0x0607_0811_2233_4455)] // palignr mm1, [rbx], 3
    [InlineData(new byte[] { 0x0F, 0xF3, 0x0B }, "read 8 at fee00000", 0)] // psllq mm1, [rbx]
    public void Arithmetic_of_MMX_reads_once_and_makes_the_stack_its_own(byte[] code, string read, ulong expected)
    {
        using X64Machine machine = Machine();
        Span<byte> register = machine.Bus.FloatingPoint.AsSpan(FirstRegister + RegisterBytes, RegisterBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(register, 0x0102_0304_0506_0708);

        Assert.Equal(EmulationResult.Completed, machine.Step(code).Result);
        Assert.Equal([read], machine.Bus.Log);
        Assert.Equal(expected, BinaryPrimitives.ReadUInt64LittleEndian(register));
        Assert.Equal(ushort.MaxValue, BinaryPrimitives.ReadUInt16LittleEndian(register[8..]));
        Assert.Equal(byte.MaxValue, machine.Bus.FloatingPoint[TagOffset]);
    }

    [Theory]
    [InlineData(new byte[] { 0x62, 0xF1, 0x75, 0x48, 0xFE, 0x0B }, 0UL, "read 64 at fee00000")] // vpaddd zmm1, zmm1, [rbx]
    [InlineData(new byte[] { 0x62, 0xF2, 0x75, 0x48, 0xDC, 0x0B }, 0UL, "read 64 at fee00000")] // vaesenc zmm1, zmm1, [rbx]
    [InlineData(new byte[] { 0x62, 0xF1, 0x75, 0x58, 0xFE, 0x0B }, 0UL, "read 4 at fee00000")] // vpaddd zmm1, zmm1, [rbx]{1to16}
    [InlineData(new byte[] { 0x62, 0xF1, 0x75, 0x59, 0xFE, 0x0B }, 0x8000UL, "read 4 at fee00000")] // vpaddd zmm1{k1}, zmm1, [rbx]{1to16}
    [InlineData(new byte[] { 0x62, 0xF1, 0x75, 0x59, 0xFE, 0x0B }, 0UL)] // which no element wants
    [InlineData(new byte[] { 0x62, 0xF1, 0x75, 0xC9, 0xFE, 0x0B }, 5UL, "read 4 at fee00000", "read 4 at fee00008")] // zmm1{k1}{z}, [rbx]
    [InlineData(new byte[] { 0x62, 0xF2, 0x75, 0x49, 0xCF, 0x0B }, 0UL)] // vgf2p8mulb zmm1{k1}, zmm1, [rbx]
    [InlineData(new byte[] { 0x62, 0xF2, 0x75, 0x09, 0x00, 0x0B }, 0UL, "read 16 at fee00000")] // vpshufb xmm1{k1}, xmm1, [rbx]: wants any
    public void Arithmetic_of_AVX_512_reads_what_chosen_elements_want(byte[] code, ulong mask, params string[] expected)
    {
        using X64Machine machine = Machine();
        machine.Bus.Masks[1] = mask;

        Assert.Equal(EmulationResult.Completed, machine.Step(code).Result);
        Assert.Equal(expected, machine.Bus.Log);
    }

    [Fact]
    public void A_comparison_leaves_a_bit_for_each_chosen_element()
    {
        using X64Machine machine = Machine();
        machine.Bus.Masks[1] = 0b1011;
        machine.Bus.Masks[2] = ulong.MaxValue;

        // Each byte that is read by itself is the device's lowest.
        machine.Bus.Vectors.AsSpan(64, 16).Fill(0x88);
        machine.Bus.Vectors[65] = 0x77;

        Assert.Equal(EmulationResult.Completed, machine.Step(0x62, 0xF1, 0x75, 0x09, 0x74, 0x13).Result); // vpcmpeqb k2{k1}, xmm1, [rbx]
        Assert.Equal(0b1001UL, machine.Bus.Masks[2]);
    }

    [Theory]
    [InlineData(new byte[] { 0x0F, 0xFC, 0x0B })] // paddb mm1, [rbx]
    [InlineData(new byte[] { 0x62, 0xF1, 0x75, 0x48, 0xFE, 0x0B })] // vpaddd zmm1, zmm1, [rbx]
    [InlineData(new byte[] { 0x62, 0xF1, 0x75, 0x48, 0x74, 0x13 })] // vpcmpeqb k2, zmm1, [rbx]
    public void What_is_not_answered_changes_nothing(byte[] code)
    {
        using X64Machine machine = Machine();
        machine.Bus.Patience = 0;
        byte[] registers = [.. machine.Bus.Vectors, .. machine.Bus.FloatingPoint];

        Assert.Equal(EmulationResult.Abandoned, machine.Step(code).Result);
        byte[] after = [.. machine.Bus.Vectors, .. machine.Bus.FloatingPoint];
        Assert.Equal(registers, after);
        Assert.Equal(0UL, machine.Bus.Masks[2]);
    }

    private static X64Machine Machine()
    {
        X64Machine machine = new(64);
        machine.Bus.HasAvx512 = true;
        machine.Bus.HasFloatingPoint = true;
        machine.Bus.Answer = 0x1122_3344_5566_7788;
        BinaryPrimitives.WriteUInt16LittleEndian(machine.Bus.FloatingPoint, 0x37F);
        machine.State.Xcr0 = 0xE7;
        machine.State.Gpr[3] = X64Machine.DeviceBase;
        return machine;
    }
}
