using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Tests.Diff.Mutations;

/// <summary>Mutations of whole records.</summary>
internal static class RecordMutations
{
    internal static IReadOnlyList<Func<Random, AbiModel, Mutation?>> All { get; } =
    [
        Drop, Add, Rename, Grow, Shrink, Align, Pack, Append, Insert, AppendFlexible, SwapNeighbours, Wrap, Move,
    ];

    private static ReservedNames Reserved { get; } = new(ReservedNames.DefaultWords);

    private static Mutation? Drop(Random random, AbiModel model) =>
        Pick.One(random, model.Records, _ => true) is { } record
            ? new Mutation(model with { Records = Pick.Without(model.Records, record) }, record.Name, "HV1001")
            : null;

    private static Mutation? Add(Random random, AbiModel model) =>
        Pick.One(random, model.Records, _ => true) is { } record
            ? new Mutation(
                model with { Records = Pick.With(model.Records, record with { Name = "added_record" }) }, "added_record", "HV1002")
            : null;

    private static Mutation? Rename(Random random, AbiModel model) =>
        Pick.One(random, model.Records, record => record.Fields.Count > 0) is { } record
            ? Change(model, record, record with { Name = "renamed_record" }, "renamed_record", "HV1003")
            : null;

    private static Mutation? Grow(Random random, AbiModel model) =>
        Pick.One(random, model.Records, _ => true) is { } record
            ? Change(model, record, record with { SizeBytes = record.SizeBytes + random.Next(1, 64) }, record.Name, "HV1010")
            : null;

    private static Mutation? Shrink(Random random, AbiModel model) =>
        Pick.One(random, model.Records, record => record.SizeBytes > 1) is { } record
            ? Change(model, record, record with { SizeBytes = record.SizeBytes - 1 }, record.Name, "HV1011")
            : null;

    private static Mutation? Align(Random random, AbiModel model) =>
        Pick.One(random, model.Records, _ => true) is { } record
            ? Change(model, record, record with { AlignBytes = record.AlignBytes * 2 }, record.Name, "HV1012", "HV1013")
            : null;

    private static Mutation? Pack(Random random, AbiModel model) =>
        Pick.One(random, model.Records, record => record.AlignBytes > 1) is { } record
            ? Change(model, record, record with { AlignBytes = 1 }, record.Name, "HV1013", "HV1012")
            : null;

    private static Mutation? Append(Random random, AbiModel model)
    {
        AbiRecord? record = Pick.One(random, model.Records, record => record.Kind == RecordKind.Struct);
        if (record is null)
        {
            return null;
        }

        AbiField added = new("added_field", new AbiPrimitive(PrimitiveKind.ULongLong), record.SizeBytes * 8, 64);
        return Change(
            model, record,
            record with { Fields = Pick.With(record.Fields, added), SizeBytes = record.SizeBytes + 8 }, record.Name, "HV1010");
    }

    private static Mutation? AppendFlexible(Random random, AbiModel model)
    {
        AbiRecord? record = Pick.One(random, model.Records, record => record.Kind == RecordKind.Struct);
        return record is null ? null : Change(
            model, record,
            record with
            {
                Fields = Pick.With(
                record.Fields,
                new AbiField("added_items", new AbiArray(new AbiPrimitive(PrimitiveKind.UChar), null), record.SizeBytes * 8, 0))
            },
            $"{record.Name}.added_items", "HV1018");
    }

    // Everything from a field on gives way to a new one.
    private static Mutation? Insert(Random random, AbiModel model)
    {
        AbiRecord? record = Pick.One(random, model.Records, record => record.Kind == RecordKind.Struct && record.Fields.Count > 0);
        if (record is null)
        {
            return null;
        }

        int index = random.Next(record.Fields.Count);
        AbiField at = record.Fields[index];
        if (at.WidthBits == 0)
        {
            return null;
        }

        AbiField added = new("added_field", new AbiPrimitive(PrimitiveKind.ULongLong), at.OffsetBits, 64);
        IEnumerable<AbiField> fields = record.Fields;
        AbiField[] shifted =
            [.. fields.Take(index), added, .. fields.Skip(index).Select(field => field with { OffsetBits = field.OffsetBits + 64 })];
        return Change(
            model, record, record with { Fields = new EquatableArray<AbiField>(shifted), SizeBytes = record.SizeBytes + 8 },
            $"{record.Name}.added_field", "HV1005");
    }

    // Two neighbours of one width change places.
    private static Mutation? SwapNeighbours(Random random, AbiModel model)
    {
        AbiRecord? record = Pick.One(random, model.Records, record => record.Fields.Count > 1);
        if (record is null)
        {
            return null;
        }

        int index = random.Next(record.Fields.Count - 1);
        AbiField[] fields = [.. record.Fields];
        (AbiField left, AbiField right) = (fields[index], fields[index + 1]);
        bool areNamed = left.Name.Length > 0 && right.Name.Length > 0 && !Reserved.Contains(left.Name) && !Reserved.Contains(right.Name);
        if (!areNamed || left.WidthBits != right.WidthBits || left.WidthBits == 0)
        {
            return null;
        }

        fields[index] = right with { OffsetBits = left.OffsetBits };
        fields[index + 1] = left with { OffsetBits = right.OffsetBits };
        return Change(model, record, record with { Fields = new EquatableArray<AbiField>(fields) }, record.Name, "HV1030");
    }

    // Two neighbours go into an anonymous struct.
    private static Mutation? Wrap(Random random, AbiModel model)
    {
        AbiRecord? record = Pick.One(random, model.Records, record => record.Kind == RecordKind.Struct && record.Fields.Count > 1);
        if (record is null)
        {
            return null;
        }

        int index = random.Next(record.Fields.Count - 1);
        IEnumerable<AbiField> fields = record.Fields;
        AbiField[] inside = [.. fields.Skip(index).Take(2)];
        if (inside.Any(field => field.Name.Length == 0))
        {
            return null;
        }

        long start = inside[0].OffsetBits;
        long width = inside[1].OffsetBits + inside[1].WidthBits - start;
        AbiRecord inner = new(
            "", RecordKind.Struct, true, (width + 7) / 8, 1,
            EquatableArray.From(inside.Select(field => field with { OffsetBits = field.OffsetBits - start })), new SourceLocation(""));
        AbiField[] wrapped = [.. fields.Take(index), new AbiField("", new AbiInlineRecord(inner), start, width), .. fields.Skip(index + 2)];
        return Change(
            model, record, record with { Fields = new EquatableArray<AbiField>(wrapped) }, $"{record.Name}.{inside[0].Name}", "HV1021");
    }

    private static Mutation? Move(Random random, AbiModel model) =>
        Pick.One(random, model.Records, _ => true) is { } record
            ? Change(model, record, record with { Location = new SourceLocation("linux/elsewhere.h") }, record.Name, "HV6001")
            : null;

    internal static Mutation Change(AbiModel model, AbiRecord old, AbiRecord now, string symbol, params string[] rules) =>
        new(model with { Records = Pick.Replace(model.Records, old, now) }, symbol, rules);
}
