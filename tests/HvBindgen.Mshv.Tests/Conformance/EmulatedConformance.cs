using HvBindgen.Mshv.Conformance;
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
        IReadOnlyDictionary<string, Difference> listed = ReadDifferences();
        List<string> wrong = [];
        using MshvEmulator emulator = new();
        foreach (ConformanceOutcome outcome in ConformanceSuite.Run(emulator, ConformanceSuite.Cases))
        {
            string driver = ConformanceSuite.Expected[outcome.Name];
            Difference? difference = listed.GetValueOrDefault(outcome.Name);
            bool isRight = difference is null ? outcome.Text == driver
                : outcome.Text == difference.Outcome || (difference.IsOnSomeHosts && outcome.Text == driver);
            if (!isRight)
            {
                wrong.Add($"{outcome}\n    expected: {difference?.Outcome ?? driver}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} cases:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void What_is_listed_as_a_difference_is_one()
    {
        foreach ((string name, Difference difference) in ReadDifferences())
        {
            Assert.True(ConformanceSuite.Expected.TryGetValue(name, out string? driver), $"no case is called {name}");
            Assert.NotEqual(driver, difference.Outcome);
        }
    }

    [Fact]
    public void Every_case_has_the_driver_s_answer_and_every_answer_its_case() => Assert.Equal(
        ConformanceSuite.Expected.Keys.Order(StringComparer.Ordinal),
        ConformanceSuite.Cases.Select(each => each.Name).Order(StringComparer.Ordinal));

    // Lines of comment are reasons, and each is for the lines below it.
    private static Dictionary<string, Difference> ReadDifferences()
    {
        Dictionary<string, Difference> differences = [];
        string reason = "";
        foreach (string line in File.ReadLines(Path.Combine(Folder, "differences.txt")))
        {
            if (ConformanceOutcome.TryParse(line, out ConformanceOutcome? outcome))
            {
                Assert.True(reason.Length > 0, $"{outcome.Name} has no reason");
                differences.Add(outcome.Name, new Difference(outcome.Text, reason.StartsWith("# On some hosts", StringComparison.Ordinal)));
            }
            else
            {
                reason = line;
            }
        }

        return differences;
    }

    /// <summary>A known difference.</summary>
    /// <param name="Outcome">What the emulated device answers.</param>
    /// <param name="IsOnSomeHosts">Whether it answers as the driver does where the host's kernel lets it.</param>
    private sealed record Difference(string Outcome, bool IsOnSomeHosts);
}
