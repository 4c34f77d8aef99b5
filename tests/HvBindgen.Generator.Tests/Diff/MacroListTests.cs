using System.Text;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>A macro that lists entries, as enums are made of: that it only got longer is known without its text.</summary>
public sealed class MacroListTests
{
    private const string Before = "#define LIST(X) X(a) X(b)\n";
    private const string Longer = "#define LIST(X) X(a) X(b) X(c)\n";
    private const string Other = "#define LIST(X) X(a) X(c) X(b)\n";

    [Fact]
    public void A_list_that_got_longer_is_known_between_snapshots()
    {
        Assert.Equal(["HV3013 2 entries -> 3 entries Additive"], Found(Kept(Before), Kept(Longer)));
        Assert.Equal("HV3012", Assert.Single(Found(Kept(Longer), Kept(Before)))[..6]);
        Assert.Equal("HV3012", Assert.Single(Found(Kept(Before), Kept(Other)))[..6]);
    }

    // Snapshots that were written before lists were told from other macros have the digest alone, which is enough of the old side.
    [Fact]
    public void A_snapshot_that_knows_no_lists_is_enough_of_the_old_side()
    {
        IReadOnlyList<AbiModel> old = [.. Kept(Before).Select(WithoutPrefixes)];

        Assert.Equal(["HV3013 2 entries -> 3 entries Additive"], Found(old, Kept(Longer)));
        Assert.Equal("HV3012", Assert.Single(Found(Kept(Before), [.. Kept(Longer).Select(WithoutPrefixes)]))[..6]);
    }

    [Fact]
    public void Only_lists_have_more_than_a_digest_in_a_snapshot()
    {
        string snapshot = Encoding.UTF8.GetString(
            SnapshotWriter.Write(FixturePair.Parse(Longer + "#define F(x) ((x) + 1)\n#define ONE(X) X(a)\n")[0]).Span);

        string line = Assert.Single(snapshot.Split('\n'), line => line.Contains("prefixes", StringComparison.Ordinal));
        Assert.Contains("\"LIST\"", line, StringComparison.Ordinal);
        Assert.DoesNotContain("X(a)", snapshot, StringComparison.Ordinal);
    }

    private static IReadOnlyList<AbiModel> Kept(string header) =>
        [.. FixturePair.Parse(header).Select(model => SnapshotReader.Read(SnapshotWriter.Write(model), "kept"))];

    private static AbiModel WithoutPrefixes(AbiModel model) =>
        model with { Macros = EquatableArray.From([.. model.Macros.Select(macro => macro with { Prefixes = [] })]) };

    private static string[] Found(IReadOnlyList<AbiModel> old, IReadOnlyList<AbiModel> now) =>
    [
        .. AbiDiffer.Compare(old, now).Changes.Select(change => $"{change.Rule.Id} {change.Before} -> {change.After} {change.Verdict}"),
    ];
}
