using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV5002: typedef added.</summary>
internal sealed class TypedefAdded : IRule<DeclarationPair<AbiTypedef>>
{
    public RuleInfo Info { get; } = new(
        "HV5002",
        "typedef added",
        Verdict.Additive,
        "A name that was not there before disturbs nobody.",
        "Nothing to do.")
    {
        Mirrors = ["HV5001"],
    };

    public void Compare(DeclarationPair<AbiTypedef> pair, Findings findings)
    {
        if (pair.IsAdded)
        {
            findings.Add(Info, pair, pair.Name, "", $"{pair.After!.Type}", Judgement.Addition());
        }
    }
}
