using HvBindgen.Emulation.X64;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Emulation.Tests.X64.Processor;

/// <summary>Switches between tasks of 32 and of 16 bits.</summary>
public sealed class TaskSwitchTests
{
    private const ushort Other = 0x48;
    private const ushort Gate = 0x50;
    private const ulong OtherTask = 0x9_3000;
    private const ulong OtherCode = ProcessorRig.Code + 0x800;
    private const ulong OtherStack = 0x6800;
    private const ulong Nested = 1 << 14;
    private const ulong BusyBit = 1UL << 41;
    private const ulong TaskSwitched = 8;

    [Fact]
    public void A_call_of_a_task_nests_it_and_IRET_goes_back()
    {
        using ProcessorRig rig = Start(code =>
        {
            code.mov(ecx, cr0);
            code.mov(__[ProcessorRig.Data], ecx);
            code.pushfd();
            code.pop(__dword_ptr[ProcessorRig.Data + 8]);
            code.mov(__[ProcessorRig.Data + 16], esp);
            code.mov(ebx, 0x99);
            code.iretd();
        });
        rig.Load(32, code =>
        {
            code.mov(ebx, 0x55);
            code.call(Other, 0u);
            code.inc(ebx);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal(0x56UL, rig.State.Gpr[3]);
        Assert.Equal(TaskSwitched, rig.WordAt(ProcessorRig.Data) & TaskSwitched);
        Assert.Equal(Nested, rig.WordAt(ProcessorRig.Data + 8) & Nested);
        Assert.Equal(OtherStack, rig.WordAt(ProcessorRig.Data + 16));
        Assert.Equal(ProcessorRig.TaskSegment, rig.WordAt(OtherTask) & 0xFFFF);
        Assert.Equal((ulong)ProcessorRig.TaskSegment, rig.Processor.System.Tr.Selector);
        Assert.Equal(0UL, DescriptorOf(rig, Other) & BusyBit);
        Assert.Equal(BusyBit, DescriptorOf(rig, ProcessorRig.TaskSegment) & BusyBit);
        Assert.Equal(0UL, rig.State.Rflags & Nested);

        // The task that was left has what it had, but for NT.
        Assert.Equal(0x99u, (uint)(rig.WordAt(OtherTask + 0x30) >> 32));
        Assert.Equal(0UL, (rig.WordAt(OtherTask + 0x20) >> 32) & Nested);
    }

    [Theory]
    [InlineData(Other)]
    [InlineData(Gate)]
    public void A_jump_to_a_task_or_through_its_gate_leaves_the_one_before(ushort selector)
    {
        using ProcessorRig rig = Start(code =>
        {
            code.pushfd();
            code.pop(ebx);
            code.hlt();
        });
        rig.Load(32, code =>
        {
            code.mov(esi, 0x66);
            code.jmp(selector, 0u);
        });

        rig.RunToHalt();

        Assert.Equal(0UL, rig.State.Gpr[3] & Nested);
        Assert.Equal(0UL, DescriptorOf(rig, ProcessorRig.TaskSegment) & BusyBit);
        Assert.Equal(BusyBit, DescriptorOf(rig, Other) & BusyBit);
        Assert.Equal(ProcessorRig.Code + 12, rig.WordAt(ProcessorRig.Task + 0x20) & uint.MaxValue);
        Assert.Equal(0x66u, (uint)rig.WordAt(ProcessorRig.Task + 0x40));
        Assert.Equal(Other, rig.Processor.System.Tr.Selector);
    }

    [Fact]
    public void An_exception_through_a_task_gate_leaves_its_code_on_the_stack_of_the_task()
    {
        using ProcessorRig rig = Start(code =>
        {
            code.pop(ebx);
            code.mov(ecx, __[ProcessorRig.Task + 0x20]);
            code.hlt();
        });
        rig.Memory.Words[(int)(ProcessorRig.Idt / 8) + 13] = 0x0000_8500_0000_0000 | (Other << 16);
        rig.Load(32, code =>
        {
            code.nop();
            code.mov(ax, 0x7F8);
            code.mov(ds, ax);
        });

        rig.RunToHalt();

        Assert.Equal(0x7F8UL, rig.State.Gpr[3]);
        Assert.Equal(ProcessorRig.Code + 5, rig.State.Gpr[1]);
    }

    [Fact]
    public void A_segment_that_the_new_task_may_not_have_is_the_new_task_s_fault()
    {
        using ProcessorRig rig = Start(code => code.hlt());
        Write(rig, OtherTask + 0x54, Gate); // DS
        rig.Handle(
            10,
            code =>
            {
                code.pop(ebx);
                code.pop(ecx);
                code.hlt();
            },
            bits: 32);
        rig.Load(32, code => code.jmp(Other, 0u));

        rig.RunToHalt();

        Assert.Equal(Gate, rig.State.Gpr[3]);
        Assert.Equal(OtherCode, rig.State.Gpr[1]);
        Assert.Equal(Other, rig.Processor.System.Tr.Selector);
    }

    [Theory]
    [InlineData(0x8B, 0x67, 13)] // busy
    [InlineData(0x09, 0x67, 11)] // not present
    [InlineData(0x89, 0x66, 10)] // too short
    public void A_task_that_cannot_be_entered_faults_in_the_one_that_wants_to(int kind, int limit, int vector)
    {
        using ProcessorRig rig = Start(code => code.hlt());
        rig.Memory.Words[(int)(ProcessorRig.Gdt + Other) / 8] =
            ((ulong)kind << 40) | ((OtherTask & 0xFF_FFFF) << 16) | (uint)limit;
        rig.Handle(
            (byte)vector,
            code =>
            {
                code.mov(edi, vector);
                code.pop(ebx);
                code.hlt();
            },
            bits: 32);
        rig.Load(32, code => code.jmp(Other, 0u));

        rig.RunToHalt();

        Assert.Equal(((ulong)vector, (ulong)Other), (rig.State.Gpr[7], rig.State.Gpr[3]));
        Assert.Equal(ProcessorRig.TaskSegment, rig.Processor.System.Tr.Selector);
    }

    [Fact]
    public void A_task_that_wants_it_begins_with_a_debug_exception_and_without_breakpoints_of_the_task_before()
    {
        using ProcessorRig rig = Start(code => code.hlt());
        Write(rig, OtherTask + 0x64, 1);
        rig.Handle(
            1,
            code =>
            {
                code.mov(ebx, dr6);
                code.mov(ecx, dr7);
                code.mov(edx, __[esp]);
                code.hlt();
            },
            bits: 32);
        rig.Load(32, code =>
        {
            code.mov(eax, 0x403); // L0 and G0
            code.mov(dr7, eax);
            code.jmp(Other, 0u);
        });

        rig.RunToHalt();

        Assert.Equal(0xFFFF_8FF0UL, rig.State.Gpr[3]);
        Assert.Equal(0x402UL, rig.State.Gpr[1]);
        Assert.Equal(OtherCode, rig.State.Gpr[2]);
    }

    [Fact]
    public void A_task_of_16_bits_has_neither_FS_nor_GS_and_keeps_the_page_tables()
    {
        const ulong Tables = 0x4_5000;
        using ProcessorRig rig = StartNarrow(code => code.hlt());
        rig.State.Cr3 = Tables;
        rig.Load(32, code => code.jmp(Other, 0u));

        rig.RunToHalt();

        Assert.Equal((0, 0), (rig.State.Segments[X64SegmentFile.Fs].Selector, rig.State.Segments[X64SegmentFile.Gs].Selector));
        Assert.False(rig.State.Segments[X64SegmentFile.Gs].IsPresent);
        Assert.Equal(ProcessorRig.DataSegment, rig.State.Segments[X64SegmentFile.Ds].Selector);
        Assert.Equal((Tables, 0x1234UL), (rig.State.Cr3, rig.State.Gpr[0]));
        Assert.Equal(0x83, rig.Processor.System.Tr.Attributes & 0x9F);
    }

    [Fact]
    public void An_exception_in_a_task_of_16_bits_leaves_two_bytes_of_code()
    {
        using ProcessorRig rig = StartNarrow(code =>
        {
            code.mov(ecx, esp);
            code.pop(bx);
            code.hlt();
        });
        rig.Memory.Words[(int)(ProcessorRig.Idt / 8) + 13] = 0x0000_8500_0000_0000 | (Other << 16);
        rig.Load(32, code =>
        {
            code.mov(ax, 0x7F8);
            code.mov(ds, ax);
        });

        rig.RunToHalt();

        Assert.Equal((0x7F8UL, OtherStack - 2), (rig.State.Gpr[3], rig.State.Gpr[1]));
    }

    private static ProcessorRig StartNarrow(Action<Assembler> other)
    {
        ProcessorRig rig = Start(other);
        rig.Memory.Words[(int)(ProcessorRig.Gdt + Other) / 8] = 0x0000_8100_0000_002B | ((OtherTask & 0xFF_FFFF) << 16);
        rig.Memory.Bytes.Slice((int)OtherTask, 0x68).Clear();
        Write(rig, OtherTask + 0x0E, (ushort)OtherCode | (2u << 16));
        Write(rig, OtherTask + 0x12, 0x1234);
        Write(rig, OtherTask + 0x1A, (uint)OtherStack);
        Write(rig, OtherTask + 0x22, ProcessorRig.DataSegment | ((uint)ProcessorRig.Code32 << 16));
        Write(rig, OtherTask + 0x26, ProcessorRig.DataSegment | ((uint)ProcessorRig.DataSegment << 16));
        return rig;
    }

    private static ProcessorRig Start(Action<Assembler> other)
    {
        ProcessorRig rig = new(32);
        rig.Load(32, other, OtherCode);
        rig.Memory.Words[(int)(ProcessorRig.Gdt + Other) / 8] = 0x0000_8900_0000_0067 | ((OtherTask & 0xFF_FFFF) << 16);
        rig.Memory.Words[(int)(ProcessorRig.Gdt + Gate) / 8] = 0x0000_8500_0000_0000 | (Other << 16);
        rig.Memory.Words[(int)(ProcessorRig.Gdt + ProcessorRig.TaskSegment) / 8] |= BusyBit;
        Write(rig, OtherTask + 0x20, (uint)OtherCode);
        Write(rig, OtherTask + 0x24, 2);
        Write(rig, OtherTask + 0x38, (uint)OtherStack);

        for (ulong segment = 0; segment < 6; segment++)
        {
            Write(rig, OtherTask + 0x48 + (segment * 4), segment == 1 ? ProcessorRig.Code32 : ProcessorRig.DataSegment);
        }

        foreach (int segment in (ReadOnlySpan<int>)[X64SegmentFile.Es, X64SegmentFile.Ds, X64SegmentFile.Fs, X64SegmentFile.Gs])
        {
            rig.State.Segments[segment].Selector = ProcessorRig.DataSegment;
        }

        return rig;
    }

    private static ulong DescriptorOf(ProcessorRig rig, ushort selector) => rig.WordAt(ProcessorRig.Gdt + selector);

    private static void Write(ProcessorRig rig, ulong gpa, uint value) =>
        BitConverter.TryWriteBytes(rig.Memory.Bytes[(int)gpa..], value);
}
