using HvBindgen.Emulation.X64.Processor;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Emulation.Tests.X64.Processor;

public sealed class ModeChangeTests
{
    [Fact]
    public void A_program_of_real_mode_turns_on_protection_and_then_64_bits()
    {
        using ProcessorRig rig = new(64);
        Span<ulong> words = rig.Memory.Words;
        words[0x9_4000 / 8] = 0x7F | (ProcessorRig.Gdt << 16);
        using X64Machine start = new(16);
        rig.State = start.State;
        rig.State.Cr4 = 0;
        rig.State.Gpr[4] = ProcessorRig.Stack;
        rig.Processor.OnStateChanged();
        rig.Load(16, code =>
        {
            code.mov(ax, 0x9000);
            code.mov(ds, ax);
            code.lgdt(__[0x4000]);
            code.mov(eax, cr0);
            code.or(eax, 1);
            code.mov(cr0, eax);
            code.jmp(ProcessorRig.Code32, (uint)ProcessorRig.Code + 0x100);
        });
        rig.Load(
            32,
            code =>
            {
                code.mov(ax, ProcessorRig.DataSegment);
                code.mov(ds, ax);
                code.mov(ss, ax);
                code.mov(es, ax);
                code.mov(eax, cr4);
                code.or(eax, 0x20);
                code.mov(cr4, eax);
                code.mov(eax, 0x1000);
                code.mov(cr3, eax);
                code.mov(ecx, 0xC000_0080);
                code.rdmsr();
                code.or(eax, 0x100);
                code.wrmsr();
                code.mov(eax, cr0);
                code.or(eax, 0x8000_0000);
                code.mov(cr0, eax);
                code.jmp(ProcessorRig.Code64, (uint)ProcessorRig.Code + 0x200);
            },
            ProcessorRig.Code + 0x100);
        rig.Load(
            64,
            code =>
            {
                code.mov(rbx, 0x1234_5678_9ABC_DEF0);
                code.mov(rax, cr0);
                code.hlt();
            },
            ProcessorRig.Code + 0x200);

        rig.RunToHalt();

        Assert.Equal(0x1234_5678_9ABC_DEF0UL, rig.State.Gpr[3]);
        Assert.True(rig.State.Is64BitMode);
        Assert.Equal(0x8000_0011UL, rig.State.Gpr[0]);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("CR0")]
    [InlineData("CR3")]
    [InlineData("CR4")]
    public void Control_registers_do_not_turn_to_tables_of_PAE_with_reserved_bits_at_their_root(string written)
    {
        const ulong Root = 0x9_5000;
        const ulong Other = 0x9_5020;
        const ulong Directory = 0x9_6000;
        const int PageGlobal = 0x80;
        using ProcessorRig rig = new(32);
        rig.Memory.Words[(int)Root / 8] = Directory | 1;
        rig.Memory.Words[(int)Other / 8] = Directory | 1;
        rig.Memory.Words[(int)Directory / 8] = 0x83;
        rig.Handle(13, code => { code.mov(ebx, 13); code.hlt(); }, bits: 32);
        rig.Load(32, code =>
        {
            // The last of the four entries may name no table for writing.
            void Spoil(ulong root) => code.mov(__dword_ptr[root + 24], 3);

            code.mov(eax, 0x20);
            code.mov(cr4, eax);
            code.mov(eax, (int)Root);
            code.mov(cr3, eax);

            if (written == "CR0")
            {
                Spoil(Root);
            }

            code.mov(eax, cr0);
            code.bts(eax, 31);
            code.mov(cr0, eax);
            Spoil(written == "CR4" ? Root : Other);

            if (written == "CR3")
            {
                code.mov(eax, (int)Other);
                code.mov(cr3, eax);
            }

            code.mov(eax, 0x20 | PageGlobal);
            code.mov(cr4, eax);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(written == "nothing" ? 0 : 13UL, rig.State.Gpr[3]);
        Assert.Equal(written == "CR0", (rig.State.Cr0 >> 31) == 0);
        Assert.Equal((Root, written == "nothing" ? 0x20UL | PageGlobal : 0x20), (rig.State.Cr3, rig.State.Cr4));
    }

    [Fact]
    public void An_interrupt_of_real_mode_goes_through_its_vector_and_comes_back()
    {
        using ProcessorRig rig = new(16);
        rig.Memory.Words[0x21 * 4 / 8] = 0x0000_9000_0000_0000;
        rig.Load(16, code => { code.mov(bx, 0x1111); code.iret(); }, 0x9000);
        rig.State.Rflags |= 0x200;
        rig.Load(16, code =>
        {
            code.@int(0x21);
            code.pushf();
            code.pop(cx);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(0x1111UL, rig.State.Gpr[3]);
        Assert.NotEqual(0UL, rig.State.Gpr[1] & 0x200);
        Assert.Equal(ProcessorRig.Stack, rig.State.Gpr[4]);
    }

    [Fact]
    public void An_interrupt_waits_for_the_instruction_behind_STI()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(0x40, code => code.hlt());
        rig.Interrupts.Enqueue(0x40);
        rig.Processor.NoticeInterrupt();
        rig.Load(64, code =>
        {
            code.sti();
            code.inc(ebx);
            code.inc(ebx);
        });

        rig.RunToHalt();

        Assert.Equal(1UL, rig.State.Gpr[3]);
    }

    [Fact]
    public void An_interrupt_waits_for_IF_and_the_window_tells_of_it()
    {
        using ProcessorRig rig = new(64);
        rig.Processor.WantsInterruptWindow = true;
        rig.Load(64, code =>
        {
            code.inc(ebx);
            code.sti();
            code.inc(ebx);
            code.inc(ebx);
        });

        Assert.Equal(ProcessorStop.InterruptWindow, rig.Run());
        Assert.Equal(2UL, rig.State.Gpr[3]);
    }

    [Fact]
    public void Code_that_is_overwritten_is_seen_at_once()
    {
        using ProcessorRig rig = new(64);
        rig.Load(64, code =>
        {
            code.mov(eax, (uint)ProcessorRig.Code + 0x80);
            code.call(rax);
            code.mov(__byte_ptr[rax + 1], 7); // the immediate of the instruction there
            code.call(rax);
            code.hlt();
        });
        rig.Load(64, code => { code.mov(ebx, 1); code.add(ecx, ebx); code.ret(); }, ProcessorRig.Code + 0x80);

        rig.RunToHalt();

        Assert.Equal(8UL, rig.State.Gpr[1]);
    }

    [Fact]
    public void A_page_that_has_moved_is_seen_where_it_was_until_INVLPG()
    {
        using ProcessorRig rig = new(64);
        Span<ulong> words = rig.Memory.Words;
        words[1538] = 0x4007; // from 4 MiB: a table at 0x4000
        words[0x4000 / 8] = 0x2_0000 | 7;
        words[0x2_0000 / 8] = 1;
        words[0x2_1000 / 8] = 2;
        rig.Load(64, code =>
        {
            code.mov(eax, 0x40_0000);
            code.mov(rbx, __[rax]);
            code.mov(__dword_ptr[0x4000], 0x2_1007);
            code.invlpg(__byte_ptr[rax]);
            code.mov(rcx, __[rax]);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal((1UL, 2UL), (rig.State.Gpr[3], rig.State.Gpr[1]));
    }

    [Fact]
    public void An_access_that_nobody_answers_stops_in_front_of_its_instruction()
    {
        using ProcessorRig rig = new(64);
        rig.Bus.Patience = 0;
        rig.Load(64, code =>
        {
            code.mov(eax, 0x18_0000);
            code.push(__qword_ptr[rax]);
        });

        Assert.Equal(ProcessorStop.Unanswered, rig.Run());
        Assert.Equal(ProcessorRig.Code + 5, rig.State.Rip);
        Assert.Equal(ProcessorRig.Stack, rig.State.Gpr[4]);
        Assert.Equal(0x18_0000UL, rig.Processor.StoppedAt);
    }

    [Fact]
    public void A_register_of_the_runner_stops_in_front_and_what_comes_behind_stops_for_its_own_reason()
    {
        using ProcessorRig rig = new(64);
        rig.Answers[0x4000_0000] = MsrAnswer.Stop;
        rig.Bus.Patience = 0;
        rig.Load(64, code =>
        {
            code.rdmsr();
            code.mov(rax, __[rdx]);
        });
        rig.State.Gpr[1] = 0x4000_0000;
        rig.State.Gpr[2] = 0x18_0000;

        Assert.Equal(ProcessorStop.Msr, rig.Run());
        Assert.Equal(ProcessorRig.Code, rig.State.Rip);
        rig.State.Rip += 2;
        Assert.Equal(ProcessorStop.Unanswered, rig.Run());
    }

    [Fact]
    public void An_instruction_that_is_not_carried_out_is_named()
    {
        using ProcessorRig rig = new(64);
        rig.Load(64, code => code.fstpnce(st1)); // of an empty top

        Assert.Equal(ProcessorStop.Unsupported, rig.Processor.Run(10));
        Assert.Equal("Fstpnce_sti", rig.Processor.Outcome.InstructionName);
        Assert.Equal(ProcessorRig.Code, rig.State.Rip);
    }

    [Fact]
    public void Nothing_is_allocated_while_the_processor_runs()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(0x30, code => code.iretq());
        rig.Load(64, code =>
        {
            code.mov(ecx, 1000);
            Iced.Intel.Label again = code.CreateLabel();
            code.Label(ref again);
            code.push(rcx);
            code.pop(rax);
            code.@int(0x30);
            code.loop(again);
            code.mov(ecx, 1000);
            code.jmp(again);
        });
        _ = rig.Processor.Run(1000);
        Assert.Equal(0, Allocations.OfEach(() => rig.Processor.Run(10_000)));
    }
}
