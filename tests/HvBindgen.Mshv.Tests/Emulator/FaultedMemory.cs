using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>
/// Guest memory that the process has not, or not to write: the driver faults it in by 512 pages, for writing, or not at all. No other test
/// runs meanwhile, whose memory could come to lie where some was taken away.
/// </summary>
[Collection(nameof(WholeProcess))]
public sealed unsafe partial class FaultedMemory
{
    private const ulong RegionGpa = 0x40000000;
    private const int ReadOnly = 1;
    private const int ReadWrite = 3;
    private const ulong Mega = 0x100000;

    [Fact]
    public void Memory_that_the_process_may_only_read_is_an_intercept_until_it_may_write()
    {
        using EmulatedMachine machine = new();
        byte* memory = machine.MapHostMemory(Mega);
        memory[0x123] = 0x5a;
        Protect(memory, Mega, ReadOnly);
        Assert.Equal(0, machine.MapGuest(RegionGpa, Mega, memory, MSHV_SET_MEM_FLAGS.WRITABLE));
        Load(machine, RegionGpa + 0x123);

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_GPA_INTERCEPT);
        Assert.Equal((RegionGpa + 0x123, (byte)0), (message.guest_physical_address, message.header.intercept_access_type));
        _ = machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_GPA_INTERCEPT);

        Protect(memory, Mega, ReadWrite);
        Assert.Equal(0x5a, ValueRead(machine));
    }

    [Fact]
    public void A_machine_that_never_had_memory_stops_at_its_first_instruction()
    {
        const byte Execute = 2;
        using EmulatedMachine machine = new(initialize: false);
        Assert.Equal(0, PartitionIoctls.MSHV_INITIALIZE_PARTITION(machine.Partition).Errno);
        machine.Processors.Add(machine.CreateProcessor(0));

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);

        Assert.Equal((0xffff_fff0UL, Execute), (message.guest_physical_address, message.header.intercept_access_type));
    }

    [Fact]
    public void Page_tables_that_the_process_can_no_longer_read_are_no_memory()
    {
        using EmulatedMachine machine = new();
        byte* memory = machine.MapHostMemory(Mega);
        Assert.Equal(0, machine.MapGuest(RegionGpa, Mega, memory, MSHV_SET_MEM_FLAGS.WRITABLE));
        GuestCode.Start(machine, 64);
        machine.Set(hv_register_name.HV_X64_REGISTER_CR3, RegionGpa);
        Assert.Equal((uint)hv_translate_gva_result_code.HV_TRANSLATE_GVA_PAGE_NOT_PRESENT, Translation(machine));

        Protect(memory, Mega, 0);

        Assert.Equal((uint)hv_translate_gva_result_code.HV_TRANSLATE_GVA_GPA_UNMAPPED, Translation(machine));
    }

    private static uint Translation(EmulatedMachine machine)
    {
        hv_input_translate_virtual_address input = new() { gva_page = 1 };
        hv_output_translate_virtual_address output = default;
        _ = machine.Call(
            machine.Processor,
            Abi.Constants.HVCALL_TRANSLATE_VIRTUAL_ADDRESS,
            MemoryMarshal.AsBytes(new ReadOnlySpan<hv_input_translate_virtual_address>(in input)),
            MemoryMarshal.AsBytes(new Span<hv_output_translate_virtual_address>(ref output)),
            0,
            out int errno);
        Assert.Equal(0, errno);
        return output.translation_result.result_code;
    }

    [Fact]
    public void A_page_of_a_chunk_that_is_not_all_there_is_an_intercept_until_it_is()
    {
        using EmulatedMachine machine = new();
        byte* memory = machine.MapHostMemory(8 * Mega);
        memory[0x123] = 0x5a;
        memory[(4 * Mega) + 0x123] = 0x6b;

        // The region's second chunk of 2 MiB lacks its last page.
        byte* hole = memory + (4 * Mega) - 4096;
        machine.UnmapHostMemory(hole, 4096);
        Assert.Equal(0, machine.MapGuest(RegionGpa, 8 * Mega, memory, MSHV_SET_MEM_FLAGS.WRITABLE));

        Load(machine, RegionGpa + 0x123);
        Assert.Equal(0x5a, ValueRead(machine));
        Load(machine, RegionGpa + (4 * Mega) + 0x123);
        Assert.Equal(0x6b, ValueRead(machine));
        Load(machine, RegionGpa + (2 * Mega) + 0x123);
        Assert.Equal(
            RegionGpa + (2 * Mega) + 0x123,
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_GPA_INTERCEPT).guest_physical_address);

        memory[(2 * Mega) + 0x123] = 0x7c;
        Assert.Equal((nint)hole, MapAt(hole, 4096, ReadWrite, 0x100022, -1, 0)); // MAP_FIXED_NOREPLACE
        Assert.Equal(0x7c, ValueRead(machine));
        machine.System.Unmap(hole, 4096);
    }

    [Fact]
    public void A_region_whose_start_alone_is_there_is_an_intercept_at_its_first_page()
    {
        using EmulatedMachine machine = new();
        byte* memory = machine.MapHostMemory(4 * Mega);
        machine.UnmapHostMemory(memory + Mega, 3 * Mega);
        Assert.Equal(0, machine.MapGuest(RegionGpa, 4 * Mega, memory, MSHV_SET_MEM_FLAGS.WRITABLE));
        Load(machine, RegionGpa);

        _ = machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_GPA_INTERCEPT);
    }

    [Fact]
    public void Code_is_faulted_in_where_the_region_allows_to_execute()
    {
        using EmulatedMachine machine = new();
        byte* memory = machine.MapHostMemory(Mega);
        byte[] code = [0xe6, 0x77]; // out 0x77, al
        code.CopyTo(new Span<byte>(memory, code.Length));
        Protect(memory, Mega, ReadOnly);
        Assert.Equal(0, machine.MapGuest(RegionGpa, Mega, memory, MSHV_SET_MEM_FLAGS.EXECUTABLE));
        Load(machine, 0);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, RegionGpa);

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_GPA_INTERCEPT);
        Assert.Equal((RegionGpa, (byte)2), (message.guest_physical_address, message.header.intercept_access_type));

        Protect(memory, Mega, ReadWrite);
        _ = ValueRead(machine);
    }

    [Fact]
    public void What_was_faulted_in_late_is_unmapped_with_its_region()
    {
        using EmulatedMachine machine = new();
        byte* memory = machine.MapHostMemory(4 * Mega);
        Protect(memory, 2 * Mega, ReadOnly);
        Assert.Equal(0, machine.MapGuest(RegionGpa, 4 * Mega, memory, MSHV_SET_MEM_FLAGS.WRITABLE));
        Protect(memory, 2 * Mega, ReadWrite);
        Load(machine, RegionGpa);
        Assert.Equal(0, ValueRead(machine));

        Assert.Equal(0, machine.MapGuest(RegionGpa, 4 * Mega, memory, MSHV_SET_MEM_FLAGS.UNMAP));

        Load(machine, RegionGpa);
        _ = machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);
        Load(machine, RegionGpa + (2 * Mega));
        _ = machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);
    }

    private static void Load(EmulatedMachine machine, ulong gpa)
    {
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, a =>
        {
            a.mov(al, __byte_ptr[rbx]);
            a.@out(0x77, al);
        }));
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, gpa);
    }

    private static byte ValueRead(EmulatedMachine machine) =>
        (byte)machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).rax;

    private static void Protect(byte* address, ulong sizeBytes, int protection) =>
        Assert.Equal(0, ProtectMemory(address, (nuint)sizeBytes, protection));

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int ProtectMemory(void* address, nuint sizeBytes, int protection);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MapAt(void* address, nuint sizeBytes, int protection, int flags, int fd, long offsetBytes);
}
