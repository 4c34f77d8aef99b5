using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Tests.Emulator;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Code of a guest that calls the hypervisor on processors in software, and reports what it gets at a port.</summary>
internal static class CallingGuest
{
    internal const ulong PageGpa = 0xa000;
    internal const ulong InputGpa = 0xb000;
    internal const ulong OutputGpa = 0xc000;
    internal const ulong HandlerGpa = 0xe000;
    internal const byte ReportPort = 0x80;
    private const ulong VectorsGpa = 0xd000;
    private const ulong DescriptorsGpa = 0xf000;

    /// <summary>A machine whose guests find every feature that there is.</summary>
    internal static EmulatedMachine Create(uint processorCount = 1)
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        hv_partition_synthetic_processor_features all = new()
        {
            hypervisor_present = 1,
            hv1 = 1,
            access_hypercall_regs = 1,
            access_vp_index = 1,
            access_synic_regs = 1,
            fast_hypercall_output = 1,
            enable_extended_gva_ranges_for_flush_virtual_address_list = 1,
            start_virtual_processor = 1,
            extended_processor_masks = 1,
            tb_flush_hypercalls = 1,
            synthetic_cluster_ipi = 1,
            notify_long_spin_wait = 1,
            signal_events = 1,
        };
        return new EmulatedMachine(processorCount: processorCount, syntheticFeatures: all.as_uint64[0], engine: MshvEngine.Software);
    }

    /// <summary>The control word of a call.</summary>
    internal static ulong Word(int code, int reps = 0, int firstRep = 0, int headerWords = 0, bool isFast = false) =>
        (uint)code | (isFast ? Abi.Constants.HV_HYPERCALL_FAST_BIT : 0)
        | ((ulong)headerWords << Abi.Constants.HV_HYPERCALL_VARHEAD_OFFSET)
        | ((ulong)reps << Abi.Constants.HV_HYPERCALL_REP_COMP_OFFSET)
        | ((ulong)firstRep << Abi.Constants.HV_HYPERCALL_REP_START_OFFSET);

    /// <summary>Says which system it is, and enables the page.</summary>
    internal static void Enable(Assembler code)
    {
        WriteMsr(code, Abi.X64.Constants.HV_X64_MSR_GUEST_OS_ID, 1);
        WriteMsr(code, Abi.X64.Constants.HV_X64_MSR_HYPERCALL, (uint)PageGpa | 1);
    }

    internal static void WriteMsr(Assembler code, long index, uint value)
    {
        code.mov(ecx, (uint)index);
        code.mov(eax, value);
        code.xor(edx, edx);
        code.wrmsr();
    }

    /// <summary>Calls with input and output in memory, or with two words of input.</summary>
    internal static void Call(Assembler code, ulong word, ulong first = InputGpa, ulong second = OutputGpa)
    {
        code.mov(rcx, word);
        code.mov(rdx, first);
        code.mov(r8, second);
        code.mov(rax, PageGpa);
        code.call(rax);
    }

    /// <summary>Reports RAX: its low half, then its high half.</summary>
    internal static void Report(Assembler code)
    {
        code.@out(ReportPort, eax);
        code.shr(rax, 32);
        code.@out(ReportPort, eax);
    }

    /// <summary>Starts the first processor with code that enables the page first.</summary>
    internal static void Start(EmulatedMachine machine, Action<Assembler> write) =>
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, code =>
        {
            Enable(code);
            write(code);
        }));

    /// <summary>Has a processor report a vector when it is interrupted by it.</summary>
    internal static void ReportVector(EmulatedMachine machine, byte vector, int processor = 0)
    {
        byte[] handler = GuestCode.Assemble(64, code =>
        {
            code.mov(eax, (uint)vector);
            code.@out(ReportPort, eax);
        });
        handler.CopyTo(machine.RamAt(HandlerGpa, handler.Length));

        // An interrupt gate to the segment that a descriptor of 64-bit code gives.
        MemoryMarshal.Write(machine.RamAt(VectorsGpa + (16UL * vector), 8), HandlerGpa | (8UL << 16) | (0x8e00UL << 32));
        MemoryMarshal.Write(machine.RamAt(DescriptorsGpa + 8, 8), 0x00af_9b00_0000_ffffUL);
        SetTable(machine, hv_register_name.HV_X64_REGISTER_GDTR, DescriptorsGpa, processor);
        SetTable(machine, hv_register_name.HV_X64_REGISTER_IDTR, VectorsGpa, processor);
    }

    private static void SetTable(EmulatedMachine machine, hv_register_name name, ulong gpa, int processor)
    {
        hv_register_value value = new() { table = new hv_x64_table_register { @base = gpa, limit = 0xfff } };
        machine.Set(name, value, processor);
    }

    /// <summary>Runs to the next report, and over it.</summary>
    internal static uint NextReport(EmulatedMachine machine, int processor = 0)
    {
        hv_x64_io_port_intercept_message message =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, processor);
        Assert.Equal(ReportPort, message.port_number);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, message.header.rip + message.header.instruction_length, processor);
        return (uint)message.rax;
    }

    /// <summary>Runs to the two reports of a result.</summary>
    internal static (int Status, int Reps) NextResult(EmulatedMachine machine) =>
        ((int)NextReport(machine), (int)NextReport(machine));

    /// <summary>One call, and its result.</summary>
    internal static (int Status, int Reps) Try(
        EmulatedMachine machine, ulong word, ulong first = InputGpa, ulong second = OutputGpa)
    {
        Start(machine, code =>
        {
            Call(code, word, first, second);
            Report(code);
        });
        return NextResult(machine);
    }
}
