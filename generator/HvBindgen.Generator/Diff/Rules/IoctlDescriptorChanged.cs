using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV4008: ioctl moved to another descriptor.</summary>
internal sealed class IoctlDescriptorChanged : IRule<IoctlPair>
{
    public RuleInfo Info { get; } = new(
        "HV4008",
        "ioctl moved to another descriptor",
        Verdict.Break,
        "Old programs send the request to the descriptor that took it and get ENOTTY. A request that is taken by one more kind "
        + "of descriptor stays where it was.",
        "Keep taking the request where it was taken.");

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiIoctl old, out AbiIoctl now) && old.Descriptors != now.Descriptors)
        {
            findings.Add(
                Info, pair, pair.Name, string.Join(", ", (IEnumerable<string>)old.Descriptors),
                string.Join(", ", (IEnumerable<string>)now.Descriptors), IsSuperset(now, old)
                    ? Judgement.Addition()
                    : Judgement.Broken());
        }
    }

    private static bool IsSuperset(AbiIoctl now, AbiIoctl old)
    {
        foreach (string descriptor in old.Descriptors)
        {
            if (!now.Descriptors.AsSpan().Contains(descriptor))
            {
                return false;
            }
        }

        return true;
    }
}
