using System.Buffers.Binary;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;

namespace HvBindgen.Mshv.Tests.Boot;

public class X64BootTests
{
    [Fact]
    public void Real_mode_splits_the_entry_into_segment_and_offset()
    {
        X64BootState state = X64Boot.RealMode(0x1_2345);

        hv_register_value cs = Value(state, hv_register_name.HV_X64_REGISTER_CS);
        Assert.Equal(0x1_2340UL, cs.segment.@base);
        Assert.Equal(0x1234, cs.segment.selector);
        Assert.Equal(0xffffU, cs.segment.limit);
        Assert.Equal(5UL, Value(state, hv_register_name.HV_X64_REGISTER_RIP).reg64);
        Assert.Equal(0UL, Value(state, hv_register_name.HV_X64_REGISTER_CR0).reg64 & 1);
    }

    [Fact]
    public void Real_mode_refuses_an_entry_that_no_segment_reaches() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => X64Boot.RealMode(0x10_0000));

    [Fact]
    public void Flat_32_bit_writes_the_descriptors_that_its_segments_name()
    {
        using RamBlock ram = new(0x1000);

        X64BootState state = X64Boot.Flat32(ram, 0x10_0000, tableGpa: 0x500);

        // As the processor manual draws them: base 0, limit 4 GiB in pages, code and data, accessed.
        Assert.Equal(0x00cf_9b00_0000_ffffUL, BinaryPrimitives.ReadUInt64LittleEndian(ram.At(0x508, 8)));
        Assert.Equal(0x00cf_9300_0000_ffffUL, BinaryPrimitives.ReadUInt64LittleEndian(ram.At(0x510, 8)));
        Assert.Equal(0x0000_8b00_0000_0067UL, BinaryPrimitives.ReadUInt64LittleEndian(ram.At(0x518, 8)));
        Assert.Equal(0x500UL, Value(state, hv_register_name.HV_X64_REGISTER_GDTR).table.@base);
        Assert.Equal(31, Value(state, hv_register_name.HV_X64_REGISTER_GDTR).table.limit);
    }

    [Fact]
    public void Long_mode_maps_every_address_to_itself()
    {
        using RamBlock ram = new(0x8000);

        X64BootState state = X64Boot.LongMode(ram, entry: 0x7000, stackTop: 0x8000, mappedBytes: 2UL << 30);

        foreach (ulong address in new ulong[] { 0, 0x7123, 0x20_0000, 0x3fff_ffff, 0x4000_0000, 0x7fff_ffff })
        {
            Assert.Equal(address, Walk(ram, Value(state, hv_register_name.HV_X64_REGISTER_CR3).reg64, address));
        }

        Assert.Null(Walk(ram, Value(state, hv_register_name.HV_X64_REGISTER_CR3).reg64, 0x8000_0000));
        Assert.Equal(0x500UL, Value(state, hv_register_name.HV_X64_REGISTER_EFER).reg64);
    }

    [Fact]
    public void Tables_that_do_not_fit_are_refused_by_name_and_nothing_is_written()
    {
        using RamBlock ram = new(0x1800);

        GuestImageException refused = Assert.Throws<GuestImageException>(
            () => X64Boot.LongMode(ram, entry: 0, stackTop: 0, mappedBytes: 1 << 30));

        Assert.Contains("page tables", refused.Message, StringComparison.Ordinal);
        Assert.Equal(-1, ram.At(0, 0x1800).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Arm64_starts_at_EL1_with_interrupts_masked_and_the_device_tree_in_X0()
    {
        IReadOnlyList<Abi.Arm64.hv_register_assoc> registers = Arm64Boot.El1(0x4000_0000, 0x4800_0000);

        Assert.Equal(0x4000_0000UL, registers.Single(r => r.name == (uint)Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_PC).value.reg64);
        Assert.Equal(0x4800_0000UL, registers.Single(r => r.name == (uint)Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_X0).value.reg64);
        Assert.Equal(0x3c5UL, registers.Single(r => r.name == (uint)Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_PSTATE).value.reg64);
        Assert.Throws<ArgumentException>(() => Arm64Boot.El1(2));
    }

    [Fact]
    public void A_processor_gets_all_registers_of_a_boot_state_at_once()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();

        X64Boot.RealMode(0x1_2345).ApplyTo(processor);

        Assert.Equal(5UL, processor.X64.General.Rip);
        Assert.Equal(0x1_2340UL, processor.X64.Segments.Cs.@base);
        Assert.Equal(0xffffU, processor.X64.Segments.Ss.limit);
        Assert.Equal(0x10UL, processor.X64.Control.Cr0);
    }

    [Fact]
    public void Registers_of_the_other_architecture_are_refused()
    {
        using FakeMachine machine = new(GuestArchitecture.Arm64);
        VirtualProcessor processor = machine.CreateProcessor();

        Assert.Throws<InvalidOperationException>(() => X64Boot.RealMode(0).ApplyTo(processor));
        processor.Registers.Set(Arm64Boot.El1(0x4000_0000));
        Assert.Equal(0x4000_0000UL, processor.Registers.Get(Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_PC).reg64);
    }

    private static hv_register_value Value(X64BootState state, hv_register_name name) =>
        state.Registers.Single(register => register.name == (uint)name).value;

    // The processor's walk over three levels, with pages of 2 MiB.
    private static ulong? Walk(RamBlock ram, ulong table, ulong address)
    {
        foreach (int shift in new[] { 39, 30 })
        {
            ulong entry = Entry(ram, table, address, shift);
            if ((entry & 1) == 0)
            {
                return null;
            }

            table = entry & ~0xfffUL;
        }

        ulong page = Entry(ram, table, address, 21);
        return (page & 0x81) == 0x81 ? (page & ~0x1f_ffffUL) | (address & 0x1f_ffff) : null;
    }

    private static ulong Entry(RamBlock ram, ulong table, ulong address, int shift) =>
        BinaryPrimitives.ReadUInt64LittleEndian(ram.At(table + (((address >> shift) & 0x1ff) * 8), 8));
}
