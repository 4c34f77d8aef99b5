using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Running;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using Hv = HvBindgen.Mshv.Abi.Constants;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>More of what the tests of the run loop make messages of by hand (X64InstructionTests, X64NoticeTests, X64MemoryTests), done by
/// guests on processors in software.</summary>
public sealed class NoticeGuests : IDisposable
{
    private const byte BreakpointVector = 3;
    private const byte InvalidOpcodeVector = 6;
    private const byte PageFaultVector = 14;
    private const byte Vector = 0x40;
    private const uint ApicBase = 0xfee00000;
    private const ulong OtherGpa = 0x40_0000;
    private const uint Ready = 0x1234;

    private readonly MshvEmulator emulator = new(new MshvEmulatorOptions { Engine = MshvEngine.Software });

    [Fact]
    public void A_breakpoint_that_a_handler_delivers_returns_behind_its_instruction_and_other_exceptions_do_not_reach_the_handler()
    {
        using RunningGuest guest = Create();
        DeliveringHandler handler = new();
        guest.Handlers.Exceptions = handler;
        InterceptException(guest, BreakpointVector);
        guest.Load(64, code =>
        {
            code.int3();
            code.ud2();
            End(code);
        });
        FaultGuests.InstallHandler(guest, BreakpointVector, code =>
        {
            code.mov(rax, __qword_ptr[rsp]);
            Report(code);
            code.iretq();
        });
        FaultGuests.InstallHandler(guest, InvalidOpcodeVector, code =>
        {
            code.mov(rax, __qword_ptr[rsp]);
            Report(code);
            code.add(__qword_ptr[rsp], 2);
            code.iretq();
        });

        guest.RunToEnd();

        Assert.Equal((uint[])[(uint)RunningGuest.CodeGpa + 1, (uint)RunningGuest.CodeGpa + 1], guest.Reports);
        Assert.Equal([BreakpointVector], handler.Vectors);
    }

    [Fact]
    public void A_page_fault_that_a_handler_delivers_brings_the_guest_its_error_code_and_address()
    {
        const ulong Absent = 0x80_0000_0000;
        using RunningGuest guest = Create();
        DeliveringHandler handler = new();
        guest.Handlers.Exceptions = handler;
        InterceptException(guest, PageFaultVector);
        guest.Load(64, code =>
        {
            code.mov(rbx, Absent);
            code.mov(__byte_ptr[rbx], al);
            End(code);
        });
        FaultGuests.InstallHandler(guest, PageFaultVector, code =>
        {
            code.pop(rax);
            Report(code);
            code.mov(rax, cr2);
            code.shr(rax, 32);
            Report(code);
            code.mov(rbx, RunningGuest.DataGpa);
            code.iretq();
        });

        guest.RunToEnd();

        Assert.Equal((uint[])[2, (uint)(Absent >> 32)], guest.Reports); // a write to a page that is not present
        Assert.Equal([PageFaultVector], handler.Vectors);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_end_of_a_level_triggered_interrupt_is_told_and_that_of_another_is_not(bool isLevel)
    {
        using RunningGuest guest = Create();
        TestAnswers answers = new();
        guest.Handlers.EndOfInterrupt = answers;
        guest.Load(64, code =>
        {
            code.mov(ebx, ApicBase);
            code.mov(__dword_ptr[rbx + 0xf0], 0x1ff);
            code.mov(eax, Ready);
            Report(code);
            code.sti();
            code.hlt();
            End(code);
        });
        FaultGuests.InstallHandler(guest, Vector, code =>
        {
            code.mov(__dword_ptr[rbx + 0xb0], 0);
            code.iretq();
        });
        guest.OnReport = _ =>
        {
            hv_input_assert_virtual_interrupt input = new() { vector = Vector };
            input.control.level_triggered = isLevel ? 1u : 0;
            HypercallClient.Call(guest.Partition.Handle, Abi.X64.Hypercalls.HVCALL_ASSERT_VIRTUAL_INTERRUPT, input)
                .ThrowIfFailed("assert");
        };

        guest.RunToEnd();

        Assert.Equal((string[])(isLevel ? [$"eoi 0 {Vector:x}"] : []), answers.Calls);
    }

    [Fact]
    public void An_interrupt_becomes_pending_when_the_guest_accepts_one_again_and_not_before()
    {
        using RunningGuest guest = Create();
        guest.Handlers.Interruptions = new TestAnswers { Vector = Vector };
        guest.Load(64, code =>
        {
            code.cli();
            code.mov(eax, Ready);
            Report(code);
            code.mov(eax, 1);
            Report(code);
            code.sti();
            code.nop();
            code.nop();
            code.mov(eax, 3);
            Report(code);
            End(code);
        });
        FaultGuests.InstallHandler(guest, Vector, code =>
        {
            code.mov(eax, 2);
            Report(code);
            code.iretq();
        });
        guest.OnReport = value =>
        {
            if (value == Ready)
            {
                guest.Partition.Hypercalls.RequestDeliverabilityNotifications(
                    0, new hv_deliverability_notifications_register { interrupt_notification = 1 });
            }
        };

        guest.RunToEnd();

        Assert.Equal([Ready, 1u, 2u, 3u], guest.Reports);
    }

    [Fact]
    public void A_source_whose_slot_a_guest_has_emptied_is_told_and_one_with_a_message_in_it_is_not()
    {
        const ulong MessageGpa = RunningGuest.DataGpa;
        const uint Emptied = 2;
        const uint Full = 4;
        using RunningGuest guest = Create();
        TestAnswers answers = new();
        guest.Handlers.Sints = answers;
        guest.Load(64, code =>
        {
            code.mov(eax, Ready);
            Report(code);
            code.mov(__dword_ptr[MessageGpa + (Emptied * Hv.HV_MESSAGE_SIZE)], 0);
            Report(code);
            End(code);
        });
        guest.Processor.Registers.Set(hv_register_name.HV_REGISTER_SCONTROL, Hv.HV_SYNIC_CONTROL_ENABLE);
        guest.Processor.Registers.Set(hv_register_name.HV_REGISTER_SIMP, MessageGpa | 1);
        byte[] message = new byte[Hv.HV_MESSAGE_SIZE];
        message[0] = 1;
        foreach (uint sint in (uint[])[Emptied, Full])
        {
            guest.Partition.Hypercalls.TryPostMessage(0, sint, message).ThrowIfFailed("post");
        }

        guest.Partition.Hypercalls.RequestDeliverabilityNotifications(
            0, new hv_deliverability_notifications_register { sints = (1 << (int)Emptied) | (1 << (int)Full) });

        guest.RunToEnd();

        Assert.Equal([$"sint {1 << (int)Emptied:x}"], answers.Calls);
    }

    [Fact]
    public void A_halt_where_there_is_no_APIC_ends_the_run_unless_a_handler_waits()
    {
        using RunningGuest guest = new(emulator: emulator, flags: MSHV_PT_FLAGS.GPA_SUPER_PAGES);
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        guest.Load(64, code =>
        {
            code.hlt();
            code.mov(eax, Ready);
            Report(code);
            code.hlt();
            End(code);
        });

        Assert.Equal(RunEnd.Halted, guest.Run().End);
        Assert.Empty(guest.Reports);
        guest.Handlers.Halts = new TestAnswers();
        guest.RunToEnd();
        Assert.Equal([Ready], guest.Reports);
    }

    [Fact]
    public void Executing_what_must_not_be_executed_ends_the_run_where_the_same_code_as_memory_of_both_kinds_runs()
    {
        using RunningGuest guest = Create();
        using GuestMemory memory = GuestMemory.Allocate(0x1000);
        LoadOther(guest, memory, MemoryAccess.Write);

        RunResult result = guest.Run();

        Assert.Equal(RunEnd.Unhandled, result.End);
        Assert.Contains($"0x{OtherGpa:x}", result.Detail, StringComparison.Ordinal);
        Assert.Empty(guest.Reports);
        Remap(guest, memory, MemoryAccess.Ram);
        guest.RunToEnd();
        Assert.Equal([Ready], guest.Reports);
    }

    [Fact]
    public void A_memory_handler_gives_the_right_to_execute_when_it_is_asked_for_and_the_guest_goes_on()
    {
        using RunningGuest guest = Create();
        using GuestMemory memory = GuestMemory.Allocate(0x1000);
        LoadOther(guest, memory, MemoryAccess.Write);
        GivingHandler handler = new(() => Remap(guest, memory, MemoryAccess.Execute));
        guest.Handlers.Memory = handler;

        guest.RunToEnd();

        Assert.Equal([(OtherGpa, InterceptAccess.Execute)], handler.Asked);
        Assert.Equal([Ready], guest.Reports);
    }

    public void Dispose() => emulator.Dispose();

    private RunningGuest Create()
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        return new RunningGuest(emulator: emulator);
    }

    private static void InterceptException(RunningGuest guest, byte vector) => guest.Partition.Hypercalls.InstallIntercept(
        hv_intercept_type.HV_INTERCEPT_TYPE_EXCEPTION,
        Hv.HV_INTERCEPT_ACCESS_MASK_EXECUTE,
        new hv_intercept_parameters { exception_vector = vector });

    // A guest that reports and ends in a page of its own.
    private static void LoadOther(RunningGuest guest, GuestMemory memory, MemoryAccess access)
    {
        _ = guest.Partition.Memory.Map(OtherGpa, memory, access);
        guest.Partition.Memory.Write(OtherGpa, RunningGuest.Assemble(
            64,
            code =>
            {
                code.mov(eax, Ready);
                Report(code);
                End(code);
            },
            OtherGpa));
        guest.Load(64, code =>
        {
            code.mov(eax, (uint)OtherGpa);
            code.jmp(rax);
        });
    }

    private static void Remap(RunningGuest guest, GuestMemory memory, MemoryAccess access)
    {
        guest.Partition.Memory.Unmap(OtherGpa, memory.SizeBytes);
        _ = guest.Partition.Memory.Map(OtherGpa, memory, access);
    }

    private static void Report(Assembler code) => code.@out((byte)RunningGuest.ReportPort, eax);

    private static void End(Assembler code) => code.@out((byte)RunningGuest.EndPort, al);

    private sealed class DeliveringHandler : IExceptionHandler
    {
        internal List<byte> Vectors { get; } = [];

        public ExceptionAction OnException(uint vpIndex, in ExceptionIntercept exception)
        {
            Vectors.Add((byte)exception.Vector);
            return ExceptionAction.Deliver;
        }
    }

    private sealed class GivingHandler(Action give) : IMemoryInterceptHandler
    {
        internal List<(ulong Gpa, InterceptAccess Access)> Asked { get; } = [];

        public MemoryAction OnMemoryIntercept(uint vpIndex, ulong gpa, InterceptAccess access, bool isUnaccepted)
        {
            Asked.Add((gpa, access));
            give();
            return MemoryAction.Retry;
        }
    }
}
