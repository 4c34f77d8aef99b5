using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV5003: typedef stands for another type.</summary>
internal sealed class TypedefChanged : IRule<DeclarationPair<AbiTypedef>>
{
    public RuleInfo Info { get; } = new(
        "HV5003",
        "typedef stands for another type",
        Verdict.Break,
        "Every member, argument and constant of that type changes with it.",
        "Add a new name for the new type.");

    // Of the same size and alignment it changes what members mean, and moves none.
    internal static bool MovesOthers(DeclarationPair pair, AbiTypedef old, AbiTypedef now) =>
        old.AlignBytes != now.AlignBytes
        || pair.Context.Before.Index.SizeBytesOf(old.Type) != pair.Context.After.Index.SizeBytesOf(now.Type);

    public void Compare(DeclarationPair<AbiTypedef> pair, Findings findings)
    {
        if (!pair.HasBoth(out AbiTypedef old, out AbiTypedef now))
        {
            return;
        }

        // A record without a name that only the typedef has is compared nowhere else.
        TypeRelation relation = old.Type.InlineRecord(behindPointers: true) is { } record
            && now.Type.InlineRecord(behindPointers: true) is { } recordNow && !RecordMatcher.IsSameLayout(record, recordNow)
                ? TypeRelation.Different
                : pair.Context.Types.Compare(old.Type, now.Type);
        if (relation > TypeRelation.Alias)
        {
            Judgement judgement = relation == TypeRelation.SameBytes ? Judgement.Source()
                : relation == TypeRelation.Different
                ? Judgement.Broken()
                : Judgement.If("every value has the meaning it had, read as the other type", CSharpEffects.Both);
            findings.Add(Info, pair, pair.Name, Described(old.Type), Described(now.Type), judgement,
                MovesOthers(pair, old, now) ? ChangeRole.Cause : ChangeRole.Fact);
        }
    }

    private static string Described(AbiType type) => type.InlineRecord(behindPointers: true) is { } inline
        ? $"{type} with {string.Join(", ", inline.Fields.Select(field => AbiTypeText.Declare(field.Type, field.Name)))}"
        : $"{type}";
}
