using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1001: a struct or union is gone.</summary>
internal sealed class RecordRemoved : IRule<RecordPair>
{
    public RuleInfo Info { get; } = new(
        "HV1001",
        "record removed",
        Verdict.SourceBreak,
        "Sources that use the record no longer compile. Programs that run have its layout compiled in, and go on as long as the "
        + "kernel takes it; headers cannot show that.",
        "Keep the record, even if it is unused; the kernel interface only ever grows.")
    {
        Mirrors = ["HV1002"],
    };

    public void Compare(RecordPair pair, Findings findings)
    {
        if (pair.IsRemoved)
        {
            findings.Add(Info, pair, pair.Name, pair.Before!.CName, "", Judgement.Source("the kernel still takes the record"));
        }
    }
}
