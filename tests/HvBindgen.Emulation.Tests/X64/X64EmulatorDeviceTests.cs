using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed class X64EmulatorDeviceTests
{
    [Theory]
    [InlineData(new byte[] { 0x8A, 0x03 }, "read 1 at fee00010", 0xFFFF_FFFF_FFFF_FF88)] // mov al, [rbx]
    [InlineData(new byte[] { 0x66, 0x8B, 0x03 }, "read 2 at fee00010", 0xFFFF_FFFF_FFFF_7788)] // mov ax, [rbx]
    [InlineData(new byte[] { 0x8B, 0x03 }, "read 4 at fee00010", 0x5566_7788)] // mov eax, [rbx]
    [InlineData(new byte[] { 0x48, 0x8B, 0x03 }, "read 8 at fee00010", 0x1122_3344_5566_7788)] // mov rax, [rbx]
    [InlineData(new byte[] { 0x48, 0x0F, 0xBE, 0x03 }, "read 1 at fee00010", 0xFFFF_FFFF_FFFF_FF88)] // movsx rax, byte [rbx]
    [InlineData(new byte[] { 0x0F, 0xB7, 0x03 }, "read 2 at fee00010", 0x7788)] // movzx eax, word [rbx]
    [InlineData(new byte[] { 0x0F, 0x38, 0xF0, 0x03 }, "read 4 at fee00010", 0x8877_6655)] // movbe eax, [rbx]
    public void A_load_is_one_read_of_its_own_width(byte[] code, string expected, ulong value)
    {
        using X64Machine machine = new(64);
        machine.Bus.Answer = 0x1122_3344_5566_7788;
        machine.State.Gpr[0] = ulong.MaxValue;
        machine.State.Gpr[3] = X64Machine.DeviceBase + 0x10;

        EmulationOutcome outcome = machine.Step(code);

        Assert.Equal(EmulationResult.Completed, outcome.Result);
        Assert.Equal([expected], machine.Bus.Log);
        Assert.Equal(value, machine.State.Gpr[0]);
        Assert.Equal(0x8000u + (uint)code.Length, machine.State.Rip);
    }

    [Theory]
    [InlineData(new byte[] { 0x01, 0x03 }, "write 4 at fee00010: 8A776655")] // add [rbx], eax
    [InlineData(new byte[] { 0xF0, 0x0F, 0xC1, 0x03 }, "write 4 at fee00010: 8A776655")] // lock xadd [rbx], eax
    [InlineData(new byte[] { 0x87, 0x03 }, "write 4 at fee00010: 02000000")] // xchg [rbx], eax
    [InlineData(new byte[] { 0xF7, 0x13 }, "write 4 at fee00010: 778899AA")] // not dword [rbx]
    [InlineData(new byte[] { 0xD1, 0x23 }, "write 4 at fee00010: 10EFCCAA")] // shl dword [rbx], 1
    [InlineData(new byte[] { 0xF0, 0x0F, 0xB1, 0x0B }, "write 4 at fee00010: 88776655")] // lock cmpxchg [rbx], ecx: differs
    public void A_read_modify_write_reads_once_and_writes_once(byte[] code, string written)
    {
        using X64Machine machine = new(64);
        machine.Bus.Answer = 0x5566_7788;
        machine.State.Gpr[0] = 2;
        machine.State.Gpr[3] = X64Machine.DeviceBase + 0x10;

        Assert.Equal(EmulationResult.Completed, machine.Step(code).Result);
        Assert.Equal(["read 4 at fee00010", written], machine.Bus.Log);
    }

    [Fact]
    public void An_access_across_a_page_is_split_at_the_border()
    {
        using X64Machine machine = new(64);
        machine.Bus.Answer = 0x1122_3344_5566_7788;
        machine.State.Gpr[3] = X64Machine.DeviceBase + 0xFFD;

        Assert.Equal(EmulationResult.Completed, machine.Step(0x48, 0x89, 0x03).Result); // mov [rbx], rax

        Assert.Equal(["write 3 at fee00ffd: 000000", "write 5 at fee01000: 0000000000"], machine.Bus.Log);
    }

    [Fact]
    public void A_fault_on_the_second_page_comes_before_any_access()
    {
        using X64Machine machine = new(64);
        machine.EnableIdentityPaging();
        machine.State.Gpr[3] = 0xFEFF_FFFE;
        ulong next = 0xFF00_0000;
        machine.Memory.Words[1536 + (int)(next >> 21)] = 0;
        X64State before = machine.State;

        EmulationOutcome outcome = machine.Step(0x01, 0x03); // add [rbx], eax

        Assert.Equal(EmulationResult.Fault, outcome.Result);
        Assert.Equal((14, 2u, next), (outcome.Vector, outcome.ErrorCode!.Value, outcome.FaultAddress));
        Assert.Empty(machine.Bus.Log);
        Assert.Equal(before.Rip, machine.State.Rip);
        Assert.Equal(before.Rflags, machine.State.Rflags);
    }

    [Theory]
    [InlineData(true, true, "write 4 at d0000abc: 00000000")]
    [InlineData(true, false, "write 4 at fee00abc: 00000000")]
    [InlineData(false, true, "write 4 at fee00abc: 00000000")]
    public void A_known_translation_counts_if_valid_and_made_for_a_write(bool isKnown, bool isForWrite, string expected)
    {
        using X64Machine machine = new(64);
        machine.EnableIdentityPaging();
        machine.State.Gpr[3] = X64Machine.DeviceBase + 0xABC;
        EmulationInput input = new()
        {
            InstructionBytes = [0x89, 0x03], // mov [rbx], eax
            HasKnownTranslation = isKnown,
            KnownTranslationIsForWrite = isForWrite,
            KnownGva = X64Machine.DeviceBase + 0xABC,

            // As some hosts report it: the page alone.
            KnownGpa = 0xD000_0000,
        };

        Assert.Equal(EmulationResult.Completed, machine.Emulator.Execute(ref machine.State, input).Result);
        Assert.Equal([expected], machine.Bus.Log);
    }

    [Fact]
    public void Rom_is_read_from_memory_and_written_to_the_bus()
    {
        using FlatMemory memory = new(0x10000) { RomBase = 0x4000 };
        using X64Machine machine = new(64);
        memory.Bytes[0x4010] = 0x21;
        X64Emulator emulator = new(memory, machine.Bus);
        machine.State.Gpr[3] = 0x4010;

        EmulationOutcome outcome = emulator.Execute(
            ref machine.State, new EmulationInput { InstructionBytes = [0xFE, 0x03] }); // inc byte [rbx]

        Assert.Equal(EmulationResult.Completed, outcome.Result);
        Assert.Equal(["write 1 at 4010: 22"], machine.Bus.Log);
        Assert.Equal(0x21, memory.Bytes[0x4010]);
    }

    [Fact]
    public void A_vector_store_is_one_access_of_its_width()
    {
        using X64Machine machine = new(64);
        machine.State.Gpr[3] = X64Machine.DeviceBase;
        machine.Bus.Vectors.AsSpan(64, 16).Fill(0xAB);

        Assert.Equal(EmulationResult.Completed, machine.Step(0x0F, 0x11, 0x0B).Result); // movups [rbx], xmm1

        Assert.Equal(["write 16 at fee00000: ABABABABABABABABABABABABABABABAB"], machine.Bus.Log);
    }

    [Fact]
    public void A_push_of_a_device_register_checks_the_stack_before_it_reads()
    {
        using X64Machine machine = new(64);
        machine.EnableIdentityPaging();
        machine.State.Gpr[3] = X64Machine.DeviceBase;
        machine.State.Gpr[4] = 0x1_0000_0008_0000;

        EmulationOutcome outcome = machine.Step(0xFF, 0x33); // push qword [rbx]

        Assert.Equal(12, outcome.Vector);
        Assert.Empty(machine.Bus.Log);
    }

    [Fact]
    public void Repeated_stores_come_in_batches_and_end()
    {
        using X64Machine machine = new(64);
        machine.State.Gpr[1] = 10;
        machine.State.Gpr[7] = X64Machine.DeviceBase;
        EmulationInput input = new() { InstructionBytes = [0xF3, 0xAB], MaxIterations = 4 }; // rep stosd
        List<EmulationResult> results = [];

        do
        {
            results.Add(machine.Emulator.Execute(ref machine.State, input).Result);
        }
        while (results[^1] == EmulationResult.Continue);

        Assert.Equal([EmulationResult.Continue, EmulationResult.Continue, EmulationResult.Completed], results);
        Assert.Equal(10, machine.Bus.Log.Count);
        Assert.Equal((0UL, X64Machine.DeviceBase + 40), (machine.State.Gpr[1], machine.State.Gpr[7]));
    }

    [Fact]
    public void A_repeated_input_stops_at_the_fault_without_asking_the_port()
    {
        using X64Machine machine = new(32);
        machine.Bus.Answer = 0x41;
        machine.State.Segments[X64SegmentFile.Es].Limit = 0x4002;
        machine.State.Gpr[1] = 9;
        machine.State.Gpr[2] = 0x3F8;
        machine.State.Gpr[7] = 0x4000;

        EmulationOutcome outcome = machine.Step(0xF3, 0x6C); // rep insb

        Assert.Equal((EmulationResult.Fault, 13), (outcome.Result, outcome.Vector));
        Assert.Equal(3, machine.Bus.Log.Count);
        Assert.Equal((6UL, 0x4003UL, 0x8000UL), (machine.State.Gpr[1], machine.State.Gpr[7], machine.State.Rip));
        Assert.Equal("AAA"u8, machine.Memory.Bytes.Slice(0x4000, 3));
    }

    [Theory]
    [InlineData(new byte[] { 0xE4, 0x70 }, "in 1 from 70", 0xFFFF_FFFF_FFFF_FF41)] // in al, 0x70
    [InlineData(new byte[] { 0x66, 0xED }, "in 2 from cf8", 0xFFFF_FFFF_FFFF_0041)] // in ax, dx
    [InlineData(new byte[] { 0xED }, "in 4 from cf8", 0x41)] // in eax, dx
    public void Port_input_merges_into_rax_as_hardware_does(byte[] code, string expected, ulong value)
    {
        using X64Machine machine = new(64);
        machine.Bus.Answer = 0x41;
        machine.State.Gpr[0] = ulong.MaxValue;
        machine.State.Gpr[2] = 0xCF8;

        Assert.Equal(EmulationResult.Completed, machine.Step(code).Result);
        Assert.Equal([expected], machine.Bus.Log);
        Assert.Equal(value, machine.State.Gpr[0]);
    }
}
