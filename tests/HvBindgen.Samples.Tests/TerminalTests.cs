using Xunit;

namespace HvBindgen.Samples.Tests;

/// <summary>However the serial console ends, the terminal is as it was.</summary>
public class TerminalTests
{
    private const int Hangup = 1;
    private const int Quit = 3;
    private const int Terminate = 15;
    private const int Continue = 18;

    [Fact]
    public void Keys_reach_the_guest_at_once_and_only_the_guest_echoes_them()
    {
        Requirement.Hypervisor();
        using PseudoTerminal terminal = Start();

        terminal.Type("ab");
        terminal.WaitFor("> ab");
        terminal.Type("\x7f" + "c\r");
        terminal.WaitFor("What?");
        terminal.Type("off\r");

        Assert.Equal(0, terminal.WaitForExit());
        Assert.Contains("> ab\b \bc\r\nWhat? Try: help\r\n> off\r\n\r\nBye.\r\n", terminal.Output, StringComparison.Ordinal);
        Assert.Equal(terminal.Before, terminal.Settings());
    }

    [Fact]
    public void Ctrl_C_ends_the_program_without_failure()
    {
        Requirement.Hypervisor();
        using PseudoTerminal terminal = Start();

        terminal.Type("\x03");

        Assert.Equal(0, terminal.WaitForExit());
        Assert.Equal(terminal.Before, terminal.Settings());
    }

    [Theory]
    [InlineData(Hangup)]
    [InlineData(Quit)]
    [InlineData(Terminate)]
    public void A_signal_ends_the_program_in_order(int signal)
    {
        Requirement.Hypervisor();
        using PseudoTerminal terminal = Start();

        terminal.Signal(signal);

        Assert.Equal(128 + signal, terminal.WaitForExit());
        Assert.Equal(terminal.Before, terminal.Settings());
    }

    [Fact]
    public void A_failure_puts_the_terminal_back_too()
    {
        Requirement.Hypervisor();

        // The first byte that the guest sends cannot be written.
        using PseudoTerminal terminal = new(Sample.PathOf("SerialConsole"), "> /dev/full");

        Assert.Equal(1, terminal.WaitForExit());
        Assert.Contains("The guest ended unexpectedly: DeviceFault", terminal.Output, StringComparison.Ordinal);
        Assert.Equal(terminal.Before, terminal.Settings());
    }

    [Fact]
    public void After_a_stop_the_terminal_is_switched_over_again()
    {
        Requirement.Hypervisor();
        using PseudoTerminal terminal = Start();
        byte[] raw = terminal.Settings();

        // As a shell does when the program is in the background for a while.
        terminal.Set(terminal.Before);
        terminal.Signal(Continue);

        terminal.WaitUntil(() => terminal.Settings().AsSpan().SequenceEqual(raw), "raw terminal");
        terminal.Type("\x04");
        Assert.Equal(0, terminal.WaitForExit());
        Assert.Equal(terminal.Before, terminal.Settings());
    }

    private static PseudoTerminal Start()
    {
        PseudoTerminal terminal = new(Sample.PathOf("SerialConsole"));
        terminal.WaitFor("> ");
        Assert.NotEqual(terminal.Before, terminal.Settings());
        return terminal;
    }
}
