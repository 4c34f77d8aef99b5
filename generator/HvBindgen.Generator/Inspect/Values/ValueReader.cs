using System.Globalization;
using System.IO.Enumeration;
using HvBindgen.Generator.Inspect.Layout;
using HvBindgen.Generator.Inspect.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect.Values;

/// <summary>Reads the members of records out of bytes and says what their values mean.</summary>
internal sealed class ValueReader(AbiModel model, IReadOnlyDictionary<string, string> meanings, byte[] bytes)
{
    private const int MaxBytesShown = 64;

    internal IReadOnlyList<ValueNode> Read(IReadOnlyList<MemberNode> members) => [.. members.Select(Read)];

    /// <summary>The value of an integer member; null where the bytes end before it.</summary>
    internal Int128? Number(MemberNode member)
    {
        UInt128? bits = BitReader.Read(bytes, member.OffsetBits, member.WidthBits, model.Target.IsLittleEndian);
        PrimitiveKind? kind = KindOf(member);
        return bits is { } value
            ? kind?.IsSigned(model.Target) == true ? BitReader.WithSign(value, member.WidthBits)
            : (Int128)value : null;
    }

    private ValueNode Read(MemberNode member)
    {
        bool isMissing = member.EndBits > bytes.Length * 8L;
        IReadOnlyList<ValueNode> children = Read(member.Children);
        AbiType? resolved = member.Type is null ? null : model.Index.Resolve(member.Type);
        IReadOnlyList<string> names = isMissing || resolved is null ? [] : NamesOf(member, resolved);
        return new ValueNode(member, isMissing || resolved is null ? "" : TextOf(member, resolved), names, isMissing)
        {
            Children = children,
            IsZero = !isMissing && IsZero(member),
        };
    }

    private string TextOf(MemberNode member, AbiType resolved)
    {
        if (member.WidthBits == 0)
        {
            return "";
        }

        switch (resolved)
        {
            case AbiPrimitive { Kind: PrimitiveKind.Float }:
                return BitConverter.UInt32BitsToSingle((uint)Number(member)!.Value).ToString("R", CultureInfo.InvariantCulture);
            case AbiPrimitive { Kind: PrimitiveKind.Double }:
                return BitConverter.UInt64BitsToDouble((ulong)Number(member)!.Value).ToString("R", CultureInfo.InvariantCulture);
            case AbiPrimitive { Kind: PrimitiveKind.LongDouble } or AbiOpaque:
                return HexOf(member);
            case AbiPointer:
                return Numbers.Hexadecimal(Number(member)!.Value);
            case AbiArray when member.Children.Count == 0:
                return HexOf(member);
            case AbiPrimitive or AbiEnumRef or AbiTypedefRef when KindOf(member) is not null:
                return WideText(member);
            default:
                return "";
        }
    }

    // A number of 128 bits does not fit where a sign is kept.
    private string WideText(MemberNode member) =>
        member.WidthBits == 128 && KindOf(member) == PrimitiveKind.UInt128
            ? $"0x{BitReader.Read(bytes, member.OffsetBits, 128, model.Target.IsLittleEndian):x}"
            : Numbers.Plain(Number(member)!.Value);

    private string HexOf(MemberNode member)
    {
        ReadOnlySpan<byte> own = bytes.AsSpan((int)(member.OffsetBits / 8), (int)(member.WidthBits / 8));
        string shown = string.Join(
            ' ', own[..Math.Min(own.Length, MaxBytesShown)].ToArray().Select(one => one.ToString("x2", CultureInfo.InvariantCulture)));
        return own.Length > MaxBytesShown ? $"{shown} … {own.Length} bytes" : shown;
    }

    private bool IsZero(MemberNode member)
    {
        for (long bit = member.OffsetBits; bit < member.EndBits; bit += 64)
        {
            if (BitReader.Read(bytes, bit, Math.Min(64, member.EndBits - bit), model.Target.IsLittleEndian) is not { } part || part != 0)
            {
                return false;
            }
        }

        return true;
    }

    private List<string> NamesOf(MemberNode member, AbiType resolved)
    {
        if (model.Index.RecordOf(resolved) is not null)
        {
            return FlagsOf(member);
        }

        if (model.Index.EnumOf(resolved) is { } own)
        {
            return EnumNames(own, Number(member) ?? 0);
        }

        if (KindOf(member) is null || !meanings.TryGetValue(member.ValueKey, out string? meaning))
        {
            return [];
        }

        Int128 value = Number(member) ?? 0;
        return meaning.Contains('*', StringComparison.Ordinal) ? ConstantNames(meaning, value)
            : model.Index.FindEnum(meaning) is { } @enum ? EnumNames(@enum, value)
            : [];
    }

    // The single bits that are set say at a glance what a record of bit-fields holds.
    private List<string> FlagsOf(MemberNode member)
    {
        List<string> flags = [];
        bool hasOther = false;
        foreach (MemberNode inner in MemberNode.Hoisted(member.Children).Where(inner => !inner.IsHole))
        {
            hasOther |= !inner.IsBitField && inner.OffsetBits != member.OffsetBits;
            if (inner is { IsBitField: true, WidthBits: 1 } && Number(inner) is { } bit && bit != 0)
            {
                flags.Add(inner.Name);
            }
        }

        return hasOther ? [] : flags;
    }

    private static List<string> EnumNames(AbiEnum @enum, Int128 value)
    {
        List<string> names = [.. ((IEnumerable<AbiEnumerator>)@enum.Enumerators).Where(one => one.Value == value).Select(one => one.Name)];
        return names.Count > 0 ? names : [$"not in {@enum.CName}"];
    }

    private List<string> ConstantNames(string pattern, Int128 value)
    {
        List<string> names = [];
        foreach (AbiConstant constant in model.Constants)
        {
            if (constant.Value is IntegerValue integer && integer.Value == value
                && FileSystemName.MatchesSimpleExpression(pattern, constant.Name, ignoreCase: false))
            {
                names.Add(constant.Name);
            }
        }

        return names.Count > 0 ? names : [$"none of {pattern}"];
    }

    private PrimitiveKind? KindOf(MemberNode member)
    {
        if (member.Type is null)
        {
            return null;
        }

        AbiType resolved = model.Index.Resolve(member.Type);
        PrimitiveKind? kind = model.Index.EnumOf(resolved)?.Underlying ?? (resolved as AbiPrimitive)?.Kind;
        return kind is { } known && known.IsInteger() ? known : null;
    }
}
