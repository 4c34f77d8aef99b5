using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV4010: argument of ioctl spelled otherwise.</summary>
internal sealed class IoctlArgumentRespelled : IRule<IoctlPair>
{
    public RuleInfo Info { get; } = new(
        "HV4010",
        "argument of ioctl spelled otherwise",
        Verdict.None,
        "Another name for the same representation on this target.",
        "Nothing to do.");

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiIoctl old, out AbiIoctl now) && pair.Argument == TypeRelation.Alias)
        {
            findings.Add(
                Info, pair, pair.Name, IoctlPair.DescribeArgument(old), IoctlPair.DescribeArgument(now),
                Judgement.Harmless(
                    old.Argument is null || now.Argument is null ? CSharpEffects.Both : CSharpEffects.None));
        }
    }
}
