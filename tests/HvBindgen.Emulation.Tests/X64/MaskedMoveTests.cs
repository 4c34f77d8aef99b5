using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Moves of AVX-512 that reach a device; the processor oracle has those that reach RAM.</summary>
public sealed class MaskedMoveTests
{
    private static readonly byte[] LoadChosen = [0x62, 0xF1, 0x7E, 0xC9, 0x6F, 0x0B]; // vmovdqu32 zmm1{k1}{z}, [rbx]
    private static readonly byte[] StoreChosen = [0x62, 0xF1, 0x7F, 0x09, 0x7F, 0x0B]; // vmovdqu8 [rbx]{k1}, xmm1

    [Fact]
    public void A_load_reads_what_its_mask_chooses_and_nothing_else()
    {
        using X64Machine machine = Machine();
        machine.Bus.Answer = 0x1122_3344_5566_7788;
        machine.Bus.Masks[1] = 0b101 | (1UL << 40);
        machine.Bus.Vectors.AsSpan(64, 64).Fill(0xAB);

        Assert.Equal(EmulationResult.Completed, machine.Step(LoadChosen).Result);
        Assert.Equal(["read 4 at fee00000", "read 4 at fee00008"], machine.Bus.Log);
        Assert.Equal("88776655" + "00000000" + "88776655", Convert.ToHexString(machine.Bus.Vectors.AsSpan(64, 12)));
        Assert.All(machine.Bus.Vectors[76..128], part => Assert.Equal(0, part));
    }

    [Fact]
    public void A_store_writes_what_its_mask_chooses_and_nothing_else()
    {
        using X64Machine machine = Machine();
        machine.Bus.Masks[1] = 0x8001;
        machine.Bus.Vectors[64] = 0x11;
        machine.Bus.Vectors[79] = 0x22;

        Assert.Equal(EmulationResult.Completed, machine.Step(StoreChosen).Result);
        Assert.Equal(["write 1 at fee00000: 11", "write 1 at fee0000f: 22"], machine.Bus.Log);
    }

    [Fact]
    public void A_mask_that_chooses_nothing_touches_nothing()
    {
        using X64Machine machine = Machine();

        Assert.Equal(EmulationResult.Completed, machine.Step(LoadChosen).Result);
        Assert.Equal(EmulationResult.Completed, machine.Step(StoreChosen).Result);
        Assert.Empty(machine.Bus.Log);
    }

    [Theory]
    [InlineData(new byte[] { 0x66, 0x0F, 0xF7, 0xCA }, 0UL)] // maskmovdqu xmm1, xmm2
    [InlineData(new byte[] { 0xC5, 0xF9, 0xF7, 0xCA }, 0UL)] // vmaskmovdqu xmm1, xmm2
    [InlineData(new byte[] { 0x67, 0x66, 0x0F, 0xF7, 0xCA }, 0x1234_5678_0000_0000UL)] // the same by EDI
    public void Bytes_go_where_RDI_points(byte[] code, ulong above)
    {
        using X64Machine machine = Machine();
        machine.State.Gpr[7] = above | (X64Machine.DeviceBase + 3);
        machine.Bus.Vectors[64] = 0x11;
        machine.Bus.Vectors[79] = 0x22;
        machine.Bus.Vectors[128] = 0x80;
        machine.Bus.Vectors[129] = 0x7F;
        machine.Bus.Vectors[143] = 0xFF;

        Assert.Equal(EmulationResult.Completed, machine.Step(code).Result);
        Assert.Equal(["write 1 at fee00003: 11", "write 1 at fee00012: 22"], machine.Bus.Log);
    }

    [Fact]
    public void What_is_not_answered_changes_no_register()
    {
        using X64Machine machine = Machine();
        machine.Bus.Masks[1] = 0b11;
        machine.Bus.Patience = 1;
        machine.Bus.Vectors.AsSpan(64, 64).Fill(0xAB);

        Assert.Equal(EmulationResult.Abandoned, machine.Step(LoadChosen).Result);
        Assert.Equal(EmulationResult.Abandoned, machine.Step(0xC5, 0xF8, 0x90, 0x0B).Result); // kmovw k1, [rbx]
        Assert.All(machine.Bus.Vectors[64..128], part => Assert.Equal(0xAB, part));
        Assert.Equal(0b11u, machine.Bus.Masks[1]);
    }

    [Fact]
    public void Without_the_registers_of_AVX_512_its_moves_are_refused_by_name()
    {
        using X64Machine machine = Machine();
        machine.Bus.HasAvx512 = false;
        machine.Bus.Masks[1] = 1;

        foreach (byte[] code in (byte[][])[LoadChosen, StoreChosen, [0xC5, 0xF8, 0x90, 0x0B]])
        {
            EmulationOutcome outcome = machine.Step(code);
            Assert.Equal((EmulationResult.Unsupported, EmulationLimit.VectorRegisters), (outcome.Result, outcome.Limit));
        }

        Assert.Empty(machine.Bus.Log);
    }

    [Fact]
    public void What_the_guest_has_not_enabled_is_undefined()
    {
        using X64Machine machine = Machine();
        machine.State.Xcr0 = 7;

        Assert.Equal(6, machine.Step(LoadChosen).Vector);
        Assert.Equal(6, machine.Step(0xC5, 0xF8, 0x90, 0x0B).Vector); // kmovw k1, [rbx]
    }

    private static X64Machine Machine()
    {
        X64Machine machine = new(64);
        machine.Bus.HasAvx512 = true;
        machine.State.Xcr0 = 0xE7;
        machine.State.Gpr[3] = X64Machine.DeviceBase;
        return machine;
    }
}
