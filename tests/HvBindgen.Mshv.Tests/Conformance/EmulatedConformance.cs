using HvBindgen.Mshv.Conformance;
using HvBindgen.Mshv.Conformance.Probing;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Tests.Emulator;
using Xunit;

namespace HvBindgen.Mshv.Tests.Conformance;

/// <summary>The emulated device is asked what the driver of Linux was asked in user-mode Linux, and answers alike.</summary>
/// <remarks>Alone, because it counts on descriptors that nothing else takes, and has many.</remarks>
[Collection(nameof(WholeProcess))]
public sealed class EmulatedConformance
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests/HvBindgen.Mshv.Tests/Conformance");

    [Fact]
    public void It_answers_as_the_driver_does_but_for_what_is_listed_with_its_reason()
    {
        Requirement.Emulator();
        ILookup<string, Difference> listed = ReadDifferences();
        List<string> wrong = [];
        using MshvEmulator emulator = new();
        foreach (ConformanceCase each in ConformanceSuite.Cases)
        {
            List<string> right = [.. listed[each.Name].Select(difference => difference.Outcome)];
            if (listed[each.Name].All(difference => difference.IsOnSomeHosts))
            {
                right.Add(ConformanceSuite.Expected[each.Name]);
            }

            // A guest may not have come to where it waits on a host that is busy elsewhere: it is given more time.
            ConformanceOutcome outcome = ConformanceSuite.Run(emulator, [each]).Single();
            if (!right.Contains(outcome.Text))
            {
                outcome = ConformanceSuite.Run(emulator, [each], slowness: 10).Single();
            }

            if (!right.Contains(outcome.Text))
            {
                wrong.Add($"{outcome}\n    expected: {string.Join("\n          or: ", right)}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} cases:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void What_is_listed_as_a_difference_is_one()
    {
        foreach (IGrouping<string, Difference> differences in ReadDifferences())
        {
            Assert.True(ConformanceSuite.Expected.TryGetValue(differences.Key, out string? driver), $"no case is called {differences.Key}");
            Assert.DoesNotContain(driver, differences.Select(difference => difference.Outcome));
        }
    }

    [Fact]
    public void Every_case_has_the_driver_s_answer_and_every_answer_its_case() => Assert.Equal(
        ConformanceSuite.Expected.Keys.Order(StringComparer.Ordinal),
        ConformanceSuite.Cases.Select(each => each.Name).Order(StringComparer.Ordinal));

    // Lines of comment are reasons, and each is for the lines below it. A case may differ in one way on all hosts, and in another on some.
    private static ILookup<string, Difference> ReadDifferences()
    {
        List<(string Name, Difference Difference)> differences = [];
        string reason = "";
        foreach (string line in File.ReadLines(Path.Combine(Folder, "differences.txt")))
        {
            if (ConformanceOutcome.TryParse(line, out ConformanceOutcome? outcome))
            {
                Assert.True(reason.Length > 0, $"{outcome.Name} has no reason");
                bool isOnSomeHosts = reason.StartsWith("# On some hosts", StringComparison.Ordinal);
                differences.Add((outcome.Name, new Difference(outcome.Text, isOnSomeHosts)));
            }
            else
            {
                reason = line;
            }
        }

        return differences.ToLookup(each => each.Name, each => each.Difference);
    }

    /// <summary>A known difference.</summary>
    /// <param name="Outcome">What the emulated device answers.</param>
    /// <param name="IsOnSomeHosts">Whether it answers as the driver does where the host's kernel lets it.</param>
    private sealed record Difference(string Outcome, bool IsOnSomeHosts);
}
