using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV4011: a request that is a function-like macro gives other numbers for the same arguments.</summary>
internal sealed class FunctionRequestChanged : IRule<MacroPair>
{
    public RuleInfo Info { get; } = new(
        "HV4011",
        "request with an argument has another number",
        Verdict.Break,
        "The macro makes the request's number of its argument, as EVIOCGNAME(len) does. For the same argument it now gives another "
        + "one: old programs send the old number and get ENOTTY, or another request.",
        "Leave type, nr and direction; give a new request a new name.");

    public void Compare(MacroPair pair, Findings findings)
    {
        if (pair.OtherNumber is { } other)
        {
            findings.Add(
                Info, pair, pair.Name, Describe(pair, other.Arguments, other.Before), Describe(pair, other.Arguments, other.After),
                Judgement.Broken(CSharpEffects.Binary), ChangeRole.Consequence);
        }
    }

    // Of the samples that are kept of every request the number says enough.
    private static string Describe(MacroPair pair, int[] arguments, uint number) =>
        arguments.Length == 0 ? $"0x{number:x8}"
        : $"{pair.Name}({string.Join(", ", arguments)}): {(number == 0 ? "no number" : $"0x{number:x8}")}";
}
