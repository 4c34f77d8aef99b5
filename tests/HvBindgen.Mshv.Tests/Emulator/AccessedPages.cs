using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator;
using Iced.Intel;
using Xunit;
using static HvBindgen.Mshv.Tests.Emulator.TrackedPages;
using static Iced.Intel.AssemblerRegisters;
using Hv = HvBindgen.Mshv.Abi.Constants;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Which pages a guest on a processor in software has accessed in any way, and which it has written.</summary>
public sealed unsafe class AccessedPages : IDisposable
{
    private const ulong PageBytes = 0x1000;
    private const ulong RegionGpa = GuestCode.DeviceGpa;
    private const int Pages = 16;
    private const byte Port = 0x80;

    private readonly EmulatedMachine machine = new(engine: MshvEngine.Software);
    private readonly byte* region;

    public AccessedPages()
    {
        region = machine.MapHostMemory(Pages * PageBytes);
        Assert.Equal(0, machine.MapGuest(
            RegionGpa, Pages * PageBytes, region, MSHV_SET_MEM_FLAGS.WRITABLE | MSHV_SET_MEM_FLAGS.EXECUTABLE));
        StartTracking(machine);
    }

    [Fact]
    public void Everything_counts_as_accessed_and_written_at_first()
    {
        Assert.Equal(0xfffful, Take(Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY));
        Assert.Equal(0xfffful, Take(Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED));
        Assert.Equal(0ul, Take(Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED));
    }

    [Fact]
    public void Pages_that_are_read_written_or_executed_are_accessed_those_written_are_dirty_and_no_others_are_either()
    {
        region[0x6000] = 0xc3;
        Start(code =>
        {
            code.mov(al, __byte_ptr[RegionGpa + 0x2000]);
            code.mov(__byte_ptr[RegionGpa + 0x4000], al);
            code.mov(rbx, RegionGpa + 0x6000);
            code.call(rbx);
            code.mov(eax, __dword_ptr[RegionGpa + 0x8ffe]);
        });
        Clear();

        Run();

        Assert.Equal(Bits(2, 4, 6, 8, 9), Take(Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED, Hv.MSHV_GPAP_ACCESS_OP_SET));
        Assert.Equal(Bits(4), Take(Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY));
    }

    [Fact]
    public void A_page_that_is_accessed_in_the_same_way_after_it_was_cleared_is_accessed_again()
    {
        Start(code =>
        {
            Label again = code.CreateLabel();
            code.Label(ref again);
            code.mov(al, __byte_ptr[RegionGpa + 0x2000]);
            code.mov(__byte_ptr[RegionGpa + 0x4000], al);
            code.@out(Port, al);
            code.jmp(again);
        });
        Clear();
        for (int round = 0; round < 3; round++)
        {
            Run();
            machine.Set(hv_register_name.HV_X64_REGISTER_RIP, machine.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64 + 2);

            Assert.Equal(Bits(2, 4), Take(Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED));
            Assert.Equal(0ul, Take(Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY)); // what was not accessed was not written
        }
    }

    [Fact]
    public void What_a_guest_accesses_that_runs_meanwhile_is_seen_after_each_look()
    {
        Start(code =>
        {
            Label forever = code.CreateLabel();
            code.mov(rbx, RegionGpa + 0xf000);
            code.Label(ref forever);
            code.mov(al, __byte_ptr[RegionGpa + 0x2000]);
            code.cmp(__byte_ptr[rbx], 0);
            code.je(forever);
        });
        Clear();
        Thread runner = new(() => machine.RunToMessage());
        runner.Start();
        try
        {
            for (int round = 0; round < 20; round++)
            {
                Assert.True(SpinWait.SpinUntil(
                    () => (Take(Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED) & Bits(2, 15)) == Bits(2, 15), Guests.RunningGuest.TooLong));
            }
        }
        finally
        {
            Volatile.Write(ref region[0xf000], 1);
            runner.Join();
        }

        Assert.Equal(0ul, Take(Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY));
    }

    [Theory]
    [InlineData(Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED, Hv.MSHV_GPAP_ACCESS_OP_NOOP, 0xffff, 0)]
    [InlineData(Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED, Hv.MSHV_GPAP_ACCESS_OP_SET, 0xffff, 0)]
    [InlineData(Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY, Hv.MSHV_GPAP_ACCESS_OP_NOOP, 0xffff, 0xffff)]
    [InlineData(Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY, Hv.MSHV_GPAP_ACCESS_OP_SET, 0xffff, 0xffff)]
    [InlineData(Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY, Hv.MSHV_GPAP_ACCESS_OP_CLEAR, 0, 0)]
    public void What_a_request_sets_is_what_the_driver_asks_the_hypervisor_to_set(int type, int operation, int accessed, int written)
    {
        Clear();

        _ = Take(type, operation);

        (byte Accessed, byte Dirty)[] states = States(default);
        Assert.All(states, state => Assert.Equal((accessed & 1, written & 1), (state.Accessed, state.Dirty)));
    }

    [Fact]
    public void The_hypercall_tells_both_states_of_a_page_and_changes_them_one_by_one()
    {
        Start(code =>
        {
            code.mov(al, __byte_ptr[RegionGpa + 0x2000]);
            code.mov(__byte_ptr[RegionGpa + 0x4000], al);
        });
        Clear();
        Run();

        (byte, byte)[] first = States(new hv_gpa_page_access_state_flags { clear_accessed = 1 });
        (byte, byte)[] second = States(new hv_gpa_page_access_state_flags { clear_dirty = 1, set_accessed = 1 });
        (byte, byte)[] third = States(default);

        Assert.Equal(((byte, byte)[])[(1, 0), (0, 0), (1, 1)], first[2..5]);
        Assert.Equal(((byte, byte)[])[(0, 0), (0, 0), (0, 1)], second[2..5]);
        Assert.All(third, state => Assert.Equal((1, 0), state));
    }

    [Fact]
    public void Tables_that_a_processor_walks_are_accessed_and_those_that_it_marks_are_written()
    {
        Start(code => code.mov(al, __byte_ptr[RegionGpa]));
        _ = Take(Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED, gpa: GuestCode.PageTableGpa);

        Run();

        // The root, the table of gigabytes, and the directories of the first and the last one; the tables of the others are not walked.
        ulong walked = Bits(0, 1, 2, 5);
        Assert.Equal(walked, Take(
            Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED, Hv.MSHV_GPAP_ACCESS_OP_SET, GuestCode.PageTableGpa));
        Assert.Equal(walked, Take(Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY, gpa: GuestCode.PageTableGpa));
    }

    [Fact]
    public void A_page_outside_the_range_that_is_asked_for_keeps_its_record()
    {
        Start(code =>
        {
            code.mov(al, __byte_ptr[RegionGpa + 0x2000]);
            code.mov(al, __byte_ptr[RegionGpa + 0x4000]);
        });
        Clear();
        Run();

        Assert.Equal(Bits(0), Take(Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED, gpa: RegionGpa + 0x4000, pages: 1));
        Assert.Equal(Bits(2), Take(Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED));
    }

    public void Dispose() => machine.Dispose();

    private void Start(Action<Assembler> write) => GuestCode.Start(machine, 64, GuestCode.Assemble(64, code =>
    {
        write(code);
        code.@out(Port, al);
    }));

    private void Run() => machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

    private void Clear() => _ = Take(Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED);

    private ulong Take(
        int type, int operation = Hv.MSHV_GPAP_ACCESS_OP_CLEAR, ulong gpa = RegionGpa, ulong pages = Pages) =>
        TrackedPages.Take(machine, gpa, pages, type, operation);

    private (byte Accessed, byte Dirty)[] States(hv_gpa_page_access_state_flags flags)
    {
        hv_input_get_gpa_pages_access_state input = new() { flags = flags, hv_gpa_page_number = RegionGpa >> 12 };
        hv_gpa_page_access_state[] states = new hv_gpa_page_access_state[Pages];
        mshv_root_hvcall call = machine.Call(
            machine.Partition,
            Hv.HVCALL_GET_GPA_PAGES_ACCESS_STATES,
            MemoryMarshal.AsBytes([input]),
            MemoryMarshal.AsBytes(states.AsSpan()),
            Pages,
            out int errno);
        Assert.Equal((0, 0, Pages), (errno, call.status, call.reps));
        return [.. states.Select(state => (state.accessed, state.dirty))];
    }
}
