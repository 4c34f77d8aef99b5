using HvBindgen.Emulation.X64.Processor;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Emulation.Tests.X64.Processor;

/// <summary>Breakpoints of debug registers, as SDM volume 3, 19.2 and 19.3 have them.</summary>
public sealed class BreakpointTests
{
    private const byte Debug = 1;
    private const ulong ResumeFlag = 1 << 16;
    private const ulong SingleStep = 1 << 14;
    private const uint OnWrite = 1;
    private const uint OnPort = 2;
    private const uint OnAccess = 3;

    [Fact]
    public void A_breakpoint_on_an_instruction_comes_before_it_and_RF_lets_it_pass()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(Debug, code =>
        {
            code.inc(r9d);
            code.mov(r10, __[rsp]);
            code.mov(r11, __[rsp + 16]);
            code.mov(r12, dr6);
            code.mov(r13, rbx);
            code.or(__dword_ptr[rsp + 16], (int)ResumeFlag);
            code.iretq();
        });
        Label target = default;
        rig.Load(64, code =>
        {
            target = code.CreateLabel();
            code.lea(rax, __[target]);
            code.mov(dr1, rax);
            Arm(code, number: 1, kind: 0, size: 1);
            code.Label(ref target);
            code.inc(ebx);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(1UL, rig.State.Gpr[9]);
        Assert.Equal(rig.Processor.System.Debug.Addresses[1], rig.State.Gpr[10]);
        Assert.Equal(0UL, rig.State.Gpr[11] & ResumeFlag);
        Assert.Equal(0xFFFF_0FF2UL, rig.State.Gpr[12]);
        Assert.Equal(0UL, rig.State.Gpr[13]);
        Assert.Equal(1UL, rig.State.Gpr[3]);
    }

    [Theory]
    [InlineData(OnWrite, 4, 0, 4, true, true)]
    [InlineData(OnWrite, 4, 0, 4, false, false)] // a read
    [InlineData(OnAccess, 4, 0, 4, false, true)]
    [InlineData(OnWrite, 4, 3, 1, true, true)] // its last byte
    [InlineData(OnWrite, 4, 4, 1, true, false)] // behind it
    [InlineData(OnWrite, 4, -1, 1, true, false)] // before it
    [InlineData(OnWrite, 4, -7, 8, true, true)] // whose last byte is its first
    [InlineData(OnWrite, 1, 1, 1, true, false)]
    [InlineData(OnWrite, 2, 1, 1, true, true)]
    [InlineData(OnWrite, 8, 7, 1, true, true)]
    public void A_breakpoint_on_data_comes_behind_what_touches_a_byte_of_it(
        uint kind, int size, int offset, int accessBytes, bool isWrite, bool isMet)
    {
        using ProcessorRig rig = new(64);
        rig.Handle(Debug, code =>
        {
            code.inc(r9d);
            code.mov(r10, __[rsp]);
            code.mov(r12, dr6);
            code.iretq();
        });
        Label behind = default;
        rig.Load(64, code =>
        {
            behind = code.CreateLabel();
            code.lea(r14, __[behind]);
            code.mov(eax, (uint)ProcessorRig.Data);
            code.mov(dr3, rax);
            code.mov(rsi, __[rax]); // its page is known to the processor before
            code.mov(__[rax], rsi);
            Arm(code, number: 3, kind, size);
            code.lea(rax, __[ProcessorRig.Data + (ulong)offset]);
            Access(code, accessBytes, isWrite);
            code.Label(ref behind);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(isMet ? 1UL : 0, rig.State.Gpr[9]);
        Assert.Equal(isMet ? rig.State.Gpr[14] : 0, rig.State.Gpr[10]);
        Assert.Equal(isMet ? 0xFFFF_0FF8UL : 0, rig.State.Gpr[12]);
    }

    [Fact]
    public void A_repeated_instruction_stops_behind_the_iteration_that_meets_a_breakpoint()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(Debug, code =>
        {
            code.inc(r9d);
            code.mov(r10, rcx);
            code.mov(r11, __[rsp + 16]);
            code.iretq();
        });
        rig.Load(64, code =>
        {
            code.mov(eax, (uint)ProcessorRig.Data + 16);
            code.mov(dr0, rax);
            Arm(code, number: 0, OnWrite, size: 4);
            code.mov(edi, (uint)ProcessorRig.Data);
            code.mov(ecx, 8);
            code.rep.stosd();
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(1UL, rig.State.Gpr[9]);
        Assert.Equal(3UL, rig.State.Gpr[10]);
        Assert.Equal(ResumeFlag, rig.State.Gpr[11] & ResumeFlag);
        Assert.Equal(0UL, rig.State.Gpr[1]);
    }

    [Fact]
    public void A_single_step_and_a_breakpoint_behind_one_instruction_are_one_exception()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(Debug, code =>
        {
            code.mov(r12, dr6);
            code.hlt();
        });
        rig.Load(64, code =>
        {
            code.mov(eax, (uint)ProcessorRig.Data);
            code.mov(dr2, rax);
            Arm(code, number: 2, OnWrite, size: 1);
            code.push(0x102);
            code.popfq();
            code.mov(__byte_ptr[ProcessorRig.Data], 1);
        });

        rig.RunToHalt();

        Assert.Equal(0xFFFF_0FF4UL | SingleStep, rig.State.Gpr[12]);
    }

    [Fact]
    public void A_breakpoint_behind_a_load_of_SS_waits_for_the_next_instruction()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(Debug, code =>
        {
            code.mov(r10, rsp);
            code.hlt();
        });
        rig.Memory.Words[(int)(ProcessorRig.Data / 8)] = ProcessorRig.DataSegment;
        rig.Load(64, code =>
        {
            code.mov(eax, (uint)ProcessorRig.Data);
            code.mov(dr0, rax);
            Arm(code, number: 0, OnAccess, size: 2);
            code.mov(ss, __word_ptr[ProcessorRig.Data]);
            code.mov(esp, 0x6800);
        });

        rig.RunToHalt();

        Assert.Equal(0x6800UL - 40, rig.State.Gpr[10]);
    }

    [Fact]
    public void An_instruction_that_faults_meets_no_breakpoint_on_data()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(Debug, code => code.inc(r9d));
        rig.Handle(14, code => code.hlt());
        rig.Load(64, code =>
        {
            code.mov(eax, (uint)ProcessorRig.Data);
            code.mov(dr0, rax);
            Arm(code, number: 0, OnAccess, size: 1);
            code.mov(esi, (uint)ProcessorRig.Data);
            code.mov(rdi, 0x10_0000_0000);
            code.movsb();
        });

        rig.RunToHalt();

        Assert.Equal(0UL, rig.State.Gpr[9]);
    }

    [Fact]
    public void The_delivery_of_an_interrupt_meets_a_breakpoint_on_the_stack_in_front_of_its_handler()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(0x30, code =>
        {
            code.inc(ebx);
            code.hlt();
        });
        rig.Handle(Debug, code =>
        {
            code.mov(r10, __[rsp]);
            code.hlt();
        });
        rig.Load(64, code =>
        {
            code.mov(eax, (uint)ProcessorRig.Stack - 40);
            code.mov(dr0, rax);
            Arm(code, number: 0, OnWrite, size: 8);
            code.@int(0x30);
        });

        rig.RunToHalt();

        Assert.Equal(0UL, rig.State.Gpr[3]);
        Assert.Equal(ProcessorRig.Handlers, rig.State.Gpr[10]);
    }

    [Theory]
    [InlineData(true, 0x71, 1, true)]
    [InlineData(true, 0x72, 1, false)]
    [InlineData(true, 0x6D, 4, true)]
    [InlineData(false, 0x70, 2, false)] // without CR4.DE there are none
    public void A_breakpoint_on_ports_comes_behind_the_access(bool hasExtensions, int port, int size, bool isMet)
    {
        using ProcessorRig rig = new(64);
        rig.State.Cr4 |= hasExtensions ? 8UL : 0;
        rig.Handle(Debug, code =>
        {
            code.inc(r9d);
            code.mov(r12, dr6);
            code.iretq();
        });
        rig.Load(64, code =>
        {
            code.mov(eax, 0x70);
            code.mov(dr0, rax);
            Arm(code, number: 0, OnPort, size: 2);
            code.mov(edx, port);

            switch (size)
            {
                case 1:
                    code.@out(dx, al);
                    break;
                case 2:
                    code.@out(dx, ax);
                    break;
                default:
                    code.@out(dx, eax);
                    break;
            }

            // None is accessed here.
            code.mov(edx, 0x70);
            code.xor(ecx, ecx);
            code.mov(esi, (uint)ProcessorRig.Data);
            code.rep.outsb();
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(isMet ? 1UL : 0, rig.State.Gpr[9]);
        Assert.Equal(isMet ? 0xFFFF_0FF1UL : 0, rig.State.Gpr[12]);
    }

    [Fact]
    public void General_detection_keeps_debug_registers_from_programs_and_ends_with_the_exception()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(Debug, code =>
        {
            code.mov(r12, dr6);
            code.mov(r13, dr7);
            code.hlt();
        });
        rig.Load(64, code =>
        {
            code.mov(eax, 0x2400);
            code.mov(dr7, rax);
            code.mov(rbx, dr0);
        });

        rig.RunToHalt();

        Assert.Equal(0xFFFF_2FF0UL, rig.State.Gpr[12]);
        Assert.Equal(0x400UL, rig.State.Gpr[13]);
    }

    [Fact]
    public void INT1_is_an_exception_that_tells_no_cause()
    {
        using ProcessorRig rig = new(64);
        rig.Handle(Debug, code =>
        {
            code.mov(r10, __[rsp]);
            code.mov(r12, dr6);
            code.hlt();
        });
        rig.Load(64, code => code.db(0xF1));

        rig.RunToHalt();

        Assert.Equal(ProcessorRig.Code + 1, rig.State.Gpr[10]);
        Assert.Equal(0xFFFF_0FF0UL, rig.State.Gpr[12]);
    }

    [Fact]
    public void Whoever_intercepts_debug_exceptions_is_stopped_in_front_of_the_instruction_each_time_until_RF_is_set()
    {
        using ProcessorRig rig = new(64);
        rig.Processor.InterceptedExceptions = 1 << Debug;
        rig.Load(64, code =>
        {
            code.nop();
            code.hlt();
        });
        rig.Processor.System.Debug.SetAddress(0, ProcessorRig.Code);
        rig.Processor.System.Debug.SetControl(1);

        Assert.Equal(ProcessorStop.Exception, rig.Run());
        Assert.Equal(ProcessorStop.Exception, rig.Run());
        Assert.Equal(ProcessorRig.Code, rig.State.Rip);
        rig.State.Rflags |= ResumeFlag;
        rig.RunToHalt();
        Assert.Equal(0UL, rig.State.Rflags & ResumeFlag);
    }

    private static void Arm(Assembler code, int number, uint kind, int size)
    {
        uint length = size switch { 1 => 0u, 2 => 1u, 8 => 2u, _ => 3u };
        code.mov(eax, (1u << (number * 2)) | ((kind | (length << 2)) << (16 + (number * 4))));
        code.mov(dr7, rax);
    }

    private static void Access(Assembler code, int sizeBytes, bool isWrite)
    {
        switch (sizeBytes)
        {
            case 1 when isWrite:
                code.mov(__byte_ptr[rax], bl);
                break;
            case 4 when isWrite:
                code.mov(__dword_ptr[rax], ebx);
                break;
            case 4:
                code.mov(ebx, __dword_ptr[rax]);
                break;
            default:
                code.mov(__qword_ptr[rax], rbx);
                break;
        }
    }
}
