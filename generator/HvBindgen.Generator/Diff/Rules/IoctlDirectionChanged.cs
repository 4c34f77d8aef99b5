using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV4004: ioctl has another direction.</summary>
internal sealed class IoctlDirectionChanged : IRule<IoctlPair>
{
    public RuleInfo Info { get; } = new(
        "HV4004",
        "ioctl has another direction",
        Verdict.Break,
        "The direction is part of the number: old programs get ENOTTY.",
        "Keep the direction as it was defined, even if it was a mistake.");

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiIoctl old, out AbiIoctl now) && old.Direction != now.Direction)
        {
            findings.Add(
                Info, pair, pair.Name, IoctlPair.Describe(old), IoctlPair.Describe(now), pair.JudgeChanged(CSharpEffects.Binary));
        }
    }
}
