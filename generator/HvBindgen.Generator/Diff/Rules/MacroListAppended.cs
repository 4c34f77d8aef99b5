using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3013: a macro that lists entries has further ones at its end.</summary>
internal sealed class MacroListAppended : IRule<MacroPair>
{
    public RuleInfo Info { get; } = new(
        "HV3013",
        "entries appended to a list macro",
        Verdict.Additive,
        "The macro calls its parameter once for each entry, as a list that enums and tables are made of. All it had comes first, in the "
        + "order that it had; what is made of it gets longer at its end.",
        "Nothing to do.")
    {
        Mirrors = ["HV3012"],
    };

    public void Compare(MacroPair pair, Findings findings)
    {
        if (pair.Growth is { } growth)
        {
            findings.Add(
                Info, pair, pair.Name, $"{growth.Before} entries", $"{growth.After} entries", Judgement.Addition(), ChangeRole.Consequence);
        }
    }
}
