using Xunit;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>The folders of the source generator are stages too, from a project's lines to its files.</summary>
public sealed class UapiStageTests
{
    // Polyfills are what the framework lacks: all may use them.
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Polyfills"] = [],
        ["Names"] = [],
        ["Diagnostics"] = ["Names"],
        ["Project"] = ["Diagnostics"],
        ["Selection"] = ["Diagnostics", "Names", "Project"],
        ["Output"] = ["Diagnostics", "Names", "Project", "Selection"],
        [""] = ["Diagnostics", "Names", "Output", "Project"],
    };

    private static readonly Lazy<SourceArrows> Sources = new(() => SourceArrows.Read("generator/HvBindgen.Uapi"));

    public static TheoryData<string> Stages => [.. Arrows.Keys];

    [Fact]
    public void Every_folder_of_the_source_generator_is_a_stage_and_no_arrow_leads_back() => Sources.Value.AssertOrder(Arrows);

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_stage_of_the_source_generator_uses_only_the_stages_before_it(string stage) =>
        Assert.Empty(Sources.Value.Beyond(stage, [.. Arrows[stage], "Polyfills"]));

    [Fact]
    public void Uses_are_seen() =>
        Assert.Contains(
            Sources.Value.Beyond("Output", []), use => use.Contains("UapiOutput.cs: NameSelection of Selection", StringComparison.Ordinal));
}
