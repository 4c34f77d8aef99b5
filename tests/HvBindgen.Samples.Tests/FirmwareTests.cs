using System.Text.RegularExpressions;
using Xunit;

namespace HvBindgen.Samples.Tests;

/// <summary>Firmware in the monitor of the sample LinuxGuest: a few instructions where a processor begins.</summary>
public class FirmwareTests
{
    private const int Terminate = 15;

    // Tells that it is there by the debug console, then echoes what comes in by the serial port.
    private static readonly byte[] Echo =
    [
        0xba, 0x02, 0x04, // mov dx, 0x402
        0xb0, (byte)'!', // mov al, '!'
        0xee, // out dx, al
        0xba, 0xfd, 0x03, // mov dx, 0x3fd
        0xec, // wait: in al, dx
        0xa8, 0x01, // test al, 1
        0x74, 0xfb, // jz wait
        0xb2, 0xf8, // mov dl, 0xf8
        0xec, // in al, dx
        0xee, // out dx, al
        0xb2, 0xfd, // mov dl, 0xfd
        0xeb, 0xf3, // jmp wait
    ];

    [Fact]
    public void Every_key_is_the_guests_but_the_one_that_ends_it_and_the_terminal_is_put_back()
    {
        using TemporaryFolder folder = new();
        using PseudoTerminal terminal = Start(folder);
        Assert.Contains("Ctrl-] ends the guest", terminal.Output, StringComparison.Ordinal);

        terminal.Type("a\x03\x1c\x1a\x04z"); // Ctrl-C, Ctrl-\, Ctrl-Z, Ctrl-D
        terminal.WaitFor("a\x03\x1c\x1a\x04z");
        terminal.Type("\x1d");

        Assert.Equal(0, terminal.WaitForExit());
        Assert.Contains("The guest was ended.\r\n", terminal.Output, StringComparison.Ordinal);
        Assert.Equal(terminal.Before, terminal.Settings());
    }

    [Fact]
    public void A_signal_ends_the_guest_in_order()
    {
        using TemporaryFolder folder = new();
        using PseudoTerminal terminal = Start(folder);

        terminal.Signal(Terminate);

        Assert.Equal(128 + Terminate, terminal.WaitForExit());
        Assert.Equal(terminal.Before, terminal.Settings());
    }

    [Fact]
    public void SeaBIOS_looks_for_a_disk_and_finds_none()
    {
        Requirement.Software();
        using PseudoTerminal terminal = StartSample($"--firmware {Path.Combine(GuestImages.Fetch(), "bios.bin")} --processors 1");

        terminal.WaitFor("SeaBIOS (version 1.16.2");
        terminal.WaitFor("RamSize: 0x10000000 [cmos]");
        terminal.WaitFor("Press ESC for boot menu."); // waits by the timer's interrupt
        terminal.WaitFor("No bootable device.");
        terminal.Type("\x1d");

        Assert.Equal(0, terminal.WaitForExit());
    }

    [Fact]
    public void Memtest_finds_no_error_in_its_first_tests()
    {
        Requirement.Software();
        using PseudoTerminal terminal = StartSample($"{Path.Combine(GuestImages.Fetch(), "memtest")} --processors 1 --memory 16");

        terminal.WaitFor("Memtest86+ v6.10");

        // The screen is drawn every other second, and a fast machine is done with a test by then.
        terminal.WaitUntil(() => Regex.IsMatch(terminal.Output, @"#([3-9]|10)  \["), "third test, or a later one,");
        terminal.Type("\x1d");

        Assert.Equal(0, terminal.WaitForExit());
        Assert.Contains("Errors: 0 ", terminal.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch("Errors: [1-9]", terminal.Output);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public void A_file_that_is_no_BIOS_is_refused_by_its_size(int sizeBytes)
    {
        Requirement.Software();
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["bios"], new byte[sizeBytes]);

        Ending result = Sample.Run("LinuxGuest", ["--firmware", folder["bios"]], backend: "software");

        Assert.Equal((64, ""), (result.ExitCode, result.Out));
        Assert.Contains($"{sizeBytes} bytes; a BIOS has 64 KiB to 16 MiB", result.Error, StringComparison.Ordinal);
    }

    private static PseudoTerminal Start(TemporaryFolder folder)
    {
        Requirement.Software();
        byte[] image = new byte[64 << 10];
        Echo.CopyTo(image, 0);
        ((byte[])[0xe9, 0x0d, 0x00]).CopyTo(image, image.Length - 16); // jmp to the first byte
        File.WriteAllBytes(folder["bios"], image);
        PseudoTerminal terminal = StartSample($"--firmware {folder["bios"]}");
        terminal.WaitFor("!");
        Assert.NotEqual(terminal.Before, terminal.Settings());
        return terminal;
    }

    private static PseudoTerminal StartSample(string arguments) =>
        new($"env HVBINDGEN_MSHV=software {Sample.PathOf("LinuxGuest")}", arguments);
}
