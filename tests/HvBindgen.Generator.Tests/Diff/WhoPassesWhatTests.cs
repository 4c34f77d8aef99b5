using System.Collections.Concurrent;
using System.Text;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>
/// The table of <c>generator/who-passes-what.md</c>: which pairs <c>hvbindgen check-uapi</c> lets pass, and which the kernel's script of
/// that name does.
/// </summary>
public sealed class WhoPassesWhatTests
{
    private const string Version = "3.0.0";

    // scripts/check-uapi.sh: the last words of enumerators that may move, and of members that others may be put before.
    private const string Moving =
        "AFTER_LAST CNT COUNT END LAST MASK MAX MAX_BIT MAX_BPF_ATTACH_TYPE MAX_ID MAX_SHIFT NBITS NETDEV_NUMHOOKS NFT_META_IIFTYPE "
        + "NL80211_ATTR NLDEV_NUM_OPS NUM NUM_ELEMS NUM_IRQS SIZE TLSMAX";
    private const string Padding =
        "end pad pad[0-9]? pad_[0-9]? padding padding[0-9]? padding_[0-9]? res resv resv[0-9]? resv_[0-9]? reserved reserved[0-9]? "
        + "reserved_[0-9]? rsvd[0-9]? unused";

    [Fact]
    public void Table_of_who_passes_what_is_what_the_tools_say()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("HVBINDGEN_SWEEP") == "1", "asked for by ./test.sh --sweep: hundreds of pairs are compiled");
        string? abidiff = Environment.GetEnvironmentVariable("HVBINDGEN_ABIDIFF");
        Assert.SkipWhen(string.IsNullOrEmpty(abidiff), $"HVBINDGEN_ABIDIFF names no abidiff {Version}; Debian 12 has an older one");
        CompiledPair.RequireTools();
        string version = CompiledPair.AbidiffVersion(abidiff!);
        Assert.SkipUnless(version == Version, $"the table is of abidiff {Version}, HVBINDGEN_ABIDIFF is {version}");
        LibClangLocator.Load();

        using TemporaryFolder rules = new TemporaryFolder().With("strict", Suppressions(isLenient: false))
            .With("lenient", Suppressions(isLenient: true));
        ConcurrentBag<Answer> answers = [];
        Parallel.ForEach(VerdictCase.ShownToOthers(), pair =>
        {
            using TemporaryFolder work = new();
            if (Compile(pair.Before, work["before"]) is { } before && Compile(pair.After, work["after"]) is { } after)
            {
                Verdict ours = FixturePair.Compare(pair.Before, pair.After).VerdictOn("x86_64");
                answers.Add(new Answer(
                    pair.VerdictOn("x86_64"), ours,
                    CompiledPair.Passes(abidiff!, before, after, rules["strict"], passesUnsure: false),
                    CompiledPair.Passes(abidiff!, before, after, rules["lenient"], passesUnsure: true)));
            }
        });

        ExpectedText.Check(Path.Combine(Repository.Root, "generator", "who-passes-what.md"), Write([.. answers]));
    }

    private static string? Compile(string header, string folder)
    {
        Directory.CreateDirectory(folder);
        return CompiledPair.Compile(FixturePair.Write(header, folder), folder, out _);
    }

    private static string Suppressions(bool isLenient)
    {
        IEnumerable<string> moving = [.. Moving.Split(' ').Select(word => $".*_{word}$"), "^MAX_.*", "^NUM_.*"];
        StringBuilder text = new($"[suppress_type]\ntype_kind = enum\nchanged_enumerators_regexp = {string.Join(',', moving)}\n");
        foreach (string word in Padding.Split(' '))
        {
            text.Append("[suppress_type]\ntype_kind = struct\n")
                .Append($"has_data_member_inserted_at = offset_of_first_data_member_regexp(.*{word}$)\n");
        }

        return text.Append(isLenient
            ? "[suppress_type]\ntype_kind = struct\nhas_data_member_inserted_at = end\nhas_size_change = yes\n"
            : "").ToString();
    }

    private static string Write(Answer[] answers)
    {
        StringBuilder text = new($"""
            # Who passes what

            The same {answers.Length} pairs as in [who sees what](who-sees-what.md), asked as a gate: does the change pass? `hvbindgen
            check-uapi` judges by structure, the kernel's `scripts/check-uapi.sh` by abidiff (here {Version}) with its list of names that
            are passed over; `-i` lets pass what is unsure. "no answer" are pairs on which abidiff itself failed. This page is written by
            `WhoPassesWhatTests`, where `HVBINDGEN_ABIDIFF` names that abidiff.

            | right verdict | number | hvbindgen passes | with `-i` | the script passes | with `-i` | no answer |
            | --- | --- | --- | --- | --- | --- | --- |

            """);
        foreach (Verdict verdict in VerdictText.All.Reverse())
        {
            Answer[] own = [.. answers.Where(answer => answer.Right == verdict.ToText())];
            text.Append($"| {verdict.ToText()} | {own.Length} | {own.Count(answer => answer.Ours < Verdict.Conditional)} ")
                .Append($"| {own.Count(answer => answer.Ours < Verdict.Break)} | {own.Count(answer => answer.Strict == true)} ")
                .Append($"| {own.Count(answer => answer.Lenient == true)} | {own.Count(answer => answer.Strict is null)} |\n");
        }

        return text.ToString();
    }

    private sealed record Answer(string Right, Verdict Ours, bool? Strict, bool? Lenient);
}
