using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.Arm64;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Tests.RunLoop;
using Xunit;

namespace HvBindgen.Mshv.Tests.Intercepts;

public sealed class InterceptViewTests
{
    private delegate bool View(in Intercept intercept);

    // Every type with a view, the bytes its payload takes, and the view.
    private static readonly (hv_message_type Type, int SizeBytes, View View)[] Views =
    [
        (hv_message_type.HVMSG_UNMAPPED_GPA, 80, (in Intercept i) => i.TryAsMemory(out _)),
        (hv_message_type.HVMSG_GPA_INTERCEPT, 80, (in Intercept i) => i.TryAsMemory(out _)),
        (hv_message_type.HVMSG_UNACCEPTED_GPA, 80, (in Intercept i) => i.TryAsMemory(out _)),
        (hv_message_type.HVMSG_UNMAPPED_GPA, 64, (in Intercept i) => i.TryAsArmMemory(out _)),
        (hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, 128, (in Intercept i) => i.TryAsIoPort(out _)),
        (hv_message_type.HVMSG_X64_MSR_INTERCEPT, 64, (in Intercept i) => i.TryAsMsr(out _)),
        (hv_message_type.HVMSG_X64_CPUID_INTERCEPT, 104, (in Intercept i) => i.TryAsCpuid(out _)),
        (hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT, 240, (in Intercept i) => i.TryAsException(out _)),
        (hv_message_type.HVMSG_HYPERCALL_INTERCEPT, 196, (in Intercept i) => i.TryAsHypercall(out _)),
        (hv_message_type.HVMSG_X64_APIC_EOI, 8, (in Intercept i) => i.TryAsApicEoi(out _)),
        (hv_message_type.HVMSG_X64_HALT, 40, (in Intercept i) => i.TryAsHalt(out _)),
        (hv_message_type.HVMSG_X64_INTERRUPTION_DELIVERABLE, 48, (in Intercept i) => i.TryAsInterruptionDeliverable(out _)),
        (hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE, 48, (in Intercept i) => i.TryAsSintDeliverable(out _)),
        (hv_message_type.HVMSG_X64_SIPI_INTERCEPT, 48, (in Intercept i) => i.TryAsSipi(out _)),
        (hv_message_type.HVMSG_INVALID_VP_REGISTER_VALUE, 8, (in Intercept i) => i.TryAsInvalidRegister(out _)),
        (hv_message_type.HVMSG_UNRECOVERABLE_EXCEPTION, 40, (in Intercept i) => i.TryAsUnrecoverableException(out _)),
        (hv_message_type.HVMSG_UNSUPPORTED_FEATURE, 16, (in Intercept i) => i.TryAsUnsupportedFeature(out _)),
        (hv_message_type.HVMSG_GPA_ATTRIBUTE_INTERCEPT, 240, (in Intercept i) => i.TryAsGpaAttribute(out _)),
        (hv_message_type.HVMSG_X64_SEV_VMGEXIT_INTERCEPT, 104, (in Intercept i) => i.TryAsVmgexit(out _)),
        (hv_message_type.HVMSG_OPAQUE_INTERCEPT, 4, (in Intercept i) => i.TryAsOpaque(out _)),
        (hv_message_type.HVMSG_TIMER_EXPIRED, 24, (in Intercept i) => i.TryAsTimerExpired(out _)),
        (hv_message_type.HVMSG_ASYNC_CALL_COMPLETION, 24, (in Intercept i) => i.TryAsAsyncCompletion(out _)),
        (hv_message_type.HVMSG_SCHEDULER_VP_SIGNAL_BITSET, 160, (in Intercept i) => i.TryAsSchedulerBitset(out _)),
        (hv_message_type.HVMSG_SCHEDULER_VP_SIGNAL_PAIR, 240, (in Intercept i) => i.TryAsSchedulerPair(out _)),
        (hv_message_type.HVMSG_REGISTER_INTERCEPT, 64, (in Intercept i) => i.TryAsRegister(out _)),
        (hv_message_type.HVMSG_REGISTER_INTERCEPT, 48, (in Intercept i) => i.TryAsArmRegister(out _)),
        (hv_message_type.HVMSG_HYPERCALL_INTERCEPT, 176, (in Intercept i) => i.TryAsArmHypercall(out _)),
        (hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE, 32, (in Intercept i) => i.TryAsArmSintDeliverable(out _)),
        (hv_message_type.HVMSG_ARM64_RESET_INTERCEPT, 32, (in Intercept i) => i.TryAsArmReset(out _)),
    ];

    [Fact]
    public void A_view_wants_its_type_and_its_whole_payload()
    {
        foreach ((hv_message_type type, int sizeBytes, View view) in Views)
        {
            for (int payloadSize = 0; payloadSize <= 255; payloadSize++)
            {
                hv_message message = TestMessages.Of(type, 0UL, payloadSize);
                Assert.True(view(new Intercept(in message)) == payloadSize >= sizeBytes, $"{type} with {payloadSize} bytes");
            }

            hv_message other = TestMessages.Of((hv_message_type)0x8fff_ffff, 0UL, payloadSize: 240);
            Assert.False(view(new Intercept(in other)), $"{type}");
        }
    }

    [Fact]
    public void A_view_never_takes_another_type_for_its_own()
    {
        foreach ((hv_message_type type, _, View view) in Views)
        {
            foreach (hv_message_type other in Enum.GetValues<hv_message_type>())
            {
                hv_message message = TestMessages.Of(other, 0UL, payloadSize: 240);
                bool isMemory = type is hv_message_type.HVMSG_UNMAPPED_GPA or hv_message_type.HVMSG_GPA_INTERCEPT
                    or hv_message_type.HVMSG_UNACCEPTED_GPA
                    && other is hv_message_type.HVMSG_UNMAPPED_GPA or hv_message_type.HVMSG_GPA_INTERCEPT
                    or hv_message_type.HVMSG_UNACCEPTED_GPA;
                Assert.Equal(other == type || isMemory, view(new Intercept(in message)));
            }
        }
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
        Assert.True(new Intercept(in message).TryAsMemory(out MemoryIntercept view));

        Assert.Equal(0xfec00123UL, view.Gpa);
        Assert.True(view.IsTranslated);

        message = TestMessages.Memory(InterceptAccess.Read, 0xfec00000, [], gva: 0x123, isTranslated: false);
        Assert.True(new Intercept(in message).TryAsMemory(out view));
        Assert.False(view.IsTranslated);
    }

    [Fact]
    public void Instruction_bytes_are_never_more_than_there_are()
    {
        hv_message message = TestMessages.Memory(InterceptAccess.Read, 0, [1, 2, 3]);
        Assert.True(new Intercept(in message).TryAsMemory(out MemoryIntercept view));
        Assert.Equal([1, 2, 3], view.InstructionBytes.ToArray());
        hv_x64_memory_intercept_message payload = view.Payload;
        payload.instruction_byte_count = 255;
        message = TestMessages.Of(hv_message_type.HVMSG_UNMAPPED_GPA, in payload);

        Assert.True(new Intercept(in message).TryAsMemory(out view));
        Assert.Equal(16, view.InstructionBytes.Length);
    }

    [Fact]
    public void Headers_are_found_where_a_type_has_one()
    {
        hv_message message = TestMessages.IoPort(InterceptAccess.Read, 0x80, 1);
        Assert.True(new Intercept(in message).TryGetHeader(out hv_x64_intercept_message_header header));
        Assert.Equal(TestMessages.Rip, header.rip);

        message = TestMessages.Of(hv_message_type.HVMSG_X64_APIC_EOI, 0UL);
        Assert.False(new Intercept(in message).TryGetHeader(out _));

        message = TestMessages.ArmMemory(0, 0);
        Assert.True(new Intercept(in message).TryGetArmHeader(out hv_arm64_intercept_message_header armHeader));
        Assert.Equal(TestMessages.Rip, armHeader.pc);
    }
}
