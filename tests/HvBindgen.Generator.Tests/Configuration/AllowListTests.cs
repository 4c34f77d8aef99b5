using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Configuration;

public sealed class AllowListTests
{
    private static readonly SourceLocation Here = new("demo.h", 1, 1);

    [Fact]
    public void What_is_allowed_stays_with_what_it_refers_to_and_the_rest_is_reported()
    {
        ParsedHeaders parsed = new(Model(), [], "00");

        ParsedHeaders kept = AllowList.Apply(Set("demo_ou*", "DEMO_A"), parsed);

        Assert.Equal(["demo_inner", "demo_outer"], kept.Model.Records.Select(record => record.Name));
        Assert.Equal(["inner_t"], kept.Model.Typedefs.Select(typedef => typedef.Name));
        Assert.Equal(["DEMO_A"], kept.Model.Constants.Select(constant => constant.Name));
        Assert.Equal(["DEMO_B", "demo_other"], kept.Omitted.Select(omitted => omitted.Name));
    }

    [Fact]
    public void An_empty_list_keeps_everything()
    {
        ParsedHeaders parsed = new(Model(), [], "00");

        Assert.Same(parsed, AllowList.Apply(Set(), parsed));
    }

    private static AbiModel Model() => new(
        "demo",
        TargetInfo.Known[0],
        [
            Record("demo_inner", new AbiPrimitive(PrimitiveKind.Int)),
            Record("demo_other", new AbiPrimitive(PrimitiveKind.Int)),
            Record("demo_outer", new AbiPointer(new AbiTypedefRef("inner_t"))),
        ],
        [],
        [Constant("DEMO_A"), Constant("DEMO_B")],
        [],
        [new AbiTypedef("inner_t", new AbiRecordRef(RecordKind.Struct, "demo_inner"), 4, Here)],
        []);

    private static AbiRecord Record(string name, AbiType member) =>
        new(name, RecordKind.Struct, true, 8, 8, [new AbiField("member", member, 0, 64)], Here);

    private static AbiConstant Constant(string name) => new(name, new AbiPrimitive(PrimitiveKind.Int), new IntegerValue(1), Here);

    private static BindingSet Set(params string[] allow) => new("demo", ["demo.h"])
    {
        Own = ["demo.h"],
        IncludePaths = [],
        Targets = [TargetInfo.Known[0]],
        Namespace = "D",
        SupportNamespace = "D",
        OutputPath = "",
        SnapshotPath = "",
        Allow = allow,
    };
}
