using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3007: the macro that marks the end of a list has a higher value.</summary>
internal sealed class EndMarkerMoved : ValueRule
{
    public override RuleInfo Info { get; } = new(
        "HV3007",
        "end marker moved",
        Verdict.Additive,
        "The macro is made of the value that ends a list, as _MAX is of __MAX, and moves with every addition; by convention no "
        + "program stores it. A number of its own is no end marker, whatever the macro is called.",
        "Nothing to do. Never pass an end marker to the kernel.")
    {
        Mirrors = ["HV3003", "HV3007"],
    };

    protected override bool IsForEnumerators => false;

    protected override Judgement? Judge(ValueChange change, string name, bool isHigher) => JudgementOf(change, isHigher);

    /// <summary>
    /// The verdict on a marker; null for any other value. A list that got longer at its end or at its start has all it had.
    /// </summary>
    internal static Judgement? JudgementOf(ValueChange change, bool isHigher) => (change, isHigher) switch
    {
        (ValueChange.EndMarker, true) or (ValueChange.StartMarker, _) => Judgement.Addition() with { CSharp = CSharpEffects.Binary },
        (ValueChange.EndMarker, false) => Judgement.If("no program counts on the values that went", CSharpEffects.Binary),
        _ => null,
    };
}
