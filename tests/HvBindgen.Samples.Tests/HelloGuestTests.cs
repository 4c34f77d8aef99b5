using Xunit;

namespace HvBindgen.Samples.Tests;

public class HelloGuestTests
{
    [Fact]
    public void The_guest_says_hello_and_switches_itself_off()
    {
        Requirement.Hypervisor();

        Ending result = Sample.Run("HelloGuest", []);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("Hello, guest\nThe guest switched itself off after 14 exits.\n", result.Out);
    }

    [Theory]
    [InlineData("HelloGuest")]
    [InlineData("SerialConsole")]
    [InlineData("MultiProcessor")]
    [InlineData("DebuggedGuest")]
    public void Where_no_guest_can_run_a_sample_says_why(string name)
    {
        if (File.Exists("/dev/mshv"))
        {
            Assert.Skip("This machine has the device.");
        }

        Ending result = Sample.Run(name, [], backend: "device");

        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("No guest can run here. Opening /dev/mshv failed: ENOENT", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_stays_short_enough_to_be_read_at_once()
    {
        string source = Path.Combine(Path.GetDirectoryName(Sample.PathOf("HelloGuest"))!, "../../../Program.cs");

        Assert.InRange(File.ReadLines(source).Count(), 1, 79);
    }
}
