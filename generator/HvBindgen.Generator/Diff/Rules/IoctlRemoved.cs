using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV4001: ioctl removed.</summary>
internal sealed class IoctlRemoved : IRule<IoctlPair>
{
    public RuleInfo Info { get; } = new(
        "HV4001",
        "ioctl removed",
        Verdict.SourceBreak,
        "Sources that send the request no longer compile. Programs that run send its number, and go on as long as the kernel "
        + "takes it; headers cannot show that.",
        "Keep the request.")
    {
        Mirrors = ["HV4002", "HV4009"],
    };

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.IsRemoved && pair.Context.Derivations.ValueAfter(pair.Name) is null)
        {
            findings.Add(
                Info, pair, pair.Name, IoctlPair.Describe(pair.Before!), "", Judgement.Source("the kernel still takes the request"));
        }
    }
}
