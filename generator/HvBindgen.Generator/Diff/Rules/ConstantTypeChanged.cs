using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3006: a constant has the same value in another C type.</summary>
internal sealed class ConstantTypeChanged : IRule<ConstantPair>
{
    public RuleInfo Info { get; } = new(
        "HV3006",
        "constant has another type",
        Verdict.None,
        "The value is the same, or the 32 bits that an int has of it: where as many are sent, every program sends what it sent. C computes "
        + "with another type, widens -1 to other bits than 0xffffffff, and a C# constant has one: code that states it may need a cast.",
        "Nothing to do for C; say it to users of the C#.");

    public void Compare(ConstantPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiConstant old, out AbiConstant now) && !old.Type.Equals(now.Type)
            && ValueChanges.AreTheSame(old, now))
        {
            // 0xffffffff and -1 are one to 32 bits, and two to 64.
            bool isSameNumber = old.Value.Equals(now.Value) || !ValueChanges.HaveSameWord(old, now);
            findings.Add(
                Info, pair, pair.Name, Describe(old, isSameNumber), Describe(now, isSameNumber),
                Judgement.Harmless(CSharpEffects.Source));
        }
    }

    private static string Describe(AbiConstant constant, bool isSameNumber) =>
        isSameNumber ? $"{constant.Type}" : $"{constant.Type} {constant.Value}";
}
