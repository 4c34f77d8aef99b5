using System.Diagnostics;
using System.Runtime.CompilerServices;
using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;
using HvBindgen.Emulation.X64.Processor;

namespace HvBindgen.Benchmarks;

/// <summary>How fast the processor in software is: a loop of loads, stores, arithmetic, stack and branches, in 64-bit mode with
/// paging, and programs of one kind of instruction each.</summary>
internal sealed unsafe class SoftwareSpeed : IGuestPhysicalMemory, IX64Bus, IX64Surroundings
{
    private const int RamBytes = 1 << 20;
    private const uint OneRound = 1;
    private const int MixPart = 5; // of the rounds of the mixture
    private const ulong Code = 0x8000;
    private const ulong Stack = 0x7000;
    private const ulong Data = 0xC_0000;
    private const int Counter = 1;
    private const int StackPointer = 4;
    private const int Source = 6;
    private const int Destination = 7;
    private const int Rounds = 7;

    private static readonly byte[] Program =
    [
        0x48, 0x8B, 0x06, //             again: mov rax, [rsi]
        0x48, 0x01, 0xC8, //                    add rax, rcx
        0x48, 0x89, 0x06, //                    mov [rsi], rax
        0x48, 0x8D, 0x56, 0x08, //              lea rdx, [rsi+8]
        0x50, //                                push rax
        0x5B, //                                pop rbx
        0x48, 0x31, 0xD8, //                    xor rax, rbx
        0x48, 0xC1, 0xE3, 0x03, //              shl rbx, 3
        0x0F, 0xB6, 0xC3, //                    movzx eax, bl
        0x48, 0x39, 0xCB, //                    cmp rbx, rcx
        0xE8, 0x05, 0x00, 0x00, 0x00, //        call next
        0xFF, 0xC9, //                          dec ecx
        0x75, 0xDB, //                          jnz again
        0xF4, //                                hlt
        0xC3, //                          next: ret
    ];

    private readonly byte[] ram = GC.AllocateArray<byte>(RamBytes + 4096, pinned: true);
    private readonly byte* start;
    private readonly X64Processor processor;

    internal SoftwareSpeed()
    {
        // Pinned, so that it stays where its first whole page is.
        start = (byte*)(((nuint)Unsafe.AsPointer(ref ram[0]) + 4095) & ~(nuint)4095);
        processor = new X64Processor(this, this, this);
    }

    ulong IX64Surroundings.TimestampCounter => 0;

    uint IX64Surroundings.TimestampAux => 0;

    /// <summary>Prints the medians of some rounds.</summary>
    internal void Print(uint iterations)
    {
        _ = Run(Program, iterations);
        double[] nanoseconds = new double[Rounds];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            nanoseconds[round] = Run(Program, iterations);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        double median = Comparison.Median(nanoseconds);
        Console.WriteLine(
            $"processor in software: {1000 / median:f1} million guest instructions a second, {median:f0} ns each; "
                + $"{allocated} bytes allocated in all");
        foreach ((string name, double share, Action<Iced.Intel.Assembler> write) in SoftwareMixes.All)
        {
            byte[] mix = SoftwareMixes.Assemble(write, Code);
            uint rounds = Math.Max(OneRound, (uint)(iterations * share / MixPart));
            _ = Run(mix, Math.Max(OneRound, rounds / 10));
            double fastest = Enumerable.Range(0, Rounds).Min(_ => Run(mix, rounds));
            Console.WriteLine($"    {1000 / fastest,6:f1} million a second, {fastest,4:f0} ns each: {name}");
        }
    }

    private double Run(byte[] program, uint iterations)
    {
        Reset(program, iterations);
        long count = processor.InstructionCount;
        long began = Stopwatch.GetTimestamp();
        ProcessorStop stop = processor.Run(long.MaxValue);
        double nanoseconds = Stopwatch.GetElapsedTime(began).TotalNanoseconds;
        return stop == ProcessorStop.Halt
            ? nanoseconds / (processor.InstructionCount - count)
            : throw new InvalidOperationException($"The program stopped for {stop} {processor.Outcome.InstructionName}.");
    }

    // Page tables at 0x1000: one page of 2 MiB. Segments without limits.
    private void Reset(byte[] program, uint iterations)
    {
        program.CopyTo(new Span<byte>(start + Code, program.Length));
        *(ulong*)(start + 0x1000) = 0x2003;
        *(ulong*)(start + 0x2000) = 0x3003;
        *(ulong*)(start + 0x3000) = 0x83;
        ref X64State state = ref processor.State;
        state = new X64State { Rip = Code, Rflags = 2, Cr0 = 0x8001_0033, Cr3 = 0x1000, Cr4 = 0x620, Efer = 0x500 };
        state.Gpr[Counter] = iterations;
        state.Gpr[StackPointer] = Stack;
        state.Gpr[Source] = Data;
        state.Gpr[Destination] = Data + 0x100;
        for (int segment = X64SegmentFile.Es; segment <= X64SegmentFile.Gs; segment++)
        {
            state.Segments[segment].Limit = uint.MaxValue;
            state.Segments[segment].Attributes = segment == X64SegmentFile.Cs ? (ushort)0xA09B : (ushort)0xC093;
        }

        processor.OnStateChanged();
    }

    bool IGuestPhysicalMemory.TryResolve(ulong gpa, out HostRange range)
    {
        range = gpa < RamBytes ? new HostRange((nint)(start + gpa), RamBytes - gpa, IsWritable: true) : default;
        return gpa < RamBytes;
    }

    bool IMemoryBus.TryReadMemory(ulong gpa, Span<byte> data) => false;

    bool IMemoryBus.TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data) => false;

    bool IX64Bus.TryReadPort(ushort port, int sizeBytes, out uint value)
    {
        value = 0;
        return false;
    }

    bool IX64Bus.TryWritePort(ushort port, int sizeBytes, uint value) => false;

    X64Identification IX64Surroundings.Identify(uint function, uint index) => default;

    MsrAnswer IX64Surroundings.ReadMsr(uint index, out ulong value)
    {
        value = 0;
        return MsrAnswer.Fault;
    }

    MsrAnswer IX64Surroundings.WriteMsr(uint index, ulong value) => MsrAnswer.Fault;

    ulong IX64Surroundings.NextRandom() => 0;

    void IX64Surroundings.OnTaskPriority()
    {
    }

    bool IX64Surroundings.TryTakeInterrupt(out byte vector)
    {
        vector = 0;
        return false;
    }
}
