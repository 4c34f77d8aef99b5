using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV4009: a new request has descriptor, type and number of another one.</summary>
internal sealed class IoctlNumberReused : IRule<IoctlPair>
{
    public RuleInfo Info { get; } = new(
        "HV4009",
        "ioctl takes a number that was given away",
        Verdict.Break,
        "The kernel tells requests apart by descriptor, type and number. Another request had this one: programs that still send "
        + "it now reach the new request, or cannot be told from it.",
        "Take a number that was never used on this kind of descriptor.")
    {
        Mirrors = ["HV4001", "HV4009"],
    };

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.IsAdded && FindOwner(pair) is { } owner)
        {
            findings.Add(
                Info, pair, pair.Name, $"{owner.Name}: {IoctlPair.Describe(owner)}", IoctlPair.Describe(pair.After!), Judgement.Broken(CSharpEffects.None));
        }
    }

    /// <summary>The request that had the number of a new one, or has it beside it.</summary>
    internal static AbiIoctl? FindOwner(IoctlPair pair) => Find(pair.Context.Before, pair.After!) ?? Find(pair.Context.After, pair.After!);

    private static AbiIoctl? Find(AbiModel model, AbiIoctl now)
    {
        foreach (AbiIoctl other in model.Ioctls)
        {
            if (other.Name != now.Name && other.Type == now.Type && other.Number == now.Number && IoctlMatcher.ShareDescriptor(other, now))
            {
                return other;
            }
        }

        return null;
    }
}
