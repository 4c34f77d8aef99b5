using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Tests.Diff.Mutations;

/// <summary>Mutations of constants, macros and typedefs.</summary>
internal static class MacroMutations
{
    internal static IReadOnlyList<Func<Random, AbiModel, Mutation?>> All { get; } =
    [
        DropConstant, AddConstant, ChangeValue, WidenMask, NarrowMask, ChangeType, MoveHeader, DropMacro, AddMacro, ChangeMacro,
        AddTypedef, ChangeTypedef, AlignTypedef,
    ];

    private static Mutation? DropConstant(Random random, AbiModel model) =>
        Pick.One(random, model.Constants, _ => true) is { } constant
            ? new Mutation(model with { Constants = Pick.Without(model.Constants, constant) }, constant.Name, "HV3001")
            : null;

    private static Mutation? AddConstant(Random random, AbiModel model) =>
        Pick.One(random, model.Constants, _ => true) is { } constant
            ? new Mutation(
                model with { Constants = Pick.With(model.Constants, constant with { Name = "ADDED_CONSTANT" }) },
                "ADDED_CONSTANT", "HV3002")
            : null;

    private static Mutation? ChangeValue(Random random, AbiModel model) =>
        Constant(random, model, IsPlain, constant => constant with { Value = new IntegerValue(Value(constant) + 5) }, "HV3003");

    private static Mutation? WidenMask(Random random, AbiModel model) =>
        Mask(random, model) is { } mask ? new Mutation(mask.Wide, "OF_BOTH", "HV3004") { Before = mask.Narrow } : null;

    private static Mutation? NarrowMask(Random random, AbiModel model) =>
        Mask(random, model) is { } mask ? new Mutation(mask.Narrow, "OF_BOTH", "HV3005") { Before = mask.Wide } : null;

    // #define OF_BOTH (A | B), then (A | B | C).
    private static (AbiModel Narrow, AbiModel Wide)? Mask(Random random, AbiModel model)
    {
        AbiConstant[] flags = [.. Enumerable.Range(0, 3).Select(_ => Pick.One(random, model.Constants, IsFlag)!)];
        return (Value(flags[2]) & ~(Value(flags[0]) | Value(flags[1]))) == 0 || flags.Distinct().Count() < 3
            ? null
            : (With(model, flags[..2]), With(model, flags));
    }

    private static AbiModel With(AbiModel model, AbiConstant[] flags)
    {
        Int128 union = flags.Aggregate(Int128.Zero, (bits, flag) => bits | Value(flag));
        AbiConstant mask = new("OF_BOTH", new AbiPrimitive(PrimitiveKind.ULong), new IntegerValue(union), flags[0].Location);
        return model with
        {
            Constants = Pick.With(model.Constants, mask),
            Derivations = Pick.With(model.Derivations, new AbiDerivation(mask.Name, EquatableArray.From(flags.Select(flag => flag.Name)))),
        };
    }

    private static Mutation? ChangeType(Random random, AbiModel model) =>
        Constant(
            random, model, constant => constant.Type is AbiPrimitive { Kind: PrimitiveKind.Int },
            constant => constant with { Type = new AbiPrimitive(PrimitiveKind.LongLong) }, "HV3006");

    private static Mutation? MoveHeader(Random random, AbiModel model) =>
        Constant(random, model, _ => true, constant => constant with { Location = new SourceLocation("linux/elsewhere.h") }, "HV6001");

    private static Mutation? DropMacro(Random random, AbiModel model) =>
        Pick.One(random, model.Macros, macro => macro.Digest.Length > 0) is { } macro
            ? new Mutation(model with { Macros = Pick.Without(model.Macros, macro) }, macro.Name, "HV3010")
            : null;

    private static Mutation? AddMacro(Random random, AbiModel model) =>
        Pick.One(random, model.Macros, _ => true) is { } macro
            ? new Mutation(model with { Macros = Pick.With(model.Macros, macro with { Name = "ADDED_MACRO" }) }, "ADDED_MACRO", "HV3011")
            : null;

    private static Mutation? ChangeMacro(Random random, AbiModel model) =>
        Pick.One(random, model.Macros, _ => true) is { } macro
            ? new Mutation(
                model with { Macros = Pick.Replace(model.Macros, macro, macro with { Digest = "0123456789abcdef" }) }, macro.Name, "HV3012")
            : null;

    private static Mutation? AddTypedef(Random random, AbiModel model) =>
        Pick.One(random, model.Constants, _ => true) is { } constant
            ? new Mutation(
                model with
                {
                    Typedefs = Pick.With(
                    model.Typedefs, new AbiTypedef("added_type", new AbiPrimitive(PrimitiveKind.UInt), 4, constant.Location))
                },
                "added_type", "HV5002")
            : null;

    private static Mutation? ChangeTypedef(Random random, AbiModel model) =>
        Pick.One(random, model.Typedefs, _ => true) is { } typedef
            ? new Mutation(
                model with
                {
                    Typedefs = Pick.Replace(
                    model.Typedefs, typedef, typedef with { Type = new AbiPrimitive(PrimitiveKind.LongDouble) })
                },
                typedef.Name, "HV5003")
            : null;

    private static Mutation? AlignTypedef(Random random, AbiModel model) =>
        Pick.One(random, model.Typedefs, _ => true) is { } typedef
            ? new Mutation(
                model with { Typedefs = Pick.Replace(model.Typedefs, typedef, typedef with { AlignBytes = typedef.AlignBytes + 8 }) },
                typedef.Name, "HV5005")
            : null;

    private static Mutation? Constant(
        Random random, AbiModel model, Func<AbiConstant, bool> isWanted, Func<AbiConstant, AbiConstant> change, string rule) =>
        Pick.One(random, model.Constants, isWanted) is { } constant
            ? new Mutation(model with { Constants = Pick.Replace(model.Constants, constant, change(constant)) }, constant.Name, rule)
            : null;

    private static bool IsFlag(AbiConstant constant) => constant.Value is IntegerValue { Value: var value } && value > 0;

    // A later version, and a mask that happens to gain bits, are other rules'.
    private static bool IsPlain(AbiConstant constant) =>
        constant.Value is IntegerValue && !Versions.IsVersion(constant.Name) && !constant.Name.EndsWith("_MASK", StringComparison.Ordinal);

    private static Int128 Value(AbiConstant constant) => ((IntegerValue)constant.Value).Value;
}
