using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.Arm64;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Tests.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Intercepts;

public sealed class InterceptViewTests
{
    private static readonly hv_message_type[] AllTypes = [.. Enum.GetValues<hv_message_type>().Distinct(), (hv_message_type)0x8fff_ffff];

    // Sizes as the hypervisor sends them, written down apart from the table.
    [Theory]
    [InlineData(hv_message_type.HVMSG_UNMAPPED_GPA, 80, 64)]
    [InlineData(hv_message_type.HVMSG_UNACCEPTED_GPA, 80, 64)]
    [InlineData(hv_message_type.HVMSG_HYPERCALL_INTERCEPT, 196, 176)]
    [InlineData(hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE, 48, 32)]
    [InlineData(hv_message_type.HVMSG_REGISTER_INTERCEPT, 64, 48)]
    [InlineData(hv_message_type.HVMSG_TIMER_EXPIRED, 24, 24)]
    [InlineData(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, 128, 0)]
    [InlineData(hv_message_type.HVMSG_X64_APIC_EOI, 8, 0)]
    [InlineData(hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT, 240, 0)]
    [InlineData(hv_message_type.HVMSG_ARM64_RESET_INTERCEPT, 0, 32)]
    [InlineData(hv_message_type.HVMSG_EVENTLOG_BUFFERCOMPLETE, 0, 0)]
    public void A_type_has_the_payload_of_its_processor(hv_message_type type, int x64Bytes, int arm64Bytes)
    {
        Assert.Equal((x64Bytes, arm64Bytes), (Abi.X64.Messages.PayloadSizeBytes(type), Abi.Arm64.Messages.PayloadSizeBytes(type)));
        Assert.Equal((x64Bytes, arm64Bytes) != (0, 0), ContentsOf(type).Any());
        Assert.Equal(x64Bytes != 0, Abi.X64.Messages.Types.Contains(type));
        Assert.Equal(arm64Bytes != 0, Abi.Arm64.Messages.Types.Contains(type));
    }

    [Fact]
    public void Every_type_with_a_payload_has_a_record_of_that_size()
    {
        foreach (hv_message_type type in Abi.X64.Messages.Types)
        {
            Assert.Contains(ContentsOf(type), content => content.SizeBytes == Abi.X64.Messages.PayloadSizeBytes(type) && !content.IsArm64);
        }

        foreach (hv_message_type type in Abi.Arm64.Messages.Types)
        {
            Assert.Contains(ContentsOf(type), content => content.SizeBytes == Abi.Arm64.Messages.PayloadSizeBytes(type) && !content.IsX64);
        }
    }

    [Fact]
    public void A_record_is_read_from_messages_of_its_types_that_have_all_of_it_and_from_no_others()
    {
        Assert.NotEmpty(MessageContent.All);
        foreach (MessageContent content in MessageContent.All)
        {
            foreach (hv_message_type type in AllTypes)
            {
                for (int payloadSize = 0; payloadSize <= 255; payloadSize++)
                {
                    hv_message message = TestMessages.Of(type, 0UL, payloadSize);
                    Assert.True(
                        content.IsReadFrom(message) == (content.IsIn(type) && payloadSize >= content.SizeBytes),
                        $"{content.Type.Name} from {type} with {payloadSize} bytes");
                }
            }
        }
    }

    [Fact]
    public void A_view_shows_what_exactly_one_record_is_read_from()
    {
        Assert.NotEmpty(MessageView.All);
        foreach (MessageView view in MessageView.All)
        {
            bool ShowsAs(MessageContent content) => AllTypes.All(type => Enumerable.Range(0, 256).All(payloadSize =>
            {
                hv_message message = TestMessages.Of(type, 0UL, payloadSize);
                return view.Shows(message) == content.IsReadFrom(message);
            }));

            Assert.Single(MessageContent.All, ShowsAs);
        }
    }

    [Fact]
    public void A_type_is_named_as_the_headers_name_it_and_a_number_without_a_name_is_not()
    {
        Assert.Equal("HVMSG_X64_HALT", Abi.Messages.NameOf(hv_message_type.HVMSG_X64_HALT));

        // Two names have this number; the one with a payload is what a monitor gets.
        Assert.Equal("HVMSG_REGISTER_INTERCEPT", Abi.Messages.NameOf(hv_message_type.HVMSG_X64_IOMMU_PRQ));
        Assert.Null(Abi.Messages.NameOf((hv_message_type)0x8fff_ffff));
        Assert.All(
            Enum.GetValues<hv_message_type>(), type =>
                Assert.True(Enum.TryParse(Abi.Messages.NameOf(type), out hv_message_type named) && named == type));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(17, 17)]
    [InlineData(240, 240)]
    [InlineData(255, 240)]
    public void An_unknown_type_keeps_as_many_bytes_as_it_declares_and_there_are(int declared, int expected)
    {
        hv_message message = TestMessages.Of((hv_message_type)0x8123_4567, 0x1122334455667788UL, declared);
        Intercept intercept = new(in message);

        Assert.Equal((hv_message_type)0x8123_4567, intercept.Type);
        Assert.Equal(expected, intercept.Payload.Length);
        Assert.Equal(expected == 0 ? [] : new byte[] { 0x88, 0x77, 0x66 }, intercept.Payload[..Math.Min(3, expected)].ToArray());
    }

    [Fact]
    public void The_low_bits_of_an_address_come_from_the_virtual_one()
    {
        hv_message message = TestMessages.Memory(InterceptAccess.Read, 0xfec00000, [], gva: 0xffff8000_00000123);
        Assert.True(new Intercept(in message).TryView(out MemoryIntercept view));

        Assert.Equal(0xfec00123UL, view.Gpa);
        Assert.True(view.IsTranslated);

        message = TestMessages.Memory(InterceptAccess.Read, 0xfec00000, [], gva: 0x123, isTranslated: false);
        Assert.True(new Intercept(in message).TryView(out view));
        Assert.False(view.IsTranslated);
    }

    [Fact]
    public void Instruction_bytes_are_never_more_than_there_are()
    {
        hv_message message = TestMessages.Memory(InterceptAccess.Read, 0, [1, 2, 3]);
        Assert.True(new Intercept(in message).TryView(out MemoryIntercept view));
        Assert.Equal([1, 2, 3], view.InstructionBytes.ToArray());
        hv_x64_memory_intercept_message payload = view.Payload;
        payload.instruction_byte_count = 255;
        message = TestMessages.Of(hv_message_type.HVMSG_UNMAPPED_GPA, in payload);

        Assert.True(new Intercept(in message).TryView(out view));
        Assert.Equal(16, view.InstructionBytes.Length);
    }

    [Fact]
    public void Headers_are_found_where_a_type_has_one()
    {
        hv_message message = TestMessages.IoPort(InterceptAccess.Read, 0x80, 1);
        Assert.True(new Intercept(in message).TryAs(out hv_x64_intercept_message_header header));
        Assert.Equal(TestMessages.Rip, header.rip);

        message = TestMessages.Of(hv_message_type.HVMSG_X64_APIC_EOI, 0UL);
        Assert.False(new Intercept(in message).TryAs(out hv_x64_intercept_message_header _));

        message = TestMessages.ArmMemory(0, 0);
        Assert.True(new Intercept(in message).TryAs(out hv_arm64_intercept_message_header armHeader));
        Assert.Equal(TestMessages.Rip, armHeader.pc);
    }

    private static IEnumerable<MessageContent> ContentsOf(hv_message_type type) => MessageContent.All.Where(content => content.IsIn(type));
}
