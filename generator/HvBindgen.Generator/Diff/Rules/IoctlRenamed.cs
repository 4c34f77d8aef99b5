using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV4007: a request has another name, the same number and argument.</summary>
internal sealed class IoctlRenamed : IRule<IoctlPair>
{
    public RuleInfo Info { get; } = new(
        "HV4007",
        "ioctl renamed",
        Verdict.SourceBreak,
        "The number is the same, so compiled programs go on; sources that use the old name no longer compile.",
        "Keep the old name beside the new one.");

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiIoctl old, out AbiIoctl now) && old.Name != now.Name)
        {
            findings.Add(
                Info, pair, pair.Name, old.Name, now.Name, Judgement.Source());
        }
    }
}
