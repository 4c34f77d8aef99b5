using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1003: a struct or union has another name and the same layout.</summary>
internal sealed class RecordRenamed : IRule<RecordPair>
{
    public RuleInfo Info { get; } = new(
        "HV1003",
        "record renamed",
        Verdict.SourceBreak,
        "The layout is the same, so compiled programs go on; sources that use the old name no longer compile.",
        "Keep the old name as a macro or typedef for the new one.")
    {
        Mirrors = ["HV1003"],
    };

    public void Compare(RecordPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiRecord old, out AbiRecord now) && old.CName != now.CName)
        {
            // typedef struct { } foo; became typedef struct foo { } foo; and the old name still names the record.
            bool isStillNamed = !old.HasTag && pair.Context.After.Index.FindTypedef(old.Name) is { } typedef
                && pair.Context.After.Index.RecordOf(pair.Context.After.Index.Resolve(typedef.Type)) == now;
            bool isMacro = old.HasTag == now.HasTag && pair.Context.Derivations.IsMacroFor(old.Name, now.Name);
            findings.Add(
                Info, pair, pair.Name, old.CName, now.CName,
                isStillNamed || isMacro
                    ? Judgement.Harmless(old.Name == now.Name ? CSharpEffects.None : CSharpEffects.Both)
                    : Judgement.Source());
        }
    }
}
