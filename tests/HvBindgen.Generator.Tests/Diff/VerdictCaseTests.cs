using HvBindgen.Generator.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>
/// Pairs that lie as text in <c>Fixtures/Verdicts</c>: a real break that must be reported beside a harmless change that looks like it.
/// </summary>
/// <remarks>
/// <c>== name | verdict | findings</c> begins a pair, <c>--</c> stands between its sides. Where targets differ the verdict is
/// <c>x86_64=none;i686=break</c>. Findings are those above <c>none</c>, consequences not counted.
/// </remarks>
public sealed class VerdictCaseTests
{
    private const string Mark = "== ";

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pair_gets_the_verdict_that_is_right(string name)
    {
        string[] lines = Read().Single(lines => lines[0].StartsWith($"{Mark}{name} |", StringComparison.Ordinal));
        string[] parts = lines[0].Split('|', StringSplitOptions.TrimEntries);
        int between = Array.IndexOf(lines, "--");
        AbiDiff diff = FixturePair.Compare(Header(lines[1..between]), Header(lines[(between + 1)..]));

        string found = string.Join("; ", Changes.All(diff).Select(change => $"{change.Rule.Id} {change.Symbol} {change.Verdict}"));
        Assert.True(Describe(diff, parts[1]) == parts[1], $"{lines[0]}: {Describe(diff, "=")}: {found}");
        int findings = diff.Changes.Count(change => change.Verdict > Verdict.None);
        Assert.True(findings == int.Parse(parts[2]), $"{lines[0]}: {findings} findings: {found}");
    }

    /// <summary>Names of all pairs.</summary>
    public static TheoryData<string> Cases() =>
        [.. Read().Select(lines => lines[0][Mark.Length..lines[0].IndexOf(" |", StringComparison.Ordinal)])];

    private static string Describe(AbiDiff diff, string like) => like.Contains('=', StringComparison.Ordinal)
        ? string.Join(';', ((string[])["x86_64", "arm64", "i686"]).Select(target => $"{target}={diff.VerdictOn(target).ToText()}"))
        : string.Join('|', FixturePair.TargetNames.Select(target => diff.VerdictOn(target).ToText()).Distinct());

    private static string Header(string[] lines) => $"#include \"uapi.h\"\n{string.Join('\n', lines)}\n";

    private static IEnumerable<string[]> Read()
    {
        string folder = Path.Combine(FixtureFolders.Root, "Verdicts");
        foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            List<string> lines = [];
            foreach (string line in (IEnumerable<string>)[.. File.ReadLines(file), Mark])
            {
                if (line.StartsWith(Mark, StringComparison.Ordinal) && lines.Count > 0)
                {
                    yield return [.. lines];
                    lines.Clear();
                }

                lines.Add(line);
            }
        }
    }
}
