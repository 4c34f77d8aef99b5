using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

public sealed class BadInputTests
{
    private static readonly AbiModel X64 = Model("mshv", "x86_64");

    [Fact]
    public void Sides_of_different_sets_cannot_be_compared() =>
        Refuses([X64], [Model("kvm", "x86_64")], "different sets, \"mshv\" and \"kvm\"");

    [Fact]
    public void Target_missing_on_the_second_side_is_named() =>
        Refuses([X64, Model("mshv", "arm64")], [X64], "target arm64 is missing on the second side");

    [Fact]
    public void Target_missing_on_the_first_side_is_named() =>
        Refuses([X64], [X64, Model("mshv", "arm64")], "target arm64 is missing on the first side");

    [Fact]
    public void Target_given_twice_is_refused() => Refuses([X64, X64], [X64], "given twice");

    [Fact]
    public void Side_without_models_is_never_no_change() => Refuses([X64], [], "the second side has no model");

    private static void Refuses(IReadOnlyList<AbiModel> before, IReadOnlyList<AbiModel> after, string expected)
    {
        DiffException fault = Assert.Throws<DiffException>(() => AbiDiffer.Compare(before, after));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static AbiModel Model(string set, string target) => new(set, TargetInfo.Find(target)!, [], [], [], [], [], []);
}
