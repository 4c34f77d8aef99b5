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
        "The number is the same. Where only the name changed, compiled programs go on and sources that use the old name no longer compile. "
        + "Without a record as argument nothing in headers tells the request from another one that took its number.",
        "Keep the old name beside the new one.");

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiIoctl old, out AbiIoctl now) && old.Name != now.Name)
        {
            findings.Add(Info, pair, pair.Name, old.Name, now.Name, IsKnownByArgument(pair, now)
                ? Judgement.Source()
                : Judgement.If("only the name changed: the request does what it did", CSharpEffects.Both));
        }
    }

    private static bool IsKnownByArgument(IoctlPair pair, AbiIoctl ioctl) =>
        ioctl.Argument is { } argument && pair.Context.After.Index.RecordOf(pair.Context.After.Index.Resolve(argument)) is not null;
}
