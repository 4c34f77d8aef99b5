using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Diagnostics;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Messages that take the instruction itself: device memory and string port I/O.</summary>
public sealed class X64MemoryTests
{
    private const ulong DeviceGpa = 0xfec00000;

    // mov [ebx], eax; mov eax, [ebx]
    private static readonly byte[] Store = [0x89, 0x03];
    private static readonly byte[] Load = [0x8b, 0x03];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_load_from_a_device_writes_its_register_and_RIP_and_nothing_else(bool hasPage)
    {
        using TestProcessor processor = Flat(hasPage);
        processor.Set(Name.HV_X64_REGISTER_RBX, DeviceGpa + 0x10);
        processor.PageIsUpToDate();
        MachineHandlers handlers = new();
        TestDevice device = new(0x170020);
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);

        Treatment treatment = X64InstructionTests.Dispatch(
            processor, handlers, TestMessages.Memory(InterceptAccess.Read, DeviceGpa, Load, gva: DeviceGpa + 0x10));
        processor.TakePageWrites();

        Assert.Equal(Treatment.Progressed, treatment);
        Assert.Equal([(false, 0x10UL, 4, 0UL)], device.Accesses);
        Assert.Equal(
            [
                X64InstructionTests.Write(Name.HV_X64_REGISTER_RAX, 0x170020, byPage: hasPage),
                X64InstructionTests.Write(Name.HV_X64_REGISTER_RIP, 0x1002, byPage: hasPage),
            ],
            processor.Writes);
        Assert.Equal(hasPage ? 0 : 2, processor.HypercallCount);
    }

    [Fact]
    public void A_store_to_a_device_writes_only_RIP()
    {
        using TestProcessor processor = Flat(hasPage: true);
        processor.Set(Name.HV_X64_REGISTER_RBX, DeviceGpa);
        processor.Set(Name.HV_X64_REGISTER_RAX, 0xcafe);
        processor.PageIsUpToDate();
        MachineHandlers handlers = new();
        TestDevice device = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);

        X64InstructionTests.Dispatch(processor, handlers, TestMessages.Memory(InterceptAccess.Write, DeviceGpa, Store));
        processor.TakePageWrites();

        Assert.Equal([(true, 0UL, 4, 0xcafeUL)], device.Accesses);
        Assert.Equal([X64InstructionTests.Write(Name.HV_X64_REGISTER_RIP, 0x1002, byPage: true)], processor.Writes);
        Assert.Equal(0, processor.HypercallCount);
    }

    [Fact]
    public void Instruction_bytes_that_the_message_lacks_are_fetched()
    {
        using TestProcessor processor = Flat(hasPage: false);
        processor.Set(Name.HV_X64_REGISTER_RBX, DeviceGpa);
        Load.CopyTo(processor.Memory.Bytes[0x1000..]);
        MachineHandlers handlers = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, new TestDevice(7));

        X64InstructionTests.Dispatch(processor, handlers, TestMessages.Memory(InterceptAccess.Read, DeviceGpa, []));

        Assert.Equal(
            [X64InstructionTests.Write(Name.HV_X64_REGISTER_RAX, 7), X64InstructionTests.Write(Name.HV_X64_REGISTER_RIP, 0x1002)],
            processor.Writes);
    }

    [Fact]
    public void An_access_that_is_nobodys_ends_the_run_and_changes_nothing()
    {
        using TestProcessor processor = Flat(hasPage: false);
        processor.Set(Name.HV_X64_REGISTER_RBX, DeviceGpa);

        RunResult result = X64InstructionTests.ResultOf(
            processor, new MachineHandlers(), TestMessages.Memory(InterceptAccess.Read, DeviceGpa, Load));

        Assert.Equal(RunEnd.Unhandled, result.End);
        Assert.EndsWith($"no device and no memory is at 0x{DeviceGpa:x}", result.ToString(), StringComparison.Ordinal);
        Assert.Empty(processor.Writes);
    }

    [Fact]
    public void An_access_by_the_delivery_of_an_event_is_not_taken_for_the_instruction()
    {
        using TestProcessor processor = Flat(hasPage: false);
        MachineHandlers handlers = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, new TestDevice(7));

        Assert.Equal(
            RunEnd.Unhandled,
            X64InstructionTests.EndOf(
                processor, handlers, TestMessages.Memory(InterceptAccess.Read, DeviceGpa, Load, interruptionPending: true)));
        Assert.Empty(processor.Writes);
    }

    [Fact]
    public void Executing_where_no_memory_is_ends_the_run()
    {
        using TestProcessor processor = Flat(hasPage: false);

        Assert.Equal(
            RunEnd.Unhandled,
            X64InstructionTests.EndOf(processor, new MachineHandlers(), TestMessages.Memory(InterceptAccess.Execute, DeviceGpa, [])));
    }

    [Theory]
    [InlineData(hv_message_type.HVMSG_UNMAPPED_GPA, MemoryAction.Retry, Treatment.Retried)]
    [InlineData(hv_message_type.HVMSG_GPA_INTERCEPT, MemoryAction.Retry, Treatment.Retried)]
    [InlineData(hv_message_type.HVMSG_UNACCEPTED_GPA, MemoryAction.Retry, Treatment.Retried)]
    [InlineData(hv_message_type.HVMSG_UNMAPPED_GPA, MemoryAction.Unhandled, Treatment.Ended)]
    public void A_memory_handler_decides_first(hv_message_type type, MemoryAction action, object expected)
    {
        using TestProcessor processor = Flat(hasPage: false);
        TestAnswers answers = new() { MemoryAction = action };

        Treatment treatment = X64InstructionTests.Dispatch(
            processor, X64InstructionTests.Answering(answers), TestMessages.Memory(InterceptAccess.Write, 0x5000, Store, type: type));

        Assert.Equal((Treatment)expected, treatment);
        Assert.Equal([$"memory 5000 Write {type == hv_message_type.HVMSG_UNACCEPTED_GPA}"], answers.Calls);
        Assert.Empty(processor.Writes);
    }

    [Fact]
    public void Unaccepted_memory_is_the_callers_affair()
    {
        using TestProcessor processor = Flat(hasPage: false);

        Assert.Equal(
            RunEnd.Unhandled,
            X64InstructionTests.EndOf(
                processor, new MachineHandlers(),
                TestMessages.Memory(InterceptAccess.Read, 0x5000, Load, type: hv_message_type.HVMSG_UNACCEPTED_GPA)));
    }

    [Fact]
    public void A_page_fault_of_the_emulated_instruction_is_injected_with_CR2()
    {
        using TestProcessor processor = Flat(hasPage: false);
        processor.Set(Name.HV_X64_REGISTER_CR0, 0x80000011);
        processor.Set(Name.HV_X64_REGISTER_CR3, 0x8000);
        processor.Set(Name.HV_X64_REGISTER_RBX, 0x00801000);

        X64InstructionTests.Dispatch(
            processor, new MachineHandlers(),
            TestMessages.Memory(InterceptAccess.Write, DeviceGpa, Store, gva: 0x00801000, isTranslated: false));

        // Write (2) to a page that is not present, by a supervisor: vector 14 with an error code.
        Assert.Equal(
            [
                X64InstructionTests.Write(Name.HV_X64_REGISTER_CR2, 0x00801000),
                X64InstructionTests.Write(Name.HV_REGISTER_PENDING_EVENT0, 0x00000002_000e_0101, 0x00801000),
            ],
            processor.Writes);
    }

    [Fact]
    public void An_instruction_that_is_not_emulated_ends_the_run_with_its_name()
    {
        using TestProcessor processor = Flat(hasPage: false);
        processor.Set(Name.HV_X64_REGISTER_RBX, DeviceGpa);
        MachineHandlers handlers = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, new TestDevice(7));

        // xsave [ebx]
        X64Dispatcher dispatcher = new(processor, handlers, new RunOptions());
        hv_message message = TestMessages.Memory(InterceptAccess.Write, DeviceGpa, [0x0f, 0xae, 0x23]);

        Assert.Equal(Treatment.Ended, dispatcher.Dispatch(in message));
        Assert.Equal(RunEnd.UnsupportedInstruction, dispatcher.Result.End);
        Assert.Contains("Xsave", dispatcher.Result.Detail, StringComparison.Ordinal);
        Assert.Empty(processor.Writes);
    }

    [Theory]
    [InlineData(UnsupportedInstruction.RaiseUndefinedOpcode, 6, false)]
    [InlineData(UnsupportedInstruction.RaiseGeneralProtection, 13, true)]
    public void An_instruction_that_is_not_emulated_is_the_guests_affair_where_the_options_say_so(
        UnsupportedInstruction policy, byte vector, bool hasErrorCode)
    {
        using TestProcessor processor = Flat(hasPage: false);
        processor.Set(Name.HV_X64_REGISTER_RBX, DeviceGpa);
        TestDevice device = new(7);
        MachineHandlers handlers = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);
        RunOptions options = new() { UnsupportedInstructions = policy };

        // xsave [ebx]
        hv_message message = TestMessages.Memory(InterceptAccess.Write, DeviceGpa, [0x0f, 0xae, 0x23]);
        Treatment treatment = new X64Dispatcher(processor, handlers, options).Dispatch(in message);

        Assert.Equal(Treatment.Progressed, treatment);
        Assert.Empty(device.Accesses);
        RegisterWrite write = Assert.Single(processor.Writes);
        Assert.Equal((uint)Name.HV_REGISTER_PENDING_EVENT0, write.Name);
        hv_x64_pending_exception_event pending = default;
        pending.as_uint64[0] = write.Low;
        Assert.Equal((1u, vector, hasErrorCode ? 1u : 0u), (pending.event_pending, (byte)pending.vector, pending.deliver_error_code));
    }

    [Fact]
    public void An_instruction_that_lies_where_no_RAM_is_ends_the_run_whatever_the_options_say()
    {
        using TestProcessor processor = Flat(hasPage: false);
        processor.Set(Name.HV_X64_REGISTER_RIP, DeviceGpa);
        RunOptions options = new() { UnsupportedInstructions = UnsupportedInstruction.RaiseUndefinedOpcode };
        X64Dispatcher dispatcher = new(processor, new MachineHandlers(), options);
        hv_message message = TestMessages.Memory(InterceptAccess.Read, DeviceGpa, []);

        Assert.Equal(Treatment.Ended, dispatcher.Dispatch(in message));
        Assert.Equal(RunEnd.UnsupportedInstruction, dispatcher.Result.End);
        Assert.Empty(processor.Writes);
    }

    [Theory]
    [InlineData(0, 0x0102)]
    [InlineData(0x400, 0x00fc)]
    public void Rep_outsb_in_real_mode_writes_RCX_and_RSI_and_RIP(ulong direction, ulong expectedRsi)
    {
        using TestProcessor processor = new();
        processor.SetRealMode(dataSegment: 0x200, extraSegment: 0);
        processor.Set(Name.HV_X64_REGISTER_RIP, 0x1000);
        processor.Set(Name.HV_X64_REGISTER_RFLAGS, 2 | direction);
        processor.Set(Name.HV_X64_REGISTER_RCX, 3);
        processor.Set(Name.HV_X64_REGISTER_RSI, 0xff);
        processor.Set(Name.HV_X64_REGISTER_RDX, 0x80);
        for (byte i = 0; i < 8; i++)
        {
            processor.Memory.Bytes[0x20fb + i] = (byte)(i + 1);
        }

        TestDevice device = new();
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 1, device);

        X64InstructionTests.Dispatch(
            processor, handlers,
            TestMessages.IoPort(InterceptAccess.Write, 0x80, 1, isString: true, isRepeated: true, bytes: [0xf3, 0x6e]));

        int step = direction == 0 ? 1 : -1;
        Assert.Equal([5UL, (ulong)(5 + step), (ulong)(5 + (2 * step))], device.Accesses.Select(access => access.Value));
        Assert.Equal(
            [
                X64InstructionTests.Write(Name.HV_X64_REGISTER_RCX, 0), X64InstructionTests.Write(Name.HV_X64_REGISTER_RSI, expectedRsi),
                X64InstructionTests.Write(Name.HV_X64_REGISTER_RIP, 0x1002),
            ],
            processor.Writes);
    }

    [Fact]
    public void Rep_insw_does_a_bounded_part_and_leaves_RIP_for_the_rest()
    {
        using TestProcessor processor = Flat(hasPage: true);
        processor.Set(Name.HV_X64_REGISTER_RCX, 100);
        processor.Set(Name.HV_X64_REGISTER_RDI, 0x4000);
        processor.Set(Name.HV_X64_REGISTER_RDX, 0x1f0);
        processor.PageIsUpToDate();
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x1f0, 8, new TestDevice(0xbeef));
        hv_message message = TestMessages.IoPort(
            InterceptAccess.Read, 0x1f0, 2, isString: true, isRepeated: true, bytes: [0xf3, 0x66, 0x6d]);

        Treatment treatment = X64InstructionTests.Dispatch(processor, handlers, message, new RunOptions { MaxStringIterations = 30 });
        processor.TakePageWrites();

        Assert.Equal(Treatment.Progressed, treatment);
        Assert.Equal(
            [
                X64InstructionTests.Write(Name.HV_X64_REGISTER_RCX, 70, byPage: true),
                X64InstructionTests.Write(Name.HV_X64_REGISTER_RDI, 0x4000 + 60, byPage: true),
            ],
            processor.Writes);
        Assert.Equal(0xef, processor.Memory.Bytes[0x4000]);
        Assert.Equal(0xbe, processor.Memory.Bytes[0x403b]);
        Assert.Equal(0, processor.Memory.Bytes[0x403c]);
    }

    [Theory]
    [InlineData(52, null)]
    [InlineData(40, 0b1001UL)] // present and reserved: not a page that is not there
    public void A_bit_of_a_page_table_above_the_guest_s_addresses_is_reserved(int bits, ulong? expectedFault)
    {
        using TestProcessor processor = new() { PhysicalAddressBits = bits };
        processor.SetFlatProtectedMode(0x1000);
        const ulong Paging = 1UL << 31;
        const ulong Extended = 1 << 5;
        processor.Set(Name.HV_X64_REGISTER_CR0, Paging | 1);
        processor.Set(Name.HV_X64_REGISTER_CR4, Extended);
        processor.Set(Name.HV_X64_REGISTER_CR3, 0x8000);
        processor.Set(Name.HV_X64_REGISTER_RBX, 0x5000);
        BitConverter.TryWriteBytes(processor.Memory.Bytes[0x8000..], 0x9001UL);
        BitConverter.TryWriteBytes(processor.Memory.Bytes[0x9000..], 0xa003UL);
        BitConverter.TryWriteBytes(processor.Memory.Bytes[0xa028..], (1UL << 44) | 0x3);
        TestDevice device = new(0x42);
        MachineHandlers handlers = new();
        handlers.Mmio.Map(1UL << 44, 0x1000, device);

        X64InstructionTests.Dispatch(processor, handlers, TestMessages.Memory(InterceptAccess.Read, 1UL << 44, Load));

        Assert.Equal(expectedFault is null ? 1 : 0, device.Accesses.Count);
        Assert.Equal(
            expectedFault is null ? [] : [expectedFault.Value],
            processor.Writes.Where(write => write.Name == (uint)Name.HV_REGISTER_PENDING_EVENT0).Select(write => write.Low >> 32));
    }

    [Fact]
    public void A_write_to_ROM_that_no_device_watches_is_lost()
    {
        using TestProcessor processor = Flat(hasPage: false);
        processor.Set(Name.HV_X64_REGISTER_RBX, 0x5000);
        DeviceBus bus = new(TestProcessor.Index, new MachineHandlers(), processor.Memory, new RunOptions(), new UnclaimedLog());

        Assert.True(bus.TryWriteMemory(0x5000, [1]));
        Assert.False(bus.TryWriteMemory(DeviceGpa, [1]));
    }

    [Fact]
    public void A_vector_store_reads_the_vector_register_from_the_page_and_beyond_it_by_hypercall()
    {
        using TestProcessor processor = Flat(hasPage: true);
        processor.Set(Name.HV_X64_REGISTER_RBX, DeviceGpa);
        processor.Set(Name.HV_X64_REGISTER_CR4, 0x200);
        processor.Set(Name.HV_X64_REGISTER_XMM0 + 1, 0x1111, 0x2222);
        processor.Set(Name.HV_X64_REGISTER_XMM0 + 7, 0x7777, 0x8888);
        processor.PageIsUpToDate();
        TestDevice device = new();
        MachineHandlers handlers = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);

        // movups [ebx], xmm1; then xmm7
        X64InstructionTests.Dispatch(processor, handlers, TestMessages.Memory(InterceptAccess.Write, DeviceGpa, [0x0f, 0x11, 0x0b]));
        Assert.Equal(0, processor.HypercallCount);
        X64InstructionTests.Dispatch(processor, handlers, TestMessages.Memory(InterceptAccess.Write, DeviceGpa, [0x0f, 0x11, 0x3b]));

        Assert.Equal(1, processor.HypercallCount);
        Assert.Equal([0x1111UL, 0x2222UL, 0x7777UL, 0x8888UL], device.Accesses.Select(access => access.Value));
    }

    private static TestProcessor Flat(bool hasPage)
    {
        TestProcessor processor = new(hasPage);
        processor.SetFlatProtectedMode(TestMessages.Rip);
        return processor;
    }
}
