using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Tests.Diff.Mutations;

/// <summary>Mutations of enums and their enumerators.</summary>
internal static class EnumMutations
{
    internal static IReadOnlyList<Func<Random, AbiModel, Mutation?>> All { get; } =
    [
        DropEnum, AddEnum, RenameEnum, ChangeType, Append, DropEnumerator, RenameEnumerator, ChangeValue, MoveSentinel, Reorder,
    ];

    private static Mutation? DropEnum(Random random, AbiModel model) =>
        Pick.One(random, model.Enums, _ => true) is { } @enum
            ? new Mutation(
                model with { Enums = Pick.Without(model.Enums, @enum) }, @enum.Name.Length > 0 ? @enum.Name : @enum.CName, "HV2001")
            : null;

    private static Mutation? AddEnum(Random random, AbiModel model) =>
        Pick.One(random, model.Enums, _ => true) is { } @enum
            ? new Mutation(
                model with
                {
                    Enums = Pick.With(
                    model.Enums, @enum with { Name = "added_enum", HasTag = true, Enumerators = [new AbiEnumerator("ADDED", 7)] })
                },
                "added_enum", "HV2002")
            : null;

    private static Mutation? RenameEnum(Random random, AbiModel model) =>
        Change(random, model, _ => true, @enum => @enum with { Name = "renamed_enum", HasTag = true }, "renamed_enum", "HV2003");

    private static Mutation? ChangeType(Random random, AbiModel model) =>
        Change(random, model, @enum => @enum.Name.Length > 0, @enum => @enum with { Underlying = PrimitiveKind.ULongLong }, "", "HV2008");

    private static Mutation? Append(Random random, AbiModel model) =>
        Change(
            random, model, _ => true,
            @enum =>
                @enum with
                {
                    Enumerators = Pick.With(
                    @enum.Enumerators,
                    new AbiEnumerator("APPENDED", ((IEnumerable<AbiEnumerator>)@enum.Enumerators).Max(e => e.Value) + 1))
                },
            ".APPENDED", "HV2004");

    private static Mutation? DropEnumerator(Random random, AbiModel model) => Enumerator(random, model, _ => true, _ => null, "HV2005");

    private static Mutation? RenameEnumerator(Random random, AbiModel model) =>
        Enumerator(random, model, e => !EndMarkers.IsNamedSo(e.Name), e => e with { Name = "RENAMED" }, "HV2007");

    private static Mutation? ChangeValue(Random random, AbiModel model) =>
        Enumerator(random, model, e => !EndMarkers.IsNamedSo(e.Name), e => e with { Value = e.Value + 1000 }, "HV2006");

    // A list with a marker behind its last value gets one more value: the marker moves with it.
    private static Mutation? MoveSentinel(Random random, AbiModel model)
    {
        if (Pick.One(random, model.Enums, EndsInCount) is not { } @enum)
        {
            return null;
        }

        AbiEnumerator marker = @enum.Enumerators[^1];
        AbiEnumerator[] enumerators =
            [.. @enum.Enumerators.AsSpan()[..^1], new AbiEnumerator("INSERTED", marker.Value), marker with { Value = marker.Value + 1 }];
        return new Mutation(
            model with { Enums = Pick.Replace(model.Enums, @enum, @enum with { Enumerators = EquatableArray.From(enumerators) }) },
            @enum.Name.Length > 0 ? $"{@enum.Name}.INSERTED" : "INSERTED", "HV2004");
    }

    private static bool EndsInCount(AbiEnum @enum) =>
        @enum.Enumerators.Count > 1 && EndMarkers.IsNamedSo(@enum.Enumerators[^1].Name)
            && @enum.Enumerators[^1].Value == @enum.Enumerators[^2].Value + 1;

    private static Mutation? Reorder(Random random, AbiModel model) =>
        Change(
            random, model, @enum => @enum.Enumerators.Count > 1 && @enum.Name.Length > 0,
            @enum =>
                @enum with { Enumerators = EquatableArray.From(((IEnumerable<AbiEnumerator>)@enum.Enumerators).Reverse()) }, "", "HV2010");

    private static Mutation? Change(
        Random random, AbiModel model, Func<AbiEnum, bool> isWanted, Func<AbiEnum, AbiEnum> change, string symbol, string rule)
    {
        AbiEnum? @enum = Pick.One(random, model.Enums, isWanted);
        if (@enum is null)
        {
            return null;
        }

        string full = symbol.Length == 0 ? @enum.Name
            : symbol[0] != '.' ? symbol
            : @enum.Name.Length > 0 ? @enum.Name + symbol : symbol[1..];
        return new Mutation(model with { Enums = Pick.Replace(model.Enums, @enum, change(@enum)) }, full, rule);
    }

    private static Mutation? Enumerator(
        Random random, AbiModel model, Func<AbiEnumerator, bool> isWanted, Func<AbiEnumerator, AbiEnumerator?> change, string rule)
    {
        AbiEnum? @enum = Pick.One(
            random, model.Enums, @enum => @enum.Enumerators.Count > 1 && ((IEnumerable<AbiEnumerator>)@enum.Enumerators).Any(isWanted));
        if (@enum is null)
        {
            return null;
        }

        AbiEnumerator old = Pick.One(random, @enum.Enumerators, isWanted)!;
        AbiEnumerator? now = change(old);
        EquatableArray<AbiEnumerator> enumerators = now is null
            ? Pick.Without(@enum.Enumerators, old)
            : Pick.Replace(@enum.Enumerators, old, now);
        string name = (now ?? old).Name;
        return new Mutation(
            model with { Enums = Pick.Replace(model.Enums, @enum, @enum with { Enumerators = enumerators }) },
            @enum.Name.Length > 0 ? $"{@enum.Name}.{name}" : name, rule);
    }
}
