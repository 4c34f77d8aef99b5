using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3010: a macro without a value is gone.</summary>
internal sealed class MacroRemoved : IRule<MacroPair>
{
    public RuleInfo Info { get; } = new(
        "HV3010",
        "macro removed",
        Verdict.SourceBreak,
        "Sources that use the macro no longer compile. Include guards and feature markers only matter to other headers.",
        "Keep the macro.")
    {
        Mirrors = ["HV3011"],
    };

    public void Compare(MacroPair pair, Findings findings)
    {
        if (pair.IsRemoved)
        {
            bool isMarker = pair.Before!.Digest.Length == 0;
            findings.Add(
                Info, pair, pair.Name, $"{pair.Name}{pair.Before.Parameters}", "",
                isMarker ? Judgement.Harmless() : new Judgement(Verdict.SourceBreak, Verdict.None, Verdict.None, CSharpEffects.None));
        }
    }
}
