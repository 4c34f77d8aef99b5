using System.Diagnostics;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Messages, registers, page tables and instruction bytes made of noise: no exception, no hang, no memory beyond the
/// guest's.</summary>
public sealed class HostileMessageTests(ITestOutputHelper output)
{
    // HVBINDGEN_FUZZ=1 is minutes of it; HVBINDGEN_SEED begins elsewhere.
    private static readonly int Seed =
        int.TryParse(Environment.GetEnvironmentVariable("HVBINDGEN_SEED"), out int seed) ? seed : 20261122;

    private static readonly int Rounds = Environment.GetEnvironmentVariable("HVBINDGEN_FUZZ") == "1" ? 200 : 1;
    private static readonly TimeSpan LongestDispatch = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(GuestArchitecture.X64, false, 60_000)]
    [InlineData(GuestArchitecture.X64, true, 60_000)]
    [InlineData(GuestArchitecture.Arm64, false, 60_000)]
    public void Noise_is_survived(GuestArchitecture architecture, bool hasPage, int count)
    {
        count *= Rounds;
        Random random = new(Seed);
        using TestProcessor processor = new(hasPage, architecture: architecture, ramBytes: 1 << 16);
        MachineHandlers handlers = X64InstructionTests.Answering(new TestAnswers());
        handlers.Memory = null;
        Sink sink = new(random);
        handlers.Ports.Map(0, 0x8000, sink);
        handlers.Mmio.Map(0x1_0000, 0x10_0000, sink);
        RunOptions options = new() { Mmio = UnclaimedAccess.AsHardware, MaxStringIterations = 64 };
        InterceptDispatcher dispatcher = architecture == GuestArchitecture.X64
            ? new X64Dispatcher(processor, handlers, options)
            : new Arm64Dispatcher(processor, handlers, options);
        int[] treatments = new int[Enum.GetValues<Treatment>().Length];
        TimeSpan longest = TimeSpan.Zero;
        for (int i = 0; i < count; i++)
        {
            Scramble(random, processor);
            hv_message message = Noise(random, architecture);
            sink.Accesses = 0;
            long started = Stopwatch.GetTimestamp();
            treatments[(int)dispatcher.Dispatch(in message)]++;
            TimeSpan took = Stopwatch.GetElapsedTime(started);
            longest = took > longest ? took : longest;

            // One exit does a bounded amount of work, whatever RCX says.
            Assert.True(sink.Accesses <= 64 * 64, $"{sink.Accesses} accesses in one exit, message {i}");
            processor.Writes.Clear();
        }

        output.WriteLine(
            $"seed {Seed}, {count} messages: {string.Join(' ', treatments)} (progressed, noticed, retried, ended), longest {longest}");
        Assert.True(longest < LongestDispatch, $"{longest}");
        Assert.True(processor.Memory.IsIntact);
        Assert.True(treatments[(int)Treatment.Progressed] > count / 50, "the noise reaches too little");
    }

    [Theory]
    [InlineData(GuestArchitecture.X64, false)]
    [InlineData(GuestArchitecture.X64, true)]
    [InlineData(GuestArchitecture.Arm64, false)]
    public void No_exception_leaves_a_run_whatever_comes_and_whatever_the_devices_do(GuestArchitecture architecture, bool hasPage)
    {
        int count = 10_000 * Rounds;
        Random random = new(Seed);
        using TestProcessor processor = new(hasPage, architecture: architecture, ramBytes: 1 << 16);
        MachineHandlers handlers = X64InstructionTests.Answering(new TestAnswers());
        handlers.Memory = null;
        Sink sink = new(random) { FailsOneOf = 20 };
        handlers.Ports.Map(0, 0x8000, sink);
        handlers.Mmio.Map(0x1_0000, 0x10_0000, sink);
        RunLoop[] loops =
        [
            .. Enum.GetValues<UnsupportedInstruction>().Select(policy => new RunLoop(
                processor, handlers, new RunOptions { MaxStringIterations = 64, UnsupportedInstructions = policy })),
        ];
        SortedDictionary<RunEnd, int> ends = [];
        for (int i = 0; i < count; i++)
        {
            Scramble(random, processor);
            processor.Messages.Clear();
            for (int message = random.Next(1, 4); message > 0; message--)
            {
                processor.Messages.Enqueue(Noise(random, architecture));
            }

            RunResult result = loops[random.Next(loops.Length)].Run(TestContext.Current.CancellationToken);
            ends[result.End] = ends.GetValueOrDefault(result.End) + 1;
            Assert.Equal(result.End == RunEnd.DeviceFault, result.Fault is not null);
            Assert.NotEmpty(result.ToString());
            processor.Writes.Clear();
        }

        output.WriteLine($"seed {Seed}, {count} runs: {string.Join(' ', ends)}");
        Assert.True(processor.Memory.IsIntact);
        RunEnd[] expected = architecture == GuestArchitecture.X64
            ? [RunEnd.DeviceFault, RunEnd.Unhandled, RunEnd.UnsupportedInstruction, RunEnd.Refused]
            : [RunEnd.Unhandled, RunEnd.UnsupportedInstruction, RunEnd.Refused];
        Assert.Empty(expected.Except(ends.Keys));
    }

    private static hv_message Noise(Random random, GuestArchitecture architecture)
    {
        hv_message message = default;
        random.NextBytes(MemoryMarshal.AsBytes(new Span<hv_message>(ref message)));
        hv_message_type[] types = Enum.GetValues<hv_message_type>();
        bool isKnown = random.Next(20) != 0;
        message.header.message_type = isKnown ? (uint)types[random.Next(types.Length)] : (uint)random.Next();
        if (random.Next(3) == 0)
        {
            message.header.message_type = (uint)hv_message_type.HVMSG_UNMAPPED_GPA;
        }

        if (random.Next(4) != 0)
        {
            message.header.payload_size = 240;
        }

        // Make the interesting branches likely: no interruption pending, few instruction bytes, known instructions, sane accesses.
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<hv_message>(ref message))[16..];
        bytes[6] &= (byte)(random.Next(8) == 0 ? 0xff : 0x17);
        bytes[5] = (byte)random.Next(random.Next(10) == 0 ? 256 : 3);
        ReadOnlySpan<byte> opcodes =
        [
            0x89, 0x8b, 0xa4, 0xa5, 0xab, 0x6e, 0x6f, 0x6c, 0x01, 0x87, 0x0f, 0x0f, 0x38, 0x3a, 0xd9, 0xdd, 0xdf, 0xf0, 0xf3, 0xf2, 0x66,
            0x67, 0xc4, 0xff,
        ];
        for (int start = 56; start <= 64; start += 8)
        {
            for (int i = 0; i < 3; i++)
            {
                bytes[start + i] = opcodes[random.Next(opcodes.Length)];
            }
        }

        if (architecture == GuestArchitecture.Arm64 && random.Next(4) != 0)
        {
            // A data abort whose syndrome describes the access.
            ulong syndrome = (0x24UL << 26) | (1UL << 24) | (uint)random.Next(1 << 24);
            MemoryMarshal.Write(bytes[56..], in syndrome);
        }

        bytes[43] = (byte)random.Next(18);
        bytes[44] = (byte)random.Next(18);
        return message;
    }

    private static void Scramble(Random random, TestProcessor processor)
    {
        for (hv_register_name name = hv_register_name.HV_X64_REGISTER_RAX; name <= hv_register_name.HV_X64_REGISTER_RFLAGS; name++)
        {
            processor.Set(name, random.Next(3) == 0 ? (ulong)random.NextInt64(long.MinValue, long.MaxValue) : (ulong)random.Next(0x20000));
        }

        for (hv_register_name name = hv_register_name.HV_X64_REGISTER_ES; name <= hv_register_name.HV_X64_REGISTER_GS; name++)
        {
            processor.SetSegment(
                name,
                random.Next(2) == 0 ? 0 : (ulong)random.Next(),
                random.Next(2) == 0 ? uint.MaxValue : (uint)random.Next(),
                (ushort)random.Next(0x10000),
                random.Next(4) == 0
                    ? (ushort)random.Next(0x10000)
                    : name == hv_register_name.HV_X64_REGISTER_CS ? (ushort)0xc09b : (ushort)0xc093);
        }

        ulong[] controls = [0x10, 0x11, 0x80000011, 0x80010011];
        processor.Set(hv_register_name.HV_X64_REGISTER_CR0, controls[random.Next(controls.Length)]);
        processor.Set(hv_register_name.HV_X64_REGISTER_CR3, (ulong)random.Next(0x20) << 12);
        processor.Set(hv_register_name.HV_X64_REGISTER_CR4, (ulong)random.Next(0x400000));
        processor.Set(hv_register_name.HV_X64_REGISTER_EFER, random.Next(2) == 0 ? 0UL : 0xd01);

        // Page tables, code and data are the same noise.
        Span<byte> ram = processor.Memory.Bytes;
        int position = random.Next(ram.Length - 256);
        random.NextBytes(ram.Slice(position, 256));
        for (int i = position & ~7; i < position + 200; i += 8)
        {
            ulong entry = ((ulong)random.Next(0x20) << 12) | (uint)random.Next(0x1000) | 1;
            MemoryMarshal.Write(ram[i..], in entry);
        }

        processor.PageIsUpToDate();
    }

    private sealed class Sink(Random random) : IPortIoHandler, IMmioHandler
    {
        internal int Accesses { get; set; }

        /// <summary>Of how many accesses one throws; 0: none.</summary>
        internal int FailsOneOf { get; init; }

        public uint Read(uint vpIndex, int offset, int sizeBytes) => (uint)Read(vpIndex, (ulong)offset, sizeBytes);

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => Count();

        public ulong Read(uint vpIndex, ulong offset, int sizeBytes)
        {
            Count();
            return (ulong)random.NextInt64();
        }

        public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value) => Count();

        private void Count()
        {
            Accesses++;
            if (FailsOneOf != 0 && random.Next(FailsOneOf) == 0)
            {
                throw new FormatException("a device's own fault");
            }
        }
    }
}
