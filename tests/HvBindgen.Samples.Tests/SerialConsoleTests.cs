using Xunit;

namespace HvBindgen.Samples.Tests;

public class SerialConsoleTests
{
    private const string Banner =
        "HvBindgen serial console. Commands: help, count, off. Ctrl-D switches off, Ctrl-C ends the monitor.\r\n> ";

    [Fact]
    public void A_script_is_typed_key_by_key_and_each_key_raises_an_interrupt()
    {
        Requirement.Hypervisor();

        // Backspaces take "xo" back. 10 keys of the first line and 6 of the second come before the answer.
        Ending result = Sample.Run("SerialConsole", ["--script", @"helxo\x08\x08lo\rcount\roff\r"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(Banner + "helxo\b \b\b \blo\r\nWhat? Try: help\r\n> count\r\n16\r\n> off\r\n\r\nBye.\r\n", result.Out);
    }

    [Fact]
    public void A_script_that_leaves_the_guest_on_ends_when_the_guest_has_answered()
    {
        Requirement.Hypervisor();
        using TemporaryFolder folder = new TemporaryFolder().With("keys", "hello\n");

        Ending result = Sample.Run("SerialConsole", ["--script", folder["keys"]]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(Banner + "hello\r\nWhat? Try: help\r\n> ", result.Out);
    }

    [Fact]
    public void Input_from_a_pipe_is_typed_and_its_end_ends_the_program()
    {
        Requirement.Hypervisor();

        Ending result = Sample.Run("SerialConsole", [], input: "hello\n" + new string('x', 5000) + "\n");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(Banner + "hello\r\nWhat? Try: help\r\n> " + new string('x', 64) + "\r\nWhat? Try: help\r\n> ", result.Out);
    }

    [Fact]
    public void A_time_limit_that_is_over_is_a_failure()
    {
        Requirement.Hypervisor();

        Ending result = Sample.Run("SerialConsole", ["--script", new string('a', 4000), "--timeout", "0.1"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("The time limit of 0.1 s is over", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--scrip", "x")]
    [InlineData("--script", @"\q")]
    [InlineData("--timeout", "-1")]
    [InlineData("--timeout", "soon")]
    [InlineData("--script", null)]
    public void Wrong_arguments_are_named_and_the_right_ones_shown(string option, string? value)
    {
        Ending result = Sample.Run("SerialConsole", value is null ? [option] : [option, value]);

        Assert.Equal((64, ""), (result.ExitCode, result.Out));
        Assert.Contains(value ?? option, result.Error, StringComparison.Ordinal);
        Assert.Contains("SerialConsole [--script FILE|TEXT]", result.Error, StringComparison.Ordinal);
    }
}
