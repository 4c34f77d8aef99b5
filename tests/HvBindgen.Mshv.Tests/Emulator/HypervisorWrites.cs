using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Tests.Guests;
using Xunit;
using static HvBindgen.Mshv.Tests.Emulator.TrackedPages;
using Hv = HvBindgen.Mshv.Abi.Constants;
using HvX64 = HvBindgen.Mshv.Abi.X64.Constants;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Pages of a guest that the hypervisor writes are written: a client that copies what changes needs them too.</summary>
public sealed unsafe class HypervisorWrites
{
    private const ulong RangeGpa = 0x20000;
    private const ulong MessageGpa = RangeGpa + 0x3000;
    private const ulong EventGpa = RangeGpa + 0x5000;
    private const int MessagePage = 3;
    private const int EventPage = 5;

    [Theory]
    [InlineData(MshvEngine.Kvm)]
    [InlineData(MshvEngine.Software)]
    public void A_message_is_written_and_one_that_finds_its_slot_taken_marks_it_as_waited_for(MshvEngine engine)
    {
        using EmulatedMachine machine = WithPages(engine);

        Assert.Equal(0, Post(machine));
        Assert.Equal(Bits(MessagePage), Take(machine));
        Assert.Equal(Hv.HV_STATUS_INSUFFICIENT_BUFFERS, Post(machine));
        Assert.Equal(Bits(MessagePage), Take(machine));
        Assert.Equal(0ul, Take(machine));
    }

    [Theory]
    [InlineData(MshvEngine.Kvm)]
    [InlineData(MshvEngine.Software)]
    public void An_event_flag_is_written_when_it_is_new_and_not_when_it_was_set(MshvEngine engine)
    {
        using EmulatedMachine machine = WithPages(engine);

        Signal(machine);
        Assert.Equal(Bits(EventPage), Take(machine));
        Signal(machine);
        Assert.Equal(0ul, Take(machine));
    }

    [Fact]
    public void A_page_that_the_hypervisor_writes_was_accessed_and_one_that_it_only_reads_was_not()
    {
        using EmulatedMachine machine = WithPages(MshvEngine.Software);
        Signal(machine);
        _ = TrackedPages.Take(machine, RangeGpa, 8, Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED);

        Assert.Equal(0, Post(machine));
        Signal(machine); // is set already

        Assert.Equal(Bits(MessagePage), TrackedPages.Take(machine, RangeGpa, 8, Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED));
    }

    [Fact]
    public void Output_of_a_guest_s_call_is_written_and_a_call_without_output_writes_nothing()
    {
        using EmulatedMachine machine = CallingGuest.Create();
        Span<byte> input = machine.RamAt(CallingGuest.InputGpa, hv_input_get_vp_registers.AllocationSize(1));
        MemoryMarshal.Write(
            input, new hv_input_get_vp_registers { partition_id = Hv.HV_PARTITION_ID_SELF, vp_index = Hv.HV_VP_INDEX_SELF });
        hv_input_get_vp_registers.names(input)[0] = (uint)hv_register_name.HV_REGISTER_GUEST_OS_ID;
        StartTracking(machine);
        _ = TakeOutput();

        Assert.Equal((0, 0), CallingGuest.Try(machine, CallingGuest.Word(Hv.HVCALL_NOTIFY_LONG_SPIN_WAIT, isFast: true)));
        Assert.Equal(0ul, TakeOutput());
        Assert.Equal((0, 1), CallingGuest.Try(machine, CallingGuest.Word(Hv.HVCALL_GET_VP_REGISTERS, reps: 1)));
        Assert.Equal(1ul, TakeOutput());

        ulong TakeOutput() => TrackedPages.Take(machine, CallingGuest.OutputGpa, 1, Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY);
    }

    [Fact]
    public void The_pages_of_calls_and_of_reference_time_are_written_when_a_guest_enables_them()
    {
        hv_partition_synthetic_processor_features features = new()
        {
            hypervisor_present = 1,
            hv1 = 1,
            access_hypercall_regs = 1,
            access_partition_reference_tsc = 1,
        };
        using EmulatedMachine machine = new(syntheticFeatures: features.as_uint64[0], engine: MshvEngine.Software);
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, code =>
        {
            CallingGuest.WriteMsr(code, HvX64.HV_X64_MSR_GUEST_OS_ID, 1);
            CallingGuest.WriteMsr(code, HvX64.HV_X64_MSR_HYPERCALL, (uint)MessageGpa | 1);
            CallingGuest.WriteMsr(code, HvX64.HV_X64_MSR_REFERENCE_TSC, (uint)EventGpa | 1);
            CallingGuest.Report(code);
        }));
        StartTracking(machine);
        _ = Take(machine);

        _ = CallingGuest.NextReport(machine);

        Assert.Equal(Bits(MessagePage, EventPage), Take(machine));
    }

    private static EmulatedMachine WithPages(MshvEngine engine)
    {
        EmulatedMachine machine = new(engine: engine);
        machine.Set(hv_register_name.HV_REGISTER_SCONTROL, Hv.HV_SYNIC_CONTROL_ENABLE);
        machine.Set(hv_register_name.HV_REGISTER_SIMP, MessageGpa | 1);
        machine.Set(hv_register_name.HV_REGISTER_SIEFP, EventGpa | 1);
        StartTracking(machine);
        _ = Take(machine);
        return machine;
    }

    private static ulong Take(EmulatedMachine machine) =>
        TrackedPages.Take(machine, RangeGpa, 8, Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY);

    private static int Post(EmulatedMachine machine)
    {
        hv_input_post_message_direct input = new() { sint_index = 2 };
        input.message[0] = 1;
        return machine.Call(
            machine.Partition, Hv.HVCALL_POST_MESSAGE_DIRECT, MemoryMarshal.AsBytes([input]), [], 0, out _).status;
    }

    private static void Signal(EmulatedMachine machine)
    {
        hv_input_signal_event_direct input = new() { target_sint = 1, flag_number = 9 };
        byte[] output = new byte[Marshal.SizeOf<hv_output_signal_event_direct>()];
        Assert.Equal(0, machine.Call(
            machine.Partition, Hv.HVCALL_SIGNAL_EVENT_DIRECT, MemoryMarshal.AsBytes([input]), output, 0, out _).status);
    }
}
