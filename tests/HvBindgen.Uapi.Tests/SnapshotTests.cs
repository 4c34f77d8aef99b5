using System.Text;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;
using Microsoft.CodeAnalysis;
using Xunit;

namespace HvBindgen.Uapi.Tests;

/// <summary>
/// ABI snapshots that a project brings stand beside what the package knows. The tool writes them, the generator reads them.
/// </summary>
public sealed class SnapshotTests
{
    private static readonly SourceLocation Header = new("native/demo.h");
    private static readonly AbiType Number = new AbiPrimitive(PrimitiveKind.UInt);

    [Fact]
    public void A_name_of_a_snapshot_becomes_a_type_with_what_the_package_knows_beside_it()
    {
        Project project = Project.Beside(OnBoth(Demo(4)), "struct demo\nDEMO_MOST\nstruct input_id\nDEMO_LEFT\n");

        Assert.Empty(project.Said);
        project.Compile(
            """
            class Uses
            {
                Uapi.demo state = new() { mode = Uapi.demo_mode.DEMO_LEFT };
                int most = Uapi.Constants.DEMO_MOST + new Uapi.input_id().bustype;
            }
            """);
    }

    [Theory]
    [InlineData("native/demo.h")]
    [InlineData("native/*")]
    [InlineData("demo*")]
    [InlineData("native/demo.h:demo")]
    public void A_snapshot_is_asked_as_the_package_is(string line) =>
        Assert.Contains("struct demo", Project.Beside(OnBoth(Demo(4)), line).Text, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_is_near_one_of_a_snapshot_is_told_with_it() =>
        Assert.Contains(
            "DEMO_MOST", Assert.Single(Project.Beside(OnBoth(Demo(4)), "DEMO_MOSTT").Said).GetMessage(null), StringComparison.Ordinal);

    [Fact]
    public void A_snapshot_hides_the_name_of_the_package_on_its_machine_alone()
    {
        AbiRecord input = new("input_id", RecordKind.Struct, true, 4, 4, [new AbiField("own", Number, 0, 32)], Header);
        AbiModel own = Model("x86_64", [input]);

        Project project = Project.Beside([("own.abi.json", Text(own))], "struct input_id");

        project.Compile("class Uses { uint own = new Uapi.X64.input_id().own; ushort bus = new Uapi.Arm64.input_id().bustype; }");
    }

    [Fact]
    public void The_package_s_own_types_still_need_what_a_snapshot_hides()
    {
        AbiModel own = Model("x86_64", []) with
        {
            Typedefs = [new AbiTypedef("__u16", new AbiPrimitive(PrimitiveKind.UShort), 2, new SourceLocation("asm-generic/int-ll64.h"))],
        };

        Assert.Empty(Project.Beside([("own.abi.json", Text(own))], "struct input_id").Said);
    }

    private static readonly string[] Machines = ["x86_64", "arm64"];

    [Fact]
    public void Snapshots_of_the_repository_give_the_code_that_the_package_gives()
    {
        (string, string)[] files =
        [
            .. Machines.Select(target => (
                $"kvm.{target}.abi.json", File.ReadAllText(Path.Combine(Repository.Root, "headers", "abi", $"kvm.{target}.json")))),
        ];

        Project own = Project.Beside(files, "linux/kvm.h");

        Assert.DoesNotContain(own.Said, said => said.Severity > DiagnosticSeverity.Info);
        Assert.Equal(Declarations(Project.With("linux/kvm.h")), Declarations(own));
    }

    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("[]", 0, 0)]
    [InlineData("{\n  \"schema\": 2,\n  \"set\": \"demo", 2, 14)]
    [InlineData("{\"schema\": 99}", 0, 0)]
    [InlineData("{\"schema\": 2, \"set\": 5}", 0, 0)]
    [InlineData("{\"schema\": 2, \"set\": \"demo\", \"target\": \"pdp11\"}", 0, 0)]
    public void A_damaged_snapshot_is_told_at_its_place_and_the_rest_is_made(string text, int line, int column)
    {
        Project project = Project.Beside([("own.abi.json", text)], "EV_KEY");

        Diagnostic said = Assert.Single(project.Said);
        Assert.Equal(("HVU012", "/project/own.abi.json"), (said.Id, said.Location.GetLineSpan().Path));
        Assert.Equal(line, said.Location.GetLineSpan().StartLinePosition.Line);
        Assert.Equal(column, said.Location.GetLineSpan().StartLinePosition.Character);
        Assert.Contains("EV_KEY", project.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_cut_off_of_a_snapshot_is_told()
    {
        string text = Text(Demo(4));
        for (int length = 0; length < text.Length - 2; length += 7)
        {
            Assert.Equal("HVU012", Assert.Single(Project.Beside([("own.abi.json", text[..length])], "EV_KEY").Said).Id);
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public void A_snapshot_without_a_bottom_is_told(string level) => Assert.Equal(
        "HVU012",
        Assert.Single(Project.Beside([("own.abi.json", string.Concat(Enumerable.Repeat(level, 100_000)))], "EV_KEY").Said).Id);

    [Fact]
    public void A_snapshot_of_a_machine_that_the_package_is_not_for_is_told()
    {
        Diagnostic said = Assert.Single(Project.Beside([("own.abi.json", Text(Model("i686", [])))], "EV_KEY").Said);

        Assert.Equal("HVU012", said.Id);
        Assert.Contains("i686", said.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshots_that_contradict_each_other_are_told_and_those_that_agree_are_not()
    {
        (string, string)[] same = [("a.abi.json", Text(Demo(4))), ("b.abi.json", Text(Demo(4) with { Set = "other" }))];
        (string, string)[] different = [("a.abi.json", Text(Demo(4))), ("b.abi.json", Text(Demo(5)))];

        Assert.DoesNotContain(Project.Beside(same, "DEMO_MOST").Said, said => said.Id == "HVU013");
        Diagnostic said = Assert.Single(Project.Beside(different, "DEMO_MOST").Said, said => said.Id == "HVU013");
        Assert.Contains("DEMO_MOST", said.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_of_a_snapshot_is_seen_and_one_elsewhere_reads_none_again()
    {
        Project project = Project.Beside(OnBoth(Demo(4)), "DEMO_MOST").WithCode("class Other;");
        Assert.All(project.ReasonsOf("Snapshots"), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.All(project.ReasonsOf("Output"), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));

        foreach ((string name, string text) in OnBoth(Demo(5)))
        {
            project.WithFile(name, text, "DEMO_MOST");
        }

        Assert.Contains("DEMO_MOST = 5", project.Text, StringComparison.Ordinal);
    }

    private static AbiModel Demo(int most) => Model(
        "x86_64",
        [
            new AbiRecord(
                "demo", RecordKind.Struct, true, 8, 4,
                [new AbiField("mode", new AbiEnumRef("demo_mode"), 0, 32), new AbiField("at", Number, 32, 32)], Header),
        ]) with
    {
        Enums = [new AbiEnum("demo_mode", true, PrimitiveKind.UInt, [new AbiEnumerator("DEMO_LEFT", 1)], Header)],
        Constants = [new AbiConstant("DEMO_MOST", new AbiPrimitive(PrimitiveKind.Int), new IntegerValue(most), Header)],
    };

    private static AbiModel Model(string target, AbiRecord[] records) =>
        new("demo", TargetInfo.Find(target)!, new EquatableArray<AbiRecord>(records), [], [], [], [], []);

    private static (string Name, string Text)[] OnBoth(AbiModel model) =>
    [
        ("demo.x86_64.abi.json", Text(model)), ("demo.arm64.abi.json", Text(model with { Target = TargetInfo.Find("arm64")! })),
    ];

    private static string Text(AbiModel model) => Encoding.UTF8.GetString(SnapshotWriter.Write(model).Span);

    // The code without what is said of releases, which snapshots do not know, and of the headers' origin.
    private static string Declarations(Project project) => string.Join(
        '\n',
        project.Sources.Where(source => !source.Key.Contains("Origin", StringComparison.Ordinal)).OrderBy(source => source.Key)
            .SelectMany(source => source.Value.Split('\n')).Where(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal)));
}
