using HvBindgen.Emulation.X64;
using HvBindgen.Emulation.X64.Processor;
using Iced.Intel;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64.Processor;

/// <summary>A whole processor with a megabyte of memory, in one of three modes, with the tables that programs of the system need.</summary>
/// <remarks>
/// 64-bit mode has 2 MiB pages, identity, the first of them for programs too, and the segments below; its task state has a stack for
/// privilege level 0 and one for entry 1 of the table of interrupt stacks.
/// </remarks>
internal sealed class ProcessorRig : IX64Surroundings, IDisposable
{
    internal const ulong Code = 0x8000;
    internal const ulong Stack = 0x7000;
    internal const ulong InnerStack = 0x6000;
    internal const ulong InterruptStack = 0x5800;
    internal const ulong Gdt = 0x9_0000;
    internal const ulong Idt = 0x9_1000;
    internal const ulong Task = 0x9_2000;
    internal const ulong Data = 0x2_0000;
    internal const ulong Handlers = 0x3_0000;
    internal const ushort Code64 = 0x08;
    internal const ushort DataSegment = 0x10;
    internal const ushort Code32 = 0x18;
    internal const ushort UserData = 0x28;
    internal const ushort UserCode64 = 0x30;
    internal const ushort TaskSegment = 0x40;

    private ulong handler = Handlers;

    internal ProcessorRig(int bits)
    {
        Memory = new FlatMemory(X64Machine.RamBytes);
        Processor = new X64Processor(Memory, Bus, this) { PhysicalAddressBits = 46 };
        using X64Machine registers = new(bits);
        Processor.State = registers.State;
        Processor.State.Gpr[4] = Stack;
        Processor.State.Rip = Code;

        if (bits == 16)
        {
            Processor.System.Idtr = new X64DescriptorTable(0, 0x3FF);
            return;
        }

        WriteTables(bits == 64);

        if (bits == 64)
        {
            WritePages();
        }

        Processor.OnStateChanged();
    }

    internal FlatMemory Memory { get; }

    internal RecordingBus Bus { get; } = new();

    internal X64Processor Processor { get; }

    internal Queue<byte> Interrupts { get; } = [];

    internal Dictionary<uint, MsrAnswer> Answers { get; } = [];

    public ulong TimestampCounter { get; set; }

    public uint TimestampAux => Processor.Models.TimestampAux;

    /// <summary>What RDRAND and RDSEED give.</summary>
    public ulong NextRandom() => RandomNumber;

    internal ulong RandomNumber { get; set; }

    internal ref X64State State => ref Processor.State;

    /// <summary>Writes a program to where the processor begins.</summary>
    internal void Load(int bits, Action<Assembler> write, ulong gpa = Code) => Assemble(bits, write, gpa).CopyTo(Memory.Bytes[(int)gpa..]);

    /// <summary>Writes a handler, and a gate that leads to it.</summary>
    internal void Handle(byte vector, Action<Assembler> write, int privilege = 0, int stackTable = 0, bool isTrap = false, int bits = 64)
    {
        Load(bits, write, handler);
        ulong attributes = 0x8E00UL | ((ulong)privilege << 13) | (isTrap ? 0x100UL : 0) | (uint)stackTable;
        ulong selector = bits == 64 ? Code64 : Code32;
        ulong low = (handler & 0xFFFF) | (selector << 16) | (attributes << 32) | ((handler & 0xFFFF_0000) << 32);
        Memory.Words[(int)(Idt / 8) + (vector * (bits == 64 ? 2 : 1))] = low;
        handler += 0x100;
    }

    /// <summary>Runs to a stop; fails when none comes.</summary>
    internal ProcessorStop Run(long most = 100_000)
    {
        ProcessorStop stop = Processor.Run(most);
        Assert.True(
            stop != ProcessorStop.Limit && stop != ProcessorStop.Unsupported,
            $"{stop} at {State.Rip:x}: {Processor.Outcome.InstructionName} {Processor.Outcome.Limit}");
        return stop;
    }

    internal void RunToHalt() => Assert.Equal(ProcessorStop.Halt, Run());

    internal ulong WordAt(ulong gpa) => Memory.Words[(int)(gpa / 8)];

    public X64Identification Identify(uint function, uint index) => new(function + 1, index + 2, 3, 4);

    public MsrAnswer ReadMsr(uint index, out ulong value)
    {
        value = 0;
        return Answers.TryGetValue(index, out MsrAnswer answer) ? answer
            : Processor.Models.TryRead(index, out value) ? MsrAnswer.Done : MsrAnswer.Fault;
    }

    public MsrAnswer WriteMsr(uint index, ulong value) =>
        Answers.TryGetValue(index, out MsrAnswer answer) ? answer
        : Processor.Models.TryWrite(index, value) == true ? MsrAnswer.Done : MsrAnswer.Fault;

    public void OnTaskPriority()
    {
    }

    public bool TryTakeInterrupt(out byte vector) => Interrupts.TryDequeue(out vector);

    public void Dispose() => Memory.Dispose();

    private static byte[] Assemble(int bits, Action<Assembler> write, ulong gpa)
    {
        Assembler assembler = new(bits);
        write(assembler);
        MemoryStream stream = new();
        _ = assembler.Assemble(new StreamCodeWriter(stream), gpa);
        return stream.ToArray();
    }

    private void WriteTables(bool isLong)
    {
        Span<ulong> words = Memory.Words;
        Span<ulong> gdt = words.Slice((int)(Gdt / 8), 16);
        gdt[Code64 / 8] = 0x00AF_9B00_0000_FFFF;
        gdt[DataSegment / 8] = 0x00CF_9300_0000_FFFF;
        gdt[Code32 / 8] = 0x00CF_9B00_0000_FFFF;
        gdt[UserData / 8] = 0x00CF_F300_0000_FFFF;
        gdt[UserCode64 / 8] = 0x00AF_FB00_0000_FFFF;
        gdt[TaskSegment / 8] = 0x0000_8900_0000_0067 | ((Task & 0xFFFFFF) << 16);
        words[(int)((Task + 4) / 8)] = 0;
        WriteTask(4, InnerStack);
        WriteTask(0x24, InterruptStack);
        ref X64State state = ref Processor.State;
        state.Segments[X64SegmentFile.Cs].Selector = isLong ? Code64 : Code32;
        state.Segments[X64SegmentFile.Ss].Selector = DataSegment;
        Processor.System.Gdtr = new X64DescriptorTable(Gdt, 0x7F);
        Processor.System.Idtr = new X64DescriptorTable(Idt, 0xFFF);
        Processor.System.Tr = new X64SegmentState { Base = Task, Limit = 0x67, Selector = TaskSegment, Attributes = 0x8B };
    }

    private void WriteTask(int offset, ulong value) => BitConverter.TryWriteBytes(Memory.Bytes[((int)Task + offset)..], value);

    private void WritePages()
    {
        Span<ulong> words = Memory.Words;
        words[512] = 0x2007;
        words[1024] = 0x3007;
        words[1536] = 0x87;
        words[1537] = 0x20_0083;
        Processor.State.Cr3 = 0x1000;
        Processor.State.Cr0 |= 0x8001_0000;
    }
}
