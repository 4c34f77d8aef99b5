using HvBindgen.Generator.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>
/// Pairs that lie as text in <c>Fixtures/Verdicts</c>: a real break that must be reported beside a harmless change that looks like it.
/// </summary>
public sealed class VerdictCaseTests
{
    private static readonly string[] Targets = ["x86_64", "arm64", "i686"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pair_gets_the_verdict_that_is_right(string name)
    {
        VerdictCase pair = VerdictCase.All().Single(one => one.Name == name);

        AbiDiff diff = FixturePair.Compare(pair.Before, pair.After);

        string found = string.Join("; ", Changes.All(diff).Select(change => $"{change.Rule.Id} {change.Symbol} {change.Verdict}"));
        Assert.All(Targets, target =>
            Assert.True(diff.VerdictOn(target).ToText() == pair.VerdictOn(target), $"{target}: {diff.VerdictOn(target)}: {found}"));
        int findings = diff.Changes.Count(change => change.Verdict > Verdict.None);
        Assert.True(findings == pair.Findings, $"{findings} findings: {found}");
    }

    /// <summary>Names of all pairs.</summary>
    public static TheoryData<string> Cases() => [.. VerdictCase.All().Select(pair => pair.Name)];
}
