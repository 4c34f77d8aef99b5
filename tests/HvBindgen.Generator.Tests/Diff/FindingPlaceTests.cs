using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>A finding stands where a reader finds it: at the line of the member, enumerator or macro itself.</summary>
public sealed class FindingPlaceTests
{
    private const string Before = """
        struct place {
            int first;
            int second;
            union {
                int inner;
            };
            struct {
                int deep;
            } named;
        };
        enum kind {
            KIND_A,
            KIND_B,
        };
        #define LIMIT 4
        #define GONE 5
        """;

    public static TheoryData<string> Pairs => [.. FixturePair.AllFolders().Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Line_of_every_finding_names_what_it_is_about(string name)
    {
        string folder = Path.Combine(FixturePair.Folder, name);
        Dictionary<string, string[]> before = LinesOf(File.ReadAllText(Path.Combine(folder, "before.h")));
        Dictionary<string, string[]> after = LinesOf(File.ReadAllText(Path.Combine(folder, "after.h")));

        Assert.All(Changes.All(FixturePair.Read(folder).Compare()), change =>
        {
            string line = (change.IsGone ? before : after)[change.Location.Header][change.Location.Line - 1];

            // An order is the record's, and shows at a member that left its place; an enum without a name stands at its keyword.
            string named = change.Rule.Id == "HV1030" ? change.After.Split(": ")[1].Split(' ')[0]
                : change.Symbol[(change.Symbol.LastIndexOf('.') + 1)..];
            Assert.Contains(named.StartsWith("enum {", StringComparison.Ordinal) ? "enum" : named, line, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("int second;", "short second;", "place.second", 3, false)]
    [InlineData("    int second;\n", "", "place.second", 3, true)]
    [InlineData("int inner;", "short inner;", "place.inner", 5, false)]
    [InlineData("int deep;", "short deep;", "place.named.deep", 8, false)]
    [InlineData("KIND_B,", "KIND_B = 7,", "kind.KIND_B", 13, false)]
    [InlineData("    KIND_B,\n", "", "kind.KIND_B", 13, true)]
    [InlineData("LIMIT 4", "LIMIT 3", "LIMIT", 15, false)]
    [InlineData("#define GONE 5", "", "GONE", 16, true)]
    [InlineData("int second;", "int second;\n    char more;", "place.more", 4, false)]
    public void Place_is_the_line_of_what_changed_and_the_old_line_of_what_is_gone(
        string old, string now, string symbol, int line, bool isGone)
    {
        AbiDiff diff = FixturePair.Compare(Before, Before.Replace(old, now, StringComparison.Ordinal));

        AbiChange change = Changes.All(diff).First(change => change.Symbol == symbol);
        Assert.Equal(("pair.h", line, isGone), (change.Location.Header, change.Location.Line, change.IsGone));
        string text = TextReport.Write(new AbiComparison([diff]));
        Assert.Contains($"{(isGone ? "was at " : "")}pair.h:{line}:", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshots_hold_no_lines_so_headers_on_one_side_give_those_of_that_side()
    {
        List<AbiModel> old = [.. FixturePair.Parse(Before).Select(ReadBack)];
        List<AbiModel> now = FixturePair.Parse(
            Before.Replace("int second;", "short second;", StringComparison.Ordinal)
                .Replace("#define GONE 5", "", StringComparison.Ordinal));

        AbiDiff mixed = AbiDiffer.Compare(old, now);
        AbiDiff blind = AbiDiffer.Compare(old, [.. now.Select(ReadBack)]);

        Assert.Equal(3, Find(mixed, "place.second").Location.Line);
        Assert.Equal(("pair.h", 0), (Find(mixed, "GONE").Location.Header, Find(mixed, "GONE").Location.Line));
        Assert.All(Changes.All(blind), change => Assert.Equal(("pair.h", 0), (change.Location.Header, change.Location.Line)));
    }

    [Fact]
    public void Member_that_only_moved_to_another_line_is_no_change()
    {
        Assert.Empty(
            FixturePair.Compare(Before, Before.Replace("    int second;", "\n\n    int second;", StringComparison.Ordinal)).Changes);
    }

    private static AbiChange Find(AbiDiff diff, string symbol) => Changes.All(diff).First(change => change.Symbol == symbol);

    private static AbiModel ReadBack(AbiModel model) => SnapshotReader.Read(SnapshotWriter.Write(model).ToArray(), "side");

    private static Dictionary<string, string[]> LinesOf(string text)
    {
        using TemporaryFolder folder = new();
        return FixturePair.Write(text, folder.Root).ToDictionary(
            header => header, header => File.ReadAllLines(Path.Combine(folder.Root, header)));
    }
}
