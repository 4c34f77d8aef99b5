using System.Collections.Concurrent;
using System.Globalization;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Sweep;

/// <summary>
/// All uapi headers of released kernels, each compared with its successor. Linux breaks no user space: every <c>break</c> between two
/// releases is in <c>Releases/breaks.tsv</c>, is a real one, and can be looked up, or the rules are wrong.
/// </summary>
public sealed class ReleasePairTests(ITestOutputHelper output)
{
    private static readonly string[] TargetNames = ["x86_64", "arm64", "i686"];

    [Theory]
    [InlineData("6.1", "6.12", 260)]
    [InlineData("6.12", "7.2", 228)]
    [InlineData("7.2", "7.3", 90)]
    public async Task Breaks_between_two_releases_are_those_that_are_known(string before, string after, int fewestHeaders)
    {
        (int changed, IReadOnlyList<(string Header, AbiDiff Diff)> diffs) = await CompareAllAsync(before, after);

        foreach (string target in TargetNames)
        {
            output.WriteLine($"{before} to {after}, {target}: {Count(diffs.Select(one => one.Diff), target)}");
        }

        output.WriteLine($"{changed} headers differ, {diffs.Count} of them parse alone on both sides");
        Assert.True(diffs.Count >= fewestHeaders, $"only {diffs.Count} headers were compared");

        string[] found = [.. diffs.SelectMany(one => Breaks($"{before}-{after}", one.Header, one.Diff)).Order(StringComparer.Ordinal)];
        string[] known = [.. KnownBreaks($"{before}-{after}").Order(StringComparer.Ordinal)];
        string[] unknown = [.. found.Except(known)];
        string[] lost = [.. known.Except(found)];
        Assert.True(unknown.Length == 0, $"not in the table:\n{string.Join('\n', unknown)}");
        Assert.True(lost.Length == 0, $"in the table and no longer found:\n{string.Join('\n', lost)}");
    }

    [Theory]
    [InlineData("6.1", "6.12")]
    [InlineData("6.12", "7.2")]
    [InlineData("6.1", "7.3")]
    public async Task Comment_on_two_releases_is_one_that_the_service_takes(string before, string after)
    {
        const int LongestOfService = 65_536;
        const int LongestOfScript = 5_000;
        (_, IReadOnlyList<(string Header, AbiDiff Diff)> diffs) = await CompareAllAsync(before, after);

        string comment = MarkdownReport.Write(new AbiComparison([.. diffs.Select(one => one.Diff with { Set = one.Header })]));

        output.WriteLine($"{before} to {after}: {comment.Length} characters about {diffs.Count} headers");
        Assert.InRange(comment.Length, 3_000, LongestOfService - LongestOfScript);
        Assert.StartsWith(MarkdownReport.Marker, comment, StringComparison.Ordinal);
        Assert.Contains("Too long for a comment", comment, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_known_break_has_a_judgement_and_a_place_to_look_it_up()
    {
        Assert.All(Rows(), row =>
        {
            Assert.Equal(7, row.Length);
            Assert.Equal("real", row[5]);
            Assert.True(row[6].Length > 20, string.Join(' ', row));
        });
        output.WriteLine($"{Rows().Count()} breaks, all of them real");
    }

    private static async Task<(int Changed, IReadOnlyList<(string Header, AbiDiff Diff)> Diffs)> CompareAllAsync(
        string before, string after)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ReleaseHeaders old = await ReleaseHeaders.FetchAsync(before, cancellation);
        ReleaseHeaders now = await ReleaseHeaders.FetchAsync(after, cancellation);
        LibClangLocator.Load();

        List<(string Header, TargetInfo[] Targets)> changed = Changed(old, now);
        ConcurrentBag<(string Header, AbiDiff Diff)> diffs = [];
        await Parallel.ForEachAsync(changed, cancellation, (header, _) =>
        {
            if (Compare(header.Header, header.Targets, old, now) is { } diff)
            {
                diffs.Add((header.Header, diff));
            }

            return ValueTask.CompletedTask;
        });

        return (changed.Count, [.. diffs.OrderBy(one => one.Header, StringComparer.Ordinal)]);
    }

    private static List<(string Header, TargetInfo[] Targets)> Changed(ReleaseHeaders old, ReleaseHeaders now)
    {
        Dictionary<string, List<TargetInfo>> changed = new(StringComparer.Ordinal);
        foreach (TargetInfo target in TargetNames.Select(name => TargetInfo.Find(name)!))
        {
            foreach (string header in old.Headers(target).Intersect(now.Headers(target)))
            {
                if (old.Read(header, target) != now.Read(header, target))
                {
                    (changed.TryGetValue(header, out List<TargetInfo>? targets) ? targets : changed[header] = []).Add(target);
                }
            }
        }

        return [.. changed.Select(pair => (pair.Key, pair.Value.ToArray()))];
    }

    // The targets on which the header parses alone on both sides; null where there is none.
    private static AbiDiff? Compare(string header, TargetInfo[] targets, ReleaseHeaders old, ReleaseHeaders now)
    {
        List<AbiModel> before = [];
        List<AbiModel> after = [];
        foreach (TargetInfo target in targets)
        {
            if (Parse(header, target, old) is { } one && Parse(header, target, now) is { } other)
            {
                before.Add(one);
                after.Add(other);
            }
        }

        return before.Count == 0 ? null : AbiDiffer.Compare(before, after);
    }

    private static AbiModel? Parse(string header, TargetInfo target, ReleaseHeaders release)
    {
        try
        {
            return HeaderParser.Parse(new ParseRequest("uapi", target, [header], release.IncludePaths(target))).Model;
        }
        catch (HeaderParseException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Breaks(string pair, string header, AbiDiff diff) =>
        diff.Changes.Where(change => change.Verdict == Verdict.Break).Select(change =>
            $"{pair}\t{header}\t{change.Rule.Id}\t{change.Symbol}\t{string.Join(',', TargetNames.Where(change.Targets.Contains))}");

    private static string Count(IEnumerable<AbiDiff> diffs, string target)
    {
        ILookup<Verdict, AbiChange> changes = diffs.SelectMany(diff => diff.Changes)
            .Where(change => change.Targets.Contains(target)).ToLookup(change => change.Verdict);
        return string.Join(", ", VerdictText.All.Select(verdict =>
            string.Create(CultureInfo.InvariantCulture, $"{changes[verdict].Count()} {verdict.ToText()}")));
    }

    private static IEnumerable<string> KnownBreaks(string pair) =>
        Rows().Where(row => row[0] == pair).Select(row => string.Join('\t', row.Take(5)));

    private static IEnumerable<string[]> Rows() =>
        File.ReadLines(Repository.PathOf("tests/HvBindgen.Sweep/Releases/breaks.tsv")).Skip(1).Select(line => line.Split('\t'));
}
