using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Recording;
using HvBindgen.Mshv.Tests.Fakes;
using HvBindgen.Mshv.Vtl;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Recording;

public sealed unsafe class RecordedRequestTests
{
    private const int MemoryBytes = 4096;

    public static TheoryData<DescriptorKind, string> Everything =>
        [.. Requests.All.Rows.Select(row => (row.Descriptor, row.Name))];

    // The same request in two runs, with memory at another place: where the caller's memory lies and how its descriptors are numbered makes
    // no difference.
    [Theory]
    [MemberData(nameof(Everything))]
    public void A_request_is_recorded_by_content_and_not_by_address(DescriptorKind kind, string name)
    {
        RequestInfo<DescriptorKind> request = Requests.All.Rows.Single(row => row.Descriptor == kind && row.Name == name);

        Assert.Equal(Record(request, content: 7, descriptor: 40), Record(request, content: 7, descriptor: 41));
        if (request.Memory.Any(memory => memory.Use is MemoryUse.Read or MemoryUse.ReadWrite))
        {
            Assert.NotEqual(Record(request, content: 7, descriptor: 40), Record(request, content: 8, descriptor: 40));
        }
    }

    [Fact]
    public void Registers_of_the_lower_trust_level_are_replayed()
    {
        FakeSystemCalls calls = new();
        calls.OnOtherRequest = (request, argument) =>
        {
            if (request == Constants.MSHV_GET_VP_REGISTERS)
            {
                ((Abi.X64.hv_register_assoc*)((mshv_vp_registers*)argument)->regs_ptr)->value.reg64 = 42;
            }

            return IoctlResult.Success(0);
        };
        byte[] recording = Record(calls, Read);
        ReplaySystemCalls replay = new(new MemoryStream(recording), "test");

        Assert.Equal(42UL, Read(replay));
        ReplaySystemCalls other = new(new MemoryStream(recording), "test");
        Assert.Throws<ReplayDivergenceException>(() => ReadAnother(other));

        static ulong Read(ISystemCalls calls) => ReadRegister(calls, Name.HV_X64_REGISTER_CR3);
        static ulong ReadAnother(ISystemCalls calls) => ReadRegister(calls, Name.HV_X64_REGISTER_CR0);
        static ulong ReadRegister(ISystemCalls calls, Name name)
        {
            using VtlDevice device = VtlDevice.Open(systemCalls: calls);
            using LowerVtl vtl = device.CreateVtl();
            return vtl.GetRegister(name).reg64;
        }
    }

    [Fact]
    public void Hypercalls_of_a_paravisor_are_replayed()
    {
        FakeSystemCalls calls = new();
        calls.OnOtherRequest = (_, argument) =>
        {
            mshv_vtl_hvcall* call = (mshv_vtl_hvcall*)argument;
            call->status = *(byte*)call->input_ptr;
            *(byte*)call->output_ptr = 9;
            return IoctlResult.Success(0);
        };
        byte[] recording = Record(calls, calls => Call(calls, 5));

        Assert.Equal((5UL, 9), Call(new ReplaySystemCalls(new MemoryStream(recording), "test"), 5));
        Assert.Throws<ReplayDivergenceException>(() => Call(new ReplaySystemCalls(new MemoryStream(recording), "test"), 6));

        static (ulong, byte) Call(ISystemCalls calls, byte input)
        {
            using HvcallDevice device = HvcallDevice.Open(systemCalls: calls);
            byte[] output = new byte[8];
            return (device.Call(0x52, [input, 0, 0, 0], output), output[0]);
        }
    }

    [Fact]
    public void A_request_that_is_not_known_is_refused()
    {
        FakeSystemCalls calls = new();
        using MemoryStream stream = new();
        using RecordingSystemCalls recorder = new(calls, stream);
        int device = (int)recorder.Open(Requests.DeviceNode, 0).Value;

        RecordingException refusal = Assert.Throws<RecordingException>(() => Ask(recorder, device, 0x4001b8ff));
        Assert.Contains("0x4001b8ff", refusal.Message, StringComparison.Ordinal);

        // Known, but on another kind of descriptor.
        Assert.Throws<RecordingException>(() => Ask(recorder, device, Constants.MSHV_SINT_PAUSE_MESSAGE_STREAM));
        recorder.Close(device);

        static void Ask(RecordingSystemCalls recorder, int fd, uint request)
        {
            byte* argument = stackalloc byte[MemoryBytes];
            recorder.Ioctl(fd, request, argument);
        }
    }

    [Fact]
    public void Memory_that_no_frame_holds_is_refused()
    {
        using MemoryStream stream = new();
        using RecordingSystemCalls recorder = new(new AnsweringCalls(), stream);
        int partition = Create(recorder, DescriptorKind.Partition);

        RecordingException refusal = Assert.Throws<RecordingException>(() => AskForMuch(recorder, partition));

        Assert.Contains(nameof(Constants.MSHV_GET_GPAP_ACCESS_BITMAP), refusal.Message, StringComparison.Ordinal);

        static void AskForMuch(RecordingSystemCalls recorder, int partition)
        {
            byte memory = 0;
            mshv_gpap_access_bitmap bitmap = new() { page_count = 1UL << 40, bitmap_ptr = (ulong)&memory };
            recorder.Ioctl(partition, Constants.MSHV_GET_GPAP_ACCESS_BITMAP, &bitmap);
        }
    }

    [Theory]
    [InlineData(GuestArchitecture.X64)]
    [InlineData(GuestArchitecture.Arm64)]
    public void A_device_that_is_opened_on_a_replay_has_the_architecture_of_the_recording(GuestArchitecture architecture)
    {
        byte[] recording = Record(new FakeSystemCalls { Architecture = architecture }, Open);

        Assert.Equal(architecture, Open(new ReplaySystemCalls(new MemoryStream(recording), "test")));

        static GuestArchitecture Open(ISystemCalls calls)
        {
            using MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = calls, Backend = MshvBackend.Device });
            using Partition partition = device.CreatePartition().Build();
            using VirtualProcessor processor = partition.CreateVirtualProcessor(0);

            // A register by its name there: of another architecture it would be refused.
            _ = device.Architecture == GuestArchitecture.X64
                ? processor.Registers.Get(Name.HV_X64_REGISTER_RIP).reg64
                : processor.Registers.Get(Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_PC).reg64;
            return device.Architecture;
        }
    }

    [Fact]
    public void A_probe_can_be_recorded_and_replayed()
    {
        FakeSystemCalls calls = new();
        byte[] recording = Record(calls, Probe);

        Assert.Equal(Probe(calls), Probe(new ReplaySystemCalls(new MemoryStream(recording), "test")));

        static string Probe(ISystemCalls calls)
        {
            using MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = calls, Backend = MshvBackend.Device });
            return string.Join('\n', device.Probe().Requests);
        }
    }

    private static byte[] Record<T>(ISystemCalls calls, Func<ISystemCalls, T> run)
    {
        using MemoryStream stream = new();
        using (RecordingSystemCalls recorder = new(calls, stream))
        {
            _ = run(recorder);
        }

        return stream.ToArray();
    }

    private static byte[] Record(RequestInfo<DescriptorKind> request, byte content, int descriptor) =>
        Record(new AnsweringCalls(), recorder =>
    {
        int fd = Create(recorder, request.Descriptor);
        byte* block = (byte*)NativeMemory.AlignedAlloc(8 * MemoryBytes, MemoryBytes);
        byte* memory = block + (descriptor % 2 * 4 * MemoryBytes);
        byte* argument = memory + MemoryBytes;
        new Span<byte>(memory, MemoryBytes).Fill(content);
        new Span<byte>(argument, 2 * MemoryBytes).Fill(1);
        foreach (PointedMemory pointed in request.Memory)
        {
            new Span<byte>(argument + pointed.Count.OffsetBytes, pointed.Count.SizeBytes).Clear();
            argument[pointed.Count.OffsetBytes] = 1;
            *(ulong*)(argument + pointed.Pointer.OffsetBytes) = (ulong)memory;
        }

        foreach (ArgumentMember member in request.Descriptors)
        {
            *(int*)(argument + member.OffsetBytes) = descriptor;
        }

        if (request.Elements is { } elements)
        {
            *(uint*)(argument + elements.Count.OffsetBytes) = 2;
        }

        try
        {
            return recorder.Ioctl(fd, request.Number, request.ArgumentBytes == 0 ? null : argument);
        }
        finally
        {
            NativeMemory.AlignedFree(block);
        }
    });

    private static int Create(ISystemCalls calls, DescriptorKind kind)
    {
        RequestInfo<DescriptorKind>? maker = Requests.All.Rows.FirstOrDefault(row => row.Creates == kind);
        if (maker is null)
        {
            string node = kind switch
            {
                DescriptorKind.Sint => Requests.SintNode,
                DescriptorKind.Hvcall => Requests.HvcallNode,
                _ => Requests.DeviceNode,
            };
            Assert.Equal(kind, Requests.KindOf(node));
            return (int)calls.Open(node, 0).Value;
        }

        byte* argument = stackalloc byte[MemoryBytes];
        new Span<byte>(argument, MemoryBytes).Clear();
        return calls.Ioctl(Create(calls, maker.Descriptor), maker.Number, argument).Value;
    }

    /// <summary>Says yes to everything, with a new descriptor each time.</summary>
    private sealed class AnsweringCalls : HvBindgen.Testing.ScriptedSystemCalls
    {
        private int last = 100;

        public override SystemCallResult Open(string path, int flags) => SystemCallResult.Success(++last);

        public override SystemCallResult Close(int fd) => SystemCallResult.Success(0);

        public override IoctlResult Ioctl(int fd, uint request, void* argument) => IoctlResult.Success(++last);
    }
}
