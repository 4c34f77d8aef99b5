using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV4006: ioctl number follows the size of its argument.</summary>
internal sealed class IoctlSizeChanged : IRule<IoctlPair>
{
    public RuleInfo Info { get; } = new(
        "HV4006",
        "ioctl number follows the size of its argument",
        Verdict.Conditional,
        "The size of the argument is part of the number: old programs send the old one.",
        "Let the driver dispatch on type and number alone and take the size the caller encoded.");

    public void Compare(IoctlPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiIoctl old, out AbiIoctl now) && pair.Argument <= TypeRelation.Alias && old.SizeBytes != now.SizeBytes)
        {
            findings.Add(
                Info, pair, pair.Name, $"{old.SizeBytes} bytes, 0x{old.Request:x8}", $"{now.SizeBytes} bytes, 0x{now.Request:x8}",
                Judgement.If("the driver dispatches on type and number alone and takes both sizes", CSharpEffects.Binary),
                ChangeRole.Consequence);
        }
    }
}
