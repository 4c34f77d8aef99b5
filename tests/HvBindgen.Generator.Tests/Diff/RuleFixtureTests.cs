using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>
/// Every rule has a folder: declarations named "reported" must be reported by it, those named "spared" must not, whatever other
/// rules say of them. The whole answer, of all rules on all targets, is in expected.txt.
/// </summary>
public sealed class RuleFixtureTests
{
    public static TheoryData<string> Rules =>
        [.. RuleSet.Registered.Select(rule => rule.GetType().Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_reports_what_it_should_and_spares_what_it_should_not(string name)
    {
        string id = RuleSet.Registered.Single(rule => rule.GetType().Name == name).Info.Id;
        AbiDiff diff = FixturePair.Read(Path.Combine(FixturePair.Folder, name)).Compare();
        List<string> symbols = [.. Changes.All(diff).Where(change => change.Rule.Id == id).Select(change => change.Symbol)];

        Assert.Contains(symbols, symbol => IsNamed(symbol, "reported"));
        Assert.DoesNotContain(symbols, symbol => IsNamed(symbol, "spared"));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Report_of_the_pair_is_as_expected(string name)
    {
        string folder = Path.Combine(FixturePair.Folder, name);
        AbiDiff diff = FixturePair.Read(folder).Compare();

        ExpectedText.Check(Path.Combine(folder, "expected.txt"), TextReport.Write(new AbiComparison([diff]), withMaps: false));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Pair_compared_backwards_gives_the_mirror_image(string name)
    {
        FixturePair pair = FixturePair.Read(Path.Combine(FixturePair.Folder, name));

        Mirror.Check(pair.Compare(), pair.CompareBackwards());
    }

    private static bool IsNamed(string symbol, string word) =>
        symbol.Contains(word, StringComparison.OrdinalIgnoreCase);
}
