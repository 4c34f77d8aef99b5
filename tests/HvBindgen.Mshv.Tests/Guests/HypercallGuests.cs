using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Tests.Emulator;
using Xunit;
using static HvBindgen.Mshv.Tests.Guests.CallingGuest;
using static Iced.Intel.AssemblerRegisters;
using Hv = HvBindgen.Mshv.Abi.Constants;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Hypercalls of guests on processors in software: how they are made, what the hypervisor answers, and what is left to the client.
/// Codes, records and statuses are the kernel headers'.</summary>
public sealed class HypercallGuests
{
    private const ulong Unmapped = 0x4000_0000;
    private const byte InvalidOpcode = 6;

    [Fact]
    public void A_call_that_the_hypervisor_knows_returns_from_the_page_without_the_client()
    {
        using EmulatedMachine machine = Create();

        Assert.Equal((0, 0), Try(machine, Word(Hv.HVCALL_NOTIFY_LONG_SPIN_WAIT, isFast: true), 0x1234));
        Assert.Empty(machine.Refusals);
    }

    [Theory]
    [InlineData("a code that there is not", 0xffffUL, InputGpa, Hv.HV_STATUS_INVALID_HYPERCALL_CODE)]
    [InlineData("a reserved bit", 0x8000_0000UL | Hv.HVCALL_NOTIFY_LONG_SPIN_WAIT, InputGpa, Hv.HV_STATUS_INVALID_HYPERCALL_INPUT)]
    [InlineData("repetitions of a simple call", 0x1_0000_0000UL | Hv.HVCALL_SEND_IPI, InputGpa, Hv.HV_STATUS_INVALID_HYPERCALL_INPUT)]
    [InlineData("no repetition", (ulong)Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST, InputGpa, Hv.HV_STATUS_INVALID_HYPERCALL_INPUT)]
    [InlineData("a header", 0x2_0000UL | Hv.HVCALL_SEND_IPI, InputGpa, Hv.HV_STATUS_INVALID_HYPERCALL_INPUT)]
    [InlineData("an odd place", (ulong)Hv.HVCALL_SEND_IPI, InputGpa + 4, Hv.HV_STATUS_INVALID_ALIGNMENT)]
    [InlineData("two pages", (ulong)Hv.HVCALL_SEND_IPI, InputGpa + 0xff8, Hv.HV_STATUS_INVALID_ALIGNMENT)]
    [InlineData("a place that no processor addresses", (ulong)Hv.HVCALL_SEND_IPI, 1UL << 52, Hv.HV_STATUS_INVALID_ALIGNMENT)]
    [InlineData("a vector of exceptions", (ulong)Hv.HVCALL_SEND_IPI, InputGpa, Hv.HV_STATUS_INVALID_PARAMETER)]
    [InlineData("a connection that there is not", (ulong)Hv.HVCALL_SIGNAL_EVENT, InputGpa, Hv.HV_STATUS_INVALID_CONNECTION_ID)]
    [InlineData("a message without a type", (ulong)Hv.HVCALL_POST_MESSAGE, InputGpa, Hv.HV_STATUS_INVALID_PARAMETER)]
    [InlineData("another partition", (ulong)Hv.HVCALL_START_VP, InputGpa, Hv.HV_STATUS_INVALID_PARTITION_ID)]
    public void What_is_wrong_with_a_call_is_its_status(string what, ulong word, ulong input, int status)
    {
        using EmulatedMachine machine = Create();

        Assert.Equal((what, status), (what, Try(machine, word, input).Status));
    }

    [Fact]
    public void What_the_calls_are_good_for_is_what_CPUID_recommends()
    {
        using EmulatedMachine machine = Create();
        Start(machine, code =>
        {
            code.mov(eax, Hv.HYPERV_CPUID_ENLIGHTMENT_INFO);
            code.cpuid();
            code.@out(ReportPort, eax);
            code.mov(eax, Hv.HYPERV_CPUID_FEATURES);
            code.cpuid();
            code.mov(eax, ebx);
            code.@out(ReportPort, eax);
            code.mov(eax, edx);
            code.@out(ReportPort, eax);
        });

        Assert.Equal(
            Abi.X64.Constants.HV_X64_REMOTE_TLB_FLUSH_RECOMMENDED | Abi.X64.Constants.HV_X64_CLUSTER_IPI_RECOMMENDED
            | Abi.X64.Constants.HV_X64_EX_PROCESSOR_MASKS_RECOMMENDED | Abi.X64.Constants.HV_DEPRECATING_AEOI_RECOMMENDED,
            NextReport(machine));
        Assert.Equal(Hv.HV_POST_MESSAGES | Hv.HV_SIGNAL_EVENTS, NextReport(machine));
        Assert.Equal(
            Abi.X64.Constants.HV_X64_HYPERCALL_XMM_INPUT_AVAILABLE | Abi.X64.Constants.HV_X64_HYPERCALL_XMM_OUTPUT_AVAILABLE
            | Abi.X64.Constants.HV_FEATURE_EXT_GVA_RANGES_FLUSH,
            NextReport(machine));
    }

    [Fact]
    public void Before_the_page_is_enabled_and_where_a_guest_has_not_said_which_it_is_a_call_is_no_instruction()
    {
        using EmulatedMachine machine = Create();
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, code =>
        {
            WriteMsr(code, Abi.X64.Constants.HV_X64_MSR_HYPERCALL, (uint)PageGpa | 1);
            code.mov(ecx, Hv.HVCALL_NOTIFY_LONG_SPIN_WAIT);
            code.vmcall();
        }));
        ReportVector(machine, InvalidOpcode);

        Assert.Equal(InvalidOpcode, NextReport(machine));
        Assert.Equal(0UL, machine.Get(hv_register_name.HV_X64_REGISTER_HYPERCALL).reg64 & 1);
    }

    [Fact]
    public void The_call_of_the_other_vendor_is_no_instruction()
    {
        using EmulatedMachine machine = Create();
        Start(machine, code => code.vmmcall());
        ReportVector(machine, InvalidOpcode);

        Assert.Equal(InvalidOpcode, NextReport(machine));
    }

    [Fact]
    public void Code_of_32_bits_calls_by_pairs_of_registers()
    {
        using EmulatedMachine machine = Create();
        GuestCode.Start(machine, 32, GuestCode.Assemble(32, code =>
        {
            Enable(code);
            code.mov(edx, 0);
            code.mov(eax, (uint)Word(Hv.HVCALL_SEND_IPI, isFast: true));
            code.mov(ebx, 0);
            code.mov(ecx, 0x40); // vector
            code.mov(edi, 1); // a processor that there is not
            code.mov(esi, 0);
            code.mov(ebp, (uint)PageGpa);
            code.call(ebp);
            code.@out(ReportPort, eax);
            code.mov(eax, edx);
            code.@out(ReportPort, eax);
        }));

        Assert.Equal((0, 0), NextResult(machine));
    }

    [Fact]
    public void Input_that_lies_where_no_memory_is_is_an_intercept_and_the_call_is_made_once_it_is_there()
    {
        using EmulatedMachine machine = Create();
        Start(machine, code =>
        {
            Call(code, Word(Hv.HVCALL_SEND_IPI), Unmapped);
            Report(code);
        });

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);
        Assert.Equal((Unmapped, (byte)0), (message.guest_physical_address, message.header.intercept_access_type));
        Assert.Equal(0, message.memory_access_info.gva_valid);
        unsafe
        {
            byte* page = machine.MapHostMemory(0x1000);
            MemoryMarshal.Write(new Span<byte>(page, 16), new hv_send_ipi { vector = 0x40 });
            Assert.Equal(0, machine.MapGuest(Unmapped, 0x1000, page, MSHV_SET_MEM_FLAGS.WRITABLE));
        }

        Assert.Equal((0, 0), NextResult(machine));
    }

    [Fact]
    public void Numbers_of_processors_are_found_by_those_of_their_APICs_up_to_one_that_there_is_not()
    {
        using EmulatedMachine machine = Create(processorCount: 3);
        Span<byte> input = machine.RamAt(InputGpa, hv_get_vp_from_apic_id_in.AllocationSize(4));
        MemoryMarshal.Write(input, new hv_get_vp_from_apic_id_in { partition_id = Hv.HV_PARTITION_ID_SELF });
        ((ReadOnlySpan<uint>)[2, 0, 1, 9]).CopyTo(hv_get_vp_from_apic_id_in.apic_ids(input));

        Assert.Equal((0, 3), Try(machine, Word(Hv.HVCALL_GET_VP_INDEX_FROM_APIC_ID, reps: 3)));
        Assert.Equal((uint[])[2, 0, 1], MemoryMarshal.Cast<byte, uint>(machine.RamAt(OutputGpa, 12)).ToArray());
        Assert.Equal(
            (Hv.HV_STATUS_INVALID_PARAMETER, 3), Try(machine, Word(Hv.HVCALL_GET_VP_INDEX_FROM_APIC_ID, reps: 4, firstRep: 1)));
    }

    [Fact]
    public void A_fast_call_has_the_rest_of_its_input_in_vectors_and_its_output_in_those_behind()
    {
        using EmulatedMachine machine = Create(processorCount: 3);
        Start(machine, code =>
        {
            code.mov(eax, 2);
            code.movd(xmm0, eax); // the list's only element: behind RDX and R8
            Call(code, Word(Hv.HVCALL_GET_VP_INDEX_FROM_APIC_ID, reps: 1, isFast: true), Hv.HV_PARTITION_ID_SELF, 0);
            Report(code);
            code.movd(eax, xmm1);
            code.@out(ReportPort, eax);
        });

        Assert.Equal((0, 1), NextResult(machine));
        Assert.Equal(2u, NextReport(machine));
    }

    [Fact]
    public void A_guest_reads_and_writes_what_are_its_own_synthetic_registers_by_name_and_no_others()
    {
        using EmulatedMachine machine = Create(processorCount: 2);
        Span<byte> input = machine.RamAt(InputGpa, hv_input_get_vp_registers.AllocationSize(2));
        MemoryMarshal.Write(
            input, new hv_input_get_vp_registers { partition_id = Hv.HV_PARTITION_ID_SELF, vp_index = Hv.HV_VP_INDEX_SELF });
        hv_input_get_vp_registers.names(input)[0] = (uint)hv_register_name.HV_REGISTER_GUEST_OS_ID;
        hv_input_get_vp_registers.names(input)[1] = (uint)hv_register_name.HV_X64_REGISTER_RIP;

        Assert.Equal((Hv.HV_STATUS_ACCESS_DENIED, 1), Try(machine, Word(Hv.HVCALL_GET_VP_REGISTERS, reps: 2)));
        Assert.Equal(1UL, MemoryMarshal.Read<ulong>(machine.RamAt(OutputGpa, 8)));

        Span<byte> written = machine.RamAt(InputGpa, hv_input_set_vp_registers.AllocationSize(1));
        MemoryMarshal.Write(written, new hv_input_set_vp_registers { partition_id = Hv.HV_PARTITION_ID_SELF });
        hv_input_set_vp_registers.elements(written)[0] = new hv_register_assoc
        {
            name = (uint)hv_register_name.HV_REGISTER_SIMP,
            value = new hv_register_value { reg64 = 0x5001 },
        };
        Assert.Equal((0, 1), Try(machine, Word(Hv.HVCALL_SET_VP_REGISTERS, reps: 1)));
        Assert.Equal(0x5001UL, machine.Get(hv_register_name.HV_REGISTER_SIMP).reg64);

        MemoryMarshal.Write(
            written, new hv_input_set_vp_registers { partition_id = Hv.HV_PARTITION_ID_SELF, vp_index = 1 });
        Assert.Equal((Hv.HV_STATUS_ACCESS_DENIED, 0), Try(machine, Word(Hv.HVCALL_SET_VP_REGISTERS, reps: 1)));
    }

    [Fact]
    public void A_processor_that_waits_is_started_with_the_registers_that_the_call_has_and_only_once()
    {
        using EmulatedMachine machine = Create(processorCount: 2);
        const ulong Second = 0xd000;
        GuestCode.Assemble(64, code =>
        {
            code.mov(rax, rsp);
            code.@out(ReportPort, eax);
        }).CopyTo(machine.RamAt(Second, 16));
        GuestCode.Start(machine, 64); // tables of pages, which both share
        MemoryMarshal.Write(machine.RamAt(InputGpa, Marshal.SizeOf<hv_enable_vp_vtl>()), new hv_enable_vp_vtl
        {
            partition_id = Hv.HV_PARTITION_ID_SELF,
            vp_index = 1,
            vp_context = new hv_init_vp_context
            {
                rip = Second,
                rsp = 0x6788,
                rflags = 2,
                cs = machine.Get(hv_register_name.HV_X64_REGISTER_CS).segment,
                ss = machine.Get(hv_register_name.HV_X64_REGISTER_SS).segment,
                ds = machine.Get(hv_register_name.HV_X64_REGISTER_DS).segment,
                es = machine.Get(hv_register_name.HV_X64_REGISTER_ES).segment,
                cr0 = machine.Get(hv_register_name.HV_X64_REGISTER_CR0).reg64,
                cr3 = machine.Get(hv_register_name.HV_X64_REGISTER_CR3).reg64,
                cr4 = machine.Get(hv_register_name.HV_X64_REGISTER_CR4).reg64,
                efer = machine.Get(hv_register_name.HV_X64_REGISTER_EFER).reg64,
                msr_cr_pat = 0x0007040600070406,
            },
        });

        Assert.Equal(0, Try(machine, Word(Hv.HVCALL_START_VP)).Status);
        Assert.Equal(0x6788u, NextReport(machine, processor: 1));
        Assert.Equal(Hv.HV_STATUS_INVALID_VP_STATE, Try(machine, Word(Hv.HVCALL_START_VP)).Status);
    }

    [Fact]
    public void What_the_hypervisor_has_no_answer_for_reaches_a_client_that_intercepts_calls_and_nothing_else_does()
    {
        using EmulatedMachine machine = Create();
        Assert.Equal(0, Install(machine, hv_intercept_type.HV_INTERCEPT_TYPE_HYPERCALL, Hv.HV_INTERCEPT_ACCESS_MASK_EXECUTE));
        Start(machine, code =>
        {
            Call(code, Word(Hv.HVCALL_NOTIFY_LONG_SPIN_WAIT, isFast: true));
            code.mov(ebx, 0x1111);
            code.mov(esi, 0x2222);
            code.mov(edi, 0x3333);
            code.mov(eax, 0x4444);
            code.movd(xmm5, eax);
            Call(code, Word(Hv.HVCALL_POST_DEBUG_DATA, isFast: true), 0x5555, 0x6666);
            Report(code);
        });

        hv_x64_hypercall_intercept_message message =
            machine.RunTo<hv_x64_hypercall_intercept_message>(hv_message_type.HVMSG_HYPERCALL_INTERCEPT);

        Assert.Equal((PageGpa, (byte)3), (message.header.rip, message.header.instruction_length));
        Assert.Equal(Word(Hv.HVCALL_POST_DEBUG_DATA, isFast: true), message.rcx);
        Assert.Equal((PageGpa, 0x1111UL, 0x5555UL), (message.rax, message.rbx, message.rdx));
        Assert.Equal((0x6666UL, 0x2222UL, 0x3333UL), (message.r8, message.rsi, message.rdi));
        Assert.Equal(0x4444UL, message.xmmregisters[5].low_part);
        machine.Set(hv_register_name.HV_X64_REGISTER_RAX, 0x1234);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, message.header.rip + message.header.instruction_length);
        Assert.Equal((0x1234, 0), NextResult(machine));
    }

    [Fact]
    public void Messages_for_connections_that_there_are_not_reach_a_client_that_intercepts_those_alone()
    {
        using EmulatedMachine machine = Create();
        const hv_intercept_type Type = hv_intercept_type.HV_INTERCEPT_TYPE_UNKNOWN_SYNIC_CONNECTION;
        Assert.Equal(Hv.HV_STATUS_INVALID_PARAMETER, Install(machine, Type, Hv.HV_INTERCEPT_ACCESS_MASK_READ));
        Assert.Equal(0, Install(machine, Type, Hv.HV_INTERCEPT_ACCESS_MASK_EXECUTE));

        Assert.Equal(Hv.HV_STATUS_INVALID_HYPERCALL_CODE, Try(machine, Word(Hv.HVCALL_POST_DEBUG_DATA)).Status);
        Start(machine, code => Call(code, Word(Hv.HVCALL_SIGNAL_EVENT, isFast: true), 0x1_0000_0007));
        hv_x64_hypercall_intercept_message message =
            machine.RunTo<hv_x64_hypercall_intercept_message>(hv_message_type.HVMSG_HYPERCALL_INTERCEPT);
        Assert.Equal(0x1_0000_0007UL, message.rdx);

        Assert.Equal(0, Install(machine, Type, 0));
        Assert.Equal(
            Hv.HV_STATUS_INVALID_CONNECTION_ID, Try(machine, Word(Hv.HVCALL_SIGNAL_EVENT, isFast: true), 0x1_0000_0007).Status);
    }

    private static int Install(EmulatedMachine machine, hv_intercept_type type, int access)
    {
        hv_input_install_intercept input = new() { access_type = (uint)access, intercept_type = (uint)type };
        return machine.Call(
            machine.Partition, Hv.HVCALL_INSTALL_INTERCEPT, MemoryMarshal.AsBytes([input]), [], 0, out _).status;
    }
}
