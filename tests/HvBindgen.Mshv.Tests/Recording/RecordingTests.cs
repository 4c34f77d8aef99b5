using System.Buffers.Binary;
using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Recording;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Fakes;
using HvBindgen.Mshv.Tests.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Recording;

public sealed unsafe class RecordingTests
{
    private const ulong DeviceGpa = 0xfec00000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_recorded_run_is_replayed_without_a_device(bool hasPage)
    {
        byte[] recording = Record(hasPage);
        ReplaySystemCalls replay = new(new MemoryStream(recording), "test");

        RunResult result = Play(replay, new TestDevice(0x60));

        Assert.Equal(RunEnd.EndOfRecording, result.End);
        Assert.True(replay.CheckedRegisterWrites >= 4, $"{replay.CheckedRegisterWrites} writes compared");
        Assert.True(recording.Length < 4000, $"{recording.Length} bytes for four exits");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_device_that_answers_otherwise_is_noticed_at_the_first_register(bool hasPage)
    {
        ReplaySystemCalls replay = new(new MemoryStream(Record(hasPage)), "test");

        ReplayDivergenceException difference = Assert.Throws<ReplayDivergenceException>(() => Play(replay, new TestDevice(0x61)));

        Assert.Contains("recording", difference.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_makes_fewer_calls_is_noticed_by_what_remains()
    {
        ReplaySystemCalls replay = new(new MemoryStream(Record(hasPage: false)), "test");

        Assert.True(replay.RemainingCalls > 4);
    }

    [Fact]
    public void A_damaged_byte_is_noticed_wherever_it_is()
    {
        byte[] recording = Record(hasPage: true);
        for (int i = 0; i < recording.Length; i++)
        {
            byte[] damaged = [.. recording];
            damaged[i] ^= 0x10;

            Assert.Throws<RecordingException>(() => new ReplaySystemCalls(new MemoryStream(damaged), "test"));
        }
    }

    [Fact]
    public void A_file_that_is_cut_off_is_noticed_wherever_that_is()
    {
        byte[] recording = Record(hasPage: true);
        for (int length = 0; length < recording.Length; length++)
        {
            RecordingException complaint = Assert.Throws<RecordingException>(
                () => new ReplaySystemCalls(new MemoryStream(recording[..length]), "run.rec"));

            Assert.StartsWith("run.rec", complaint.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Noise_behind_a_right_checksum_is_noticed()
    {
        Random random = new(5);
        byte[] head = Record(hasPage: false)[..RecordingFormat.HeadBytes];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] content = new byte[random.Next(1, 64)];
            random.NextBytes(content);
            content[0] = (byte)random.Next(0, 10);
            byte[] frame = new byte[RecordingFormat.FrameHeadBytes];
            BinaryPrimitives.WriteInt32LittleEndian(frame, content.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), RecordingFormat.Checksum(content));

            // Either the content is refused, or the end is missing: there is no end frame.
            if (content[0] != (byte)FrameKind.End || content.Length > 1)
            {
                Assert.Throws<RecordingException>(() => new ReplaySystemCalls(new MemoryStream([.. head, .. frame, .. content]), "test"));
            }
        }
    }

    [Theory]
    [InlineData("", "does not begin")]
    [InlineData("SOMETHING ELSE ENTIRELY", "does not begin")]
    [InlineData("HVMSHREC\x2\0\0\0\0\0\0\0", "version 2")]
    [InlineData("HVMSHREC\x1\0\0\0\x9\0\0\0", "architecture")]
    public void A_file_of_another_kind_is_refused_with_the_reason(string text, string expected)
    {
        RecordingException complaint = Assert.Throws<RecordingException>(
            () => new ReplaySystemCalls(new MemoryStream(System.Text.Encoding.Latin1.GetBytes(text)), "test"));

        Assert.Contains(expected, complaint.Message, StringComparison.Ordinal);
    }

    // The partition and processor descriptors are made by hand: what counts is the loop above the seam.
    private static byte[] Record(bool hasPage)
    {
        using TestProcessor processor = new(hasPage);
        Prepare(processor);
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Read, 0x80, 1, 0x1122));
        processor.Messages.Enqueue(TestMessages.Memory(InterceptAccess.Read, DeviceGpa, [0x8b, 0x03]));
        processor.Messages.Enqueue(
            TestMessages.IoPort(InterceptAccess.Write, 0x80, 1, isString: true, isRepeated: true, bytes: [0xf3, 0x6e]));
        processor.Messages.Enqueue(TestMessages.IoPort(InterceptAccess.Write, 0x80, 4, 0x11223344));
        processor.RunErrnoAtEnd = 14;
        CreatingCalls calls = new(processor);
        using MemoryStream stream = new();
        using (RecordingSystemCalls recorder = new(calls, stream))
        {
            RunResult result = Run(recorder, processor.Memory, new TestDevice(0x60));
            Assert.Equal(RunEnd.Refused, result.End);
        }

        return TrimLastRun(stream.ToArray());
    }

    // The fake's last run fails, which ends the recorded run; a replay ends there by itself, so that frame is taken out.
    private static byte[] TrimLastRun(byte[] recording)
    {
        List<(int Start, int Length)> frames = [];
        for (int position = RecordingFormat.HeadBytes; position < recording.Length;)
        {
            int length = RecordingFormat.FrameHeadBytes + BinaryPrimitives.ReadInt32LittleEndian(recording.AsSpan(position));
            frames.Add((position, length));
            position += length;
        }

        (int start, int size) = frames.Last(frame => recording[frame.Start + RecordingFormat.FrameHeadBytes] == (byte)FrameKind.Run);
        return [.. recording[..start], .. recording[(start + size)..]];
    }

    private static RunResult Play(ReplaySystemCalls replay, TestDevice device)
    {
        // RAM without what the guest had in it: the replay brings that along.
        using FlatMemory memory = new(0x10000);
        return Run(replay, memory, device);
    }

    private static RunResult Run(ISystemCalls calls, FlatMemory memory, TestDevice device)
    {
        int node = (int)calls.Open(Requests.DeviceNode, 0).Value;
        mshv_create_partition features = default;
        int partition = calls.Ioctl(node, Abi.Constants.MSHV_CREATE_PARTITION, &features).Value;
        mshv_create_vp create = new() { vp_index = TestProcessor.Index };
        int fd = calls.Ioctl(partition, Abi.Constants.MSHV_CREATE_VP, &create).Value;
        Assert.True(memory.TryResolve(0, out HostRange ram));
        mshv_user_mem_region region = new() { size = ram.LengthBytes, userspace_addr = (ulong)ram.Address };
        Assert.True(calls.Ioctl(partition, Abi.Constants.MSHV_SET_GUEST_MEMORY, &region).IsSuccess);
        SystemCallResult page = calls.Map(4096, 3, 1, fd, 0);
        SeenThrough processor = new(calls, fd, page.IsSuccess ? (hv_vp_register_page*)page.Value : null, memory);
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 8, device);
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);
        return new RunLoop(processor, handlers).Run(TestContext.Current.CancellationToken);
    }

    private static void Prepare(TestProcessor processor)
    {
        processor.SetFlatProtectedMode(TestMessages.Rip);
        processor.Set(hv_register_name.HV_X64_REGISTER_RBX, DeviceGpa);
        processor.Set(hv_register_name.HV_X64_REGISTER_RDX, 0x80);
        processor.Set(hv_register_name.HV_X64_REGISTER_RCX, 5);
        processor.Set(hv_register_name.HV_X64_REGISTER_RSI, 0x2ffe);
        "hello"u8.CopyTo(processor.Memory.Bytes[0x2ffe..]);
        processor.PageIsUpToDate();
    }

    /// <summary>The processor whose run is recorded or replayed, at the other end of the system calls.</summary>
    private sealed class SeenThrough(ISystemCalls calls, int fd, hv_vp_register_page* page, IGuestPhysicalMemory memory) : IProcessor
    {
        public uint Index => TestProcessor.Index;

        public GuestArchitecture Architecture => GuestArchitecture.X64;

        public BorrowedDescriptor Descriptor => new(calls, fd);

        public RegisterPage RegisterPage => new(page);

        public IGuestPhysicalMemory Memory => calls.ViewMemory(fd, memory);

        public IGuestTime Time { get; } = new FakeTime();

        public void Acquire()
        {
        }

        public void Release()
        {
        }
    }

    /// <summary>Adds the calls that make descriptors to a processor that already exists.</summary>
    private sealed class CreatingCalls(TestProcessor processor) : ScriptedSystemCalls
    {
        public override SystemCallResult Open(string path, int flags) => SystemCallResult.Success(900);

        public override IoctlResult Ioctl(int fd, uint request, void* argument) => request switch
        {
            Abi.Constants.MSHV_CREATE_PARTITION => IoctlResult.Success(901),
            Abi.Constants.MSHV_CREATE_VP => IoctlResult.Success(TestProcessor.Fd),
            Abi.Constants.MSHV_SET_GUEST_MEMORY => IoctlResult.Success(0),
            _ => processor.Ioctl(fd, request, argument),
        };

        public override SystemCallResult Map(nuint lengthBytes, int protection, int flags, int fd, long offsetBytes) =>
            processor.Page is null ? SystemCallResult.Failure(19) : SystemCallResult.Success((nint)processor.Page);
    }
}
