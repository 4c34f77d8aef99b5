using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV5001: typedef removed.</summary>
internal sealed class TypedefRemoved : IRule<DeclarationPair<AbiTypedef>>
{
    public RuleInfo Info { get; } = new(
        "HV5001",
        "typedef removed",
        Verdict.SourceBreak,
        "Sources that use the name no longer compile.",
        "Keep the name.")
    {
        Mirrors = ["HV5002"],
    };

    public void Compare(DeclarationPair<AbiTypedef> pair, Findings findings)
    {
        if (pair.IsRemoved)
        {
            findings.Add(Info, pair, pair.Name, $"{pair.Before!.Type}", "", Judgement.Source() with { CSharp = CSharpEffects.None });
        }
    }
}
