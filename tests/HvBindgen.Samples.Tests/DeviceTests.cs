using ExampleDevices;
using HvBindgen.Mshv.Abi.X64;
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
}
