using HvBindgen.Emulation.X64;
using HvBindgen.Emulation.X64.Processor;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Emulation.Tests.X64.Processor;

public sealed class LongModeGateTests
{
    [Fact]
    public void An_interrupt_by_number_pushes_five_words_and_IRETQ_takes_them_back()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(0x30, code =>
        {
            code.mov(rbx, rsp);
            code.mov(rcx, __[rsp]);
            code.mov(rdx, __[rsp + 24]);
            code.iretq();
        });
        rig.Load(64, code =>
        {
            code.@int(0x30);
            code.mov(eax, 0x77);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(0x77UL, rig.State.Gpr[0]);
        Assert.Equal(ProcessorRig.Stack - 40, rig.State.Gpr[3]);
        Assert.Equal(ProcessorRig.Code + 2, rig.State.Gpr[1]);
        Assert.Equal(ProcessorRig.Stack, rig.State.Gpr[2]);
        Assert.Equal(ProcessorRig.Stack, rig.State.Gpr[4]);
    }

    [Fact]
    public void A_gate_with_a_stack_of_its_own_switches_to_it()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(0x30, code => code.hlt(), stackTable: 1);
        rig.Load(64, code => code.@int(0x30));

        rig.RunToHalt();

        Assert.Equal(ProcessorRig.InterruptStack - 40, rig.State.Gpr[4]);
    }

    [Theory]
    [InlineData(0x10_0000_0000UL, 0UL)] // not mapped: not present, read by the supervisor
    [InlineData(0x20_0000UL, 1UL)] // mapped, and the program has no right to it; see the test's write
    public void A_page_fault_tells_its_address_and_its_cause(ulong address, ulong code0)
    {
        using ProcessorRig rig = new(64);
        bool isProtection = code0 != 0;

        if (isProtection)
        {
            rig.Memory.Words[1537] &= ~2UL;
        }

        rig.Handle(14, code =>
        {
            code.mov(rbx, cr2);
            code.pop(rcx);
            code.hlt();
        });
        rig.Load(64, code =>
        {
            code.mov(rax, address);
            code.mov(__[rax], rax);
        });

        rig.RunToHalt();

        Assert.Equal(address, rig.State.Gpr[3]);
        Assert.Equal(code0 | 2, rig.State.Gpr[1]);
    }

    [Fact]
    public void A_fault_reports_RF_set_and_an_interrupt_by_number_does_not()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(6, code =>
        {
            code.mov(rbx, __[rsp + 16]);
            code.@int(0x30);
        });
        rig.Handle(0x30, code =>
        {
            code.mov(rcx, __[rsp + 16]);
            code.hlt();
        });
        rig.Load(64, code => code.ud2());

        rig.RunToHalt();

        const ulong ResumeFlag = 1 << 16;
        Assert.NotEqual(0UL, rig.State.Gpr[3] & ResumeFlag);
        Assert.Equal(0UL, rig.State.Gpr[1] & ResumeFlag);
    }

    [Fact]
    public void A_program_is_entered_by_IRETQ_and_left_by_a_fault_on_the_stack_of_the_task()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(13, code =>
        {
            code.mov(rbx, rsp);
            code.mov(rcx, __[rsp]);
            code.mov(rdx, __[rsp + 16]);
            code.mov(rsi, __[rsp + 40]);
            code.mov(di, ss);
            code.hlt();
        });
        EnterProgram(rig, code => code.hlt());

        rig.RunToHalt();

        Assert.Equal(ProcessorRig.InnerStack - 48, rig.State.Gpr[3]);
        Assert.Equal(0UL, rig.State.Gpr[1]);
        Assert.Equal(ProcessorRig.UserCode64 | 3UL, rig.State.Gpr[2]);
        Assert.Equal(ProcessorRig.UserData | 3UL, rig.State.Gpr[6]);
        Assert.Equal(0UL, rig.State.Gpr[7] & 0xFFFF);
    }

    [Fact]
    public void A_program_may_name_only_gates_of_its_own_privilege()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(0x30, code => code.hlt());
        rig.Handle(0x31, code => code.iretq(), privilege: 3);
        rig.Handle(13, code =>
        {
            code.pop(rbx);
            code.hlt();
        });
        EnterProgram(rig, code =>
        {
            code.@int(0x31);
            code.@int(0x30);
        });

        rig.RunToHalt();

        Assert.Equal((0x30UL << 3) | 2, rig.State.Gpr[3]);
    }

    [Fact]
    public void SYSCALL_and_SYSRET_go_to_the_system_and_back()
    {
        using ProcessorRig rig = new(64);
        rig.State.Efer |= 1;
        const ulong Selectors = ((ulong)(ProcessorRig.UserData - 8) << 48) | ((ulong)ProcessorRig.Code64 << 32);
        Assert.True(rig.Processor.Models.TryWrite(0xC000_0081, Selectors));
        Assert.True(rig.Processor.Models.TryWrite(0xC000_0082, ProcessorRig.Handlers + 0x8000));
        Assert.True(rig.Processor.Models.TryWrite(0xC000_0084, 0x4));
        rig.Load(
            64,
            code =>
            {
                code.mov(ebx, cs);
                code.mov(r8, r11);
                code.sysretq();
            },
            ProcessorRig.Handlers + 0x8000);
        rig.Handle(13, code => code.hlt());
        EnterProgram(rig, code =>
        {
            code.syscall();
            code.mov(edx, cs);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal((ulong)ProcessorRig.Code64, rig.State.Gpr[3]);
        Assert.Equal(ProcessorRig.UserCode64 | 3UL, rig.State.Gpr[2]);
        Assert.Equal(2UL, rig.State.Gpr[8] & 2);
    }

    [Fact]
    public void A_single_step_goes_by_the_flags_that_SYSCALL_and_SYSRET_load()
    {
        const int TrapFlag = 0x100;
        using ProcessorRig rig = new(64);
        rig.State.Efer |= 1;
        const ulong Selectors = ((ulong)(ProcessorRig.UserData - 8) << 48) | ((ulong)ProcessorRig.Code64 << 32);
        Assert.True(rig.Processor.Models.TryWrite(0xC000_0081, Selectors));
        Assert.True(rig.Processor.Models.TryWrite(0xC000_0082, ProcessorRig.Handlers + 0x8000));
        Assert.True(rig.Processor.Models.TryWrite(0xC000_0084, TrapFlag));
        rig.Load(
            64,
            code =>
            {
                code.nop();
                code.sysretq();
            },
            ProcessorRig.Handlers + 0x8000);
        rig.Handle(1, code =>
        {
            code.inc(ebx);
            code.mov(rbp, __[rsp]);
            code.sub(rbp, rcx); // behind SYSCALL
            code.shl(rdx, 8);
            code.or(rdx, rbp);
            code.iretq();
        });
        rig.Handle(13, code => code.hlt());
        EnterProgram(rig, code =>
        {
            code.xor(ebx, ebx);
            code.xor(edx, edx);
            code.pushfq();
            code.or(__dword_ptr[rsp], TrapFlag);
            code.popfq();
            code.syscall();
            code.nop();
            code.hlt();
        });

        rig.RunToHalt();

        // Not in the system, though TF was set as it was entered; then at once, and behind the next instruction.
        Assert.Equal((2UL, 0x0001UL), (rig.State.Gpr[3], rig.State.Gpr[2]));
    }

    [Fact]
    public void SYSCALL_in_compatibility_mode_is_no_instruction_of_this_vendor()
    {
        using ProcessorRig rig = new(64);
        Assert.True(rig.Processor.Models.TryWrite(0xC000_0080, rig.State.Efer | 1));
        rig.Handle(6, code => { code.mov(ebx, 6); code.hlt(); });
        rig.Load(32, code => code.syscall());
        rig.State.Segments[X64SegmentFile.Cs].IsLong = false;
        rig.State.Segments[X64SegmentFile.Cs].IsBig = true;
        rig.Processor.OnStateChanged();

        rig.RunToHalt();

        Assert.Equal(6UL, rig.State.Gpr[3]);
    }

    [Fact]
    public void A_fault_on_the_way_to_its_handler_is_a_double_fault()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(8, code =>
        {
            code.pop(rbx);
            code.mov(eax, 0x88);
            code.hlt();
        });
        rig.Load(64, code =>
        {
            code.mov(rax, 0x10_0000_0000);
            code.mov(rax, __[rax]); // #PF, which has no gate: #GP, so #DF
        });

        rig.RunToHalt();

        Assert.Equal(0x88UL, rig.State.Gpr[0]);
        Assert.Equal(0UL, rig.State.Gpr[3]);
    }

    [Fact]
    public void A_double_fault_without_handler_shuts_the_processor_down()
    {
        using ProcessorRig rig = new(64);
        rig.Load(64, code => code.ud2());

        Assert.Equal(ProcessorStop.Shutdown, rig.Run());
        Assert.Equal(ProcessorRig.Code, rig.State.Rip);
    }

    [Fact]
    public void An_invalid_opcode_whose_gate_is_not_present_raises_that_and_no_double_fault()
    {
        using ProcessorRig rig = new(64);
        rig.Memory.Words[(int)(ProcessorRig.Idt / 8) + (6 * 2)] = 0x0000_0E00_0008_0000;
        rig.Handle(11, code =>
        {
            code.pop(rbx);
            code.hlt();
        });
        rig.Load(64, code => code.ud2());

        rig.RunToHalt();

        Assert.Equal((6UL << 3) | 2 | 1, rig.State.Gpr[3]);
    }

    [Fact]
    public void A_single_step_traps_behind_each_instruction()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(1, code =>
        {
            code.inc(ebx);
            code.mov(rcx, dr6);
            code.iretq();
        });
        rig.Load(64, code =>
        {
            code.pushfq();
            code.or(__dword_ptr[rsp], 0x100);
            code.popfq(); // sets TF: no trap behind it
            code.nop(); // a trap
            code.pushfq(); // a trap
            code.and(__dword_ptr[rsp], ~0x100); // a trap
            code.popfq(); // clears TF: a trap none the less
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(4UL, rig.State.Gpr[3]);
        Assert.Equal(1UL << 14, rig.State.Gpr[1] & 0xE000);
    }

    private static void EnterProgram(ProcessorRig rig, Action<Assembler> program)
    {
        const ulong Program = ProcessorRig.Code + 0x800;
        rig.Load(64, program, Program);
        rig.Load(64, code =>
        {
            code.push(ProcessorRig.UserData | 3);
            code.push(0x7800);
            code.push(2);
            code.push(ProcessorRig.UserCode64 | 3);
            code.mov(eax, (uint)Program);
            code.push(rax);
            code.iretq();
        });
    }
}
