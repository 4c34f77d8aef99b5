using HvBindgen.Generator.Tests.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Hostile;

/// <summary>Snapshots are compared without another process, within the same limits.</summary>
public sealed class LimitedRunTests : IDisposable
{
    private const int CouldNotEvaluate = 2;

    private readonly TemporaryFolder folder = new();

    public LimitedRunTests()
    {
        // Far more than is read between two looks at the clock.
        folder.With("large.json", Snapshot(string.Join(",\n", Enumerable.Range(0, 150_000).Select(Constant))));
        folder.With("small.json", Snapshot(Constant(1)));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_snapshot_that_takes_too_long_is_named_and_not_judged()
    {
        // On a busy machine the time can be over before the reading has begun.
        Ending result = Enumerable.Range(0, 20).Select(_ => Diff("large.json", "large.json", "--deadline", "0"))
            .First(each => !each.Error.StartsWith("error: the input: ", StringComparison.Ordinal));

        Assert.Equal(CouldNotEvaluate, result.ExitCode);
        Assert.Contains("error: reading large.json: not done within 0 seconds\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("--deadline", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Out);
    }

    [Fact]
    public void A_snapshot_that_needs_too_much_memory_is_named_and_not_judged()
    {
        Ending result = Diff("large.json", "large.json", "--memory-limit", "120");

        Assert.Equal(CouldNotEvaluate, result.ExitCode);
        Assert.Contains("large.json: needs more than 120 MB of memory\n", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Out);
    }

    [Fact]
    public void A_report_that_is_not_finished_is_not_written()
    {
        Ending result = Diff("large.json", "small.json", "--deadline", "0", "--output", "report.txt");

        Assert.Equal(CouldNotEvaluate, result.ExitCode);
        Assert.False(File.Exists(Path.Combine(folder.Root, "report.txt")));
    }

    [Theory]
    [InlineData("--evidence")]
    [InlineData("--untrusted")]
    public void Snapshots_within_the_limits_are_compared_in_this_process_and_in_another_alike(string option)
    {
        Ending result = Diff("small.json", "small.json", option);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("demo: no ABI change on x86_64", result.Out, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    private static string Constant(int number) => $$"""{"name":"C{{number}}","type":"int","value":{{number}},"header":"demo.h"}""";

    private static string Snapshot(string constants) =>
        $$"""
        {
          "schema": 1,
          "set": "demo",
          "target": "x86_64",
          "records": [], "enums": [], "constants": [
        {{constants}}
          ], "ioctls": [], "typedefs": [], "macros": []
        }
        """;

    private Ending Diff(params string[] arguments)
    {
        string[] words = GitRepository.Tool.Split(' ');
        return new ChildProgram(words[0], [.. words[1..], "diff", .. arguments]) { Folder = folder.Root }.Run();
    }
}
