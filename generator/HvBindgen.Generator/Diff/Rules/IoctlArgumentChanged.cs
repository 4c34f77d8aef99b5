using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV4005: ioctl takes another argument.</summary>
internal sealed class IoctlArgumentChanged : IRule<IoctlPair>, IRule<MacroPair>
{
    public RuleInfo Info { get; } = new(
        "HV4005",
        "ioctl takes another argument",
        Verdict.Break,
        "Where the sizes agree, so does the number: the kernel reads an old program's record as something it is not.",
        "Add a new request for the new argument.");

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiIoctl old, out AbiIoctl now) && pair.Argument > TypeRelation.Alias
            && !IsSaidByDirection(old, now))
        {
            findings.Add(
                Info, pair, pair.Name, $"{IoctlPair.DescribeArgument(old)}, {old.SizeBytes} bytes",
                $"{IoctlPair.DescribeArgument(now)}, {now.SizeBytes} bytes",
                Judge(pair.Argument, () => pair.JudgeChanged(CSharpEffects.Both)));
        }
    }

    // A request that a macro makes of its arguments.
    public void Compare(MacroPair pair, Findings findings)
    {
        if (pair.Argument > TypeRelation.Alias)
        {
            findings.Add(
                Info, pair, pair.Name, $"{pair.Before!.Argument}", $"{pair.After!.Argument}",
                Judge(pair.Argument, static () => Judgement.Broken()));
        }
    }

    private static Judgement Judge(TypeRelation relation, Func<Judgement> changed) => relation switch
    {
        TypeRelation.SameBytes => Judgement.Source(),
        TypeRelation.Signedness => Judgement.If("no value has its top bit set", CSharpEffects.Both),
        _ => changed(),
    };

    // _IO has no argument and _IOR has one: the direction says so.
    private static bool IsSaidByDirection(AbiIoctl old, AbiIoctl now) =>
        old.Direction != now.Direction && (old.Argument is null) != (now.Argument is null);
}
