using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1002: a struct or union is new.</summary>
internal sealed class RecordAdded : IRule<RecordPair>
{
    public RuleInfo Info { get; } = new(
        "HV1002",
        "record added",
        Verdict.Additive,
        "A record that was not there before disturbs nobody.",
        "Nothing to do. Requests that take it are reported by themselves.")
    {
        Mirrors = ["HV1001"],
    };

    public void Compare(RecordPair pair, Findings findings)
    {
        if (pair.IsAdded)
        {
            findings.Add(Info, pair, pair.Name, "", $"{pair.After!.CName}, {pair.After.SizeBytes} bytes", Judgement.Addition());
        }
    }
}
