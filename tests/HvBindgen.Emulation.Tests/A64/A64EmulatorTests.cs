using HvBindgen.Emulation.A64;
using Xunit;

namespace HvBindgen.Emulation.Tests.A64;

public sealed class A64EmulatorTests
{
    private const ulong Isv = (0x24UL << 26) | (1 << 25) | (1 << 24);

    [Theory]
    [InlineData(0, false, false, 0x8000_0000_0000_00F1UL, 0xF1UL)] // ldrb w3
    [InlineData(0, true, false, 0xF1UL, 0xFFFF_FFF1UL)] // ldrsb w3
    [InlineData(0, true, true, 0xF1UL, 0xFFFF_FFFF_FFFF_FFF1UL)] // ldrsb x3
    [InlineData(2, true, true, 0x8000_0000UL, 0xFFFF_FFFF_8000_0000UL)] // ldrsw x3
    [InlineData(2, false, false, 0x8000_0000UL, 0x8000_0000UL)] // ldr w3
    [InlineData(3, false, true, 0x8123_4567_89AB_CDEFUL, 0x8123_4567_89AB_CDEFUL)] // ldr x3
    public void A_described_load_extends_as_the_instruction_does(int sizeLog, bool signed, bool wide, ulong memory, ulong expected)
    {
        ulong syndrome = Isv | ((ulong)sizeLog << 22) | (signed ? 1u << 21 : 0) | (3 << 16) | (wide ? 1u << 15 : 0);
        RecordingBus bus = new() { Answer = memory };
        A64State state = new() { Pc = 0x1000 };
        state.X[3] = ulong.MaxValue;

        A64Refusal refusal = A64Emulator.Execute(ref state, new A64DataAbort(syndrome), 0x900_0010, bus);

        Assert.Equal(A64Refusal.None, refusal);
        Assert.Equal(expected, state.X[3]);
        Assert.Equal(0x1004u, state.Pc);
        Assert.Equal([$"read {1 << sizeLog} at 9000010"], bus.Log);
    }

    [Fact]
    public void The_zero_register_takes_nothing_and_gives_zero()
    {
        RecordingBus bus = new() { Answer = ulong.MaxValue };
        A64State state = new() { Pc = 0x1000, Sp = 0x7777 };

        A64Emulator.Execute(ref state, new A64DataAbort(Isv | (2 << 22) | (31 << 16)), 0x900_0000, bus);
        A64Emulator.Execute(ref state, new A64DataAbort(Isv | (2 << 22) | (31 << 16) | (1 << 6)), 0x900_0000, bus);

        Assert.Equal(["read 4 at 9000000", "write 4 at 9000000: 00000000"], bus.Log);
        Assert.Equal(0x7777u, state.Sp);
        Assert.Equal(0x1008u, state.Pc);
    }

    [Fact]
    public void A_syndrome_without_description_is_refused()
    {
        A64State state = new() { Pc = 0x1000 };

        Assert.Equal(A64Refusal.NotLoadStore, A64Emulator.Execute(ref state, new A64DataAbort(0x24UL << 26), 0, new RecordingBus()));
        Assert.Equal(0x1000u, state.Pc);
    }

    [Fact]
    public void A_pair_with_write_back_is_two_accesses_and_a_new_base()
    {
        // stp x2, x3, [x1], #-16
        Assert.Equal(A64Refusal.None, A64LoadStoreDecoder.Decode(0xA8BF_0C22, out A64LoadStore access));
        RecordingBus bus = new();
        A64State state = new() { Pc = 0x1000 };
        state.X[1] = 0xFFFF_8000_0000_0100;
        state.X[2] = 0x1111;
        state.X[3] = 0x2222;

        A64Refusal refusal = A64Emulator.Execute(ref state, access, 0xFFFF_8000_0000_0108, 0x900_0108, bus);

        Assert.Equal(A64Refusal.None, refusal);
        Assert.Equal(["write 8 at 9000100: 1111000000000000", "write 8 at 9000108: 2222000000000000"], bus.Log);
        Assert.Equal(0xFFFF_8000_0000_00F0, state.X[1]);
    }

    [Theory]
    [InlineData(0xFF8UL, A64Refusal.CrossesPage)]
    [InlineData(0x200UL, A64Refusal.AddressMismatch)]
    public void An_access_whose_pages_are_not_known_touches_nothing(ulong baseOffset, A64Refusal expected)
    {
        // ldp x2, x3, [x1]
        Assert.Equal(A64Refusal.None, A64LoadStoreDecoder.Decode(0xA940_0C22, out A64LoadStore access));
        RecordingBus bus = new();
        A64State state = new() { Pc = 0x1000 };
        state.X[1] = 0x4000_0000 + baseOffset;

        Assert.Equal(expected, A64Emulator.Execute(ref state, access, 0x4000_0FF8, 0x900_0FF8, bus));
        Assert.Empty(bus.Log);
        Assert.Equal(0x1000u, state.Pc);
    }

    [Fact]
    public void A_vector_load_clears_what_lies_above()
    {
        // ldr s5, [x1, w2, sxtw #2]
        Assert.Equal(A64Refusal.None, A64LoadStoreDecoder.Decode(0xBC62_D825, out A64LoadStore access));
        RecordingBus bus = new() { Answer = 0x1234_5678_9ABC_DEF0 };
        A64State state = default;
        state.X[1] = 0x4000_0010;
        state.X[2] = 0xFFFF_FFFF;

        Assert.Equal(A64Refusal.VectorRegisters, A64Emulator.Execute(ref state, access, 0x4000_000C, 0x900_000C, bus));
        Assert.Equal(A64Refusal.None, A64Emulator.Execute(ref state, access, 0x4000_000C, 0x900_000C, bus, bus));
        Assert.Equal(["read 4 at 900000c", "v5 = F0DEBC9A000000000000000000000000"], bus.Log);
    }

    [Fact]
    public void The_end_of_an_instruction_ends_its_single_step_and_its_branch_type()
    {
        const ulong SoftwareStep = 1 << 21;
        const ulong BranchType = 3 << 10;
        const ulong Others = 0x6000_03C5; // EL1 with its own stack, interrupts masked, Z and C
        A64State state = new() { Pc = 0x1000, Pstate = Others | SoftwareStep | BranchType };
        A64State decoded = state;
        A64LoadStoreDecoder.Decode(0xF980_0020, out A64LoadStore prefetch); // prfm pldl1keep, [x1]

        Assert.Equal(A64Refusal.None, A64Emulator.Execute(ref state, new A64DataAbort(Isv | (2 << 22)), 0x900_0000, new RecordingBus()));
        Assert.Equal(A64Refusal.None, A64Emulator.Execute(ref decoded, prefetch, 0, 0x900_0000, new RecordingBus()));
        Assert.Equal(Others, state.Pstate);
        Assert.Equal(Others, decoded.Pstate);
    }

    [Theory]
    [InlineData(0b0000_1000, 0b0000_0000)] // the last one of a block
    [InlineData(0b1011_0110, 0b1010_1100)]
    [InlineData(0b0001_0111, 0b0000_1110)]
    [InlineData(0b0000_0000, 0b0000_0000)]
    public void Of_32_bit_code_it_advances_the_block_of_conditional_instructions(int before, int after)
    {
        const ulong User32 = 0x10;
        A64State state = new() { Pstate = User32 | IfThen(before) };

        Assert.Equal(A64Refusal.None, A64Emulator.Execute(ref state, new A64DataAbort(Isv), 0x900_0000, new RecordingBus()));
        Assert.Equal(User32 | IfThen(after), state.Pstate);

        static ulong IfThen(int state) => ((ulong)(state >> 2) << 10) | ((ulong)(state & 3) << 25);
    }

    [Theory]
    [InlineData(0x5UL, 1UL << 25, true)] // EL1, EE
    [InlineData(0x5UL, 1UL << 24, false)] // EL1, E0E
    [InlineData(0x0UL, 1UL << 24, true)] // EL0, E0E
    [InlineData(0x0UL, 1UL << 25, false)] // EL0, EE
    [InlineData(0x210UL, 0UL, true)] // 32-bit code, E
    [InlineData(0x10UL, 3UL << 24, false)] // 32-bit code, little-endian
    public void Big_endian_data_is_refused_by_name_and_single_bytes_have_no_order(ulong pstate, ulong sctlr, bool isBig)
    {
        RecordingBus bus = new();
        A64State state = new() { Pstate = pstate, Sctlr = sctlr };
        A64LoadStoreDecoder.Decode(0x3940_0022, out A64LoadStore loadByte); // ldrb w2, [x1]
        A64LoadStoreDecoder.Decode(0x7940_0022, out A64LoadStore loadHalf); // ldrh w2, [x1]
        A64Refusal expected = isBig ? A64Refusal.BigEndianData : A64Refusal.None;

        Assert.Equal(A64Refusal.None, A64Emulator.Execute(ref state, new A64DataAbort(Isv), 0x900_0000, bus));
        Assert.Equal(A64Refusal.None, A64Emulator.Execute(ref state, loadByte, 0, 0x900_0000, bus));
        Assert.Equal(2, bus.Log.Count);
        Assert.Equal(expected, A64Emulator.Execute(ref state, new A64DataAbort(Isv | (1 << 22)), 0x900_0000, bus));
        state.X[1] = 0;
        Assert.Equal(expected, A64Emulator.Execute(ref state, loadHalf, 0, 0x900_0000, bus));
        Assert.Equal(isBig ? 2 : 4, bus.Log.Count);
    }
}
