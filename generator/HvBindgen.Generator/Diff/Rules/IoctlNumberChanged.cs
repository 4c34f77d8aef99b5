using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV4003: type or number of a request changed.</summary>
internal sealed class IoctlNumberChanged : IRule<IoctlPair>
{
    public RuleInfo Info { get; } = new(
        "HV4003",
        "ioctl has another number",
        Verdict.Break,
        "Old programs send the old number and get ENOTTY, or worse, another request.",
        "Leave the number; give a new request a new name.");

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiIoctl old, out AbiIoctl now)
            && (old.Type != now.Type || old.Number != now.Number || IsOtherwiseEqual(old, now)))
        {
            findings.Add(
                Info, pair, pair.Name, IoctlPair.Describe(old), IoctlPair.Describe(now), Judgement.Broken(CSharpEffects.Binary),
                ChangeRole.Consequence, causes: pair.NumberSources);
        }
    }

    // Nothing that makes the number up differs, yet the number does: another encoding.
    private static bool IsOtherwiseEqual(AbiIoctl old, AbiIoctl now) =>
        old.Request != now.Request && old.Direction == now.Direction && old.SizeBytes == now.SizeBytes;
}
