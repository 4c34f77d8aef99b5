using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3012: a macro without a value has another body or other parameters.</summary>
internal sealed class MacroChanged : IRule<MacroPair>
{
    public RuleInfo Info { get; } = new(
        "HV3012",
        "macro has another body",
        Verdict.SourceBreak,
        "Sources compiled from now on get something else where they use the macro.",
        "Show that old and new body mean the same for every argument.")
    {
        Mirrors = ["HV3012", "HV3013"],
    };

    public void Compare(MacroPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiMacro old, out AbiMacro now) && (old.Digest != now.Digest || old.Parameters != now.Parameters)
            && (!pair.AreRequests || (pair.GivesSameNumbers && pair.Argument <= TypeRelation.Alias)) && pair.Growth is null)
        {
            findings.Add(
                Info, pair, pair.Name, Describe(old), Describe(now),
                pair.GivesSameNumbers
                    ? Judgement.Harmless()
                    : new Judgement(Verdict.SourceBreak, Verdict.None, Verdict.None, CSharpEffects.None, "old and new body mean the same"),
                ChangeRole.Consequence);
        }
    }

    private static string Describe(AbiMacro macro) => $"{macro.Name}{macro.Parameters} with body {macro.Digest}";
}
