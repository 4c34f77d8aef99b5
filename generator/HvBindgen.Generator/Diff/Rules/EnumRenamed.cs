using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2003: an enum that shares its enumerators has another name.</summary>
internal sealed class EnumRenamed : IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV2003",
        "enum renamed",
        Verdict.SourceBreak,
        "Enumerators are found without their enum, so only sources that name the type itself no longer compile.",
        "Keep the old name as a typedef.");

    public void Compare(EnumPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiEnum old, out AbiEnum now) && (old.Name != now.Name || (old.Name.Length > 0 && old.HasTag != now.HasTag)))
        {
            // typedef enum { } foo; became typedef enum foo { } foo; and the old name still names the enum.
            bool hadName = old.Name.Length > 0;
            bool isStillNamed = !old.HasTag && pair.Context.After.Index.FindTypedef(old.Name) is { } typedef
                && pair.Context.After.Index.EnumOf(pair.Context.After.Index.Resolve(typedef.Type)) == now;
            bool isMacro = old.HasTag == now.HasTag && pair.Context.Derivations.IsMacroFor(old.Name, now.Name);
            findings.Add(
                Info, pair, pair.Name, old.CName, now.CName,
                hadName && !isStillNamed && !isMacro ? Judgement.Source()
                : Judgement.Harmless(old.Name == now.Name ? CSharpEffects.None : CSharpEffects.Source));
        }
    }
}
