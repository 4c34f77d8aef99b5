using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV4002: ioctl added.</summary>
internal sealed class IoctlAdded : IRule<IoctlPair>
{
    public RuleInfo Info { get; } = new(
        "HV4002",
        "ioctl added",
        Verdict.Additive,
        "A new number disturbs nobody; on an old kernel the request gets ENOTTY.",
        "Nothing to do.")
    {
        Mirrors = ["HV4001"],
    };

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.IsAdded && pair.Context.Derivations.ValueBefore(pair.Name) is null && IoctlNumberReused.FindOwner(pair) is null)
        {
            findings.Add(Info, pair, pair.Name, "", IoctlPair.Describe(pair.After!), Judgement.Addition());
        }
    }
}
