using System.Collections.Concurrent;
using System.Text;
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
    private const string ScriptHeading = "## The kernel's script";

    private static readonly string Page = Path.Combine(Repository.Root, "generator", "who-passes-what.md");

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
        Requirement.Sweep("hundreds of pairs are compiled");
        string? abidiff = Environment.GetEnvironmentVariable("HVBINDGEN_ABIDIFF");
        Assert.SkipWhen(string.IsNullOrEmpty(abidiff), $"HVBINDGEN_ABIDIFF names no abidiff {Version}; Debian 12 has an older one");
        CompiledPair.RequireTools();
        string version = CompiledPair.AbidiffVersion(abidiff!);
        Assert.SkipUnless(version == Version, $"the table is of abidiff {Version}, HVBINDGEN_ABIDIFF is {version}");

        using TemporaryFolder rules = new TemporaryFolder().With("strict", Suppressions(isLenient: false))
            .With("lenient", Suppressions(isLenient: true));
        ConcurrentBag<Answer> answers = [];
        Parallel.ForEach(VerdictCase.ShownToOthers(), pair =>
        {
            using TemporaryFolder work = new();
            if (Compile(pair.Before, work["before"]) is { } before && Compile(pair.After, work["after"]) is { } after)
            {
                answers.Add(new Answer(
                    pair.VerdictOn("x86_64"),
                    CompiledPair.Passes(abidiff!, before, after, rules["strict"], passesUnsure: false),
                    CompiledPair.Passes(abidiff!, before, after, rules["lenient"], passesUnsure: true)));
            }
        });

        ExpectedText.Check(Page, OwnPart() + ScriptPart([.. answers]));
    }

    /// <summary>What needs no other tool than ours is tried always; the script's part of the page stays as it is.</summary>
    [Fact]
    public void Table_of_what_we_pass_is_what_the_pairs_say()
    {
        string page = File.ReadAllText(Page);
        int script = page.IndexOf(ScriptHeading, StringComparison.Ordinal);
        Assert.True(script > 0, $"{Page} has no part \"{ScriptHeading}\"");

        ExpectedText.Check(Page, OwnPart() + page[script..]);
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

    // VerdictCaseTests hold the differ to the verdict of each pair, so that the verdict tells what passes.
    private static string OwnPart()
    {
        VerdictCase[] pairs = [.. VerdictCase.All()];
        StringBuilder text = new($"""
            # Who passes what

            Pairs of headers, asked as a gate: does the change pass? `hvbindgen check-uapi` judges by structure; with `-i` only a break
            stops it. Of {pairs.Length} pairs, by the verdict that is right on x86_64, which a test holds it to:

            | right verdict | number | hvbindgen passes | with `-i` |
            | --- | --- | --- | --- |

            """);
        foreach (Verdict verdict in VerdictText.All.Reverse())
        {
            int number = pairs.Count(pair => pair.VerdictOn("x86_64") == verdict.ToText());
            text.Append($"| {verdict.ToText()} | {number} | {(verdict < Verdict.Conditional ? number : 0)} ")
                .Append($"| {(verdict < Verdict.Break ? number : 0)} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string ScriptPart(Answer[] answers)
    {
        StringBuilder text = new($"""
            {ScriptHeading}

            `scripts/check-uapi.sh` judges by abidiff (here {Version}) with its list of names that are passed over; `-i` lets pass what is
            unsure. "no answer" are pairs on which abidiff itself failed. It was asked about {answers.Length} of the pairs, those of
            [who sees what](who-sees-what.md); this part is written by `WhoPassesWhatTests`, where `HVBINDGEN_ABIDIFF` names that abidiff.

            | right verdict | number | the script passes | with `-i` | no answer |
            | --- | --- | --- | --- | --- |

            """);
        foreach (Verdict verdict in VerdictText.All.Reverse())
        {
            Answer[] own = [.. answers.Where(answer => answer.Right == verdict.ToText())];
            text.Append($"| {verdict.ToText()} | {own.Length} | {own.Count(answer => answer.Strict == true)} ")
                .Append($"| {own.Count(answer => answer.Lenient == true)} | {own.Count(answer => answer.Strict is null)} |\n");
        }

        return text.ToString();
    }

    private sealed record Answer(string Right, bool? Strict, bool? Lenient);
}
