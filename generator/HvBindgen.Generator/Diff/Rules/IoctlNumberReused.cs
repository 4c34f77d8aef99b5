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
        "The kernel tells requests apart by descriptor and number, the whole of it: direction, size, type and nr. Another request "
        + "had this one: programs that still send it now reach the new request, or cannot be told from it. Requests that share nr "
        + "and differ in direction or size, as pairs that get and set do, are two.",
        "Take a number that was never used on this kind of descriptor.")
    {
        Mirrors = ["HV4001", "HV4009"],
    };

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.IsAdded && pair.Context.Derivations.ValueBefore(pair.Name) is null && FindOwner(pair) is { } owner)
        {
            findings.Add(
                Info, pair, pair.Name, $"{owner.Name}: {IoctlPair.Describe(owner)}", IoctlPair.Describe(pair.After!),
                IsGone(pair, owner)
                    ? Judgement.Broken(CSharpEffects.None)
                    : Judgement.If("the two are taken by different kinds of descriptor; the configuration can say which"),
                ChangeRole.Consequence, causes: [.. pair.Context.Derivations.NewSources(pair.Name)]);
        }
    }

    private static bool IsGone(IoctlPair pair, AbiIoctl owner) => pair.Context.Derivations.ValueAfter(owner.Name) != owner.Request;

    /// <summary>The request that had the number of a new one, or has it beside it.</summary>
    internal static AbiIoctl? FindOwner(IoctlPair pair) => Find(pair, pair.Context.Before) ?? Find(pair, pair.Context.After);

    // G takes another argument, and G_OLD is what it was.
    private static bool IsOldForm(IoctlPair pair)
    {
        foreach (AbiIoctl old in pair.Context.Before.Ioctls)
        {
            if (old.Request == pair.After!.Request)
            {
                foreach (AbiIoctl now in pair.Context.After.Ioctls)
                {
                    if (now.Name == old.Name && new IoctlPair(old, now, pair.Context).OldForm?.Name == pair.Name)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private static AbiIoctl? Find(IoctlPair pair, AbiModel model)
    {
        AbiIoctl now = pair.After!;
        if (IsOldForm(pair))
        {
            return null;
        }

        Derivations derivations = pair.Context.Derivations;
        foreach (AbiIoctl other in model.Ioctls)
        {
            // #define NEW OLD, or the other way round: two names of one request.
            if (other.Name != now.Name && other.Request == now.Request && IoctlMatcher.ShareDescriptor(other, now)
                && !derivations.IsAlias(now.Name, other.Name) && !derivations.IsAlias(other.Name, now.Name))
            {
                return other;
            }
        }

        return null;
    }
}
