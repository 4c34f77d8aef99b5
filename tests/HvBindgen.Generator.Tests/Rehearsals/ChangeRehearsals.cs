using System.Buffers.Binary;
using System.Text.RegularExpressions;
using Xunit;

namespace HvBindgen.Generator.Tests.Rehearsals;

/// <summary>The changes that come with every kernel, made in a copy of the repository: how many files a person
/// edits, and that it is enough.</summary>
/// <remarks>When one of them fails, either the change takes more than it did, or it goes elsewhere and CONTRIBUTING.md says so.</remarks>
public sealed partial class ChangeRehearsals
{
    private const string Request = "a request of the driver";
    private const string Message = "an intercept message";

    [Fact]
    public void A_new_request_takes_three_files_and_a_new_message_five()
    {
        Requirement.Sweep("the library and its tests are compiled");
        using RehearsalTree tree = new();
        AddRequest(tree);
        AddMessage(tree);

        tree.Tool("generate");

        Assert.Contains("MSHV_GET_LABEL", tree.Tool("decode", "0xc010b830"), StringComparison.Ordinal);
        byte[] message = new byte[256];
        BinaryPrimitives.WriteUInt32LittleEndian(message, 0x80010030);
        message[4] = 48;
        message[56] = 5;
        string decoded = tree.Tool("decode", "--message", tree.FileWith(message));
        Assert.Contains("HVMSG_X64_ALARM", decoded, StringComparison.Ordinal);
        Assert.Contains("alarm_number", decoded, StringComparison.Ordinal);
        tree.Test(
            "Partitions.LabelTests", "Running.AlarmTests", "Devices.CapabilityProbeTests", "Recording.RequestTableTests",
            "Recording.RecordedRequestTests", "Running.X64NoticeTests", "Intercepts.InterceptViewTests");
        Assert.Equal((3, 5), (tree.HandEdited(Request).Count, tree.HandEdited(Message).Count));
        RequireNamed(Request, tree);
        RequireNamed(Message, tree);
    }

    private static void AddRequest(RehearsalTree tree)
    {
        tree.Begin(Request);
        tree.InsertIntoKernelHeader("headers/downloaded/usr/include/linux/mshv.h", "#define MSHV_CREATE_VTL", """
            struct mshv_get_label { __u32 size; __u32 rsvd; __u64 buf_ptr; };
            #define MSHV_GET_LABEL	_IOWR(MSHV_IOCTL, 0x30, struct mshv_get_label)
            """);
        tree.Insert("headers/hvbindgen.json", "\"MSHV_INITIALIZE_PARTITION\", \"MSHV_CREATE_VP\"", "\"MSHV_GET_LABEL\",");
        tree.Insert("headers/hvbindgen.json", "\"MSHV_INITIALIZE_PARTITION\": {}", """
            "MSHV_GET_LABEL": { "memory": [{ "pointer": "buf_ptr", "size": "size", "use": "write" }], "refuses": "ones" },
            """);
        tree.Insert("runtime/HvBindgen.Mshv/Partitions/Partition.cs", "/// <summary>Closes the partition and its", LabelMethod);
        tree.Write("tests/HvBindgen.Mshv.Tests/Partitions/LabelTests.cs", LabelTests);
    }

    private static void AddMessage(RehearsalTree tree)
    {
        tree.Begin(Message);
        tree.Insert("headers/vmm/hv_messages.h", "HVMSG_REGISTER_INTERCEPT", "\tHVMSG_X64_ALARM\t\t\t= 0x80010030,");
        tree.Insert("headers/vmm/hv_messages.h", "/* HVMSG_X64_HALT:", """
            /* HVMSG_X64_ALARM: a clock of the guest went off. */
            struct hv_x64_alarm_message {
            	struct hv_x64_intercept_message_header header;
            	__u32 alarm_number;
            	__u32 rsvd;
            } __packed;
            """);
        tree.Insert("headers/hvbindgen.json", "\"HVMSG_X64_APIC_EOI\"", "\"HVMSG_X64_ALARM\": \"struct hv_x64_alarm_message\",");
        tree.Insert("runtime/HvBindgen.Mshv/Running/X64Dispatcher.cs", "hv_message_type.HVMSG_NONE =>", AlarmLine);
        tree.Insert("runtime/HvBindgen.Mshv/Running/X64Dispatcher.cs", "// Hands over what was gathered.", AlarmTreatment);
        const string Notices = "runtime/HvBindgen.Mshv/Handlers/MachineHandlers.Notices.cs";
        tree.Insert(Notices, "/// <summary>Ends of interrupts;", AlarmProperty);
        tree.Insert(Notices, "/// <summary>Hears of the end of level-triggered", AlarmInterface);
        tree.Write("tests/HvBindgen.Mshv.Tests/Running/AlarmTests.cs", AlarmTests);
    }

    // The row of CONTRIBUTING.md has a code span that each edited file lies in, or is.
    private static void RequireNamed(string change, RehearsalTree tree)
    {
        string row = File.ReadLines(Repository.PathOf("CONTRIBUTING.md"))
            .Single(line => line.StartsWith($"| {change} |", StringComparison.Ordinal));
        string[] named = [.. CodeSpan().Matches(row).Select(span => span.Groups[1].Value)];
        Assert.All(tree.HandEdited(change), path => Assert.Contains(
            named, place => path.StartsWith(place, StringComparison.Ordinal) || path.Contains($"/{place}", StringComparison.Ordinal)));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    private const string LabelMethod = """
            /// <summary>Reads the partition's label.</summary>
            /// <returns>The label.</returns>
            /// <exception cref="HypervisorException">The kernel refused.</exception>
            public unsafe string GetLabel()
            {
                Span<byte> room = stackalloc byte[64];
                fixed (byte* pointer = room)
                {
                    mshv_get_label request = new() { size = (uint)room.Length, buf_ptr = (ulong)pointer };
                    IoctlResult result = PartitionIoctls.MSHV_GET_LABEL(Handle, ref request);
                    return result.IsSuccess
                        ? System.Text.Encoding.UTF8.GetString(room[..(int)request.size])
                        : throw new HypervisorException("Reading the label", result.Errno);
                }
            }

        """;

    private const string LabelTests = """
        using HvBindgen.Mshv.Abi;
        using HvBindgen.Mshv.Devices;
        using HvBindgen.Mshv.Interop;
        using HvBindgen.Mshv.Partitions;
        using HvBindgen.Mshv.Recording;
        using HvBindgen.Mshv.Tests.Fakes;
        using Xunit;

        namespace HvBindgen.Mshv.Tests.Partitions;

        public sealed unsafe class LabelTests
        {
            [Fact]
            public void A_partition_tells_its_label()
            {
                using FakeMachine machine = new();
                machine.Calls.OnOtherRequest = Answer;

                Assert.Equal("demo", machine.Partition.GetLabel());
            }

            [Fact]
            public void A_label_is_recorded_and_replayed()
            {
                FakeSystemCalls calls = new() { OnOtherRequest = Answer };
                using MemoryStream stream = new();
                using (RecordingSystemCalls recorder = new(calls, stream))
                {
                    Assert.Equal("demo", LabelOf(recorder));
                }

                Assert.Equal("demo", LabelOf(new ReplaySystemCalls(new MemoryStream(stream.ToArray()), "test")));
            }

            [Fact]
            public void The_probe_asks_whether_the_driver_knows_labels()
            {
                using FakeMachine machine = new();
                machine.Calls.RequestErrno[Constants.MSHV_GET_LABEL] = Errno.ENOTTY;
                Assert.False(machine.Device.Probe().Answers(DescriptorKind.Partition, Constants.MSHV_GET_LABEL));
                machine.Calls.RequestErrno.Clear();
                machine.Calls.OnOtherRequest = Answer;

                Assert.True(machine.Device.Probe().Answers(DescriptorKind.Partition, Constants.MSHV_GET_LABEL));
            }

            private static string LabelOf(ISystemCalls calls)
            {
                using MshvDevice device = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = calls, Backend = MshvBackend.Device });
                using Partition partition = device.CreatePartition().Build();
                return partition.GetLabel();
            }

            private static IoctlResult Answer(uint request, nint argument)
            {
                mshv_get_label* label = (mshv_get_label*)argument;
                if (label->rsvd != 0 || label->size > 64)
                {
                    return IoctlResult.Failure(Errno.EINVAL);
                }

                "demo"u8.CopyTo(new Span<byte>((void*)label->buf_ptr, (int)label->size));
                label->size = 4;
                return IoctlResult.Success(0);
            }
        }

        """;

    private const string AlarmLine =
        "            hv_message_type.HVMSG_X64_ALARM when intercept.TryAs(out hv_x64_alarm_message alarm) => OnAlarm(alarm.alarm_number),";

    private const string AlarmTreatment = """
            private Treatment OnAlarm(uint number)
            {
                if (handlers.Alarms is not { } handler)
                {
                    return End(RunEnd.Unhandled, $"no handler for alarm {number}");
                }

                handler.OnAlarm(Processor.Index, number);
                return Treatment.Noticed;
            }

        """;

    private const string AlarmProperty = """
            /// <summary>Alarms; null ends the run at one.</summary>
            public IAlarmHandler? Alarms { get; set; }

        """;

    private const string AlarmInterface = """
        /// <summary>Hears of alarms.</summary>
        public interface IAlarmHandler
        {
            /// <summary>An alarm went off.</summary>
            /// <param name="vpIndex">Processor.</param>
            /// <param name="number">Number of the alarm.</param>
            void OnAlarm(uint vpIndex, uint number);
        }

        """;

    private const string AlarmTests = """
        using HvBindgen.Mshv.Abi;
        using HvBindgen.Mshv.Abi.X64;
        using HvBindgen.Mshv.Handlers;
        using HvBindgen.Mshv.Intercepts;
        using HvBindgen.Mshv.Interop;
        using HvBindgen.Mshv.Processors;
        using HvBindgen.Mshv.Running;
        using HvBindgen.Mshv.Tests.Fakes;
        using Xunit;

        namespace HvBindgen.Mshv.Tests.Running;

        public sealed unsafe class AlarmTests
        {
            [Fact]
            public void An_alarm_goes_to_its_handler()
            {
                Listener listener = new();

                RunResult result = Run(new MachineHandlers { Alarms = listener }, payloadSize: null);

                Assert.Equal([5], listener.Numbers);
                Assert.Equal(RunEnd.Refused, result.End);
            }

            [Fact]
            public void An_alarm_without_a_handler_ends_the_run()
            {
                RunResult result = Run(new MachineHandlers(), payloadSize: null);

                Assert.Equal(RunEnd.Unhandled, result.End);
                Assert.Contains("alarm 5", result.Detail, StringComparison.Ordinal);
            }

            [Fact]
            public void An_alarm_that_is_too_short_is_malformed() =>
                Assert.Equal(RunEnd.MalformedMessage, Run(new MachineHandlers { Alarms = new Listener() }, payloadSize: 47).End);

            [Fact]
            public void An_alarm_has_a_header_and_a_name()
            {
                hv_message message = Alarm(payloadSize: null);

                Assert.True(new Intercept(in message).TryAs(out hv_x64_intercept_message_header header));
                Assert.Equal(TestMessages.Rip, header.rip);
                Assert.Equal("HVMSG_X64_ALARM", Abi.Messages.NameOf(hv_message_type.HVMSG_X64_ALARM));
            }

            private static hv_message Alarm(int? payloadSize) => TestMessages.Of(
                hv_message_type.HVMSG_X64_ALARM,
                new hv_x64_alarm_message { header = TestMessages.Header(), alarm_number = 5 },
                payloadSize);

            private static RunResult Run(MachineHandlers handlers, int? payloadSize)
            {
                using FakeMachine machine = new();
                using VirtualProcessor processor = machine.CreateProcessor();
                int runs = 0;
                machine.Calls.OnRun = (_, argument) =>
                {
                    *(hv_message*)argument = Alarm(payloadSize);
                    return runs++ == 0 ? IoctlResult.Success(0) : IoctlResult.Failure(Errno.EIO);
                };
                return new RunLoop(processor, handlers).Run(TestContext.Current.CancellationToken);
            }

            private sealed class Listener : IAlarmHandler
            {
                internal List<uint> Numbers { get; } = [];

                public void OnAlarm(uint vpIndex, uint number) => Numbers.Add(number);
            }
        }

        """;
}
