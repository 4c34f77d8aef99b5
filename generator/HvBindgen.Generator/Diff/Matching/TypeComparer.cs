using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Compares a type of one model with a type of the other.</summary>
/// <param name="before">Model of the first type.</param>
/// <param name="after">Model of the second type.</param>
internal sealed class TypeComparer(AbiModel before, AbiModel after)
{
    private readonly Dictionary<string, string> renamed = new(StringComparer.Ordinal);

    /// <summary>From now on a use of the old name equals a use of the new one.</summary>
    internal void AddRename(string oldCName, string newCName) => renamed[oldCName] = newCName;

    internal TypeRelation Compare(AbiType left, AbiType right)
    {
        if (left.Equals(right) || IsSameName(left, right))
        {
            return TypeRelation.Same;
        }

        return (left, right) switch
        {
            (AbiInlineRecord one, AbiInlineRecord other) => one.Definition.Kind == other.Definition.Kind ? TypeRelation.Same
                : KeepsMembers(one.Definition, other.Definition) ? TypeRelation.Alias
                : TypeRelation.Different,
            (AbiArray one, AbiArray other) => CompareArrays(one, other),
            (AbiPointer one, AbiPointer other) => BelowPointer(Compare(one.Target, other.Target)),
            (AbiOpaque one, AbiOpaque other) => IsUnknown(one, other) ? TypeRelation.Same : TypeRelation.Different,
            (AbiFunction, AbiFunction) => TypeRelation.Different,
            _ => CompareResolved(left, right),
        };
    }

    /// <summary>Whether both types are records: the one is no part of the other then, whatever their sizes are.</summary>
    internal bool NameRecords(AbiType left, AbiType right) =>
        before.Index.RecordOf(before.Index.Resolve(left)) is not null && after.Index.RecordOf(after.Index.Resolve(right)) is not null;

    /// <summary>
    /// Whether two types that are one to C, or differ in their sign, are two in C#: there plain <c>char</c> is a byte on every machine.
    /// </summary>
    internal bool DifferInCSharp(AbiType left, AbiType right) => IsSignedInCSharp(before, left) != IsSignedInCSharp(after, right);

    private static bool IsSignedInCSharp(AbiModel model, AbiType type)
    {
        AbiType resolved = model.Index.Resolve(type);
        while (resolved is AbiArray or AbiPointer)
        {
            resolved = model.Index.Resolve(resolved is AbiArray array ? array.Element : ((AbiPointer)resolved).Target);
        }

        return resolved is AbiPrimitive { Kind: not PrimitiveKind.Char } primitive && primitive.Kind.IsSigned(model.Target);
    }

    /// <summary>Byte order that the name of a typedef promises: l, b, or nothing.</summary>
    private static char? ByteOrderOf(AbiModel model, AbiType type)
    {
        while (type is AbiTypedefRef reference)
        {
            ReadOnlySpan<char> name = reference.Name.AsSpan().TrimStart('_');
            if (name.Length >= 4 && name[1] == 'e' && name[0] is 'l' or 'b'
                && int.TryParse(name[2..], out int bits) && bits is 16 or 32 or 64)
            {
                return name[0];
            }

            if (model.Index.FindTypedef(reference.Name) is not { } typedef)
            {
                break;
            }

            type = typedef.Type;
        }

        return null;
    }

    // Snapshots of earlier versions say nothing but the size of what C has no words for.
    private static bool IsUnknown(AbiOpaque left, AbiOpaque right) =>
        left.Spelling.Length == 0 && right.Spelling.Length == 0 && left.SizeBytes == right.SizeBytes
        && (left.Meaning.Length == 0 || right.Meaning.Length == 0);

    private bool IsSameName(AbiType left, AbiType right) => (left, right) switch
    {
        (AbiTypedefRef one, AbiTypedefRef other) => IsSameName(one.Name, other.Name),
        (AbiRecordRef one, AbiRecordRef other) =>
            (one.Kind == other.Kind && one.Name == other.Name)
            || IsSameName($"{one.Kind.ToC()} {one.Name}", $"{other.Kind.ToC()} {other.Name}"),
        (AbiEnumRef one, AbiEnumRef other) => one.Name == other.Name || IsSameName($"enum {one.Name}", $"enum {other.Name}"),
        _ => false,
    };

    private bool IsSameName(string left, string right) => left == right || (renamed.TryGetValue(left, out string? now) && now == right);

    private TypeRelation CompareArrays(AbiArray left, AbiArray right)
    {
        if (left.Count != right.Count && HaveSameBytes(left, right))
        {
            return TypeRelation.SameBytes;
        }

        TypeRelation element = Compare(left.Element, right.Element);
        bool sameCount = left.Count == right.Count || (left.Count ?? 0) == (right.Count ?? 0);
        bool areUnbounded = (left.Count ?? 0) == 0 && (right.Count ?? 0) == 0;
        bool areScalars = IsScalar(before, before.Index.Resolve(left.Element)) && IsScalar(after, after.Index.Resolve(right.Element));
        return areUnbounded && areScalars && element == TypeRelation.Different
            ? TypeRelation.Reinterpreted
            : sameCount
            ? element == TypeRelation.Same && left.Count != right.Count ? TypeRelation.Alias : element
            : element <= TypeRelation.Alias ? TypeRelation.Reinterpreted : TypeRelation.Different;
    }

    // The pointer itself stays what it is; what stands behind it is read otherwise.
    private static TypeRelation BelowPointer(TypeRelation target) =>
        target <= TypeRelation.SameBytes ? target : TypeRelation.Reinterpreted;

    private TypeRelation CompareResolved(AbiType left, AbiType right)
    {
        AbiType one = before.Index.Resolve(left);
        AbiType other = after.Index.Resolve(right);
        if (ByteOrderOf(before, left) != ByteOrderOf(after, right) && IsInteger(one) && IsInteger(other))
        {
            return TypeRelation.ByteOrder;
        }

        if (!one.Equals(left) || !other.Equals(right))
        {
            TypeRelation below = Compare(one, other);
            return below == TypeRelation.Same ? TypeRelation.Alias : below;
        }

        if (one is AbiPrimitive first && other is AbiPrimitive second)
        {
            return ComparePrimitives(first.Kind, second.Kind);
        }

        if (before.Index.RecordOf(one) is { } record && after.Index.RecordOf(other) is { } now)
        {
            return RecordMatcher.IsSameLayout(record, now) ? TypeRelation.Alias
                : KeepsMembers(record, now) ? TypeRelation.Alias
                : IsSuccessor(record, now) && HaveSameBytes(one, other) ? TypeRelation.SameBytes
                : TypeRelation.Different;
        }

        if (IsOneAlternative(before, one, after, other) || IsOneAlternative(after, other, before, one) || (HaveSameBytes(one, other)
            && (before.Index.RecordOf(one) is not null || after.Index.RecordOf(other) is not null || one is AbiArray || other is AbiArray)))
        {
            return TypeRelation.SameBytes;
        }

        if (IsDividedNumber(before, one, after, other) || IsDividedNumber(after, other, before, one))
        {
            return TypeRelation.Reinterpreted;
        }

        return IsScalar(before, one) && IsScalar(after, other) ? TypeRelation.Reinterpreted : TypeRelation.Different;
    }

    // One took the other's place. Where both go on side by side they are two things that happen to look alike.
    private bool IsSuccessor(AbiRecord old, AbiRecord now) =>
        after.Index.FindRecord(old.CName) is null || before.Index.FindRecord(now.CName) is null;

    private bool HaveSameBytes(AbiType left, AbiType right) =>
        ByteRuns.Of(before, left) is { } runs && ByteRuns.Of(after, right) is { } others && runs.SequenceEqual(others);

    // union { __u64 v; __u32 lo; } and __u64: one that spans the union is the other.
    private static bool IsOneAlternative(AbiModel model, AbiType union, AbiModel others, AbiType other) =>
        model.Index.RecordOf(union) is { Kind: RecordKind.Union } record && others.Index.RecordOf(other) is null
        && ByteRuns.Of(others, other) is { } runs
        && record.HoistedFields().Any(field => field.OffsetBits == 0 && field.WidthBits == record.SizeBytes * 8 && !field.IsBitField
            && ByteRuns.Of(model, field.Type) is { } alternative && alternative.SequenceEqual(runs));

    // struct { __u16 lo; __u16 hi; } and __u32: each bit of the number is one of a member.
    private static bool IsDividedNumber(AbiModel model, AbiType type, AbiModel others, AbiType number) =>
        model.Index.RecordOf(type) is { Kind: RecordKind.Struct } record
        && number is AbiPrimitive { Kind: var kind } && kind.IsInteger() && kind.SizeBytes(others.Target) == record.SizeBytes
        && ByteRuns.Of(model, type) is { } runs && runs.Sum(static run => run.WidthBits * run.Count) == record.SizeBytes * 8;

    // A struct that became a union of what it had and more: every member stands where it stood.
    private bool KeepsMembers(AbiRecord left, AbiRecord right)
    {
        if (left.Kind == right.Kind || left.SizeBytes != right.SizeBytes)
        {
            return false;
        }

        foreach (AbiField field in left.HoistedFields())
        {
            bool isKept = false;
            foreach (AbiField now in right.HoistedFields())
            {
                isKept |= now.Name == field.Name && now.OffsetBits == field.OffsetBits && now.WidthBits == field.WidthBits
                    && Compare(field.Type, now.Type) <= TypeRelation.Alias;
            }

            if (!isKept)
            {
                return false;
            }
        }

        return true;
    }

    private TypeRelation ComparePrimitives(PrimitiveKind left, PrimitiveKind right)
    {
        if (!left.IsInteger() || !right.IsInteger() || left.SizeBytes(before.Target) != right.SizeBytes(after.Target))
        {
            return TypeRelation.Different;
        }

        return left.IsSigned(before.Target) != right.IsSigned(after.Target) ? TypeRelation.Signedness
            : left == PrimitiveKind.Bool || right == PrimitiveKind.Bool ? TypeRelation.Reinterpreted
            : TypeRelation.Alias;
    }

    private static bool IsInteger(AbiType type) => type is AbiPrimitive primitive && primitive.Kind.IsInteger();

    private static bool IsScalar(AbiModel model, AbiType type) =>
        IsInteger(type) || type is AbiPointer || model.Index.EnumOf(type) is not null
        || (type is AbiArray array && IsInteger(model.Index.Resolve(array.Element)));
}
