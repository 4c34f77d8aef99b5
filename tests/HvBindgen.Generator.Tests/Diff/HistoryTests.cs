using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>
/// Small headers after the traits of real generations of the driver's interface: 2023 out of tree, Linux 6.15, Linux 7.3.
/// </summary>
public sealed class HistoryTests
{
    private static readonly string[] Labels = ["2023", "6.15", "7.3"];

    [Theory]
    [InlineData("2023", "6.15")]
    [InlineData("6.15", "7.3")]
    [InlineData("2023", "7.3")]
    public void Report_on_two_generations_is_as_expected(string from, string to)
    {
        AbiDiff diff = Compare(from, to);

        ExpectedText.Check(Path.Combine(Folder, $"{from}-{to}.txt"), TextReport.Write(new AbiComparison([diff])));
    }

    [Fact]
    public void The_rework_of_2024_breaks_every_program()
    {
        AbiDiff diff = Compare("2023", "6.15");

        Assert.Equal(Verdict.Break, diff.Verdict);
        Assert.Equal("HV4003", Find(diff, "MSHV_CREATE_PARTITION", "HV4003").Rule.Id);
        Assert.Equal("HV4001", Find(diff, "MSHV_GET_VERSION_INFO", "HV4001").Rule.Id);
        Assert.True(diff.VerdictOn("i686") == Verdict.Break);
    }

    [Fact]
    public void Upstream_has_only_added_since()
    {
        AbiDiff diff = Compare("6.15", "7.3");

        Assert.Equal(Verdict.Additive, diff.Verdict);
        AbiChange bit = Find(diff, "MSHV_PT_BIT_CPU_AND_XSAVE_FEATURES", "HV2004");
        Assert.Contains(bit.Consequences, change => change.Rule.Id == "HV3004" && change.Symbol == "MSHV_PT_FLAGS_MASK");
        Assert.Equal(Verdict.Additive, Find(diff, "MSHV_ROOT_HVCALL", "HV4008").Verdict);
    }

    [Fact]
    public void History_of_a_record_names_the_steps_that_touched_it()
    {
        IReadOnlyList<HistoryStep> steps = AbiHistory.Of("mshv_root_hvcall", [.. Labels.Select(Generation)]);

        HistoryStep step = Assert.Single(steps);
        Assert.Equal(("2023", "6.15"), (step.From, step.To));
        Assert.Contains(step.Changes, change => change.Symbol == "mshv_root_hvcall.status");
    }

    [Fact]
    public void History_tells_when_a_request_appeared()
    {
        HistoryStep step = Assert.Single(AbiHistory.Of("MSHV_CREATE_VP", [.. Labels.Select(Generation)]));

        Assert.Equal("6.15", step.To);
        Assert.Equal("", Assert.Single(step.Changes).Before);
    }

    [Theory]
    [InlineData("mshv_root_hvcall.status", "6.15")]
    [InlineData("MSHV_PT_BIT_CPU_AND_XSAVE_FEATURES", "7.3")]
    [InlineData("mshv_create_vp.vp_index", "6.15")]
    public void History_tells_when_a_member_appeared_even_if_it_came_with_its_owner(string symbol, string appeared)
    {
        HistoryStep step = Assert.Single(AbiHistory.Of(symbol, [.. Labels.Select(Generation)]), step => step.Presence == Presence.Appeared);

        Assert.Equal(appeared, step.To);
        Assert.Equal($"{symbol} appeared in {appeared}", HistoryReport.Lines(symbol, step)[0]);
    }

    [Fact]
    public void History_tells_when_a_request_went()
    {
        IReadOnlyList<HistoryStep> steps = AbiHistory.Of("MSHV_GET_VERSION_INFO", [.. Labels.Select(Generation)]);

        Assert.Equal(("6.15", Presence.Went), (Assert.Single(steps).To, steps[0].Presence));
    }

    [Fact]
    public void History_of_a_name_that_no_generation_has_is_refused()
    {
        DiffException fault = Assert.Throws<DiffException>(() => AbiHistory.Of("mshv_rot_hvcall", [.. Labels.Select(Generation)]));

        Assert.Contains("none of the generations declares mshv_rot_hvcall", fault.Message, StringComparison.Ordinal);
    }

    private static readonly DiffOptions Options = new() { Policies = [new PolicyRule("hyperv/*", DiffPolicy.Hypervisor)] };

    private static AbiDiff Compare(string from, string to) => AbiDiffer.Compare(Generation(from).Models, Generation(to).Models, Options);

    private static string Folder { get; } = Path.Combine(FixtureFolders.Root, "History");

    private static Generation Generation(string label) =>
        new(label, FixturePair.Parse(File.ReadAllText(Path.Combine(Folder, $"{label}.h"))));

    private static AbiChange Find(AbiDiff diff, string symbol, string rule) =>
        Assert.Single(Changes.All(diff), change => change.Symbol == symbol && change.Rule.Id == rule);
}
