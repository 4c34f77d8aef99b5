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
            findings.Add(Info, pair, pair.Name, old.CName, now.CName, Judgement.Source());
        }
    }
}
