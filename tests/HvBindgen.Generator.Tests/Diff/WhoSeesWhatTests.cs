using System.Collections.Concurrent;
using System.Text;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>The table of <c>generator/who-sees-what.md</c>: what this differ and abidiff say of the same pairs.</summary>
public sealed class WhoSeesWhatTests
{
    private const string Version = "2.2.0";

    [Fact]
    public void Table_of_who_sees_what_is_what_the_tools_say()
    {
        Requirement.Sweep("hundreds of pairs are compiled");
        CompiledPair.RequireTools();
        string version = CompiledPair.AbidiffVersion();
        Assert.SkipUnless(version == Version, $"the table is of abidiff {Version}, here is {version}");
        LibClangLocator.Load();

        ConcurrentBag<Answer> answers = [];
        Parallel.ForEach(VerdictCase.ShownToOthers(), pair =>
        {
            using TemporaryFolder work = new();
            if (Compile(pair.Before, work["before"]) is { } before && Compile(pair.After, work["after"]) is { } after)
            {
                (bool isChanged, bool isIncompatible) = CompiledPair.Judge(before, after);
                answers.Add(new Answer(
                    pair, FixturePair.Compare(pair.Before, pair.After).VerdictOn("x86_64"), isChanged, isIncompatible));
            }
        });

        ExpectedText.Check(Path.Combine(Repository.Root, "generator", "who-sees-what.md"), Write([.. answers]));
    }

    private static string? Compile(string header, string folder)
    {
        Directory.CreateDirectory(folder);
        return CompiledPair.Compile(FixturePair.Write(header, folder), folder, out _);
    }

    private static string Write(Answer[] answers)
    {
        StringBuilder text = new($"""
            # Who sees what

            {answers.Length} pairs of small headers, each with the verdict that is right on x86_64
            (`tests/HvBindgen.Generator.Tests/Fixtures/Verdicts`,
            without `history.txt` and `relatives.txt`), as `hvbindgen diff` judges them, and as abidiff {Version} does on shared
            objects made of them (`--non-reachable-types`, as the kernel's check-uapi.sh calls it; without its suppressions, which abidiff
            {Version} does not know). The tests hold `hvbindgen` to these verdicts, hence its column. This page is written by
            `WhoSeesWhatTests`; the pairs of released kernels are in
            [a table of their own](../tests/HvBindgen.Sweep/Releases/breaks.tsv).

            | pairs | right verdict | number | hvbindgen says so | abidiff reports something | abidiff calls it incompatible |
            | --- | --- | --- | --- | --- | --- |

            """);
        foreach (IGrouping<string, Answer> kind in answers.GroupBy(answer => answer.Pair.File)
            .OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            foreach (Verdict verdict in VerdictText.All.Reverse())
            {
                AddRow(text, kind.Key, verdict, [.. kind.Where(answer => answer.Pair.VerdictOn("x86_64") == verdict.ToText())]);
            }
        }

        foreach (Verdict verdict in VerdictText.All.Reverse())
        {
            AddRow(text, "all", verdict, [.. answers.Where(answer => answer.Pair.VerdictOn("x86_64") == verdict.ToText())]);
        }

        text.Append(
            "\nBreaks of which abidiff says nothing: macros, ioctl numbers and what is made of them leave no trace in an object.\n\n");
        text.Append("```text\n");
        foreach (string name in answers.Where(answer => answer is { Ours: Verdict.Break, IsChanged: false })
            .Select(answer => answer.Pair.Name).Order(StringComparer.Ordinal))
        {
            text.Append($"{name}\n");
        }

        return text.Append("```\n").ToString();
    }

    private static void AddRow(StringBuilder text, string kind, Verdict verdict, Answer[] answers)
    {
        if (answers.Length > 0)
        {
            text.Append($"| {kind} | {verdict.ToText()} | {answers.Length} | {answers.Count(answer => answer.Ours == verdict)} "
                + $"| {answers.Count(answer => answer.IsChanged)} | {answers.Count(answer => answer.IsIncompatible)} |\n");
        }
    }

    private sealed record Answer(VerdictCase Pair, Verdict Ours, bool IsChanged, bool IsIncompatible);
}
