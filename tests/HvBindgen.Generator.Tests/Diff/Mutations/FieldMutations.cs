using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Tests.Diff.Mutations;

/// <summary>Mutations of one member of a record.</summary>
internal static class FieldMutations
{
    internal static IReadOnlyList<Func<Random, AbiModel, Mutation?>> All { get; } =
    [
        MoveField, Resize, Rename, Retype, ChangeSign, DropField, Narrow, Consume, Retire, SplitArray, RenameReserved,
    ];

    private static ReservedNames Reserved { get; } = new(ReservedNames.DefaultWords);

    private static Mutation? MoveField(Random random, AbiModel model) =>
        Mutate(random, model, IsMeant, field =>
            [field with { OffsetBits = field.OffsetBits + (8 * random.Next(1, 32)) }], field => field.Name, "HV1004");

    private static Mutation? Resize(Random random, AbiModel model) =>
        Mutate(
            random, model, field => IsMeant(field) && !field.IsBitField && field.WidthBits > 0,
            field => [field with { Type = new AbiArray(field.Type, 3), WidthBits = field.WidthBits * 3 }], field => field.Name, "HV1009");

    private static Mutation? Narrow(Random random, AbiModel model) =>
        Mutate(
            random, model, field => IsMeant(field) && field.IsBitField && field.WidthBits > 1,
            field => [field with { WidthBits = field.WidthBits - 1 }], field => field.Name, "HV1009");

    private static Mutation? Rename(Random random, AbiModel model) =>
        Mutate(random, model, IsMeant, field => [field with { Name = "renamed_field" }], _ => "renamed_field", "HV1007");

    private static Mutation? RenameReserved(Random random, AbiModel model) =>
        Mutate(
            random, model, field => Reserved.Contains(field.Name) && field.WidthBits > 0,
            field => [field with { Name = "reserved_renamed" }], _ => "reserved_renamed", "HV1033");

    private static Mutation? Retype(Random random, AbiModel model) =>
        Mutate(
            random, model, field => IsMeant(field) && field is { IsBitField: false, WidthBits: 32 },
            field => [field with { Type = new AbiPrimitive(PrimitiveKind.Float) }], field => field.Name, "HV1008");

    private static Mutation? ChangeSign(Random random, AbiModel model) =>
        Mutate(
            random, model, field => IsMeant(field) && field.Type is AbiTypedefRef { Name: "u32" or "__u32" },
            field => [field with { Type = new AbiPrimitive(PrimitiveKind.Int) }], field => field.Name, "HV1026");

    private static Mutation? DropField(Random random, AbiModel model) =>
        Mutate(random, model, IsMeant, _ => [], field => field.Name, "HV1006", "HV1025", "HV1019", "HV1031");

    private static Mutation? Consume(Random random, AbiModel model) =>
        Mutate(
            random, model, field => Reserved.Contains(field.Name) && field.WidthBits > 8 && !field.IsBitField && field.OffsetBits % 8 == 0,
            field =>
            [
                new AbiField("consuming_field", new AbiPrimitive(PrimitiveKind.UChar), field.OffsetBits, 8),
                field with
                {
                    Type = new AbiArray(new AbiPrimitive(PrimitiveKind.UChar), (field.WidthBits / 8) - 1),
                    OffsetBits = field.OffsetBits + 8,
                    WidthBits = field.WidthBits - 8,
                },
            ],
            _ => "consuming_field", "HV1014");

    private static Mutation? Retire(Random random, AbiModel model) =>
        Mutate(
            random, model, field => IsMeant(field) && field.WidthBits > 0,
            field => [field with { Name = "reserved_retired" }], field => field.Name, "HV1015");

    private static Mutation? SplitArray(Random random, AbiModel model) =>
        Mutate(
            random, model, field => IsMeant(field) && field.Type is AbiArray { Count: > 1 and var count } && count % 2 == 0,
            field =>
            {
                AbiArray array = (AbiArray)field.Type;
                AbiField half = field with { Type = array with { Count = array.Count / 2 }, WidthBits = field.WidthBits / 2 };
                return [half, half with { Name = "second_half", OffsetBits = field.OffsetBits + half.WidthBits }];
            },
            field => field.Name, "HV1022");

    private static bool IsMeant(AbiField field) => field.Name.Length > 0 && !Reserved.Contains(field.Name);

    // Members of a union lie over each other: what one of them gives up, another still covers. Members of structs have ranges
    // of their own.
    private static Mutation? Mutate(
        Random random, AbiModel model, Func<AbiField, bool> isWanted, Func<AbiField, AbiField[]> change, Func<AbiField,
        string> name, params string[] rules)
    {
        AbiRecord? record = Pick.One(random, model.Records, record => record.Kind == RecordKind.Struct && Candidates(record).Any(isWanted));
        if (record is null)
        {
            return null;
        }

        AbiField[] candidates = [.. Candidates(record).Where(isWanted)];
        AbiField field = candidates[random.Next(candidates.Length)];
        AbiField[] fields =
            [.. ((IEnumerable<AbiField>)record.Fields).SelectMany(member => ReferenceEquals(member, field) ? change(member) : [member])];
        return RecordMutations.Change(
            model, record, record with { Fields = new EquatableArray<AbiField>(fields) }, $"{record.Name}.{name(field)}", rules);
    }

    private static IEnumerable<AbiField> Candidates(AbiRecord record) =>
        ((IEnumerable<AbiField>)record.Fields).Where(field => !field.IsAnonymousRecord);
}
