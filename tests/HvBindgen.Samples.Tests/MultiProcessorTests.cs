using System.Text.RegularExpressions;
using Xunit;

namespace HvBindgen.Samples.Tests;

public partial class MultiProcessorTests
{
    [Fact]
    public void Two_processors_go_on_in_new_partitions_without_losing_an_interrupt()
    {
        Requirement.Hypervisor();

        Ending result = Sample.Run("MultiProcessor", []);

        Assert.True(result.ExitCode == 0, result.Error + result.Out);
        string[] lines = result.Out.TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        int last = 0;
        foreach (string line in lines[..3])
        {
            Match paused = Paused().Match(line);
            Assert.True(paused.Success, line);
            int pongs = int.Parse(paused.Groups[1].ValueSpan);
            Assert.True(pongs >= last + 200, result.Out);
            last = pongs;
        }

        Assert.StartsWith(
            $"The guest switched itself off after {last + 200} pings and {last + 200} pongs", lines[3], StringComparison.Ordinal);
    }

    [GeneratedRegex("^Paused after [0-9]+ pings to APIC 1 and ([0-9]+) pongs back; moved to a new partition in [0-9]+ bytes")]
    private static partial Regex Paused();
}
