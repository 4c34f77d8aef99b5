using HvBindgen.Emulation.X64.Processor;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Emulation.Tests.X64.Processor;

/// <summary>XSAVEC, XSAVES and what restores their areas, waiting, and random numbers.</summary>
public sealed class ExtendedStateTests
{
    private const ulong Compacted = 1UL << 63;
    private const int ComponentsWord = 512 / 8;
    private const int FormWord = ComponentsWord + 1;
    private const int UpperHalvesWord = 576 / 8;
    private const int ControlWord = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_compacted_form_has_what_is_in_use_and_tells_what_was_asked_for(bool isForSystem)
    {
        using ProcessorRig rig = new(64);
        rig.Memory.Bytes.Slice((int)ProcessorRig.Data, 1024).Fill(0xEE);
        rig.Load(64, code =>
        {
            code.mov(eax, 0x1234);
            code.vmovd(xmm1, eax); // SSE alone is in use
            code.mov(edi, (uint)ProcessorRig.Data);
            code.mov(eax, 7);
            code.xor(edx, edx);

            if (isForSystem)
            {
                code.xsaves64(__[rdi]);
            }
            else
            {
                code.xsavec64(__[rdi]);
            }

            code.mov(ecx, 1);
            code.xgetbv();
            code.hlt();
        });

        rig.RunToHalt();

        ReadOnlySpan<ulong> area = rig.Memory.Words[(int)(ProcessorRig.Data / 8)..];
        Assert.Equal(2UL, rig.State.Gpr[0]);
        Assert.Equal(2UL, area[ComponentsWord]);
        Assert.Equal(7UL | Compacted, area[FormWord]);
        Assert.Equal(0x1234UL, area[(160 / 8) + 2]);

        // x87, the rest of the header, and the upper halves keep their bytes; MXCSR goes with SSE.
        const ulong Untouched = 0xEEEE_EEEE_EEEE_EEEE;
        Assert.Equal(Untouched, area[0]);
        Assert.Equal(0x0000_FFFF_0000_1F80UL, area[ControlWord]);
        Assert.Equal(Untouched, area[FormWord + 1]);
        Assert.Equal(Untouched, area[UpperHalvesWord]);
    }

    [Fact]
    public void MXCSR_that_is_not_as_after_a_reset_is_saved_as_SSE_and_restored_with_it()
    {
        using ProcessorRig rig = new(64);
        rig.Load(64, code =>
        {
            code.mov(edi, (uint)ProcessorRig.Data);
            code.mov(__dword_ptr[rdi + 1024], 0x3F80);
            code.ldmxcsr(__dword_ptr[rdi + 1024]);
            code.mov(eax, 7);
            code.xor(edx, edx);
            code.xsavec(__[rdi]);
            code.mov(__dword_ptr[rdi + 1024], 0x1F80);
            code.ldmxcsr(__dword_ptr[rdi + 1024]);
            code.pcmpeqb(xmm2, xmm2);
            code.xrstors(__[rdi]);
            code.stmxcsr(__dword_ptr[rdi + 1024]);
            code.mov(ebx, __dword_ptr[rdi + 1024]);
            code.movq(rcx, xmm2);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(2UL, rig.WordAt(ProcessorRig.Data + 512));
        Assert.Equal((0x3F80UL, 0UL), (rig.State.Gpr[3], rig.State.Gpr[1]));
    }

    [Theory]
    [InlineData(Compacted | 7, 3, false, true)]
    [InlineData(Compacted | 3, 4, false, false)] // holds what its form does not have
    [InlineData(Compacted | 8, 0, false, false)] // a component that there is not
    [InlineData(0UL, 3, false, true)] // the standard form
    [InlineData(0UL, 3, true, false)] // which XRSTORS does not take
    [InlineData(7UL, 3, false, false)]
    public void Only_a_header_that_makes_sense_is_restored(ulong form, int present, bool isForSystem, bool isTaken)
    {
        using ProcessorRig rig = new(64);
        Span<ulong> area = rig.Memory.Words[(int)(ProcessorRig.Data / 8)..];
        area[0] = 0x37F;
        area[ControlWord] = 0x1F80;
        area[ComponentsWord] = (uint)present;
        area[FormWord] = form;
        rig.Handle(13, code =>
        {
            code.mov(r9d, 13);
            code.hlt();
        });
        rig.Load(64, code =>
        {
            code.mov(edi, (uint)ProcessorRig.Data);
            code.mov(eax, 7);
            code.xor(edx, edx);

            if (isForSystem)
            {
                code.xrstors(__[rdi]);
            }
            else
            {
                code.xrstor(__[rdi]);
            }

            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(isTaken ? 0UL : 13, rig.State.Gpr[9]);
    }

    [Fact]
    public void The_mask_of_supervisor_states_takes_no_bit()
    {
        const uint SupervisorStates = 0xDA0;
        using ProcessorRig rig = new(64);

        Assert.True(rig.Processor.Models.TryWrite(SupervisorStates, 0));
        Assert.False(rig.Processor.Models.TryWrite(SupervisorStates, 1 << 11));
        Assert.True(rig.Processor.Models.TryRead(SupervisorStates, out ulong value));
        Assert.Equal(0UL, value);
    }

    [Fact]
    public void MWAIT_waits_behind_MONITOR_alone()
    {
        using ProcessorRig rig = new(64);
        rig.Load(64, code =>
        {
            code.xor(ecx, ecx);
            code.mov(eax, (uint)ProcessorRig.Data);
            code.mwait();
            code.monitor();
            code.mwait();
            code.mwait();
            code.hlt();
        });

        Assert.Equal(ProcessorStop.Wait, rig.Run());
        Assert.Equal(ProcessorStop.Halt, rig.Run());
    }

    [Theory]
    [InlineData(false, 1, 13)]
    [InlineData(true, 2, 13)]
    [InlineData(true, 0, 6)] // they are turned off
    public void Waiting_with_what_there_is_not_faults(bool waits, int extensions, int vector)
    {
        const uint MiscEnable = 0x1A0;
        using ProcessorRig rig = new(64);
        rig.Handle((byte)vector, code =>
        {
            code.mov(r9d, vector);
            code.hlt();
        });

        if (vector == 6)
        {
            Assert.True(rig.Processor.Models.TryWrite(MiscEnable, 1));
        }

        rig.Load(64, code =>
        {
            code.mov(ecx, extensions);
            code.mov(eax, (uint)ProcessorRig.Data);

            if (waits)
            {
                code.mwait();
            }
            else
            {
                code.monitor();
            }

            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal((ulong)vector, rig.State.Gpr[9]);
    }

    [Fact]
    public void Random_numbers_have_the_width_of_their_register_and_CF_says_that_there_is_one()
    {
        using ProcessorRig rig = new(64) { RandomNumber = 0x5A5A_5A5A_5A5A_5A5A };
        rig.Load(64, code =>
        {
            code.mov(rax, ulong.MaxValue);
            code.mov(rbx, rax);
            code.mov(rsi, rax);
            code.xor(edi, edi); // sets ZF, which goes
            code.rdrand(ax);
            code.rdseed(ebx);
            code.rdrand(rsi);
            code.pushfq();
            code.pop(rdi);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(0xFFFF_FFFF_FFFF_5A5AUL, rig.State.Gpr[0]);
        Assert.Equal(0x5A5A_5A5AUL, rig.State.Gpr[3]);
        Assert.Equal(0x5A5A_5A5A_5A5A_5A5AUL, rig.State.Gpr[6]);
        Assert.Equal(1UL, rig.State.Gpr[7] & 0x8D5);
    }
}
