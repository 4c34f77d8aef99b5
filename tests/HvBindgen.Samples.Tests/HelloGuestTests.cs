using Xunit;

namespace HvBindgen.Samples.Tests;

public class HelloGuestTests
{
    [Fact]
    public void The_guest_says_hello_and_switches_itself_off()
    {
        Sample.RequireHypervisor();

        Sample.Result result = Sample.Run("HelloGuest", []);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal("Hello, guest\nThe guest switched itself off after 14 exits.\n", result.Output);
    }

    [Theory]
    [InlineData("HelloGuest")]
    [InlineData("SerialConsole")]
    [InlineData("MultiProcessor")]
    public void Where_no_guest_can_run_a_sample_says_why(string name)
    {
        if (File.Exists("/dev/mshv"))
        {
            Assert.Skip("This machine has the device.");
        }

        Sample.Result result = Sample.Run(name, [], backend: "device");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("No guest can run here. Opening /dev/mshv failed: ENOENT", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_stays_short_enough_to_be_read_at_once()
    {
        string source = Path.Combine(Path.GetDirectoryName(Sample.PathOf("HelloGuest"))!, "../../../Program.cs");

        Assert.InRange(File.ReadLines(source).Count(), 1, 79);
    }
}
