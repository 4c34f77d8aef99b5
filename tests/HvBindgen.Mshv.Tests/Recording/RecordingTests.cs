using System.Buffers.Binary;
using System.Runtime.InteropServices;
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

public sealed unsafe partial class RecordingTests
{
    private const ulong DeviceGpa = 0xfec00000;
    private const int FirstBytes = 0x3000;
    private const int SecondBytes = 0xd000;

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

    // The recorded string lies in the pages at 0x2000 and 0x3000, which belong to two regions of memory.
    [Theory]
    [InlineData(0xd000, 0, "at 0x3000, where no guest memory is now")]
    [InlineData(0x800, 0x800, "at 0x3000, of which only a part is guest memory now")]
    public void A_copy_into_memory_that_ends_before_the_second_page_does_is_refused(int recordedBytes, int bytesNow, string expected)
    {
        ReplaySystemCalls replay = new(new MemoryStream(Record(hasPage: false, recordedBytes)), "test");

        ReplayDivergenceException difference =
            Assert.Throws<ReplayDivergenceException>(() => Play(replay, new TestDevice(0x60), bytesNow));

        Assert.Contains(expected, difference.Message, StringComparison.Ordinal);
    }

    // Its content would be whatever lies there now, and the guest would be given that.
    [Fact]
    public void A_guest_page_that_the_recording_lacks_is_refused_where_it_is_looked_at()
    {
        byte[] recording = Record(hasPage: false);
        ReplaySystemCalls replay = new(new MemoryStream(WithoutLast(recording, FrameKind.GuestPage)), "test");

        ReplayDivergenceException difference = Assert.Throws<ReplayDivergenceException>(() => Play(replay, new TestDevice(0x60)));

        Assert.Contains("nothing of the page at 0x3000 for this exit", difference.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_that_a_descriptor_had_when_it_was_recorded_is_another_file_s_in_a_replay()
    {
        ReplaySystemCalls replay = new(new MemoryStream(Record(hasPage: false)), "test");
        using FileStream file = new("/dev/null", FileMode.Open);
        Assert.NotEqual(-1, Duplicate((int)file.SafeFileHandle.DangerousGetHandle(), CreatingCalls.DeviceFd));

        int node = (int)replay.Open(Requests.DeviceNode, 0).Value;
        Assert.NotEqual(CreatingCalls.DeviceFd, node);
        Assert.True(replay.Close(node).IsSuccess);
        Assert.True(IsOpen(CreatingCalls.DeviceFd), "the replay closed a file of someone else's");

        // It is the caller's, and closed as such, however the recording went on.
        Assert.True(replay.Close(CreatingCalls.DeviceFd).IsSuccess);
        Assert.False(IsOpen(CreatingCalls.DeviceFd));
    }

    [Fact]
    public void A_request_on_a_descriptor_that_a_replay_did_not_give_is_refused()
    {
        ReplaySystemCalls replay = new(new MemoryStream(Record(hasPage: false)), "test");
        int node = (int)replay.Open(Requests.DeviceNode, 0).Value;
        replay.Close(node);

        Assert.Contains("has been closed", Refusal(node), StringComparison.Ordinal);
        Assert.Contains("none of the replay's", Refusal(CreatingCalls.DeviceFd), StringComparison.Ordinal);

        string Refusal(int fd) => Assert.Throws<ReplayDivergenceException>(
            () => replay.Ioctl(fd, Abi.Constants.MSHV_CREATE_PARTITION, null)).Message;
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
    internal static byte[] Record(bool hasPage, int secondBytes = SecondBytes)
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
            RunResult result = Run(recorder, processor.Memory, new TestDevice(0x60), secondBytes);
            Assert.Equal(RunEnd.Refused, result.End);
        }

        // The fake's last run fails, which ends the recorded run; a replay ends there by itself, so that frame is taken out.
        return WithoutLast(stream.ToArray(), FrameKind.Run);
    }

    private static byte[] WithoutLast(byte[] recording, FrameKind kind)
    {
        List<(int Start, int Length)> frames = [];
        for (int position = RecordingFormat.HeadBytes; position < recording.Length;)
        {
            int length = RecordingFormat.FrameHeadBytes + BinaryPrimitives.ReadInt32LittleEndian(recording.AsSpan(position));
            frames.Add((position, length));
            position += length;
        }

        (int start, int size) = frames.Last(frame => recording[frame.Start + RecordingFormat.FrameHeadBytes] == (byte)kind);
        return [.. recording[..start], .. recording[(start + size)..]];
    }

    private static bool IsOpen(int fd) => File.Exists($"/proc/self/fd/{fd}");

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int fd, int number);

    internal static RunResult Play(ReplaySystemCalls replay, TestDevice device, int secondBytes = SecondBytes)
    {
        // RAM without what the guest had in it: the replay brings that along.
        using FlatMemory memory = new(0x10000);
        return Run(replay, memory, device, secondBytes);
    }

    private static RunResult Run(ISystemCalls calls, FlatMemory memory, TestDevice device, int secondBytes)
    {
        List<int> opened = [];
        SystemCallResult page = SystemCallResult.Failure(0);
        try
        {
            SystemCallResult open = calls.Open(Requests.DeviceNode, 0);
            int node = Keep(open.IsSuccess, (int)open.Value);
            mshv_create_partition features = default;
            IoctlResult created = calls.Ioctl(node, Abi.Constants.MSHV_CREATE_PARTITION, &features);
            int partition = Keep(created.IsSuccess, created.Value);
            mshv_create_vp create = new() { vp_index = TestProcessor.Index };
            created = calls.Ioctl(partition, Abi.Constants.MSHV_CREATE_VP, &create);
            int fd = Keep(created.IsSuccess, created.Value);
            MapMemory(calls, partition, memory, secondBytes);
            page = calls.Map(4096, 3, 1, fd, 0);
            SeenThrough processor = new(calls, fd, page.IsSuccess ? (hv_vp_register_page*)page.Value : null, memory);
            MachineHandlers handlers = new();
            handlers.Ports.Map(0x80, 8, device);
            handlers.Mmio.Map(DeviceGpa, 0x1000, device);
            return new RunLoop(processor, handlers).Run(TestContext.Current.CancellationToken);
        }
        finally
        {
            // The page of a recorded run is the fake's, that of a replay was mapped for it.
            if (page.IsSuccess && calls is ReplaySystemCalls)
            {
                calls.Unmap((void*)page.Value, 4096);
            }

            if (calls is ReplaySystemCalls)
            {
                opened.ForEach(one => calls.Close(one));
            }
        }

        int Keep(bool isGiven, int descriptor)
        {
            opened.AddRange(isGiven ? [descriptor] : []);
            return isGiven ? descriptor : -1;
        }
    }

    private static void MapMemory(ISystemCalls calls, int partition, FlatMemory memory, int secondBytes)
    {
        Assert.True(memory.TryResolve(0, out HostRange ram));
        foreach ((ulong gpa, int sizeBytes) in new[] { (0UL, FirstBytes), ((ulong)FirstBytes, secondBytes) }.Where(part => part.Item2 > 0))
        {
            mshv_user_mem_region region = new()
            {
                guest_pfn = gpa / Abi.Constants.MSHV_HV_PAGE_SIZE,
                size = (ulong)sizeBytes,
                userspace_addr = (ulong)ram.Address + gpa,
            };
            IoctlResult mapped = calls.Ioctl(partition, Abi.Constants.MSHV_SET_GUEST_MEMORY, &region);
            if (!mapped.IsSuccess)
            {
                throw new IOException($"guest memory at 0x{gpa:x} is refused with error {mapped.Errno}");
            }
        }
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
        internal const int DeviceFd = 900;

        public override SystemCallResult Open(string path, int flags) => SystemCallResult.Success(DeviceFd);

        public override IoctlResult Ioctl(int fd, uint request, void* argument) => request switch
        {
            Abi.Constants.MSHV_CREATE_PARTITION => IoctlResult.Success(901),
            Abi.Constants.MSHV_CREATE_VP => IoctlResult.Success(TestProcessor.Fd),
            Abi.Constants.MSHV_SET_GUEST_MEMORY => IoctlResult.Success(0),
            _ => processor.Ioctl(fd, request, argument),
        };

        public override SystemCallResult Map(nuint sizeBytes, int protection, int flags, int fd, long offsetBytes) =>
            processor.Page is null ? SystemCallResult.Failure(19) : SystemCallResult.Success((nint)processor.Page);
    }
}
