using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>What a guest on a processor in software may do with a page: each is a region of its own here, so rights go by page.</summary>
public sealed unsafe class MemoryPermissions : IDisposable
{
    private const ulong PageBytes = 0x1000;
    private const ulong PageGpa = GuestCode.DeviceGpa;
    private const ulong NextGpa = PageGpa + PageBytes;
    private const byte Port = 0x80;
    private const MSHV_SET_MEM_FLAGS Nothing = 0;
    private const MSHV_SET_MEM_FLAGS Writable = MSHV_SET_MEM_FLAGS.WRITABLE;
    private const MSHV_SET_MEM_FLAGS Executable = MSHV_SET_MEM_FLAGS.EXECUTABLE;

    // mov eax, 7; out Port, al
    private static readonly byte[] Reporting = [0xb8, 7, 0, 0, 0, 0xe6, Port];

    private readonly EmulatedMachine machine = new(engine: MshvEngine.Software);

    public static TheoryData<MSHV_SET_MEM_FLAGS, int> RightsAndModes
    {
        get
        {
            TheoryData<MSHV_SET_MEM_FLAGS, int> cases = [];
            foreach (MSHV_SET_MEM_FLAGS rights in (MSHV_SET_MEM_FLAGS[])[Nothing, Writable, Executable, Writable | Executable])
            {
                cases.Add(rights, 32);
                cases.Add(rights, 64);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(RightsAndModes))]
    public void Code_is_executed_where_the_client_allows_it_and_is_an_intercept_of_executing_elsewhere(MSHV_SET_MEM_FLAGS rights, int bits)
    {
        Reporting.CopyTo(Map(PageGpa, rights));
        _ = Map(NextGpa, rights ^ Executable);
        Begin(bits, PageGpa);

        if (rights.HasFlag(Executable))
        {
            ExpectReport();
        }
        else
        {
            ExpectExecution(PageGpa, rip: PageGpa);
            Assert.Equal(0UL, machine.Get(hv_register_name.HV_X64_REGISTER_RAX).reg64);
        }
    }

    [Theory]
    [MemberData(nameof(RightsAndModes))]
    public void Data_is_always_read_and_written_where_the_client_allows_it_whether_or_not_it_may_be_executed(
        MSHV_SET_MEM_FLAGS rights, int bits)
    {
        Span<byte> page = Map(PageGpa, rights);
        page[0] = 0x5a;
        GuestCode.Start(machine, bits, GuestCode.Assemble(bits, code =>
        {
            code.mov(ebx, (uint)PageGpa);
            code.mov(al, __byte_ptr[ebx]);
            code.mov(__byte_ptr[ebx + 1], al);
            code.@out(Port, al);
        }));

        if (rights.HasFlag(Writable))
        {
            ExpectReport(value: 0x5a);
            Assert.Equal(0x5a, page[1]);
        }
        else
        {
            hv_x64_memory_intercept_message message = NextIntercept();
            Assert.Equal((byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_WRITE, message.header.intercept_access_type);
            Assert.Equal(PageGpa + 1, message.guest_physical_address);
            Assert.Equal(0, page[1]);
        }
    }

    [Fact]
    public void An_instruction_that_reaches_into_a_page_that_must_not_be_executed_does_not_happen()
    {
        const ulong Start = NextGpa - 3;
        Span<byte> page = Map(PageGpa, Executable);
        Reporting.AsSpan(0, 3).CopyTo(page[^3..]);
        Reporting.AsSpan(3).CopyTo(Map(NextGpa, Writable));
        Begin(64, Start);

        ExpectExecution(NextGpa, rip: Start);
        Assert.Equal(0UL, machine.Get(hv_register_name.HV_X64_REGISTER_RAX).reg64);
    }

    [Fact]
    public void An_instruction_that_ends_before_such_a_page_happens_and_the_next_one_does_not()
    {
        Reporting.AsSpan(0, 5).CopyTo(Map(PageGpa, Executable)[^5..]);
        Reporting.AsSpan(5).CopyTo(Map(NextGpa, Writable));
        Begin(64, NextGpa - 5);

        ExpectExecution(NextGpa, rip: NextGpa);
        Assert.Equal(7UL, machine.Get(hv_register_name.HV_X64_REGISTER_RAX).reg64);
    }

    [Fact]
    public void A_right_that_the_client_takes_away_or_gives_is_found_at_the_next_instruction()
    {
        Reporting.CopyTo(Map(PageGpa, Executable));
        Begin(64, PageGpa);
        ExpectReport();

        Change(Writable);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, PageGpa);
        ExpectExecution(PageGpa, rip: PageGpa);

        Change(Executable);
        ExpectReport();
    }

    [Fact]
    public void The_handler_of_an_exception_is_met_when_it_is_to_be_executed_not_when_the_exception_is_delivered()
    {
        const ulong Table = 0x3000;
        const int InvalidOpcode = 6;
        _ = Map(PageGpa, Writable);
        GuestCode.Start(machine, 32, [0x0f, 0x0b]);

        // A gate of 32 bits to the page, by the code segment of a table with one descriptor.
        BitConverter.TryWriteBytes(machine.RamAt(Table + (8 * InvalidOpcode), 8), 0xd000_8e00_0008_0000);
        BitConverter.TryWriteBytes(machine.RamAt(Table + 0x808, 8), 0x00cf_9b00_0000_ffff);
        machine.Set(
            hv_register_name.HV_X64_REGISTER_IDTR,
            new hv_register_value { table = new hv_x64_table_register { @base = Table, limit = 0x7ff } });
        machine.Set(
            hv_register_name.HV_X64_REGISTER_GDTR,
            new hv_register_value { table = new hv_x64_table_register { @base = Table + 0x800, limit = 0xf } });

        hv_x64_memory_intercept_message message = ExpectExecution(PageGpa, rip: PageGpa);
        Assert.Equal(0, message.header.execution_state.interruption_pending);
        Assert.Equal(GuestCode.StackGpa - 12, machine.Get(hv_register_name.HV_X64_REGISTER_RSP).reg64);
    }

    public void Dispose() => machine.Dispose();

    private byte* Host { get; set; }

    private Span<byte> Map(ulong gpa, MSHV_SET_MEM_FLAGS rights)
    {
        byte* page = machine.MapHostMemory(PageBytes);
        Host = page;
        Assert.Equal(0, machine.MapGuest(gpa, PageBytes, page, rights));
        return new Span<byte>(page, (int)PageBytes);
    }

    // The page mapped last is there with other rights.
    private void Change(MSHV_SET_MEM_FLAGS rights)
    {
        Assert.Equal(0, machine.MapGuest(PageGpa, PageBytes, Host, MSHV_SET_MEM_FLAGS.UNMAP));
        Assert.Equal(0, machine.MapGuest(PageGpa, PageBytes, Host, rights));
    }

    private void Begin(int bits, ulong rip)
    {
        GuestCode.Start(machine, bits);
        machine.Set(hv_register_name.HV_X64_REGISTER_RAX, 0);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, rip);
    }

    private void ExpectReport(byte value = 7)
    {
        hv_x64_io_port_intercept_message report =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        Assert.Equal((Port, value), (report.port_number, (byte)report.rax));
    }

    private hv_x64_memory_intercept_message ExpectExecution(ulong gpa, ulong rip)
    {
        hv_x64_memory_intercept_message message = NextIntercept();
        Assert.Equal((byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_EXECUTE, message.header.intercept_access_type);
        Assert.Equal((gpa, gpa, rip), (message.guest_physical_address, message.guest_virtual_address, message.header.rip));
        Assert.Equal((0, 0), (message.instruction_byte_count, message.header.instruction_length));
        return message;
    }

    private hv_x64_memory_intercept_message NextIntercept() =>
        machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_GPA_INTERCEPT);
}
