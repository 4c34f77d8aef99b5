using ExampleDevices;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Saving;
using Xunit;

namespace HvBindgen.Samples.Tests;

public class DeviceTests
{
    private const ulong Masked = 1 << 16;
    private const ulong Level = 1 << 15;
    private const ulong Logical = 1 << 11;

    private readonly List<InterruptRequest> sent = [];

    [Fact]
    public void A_raised_input_sends_what_the_guest_has_chosen_for_it_once()
    {
        IoApic device = new(sent.Add);
        SetEntry(device, 4, 0x31 | Logical | (0x03UL << 56));

        device.Raise(4);

        Assert.Equal([new InterruptRequest(hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED, 3, 0x31, IsLogical: true)], sent);
        Assert.Equal(0x0300_0000u, Entry(device, 4) >> 32);
    }

    [Fact]
    public void A_rise_of_a_masked_input_waits_until_it_is_unmasked()
    {
        IoApic device = new(sent.Add);
        device.Raise(4);
        device.Raise(4);
        SetEntry(device, 4, 0x31 | Masked);
        Assert.Empty(sent);

        SetEntry(device, 4, 0x31);

        Assert.Equal(0x31, Assert.Single(sent).Vector);
    }

    [Theory]
    [InlineData(0x31 | Level)]
    [InlineData(0x08)]
    [InlineData(0x31 | (4 << 8))]
    public void What_an_edge_of_a_device_cannot_be_is_not_sent(ulong entry)
    {
        IoApic device = new(sent.Add);
        SetEntry(device, 4, entry);

        device.Raise(4);

        Assert.Empty(sent);
    }

    [Fact]
    public void An_IO_APIC_says_that_it_has_24_inputs()
    {
        IoApic device = new(sent.Add);

        Assert.Equal(23u, (Register(device, 1) >> 16) & 0xff);
        Assert.Equal(0u, Register(device, 0x40));
    }

    [Fact]
    public void The_clock_tells_a_BIOS_how_much_memory_there_is()
    {
        RealTimeClock clock = new(() => default) { RamBytes = 256 << 20 };

        Assert.Equal([0x80, 0x02], ((byte[])[0x15, 0x16]).Select(Read)); // 640 KiB
        Assert.Equal([0xff, 0xff], ((byte[])[0x30, 0x31]).Select(Read)); // at least 64 MiB
        Assert.Equal([0x00, 0x0f], ((byte[])[0x34, 0x35]).Select(Read)); // 240 MiB above 16

        uint Read(byte register)
        {
            clock.Write(0, 0, 1, register);
            return clock.Read(0, 1, 1);
        }
    }

    [Fact]
    public void Interrupts_of_both_controllers_come_one_after_the_other_by_their_lines()
    {
        List<int> vectors = [];
        int ends = 0;
        InterruptControllers controllers = new(
            vector =>
            {
                vectors.Add(vector);
                return true;
            },
            () => ends++);
        Initialize(controllers.First, firstVector: 0x08);
        Initialize(controllers.Second, firstVector: 0x70);

        controllers.Raise(4);
        controllers.Raise(9);
        controllers.Raise(1);
        Assert.Equal([0x0c], vectors);
        controllers.First.Write(0, 0, 1, 0x20); // the end of what is served
        Assert.Equal([0x0c, 0x09], vectors);
        controllers.First.Write(0, 0, 1, 0x61); // the end of line 1
        Assert.Equal([0x0c, 0x09, 0x71], vectors);

        // The second's interrupt has ended when both have been told.
        controllers.Raise(0);
        controllers.Second.Write(0, 0, 1, 0x20);
        Assert.Equal((3, 2), (vectors.Count, ends));
        controllers.First.Write(0, 0, 1, 0x20);
        Assert.Equal([0x0c, 0x09, 0x71, 0x08], vectors);
    }

    [Fact]
    public void A_masked_line_and_one_that_cannot_be_sent_yet_wait()
    {
        List<int> vectors = [];
        bool isReady = false;
        InterruptControllers controllers = new(
            vector =>
            {
                if (isReady)
                {
                    vectors.Add(vector);
                }

                return isReady;
            },
            () => { });
        Initialize(controllers.First, firstVector: 0x20);
        controllers.First.Write(0, 1, 1, 1 << 3);
        controllers.Raise(3);
        controllers.Raise(5);
        Assert.Equal(0x28u, controllers.First.Read(0, 0, 1)); // both are requested

        isReady = true;
        controllers.Raise(5);
        Assert.Equal([0x25], vectors);
        controllers.First.Write(0, 0, 1, 0x20);
        controllers.First.Write(0, 1, 1, 0);
        Assert.Equal([0x25, 0x23], vectors);
    }

    [Fact]
    public void A_counter_of_the_timer_is_latched_and_read_from_the_low_byte_on()
    {
        Ticking time = new();
        IntervalTimer timer = new(time);
        Set(timer, counter: 0, mode: 2, count: 0x1000);

        time.Ticks = 0x123;
        timer.Write(0, 3, 1, 0); // latches the first counter
        time.Ticks = 0x800;

        Assert.Equal([0xdd, 0x0e], ((int[])[0, 0]).Select(port => timer.Read(0, port, 1)).ToArray()); // as it was then
        Assert.Equal([0x00, 0x08], ((int[])[0, 0]).Select(port => timer.Read(0, port, 1)).ToArray());
        time.Ticks = 0x1001;
        Assert.Equal([0xff, 0x0f], ((int[])[0, 0]).Select(port => timer.Read(0, port, 1)).ToArray()); // it has begun anew
    }

    [Fact]
    public void The_speakers_counter_waits_for_its_gate_and_tells_when_it_has_come_to_the_end()
    {
        Ticking time = new();
        IntervalTimer timer = new(time);
        SpeakerPort port = new(timer);
        Set(timer, counter: 2, mode: 0, count: 100);
        time.Ticks = 500;
        Assert.Equal(0u, port.Read(0, 0, 1) & 0x20);

        port.Write(0, 0, 1, 1);
        time.Ticks = 599;
        Assert.Equal(0u, port.Read(0, 0, 1) & 0x20);
        time.Ticks = 600;
        Assert.Equal(0x20u, port.Read(0, 0, 1) & 0x20);
    }

    [Fact]
    public void The_clock_gives_the_date_in_decimals_of_24_hours()
    {
        RealTimeClock clock = new(() => new DateTime(2026, 11, 29, 21, 8, 59));

        Assert.Equal([0x59, 0x08, 0x21, 0x29, 0x11, 0x26, 0x20], ((byte[])[0, 2, 4, 7, 8, 9, 0x32]).Select(Read));
        Assert.Equal(0u, Read(0xa) & 0x80); // no update is in progress
        Assert.Equal(0x02u, Read(0xb) & 0x06); // 24 hours, no binary numbers

        uint Read(byte register)
        {
            clock.Write(0, 0, 1, register);
            return clock.Read(0, 1, 1);
        }
    }

    [Fact]
    public void A_saved_IO_APIC_goes_on_where_it_was_with_the_input_that_waits()
    {
        IoApic device = new(sent.Add);
        SetEntry(device, 4, 0x31 | Masked);
        device.Raise(4);
        IoApic restored = new(sent.Add);

        restored.RestoreState(device.SaveState());

        Assert.Equal(0x31 | Masked, Entry(restored, 4));
        SetEntry(restored, 4, 0x31);
        Assert.Equal(0x31, Assert.Single(sent).Vector);
    }

    [Fact]
    public void A_saved_serial_port_has_its_registers_and_what_was_typed()
    {
        Uart16550 port = new(_ => { }, () => { }, () => { });
        port.Write(0, 7, 1, 0x5a);
        Assert.True(port.TryReceive((byte)'k'));
        Uart16550 restored = new(_ => { }, () => { }, () => { });

        restored.RestoreState(port.SaveState());

        Assert.Equal((0x5au, (uint)'k'), (restored.Read(0, 7, 1), restored.Read(0, 0, 1)));
    }

    [Fact]
    public void A_state_of_another_size_is_refused()
    {
        ISavedDevice[] devices =
        [
            new IoApic(sent.Add), new RealTimeClock(() => DateTime.UnixEpoch), new Uart16550(_ => { }, () => { }, () => { }),
        ];

        foreach (ISavedDevice device in devices)
        {
            _ = Assert.Throws<MachineStateFormatException>(() => device.RestoreState(new byte[3]));
        }
    }

    [Theory]
    [InlineData(0, 0x34, 1)] // sleep 5, and begin
    [InlineData(0, 0x14, 0)] // not begun
    [InlineData(0, 0x2c, 0)] // sleep 3
    [InlineData(1, 0x34, 0)] // the status register
    public void Only_the_sleep_from_which_nothing_wakes_switches_off(int offset, uint value, int times)
    {
        int called = 0;

        new SleepControl(() => called++).Write(0, offset, 1, value);

        Assert.Equal(times, called);
    }

    [Theory]
    [InlineData(0x06, 1)]
    [InlineData(0x02, 0)]
    public void The_reset_port_resets_by_its_bit_for_the_processor(uint value, int times)
    {
        int called = 0;

        new ResetPort(() => called++).Write(0, 0, 1, value);

        Assert.Equal(times, called);
    }

    [Theory]
    [InlineData(0xfe, 1)]
    [InlineData(0xd1, 0)]
    public void The_keyboard_controller_resets_by_its_pulse_command(uint value, int times)
    {
        int called = 0;
        KeyboardController device = new(() => called++);

        device.Write(0, 0, 1, value);

        Assert.Equal(times, called);
        Assert.Equal(0u, device.Read(0, 0, 1));
    }

    [Fact]
    public void Definitions_name_each_device_and_their_lengths_end_where_they_end()
    {
        DeviceDefinitions definitions = new();
        definitions.AddSerialPort(0x3f8, 4);
        definitions.AddVirtio(0, 0xfea0_0000, 0x200, 5);

        byte[] code = definitions.ToArray();

        // Name (_S5, Package () { 5, 0 }), as ACPI's grammar has it.
        Assert.Equal([0x08, (byte)'_', (byte)'S', (byte)'5', (byte)'_', 0x12, 6, 2, 0x0a, 5, 0x0a, 0], code[..12]);
        Assert.Equal(0x10, code[12]);
        Assert.Equal(code.Length - 13, LengthAt(code, 13, out int lengthBytes));
        Assert.Equal("\\_SB_"u8, code.AsSpan(13 + lengthBytes, 5));
        int at = 13 + lengthBytes + 5;
        foreach (string name in (string[])["COM1", "VIO0"])
        {
            Assert.Equal([0x5b, 0x82], code[at..(at + 2)]);
            int length = LengthAt(code, at + 2, out lengthBytes);
            Assert.Equal(name, System.Text.Encoding.ASCII.GetString(code, at + 2 + lengthBytes, 4));
            at += 2 + length;
        }

        Assert.Equal(code.Length, at);
    }

    private static int LengthAt(byte[] code, int at, out int lengthBytes)
    {
        lengthBytes = 1 + (code[at] >> 6);
        int length = lengthBytes == 1 ? code[at] & 0x3f : code[at] & 0xf;
        for (int index = 1; index < lengthBytes; index++)
        {
            length |= code[at + index] << ((8 * index) - 4);
        }

        return length;
    }

    private static void SetEntry(IoApic device, int input, ulong entry)
    {
        // The half with the mask last, as guests do.
        SetRegister(device, (byte)(0x11 + (2 * input)), (uint)(entry >> 32));
        SetRegister(device, (byte)(0x10 + (2 * input)), (uint)entry);
    }

    private static ulong Entry(IoApic device, int input) =>
        Register(device, (byte)(0x10 + (2 * input))) | ((ulong)Register(device, (byte)(0x11 + (2 * input))) << 32);

    private static void SetRegister(IoApic device, byte register, uint value)
    {
        device.Write(0, 0, 4, register);
        device.Write(0, 0x10, 4, value);
    }

    private static uint Register(IoApic device, byte register)
    {
        device.Write(0, 0, 4, register);
        return (uint)device.Read(0, 0x10, 4);
    }

    private static void Initialize(IPortIoHandler controller, uint firstVector)
    {
        controller.Write(0, 0, 1, 0x11);
        controller.Write(0, 1, 1, firstVector);
        controller.Write(0, 1, 1, 4); // the line between the two
        controller.Write(0, 1, 1, 1);
    }

    private static void Set(IntervalTimer timer, uint counter, uint mode, uint count)
    {
        timer.Write(0, 3, 1, (counter << 6) | 0x30 | (mode << 1)); // low byte, then high byte
        timer.Write(0, (int)counter, 1, count & 0xff);
        timer.Write(0, (int)counter, 1, count >> 8);
    }

    // A clock that counts as fast as the timer does.
    private sealed class Ticking : TimeProvider
    {
        internal long Ticks { get; set; }

        public override long TimestampFrequency => IntervalTimer.FrequencyHz;

        public override long GetTimestamp() => Ticks;
    }
}
