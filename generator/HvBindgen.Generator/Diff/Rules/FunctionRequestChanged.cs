using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

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
        if (pair.AreRequests && !pair.GivesSameNumbers)
        {
            int at = FirstDifference(pair.Before!.Samples, pair.After!.Samples);
            findings.Add(
                Info, pair, pair.Name, $"0x{pair.Before.Samples[at]:x8}", $"0x{pair.After.Samples[at]:x8}",
                Judgement.Broken(CSharpEffects.Binary), ChangeRole.Consequence);
        }
    }

    private static int FirstDifference(EquatableArray<uint> old, EquatableArray<uint> now)
    {
        int at = 0;
        while (old[at] == now[at])
        {
            at++;
        }

        return at;
    }
}
