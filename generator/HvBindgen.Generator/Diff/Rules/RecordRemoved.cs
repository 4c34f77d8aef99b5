using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1001: a struct or union is gone.</summary>
internal sealed class RecordRemoved : IRule<RecordPair>
{
    public RuleInfo Info { get; } = new(
        "HV1001",
        "record removed",
        Verdict.Break,
        "Programs that use the record no longer compile, and the kernel may no longer understand those that were compiled.",
        "Keep the record, even if it is unused; the kernel interface only ever grows.")
    {
        Mirrors = ["HV1002"],
    };

    public void Compare(RecordPair pair, Findings findings)
    {
        if (pair.IsRemoved)
        {
            findings.Add(Info, pair, pair.Name, $"{pair.Before!.CName}, {pair.Before.SizeBytes} bytes", "", Judgement.Broken());
        }
    }
}
