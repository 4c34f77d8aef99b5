using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Tells a packed record from others: its alignment is below that of its members.</summary>
internal static class NaturalAlignment
{
    internal static bool ChangesPacking(RecordPair pair) =>
        pair.HasBoth(out AbiRecord old, out AbiRecord now) && IsPacked(old, pair.Context.Before) != IsPacked(now, pair.Context.After);

    internal static bool IsPacked(AbiRecord record, AbiModel model) => record.AlignBytes < Of(record, model);

    private static long Of(AbiRecord record, AbiModel model)
    {
        long most = 1;
        foreach (AbiField field in record.Fields)
        {
            most = Math.Max(most, Of(field.Type, model));
        }

        return most;
    }

    private static long Of(AbiType type, AbiModel model)
    {
        type = model.Index.Resolve(type);
        return type switch
        {
            AbiArray array => Of(array.Element, model),
            AbiPointer => model.Target.PointerBytes,
            AbiPrimitive primitive => Of(primitive.Kind, model.Target),
            _ when model.Index.RecordOf(type) is { } record => record.AlignBytes,
            _ when model.Index.EnumOf(type) is { } @enum => Of(@enum.Underlying, model.Target),
            _ => 1,
        };
    }

    private static long Of(PrimitiveKind kind, TargetInfo target) =>
        Math.Clamp(kind.SizeBytes(target), 1, target.MostNumberAlignBytes);
}
