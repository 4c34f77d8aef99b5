using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV4001: ioctl removed.</summary>
internal sealed class IoctlRemoved : IRule<IoctlPair>
{
    public RuleInfo Info { get; } = new(
        "HV4001",
        "ioctl removed",
        Verdict.Break,
        "Programs that send the request get ENOTTY.",
        "Keep the request.")
    {
        Mirrors = ["HV4002", "HV4009"],
    };

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.IsRemoved)
        {
            findings.Add(Info, pair, pair.Name, IoctlPair.Describe(pair.Before!), "", Judgement.Broken());
        }
    }
}
