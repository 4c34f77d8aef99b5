using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff;

/// <summary>One difference between two ABIs, with its verdict and with everything that follows from it.</summary>
/// <param name="Rule">The rule that found it.</param>
/// <param name="Symbol">What changed: a declaration, <c>record.field</c> or <c>enum.enumerator</c>.</param>
/// <param name="Before">How it was; empty when it was not there.</param>
/// <param name="After">How it is; empty when it is gone.</param>
/// <param name="Judgement">The verdict on the change itself.</param>
/// <param name="Location">Where it stands now, or stood before it was removed.</param>
/// <param name="Targets">Names of the targets that see the change in this form.</param>
/// <param name="Consequences">Changes elsewhere that this one causes; they are no findings of their own.</param>
/// <param name="Reach">Who uses the changed declaration, whether it changes with it or not, in words.</param>
public sealed record AbiChange(
    RuleInfo Rule,
    string Symbol,
    string Before,
    string After,
    Judgement Judgement,
    SourceLocation Location,
    EquatableArray<string> Targets,
    EquatableArray<AbiChange> Consequences,
    EquatableArray<string> Reach)
{
    /// <summary>Whether the location is one of the old headers, because the new ones no longer have it.</summary>
    public bool IsGone { get; init; }

    /// <summary>Where it stood in the old headers; null for what is new, and where nobody knows.</summary>
    public SourceLocation? OldLocation { get; init; }

    /// <summary>Names of further sets that see the same change, because they include its header.</summary>
    public EquatableArray<string> AlsoIn { get; init; }

    /// <summary>The worst verdict among the change and its consequences.</summary>
    public Verdict Verdict { get; } = WorstOf(Judgement.Level, Consequences);

    /// <summary>What it does to users of the generated C#, consequences included.</summary>
    public CSharpEffects CSharp { get; } = EffectsOf(Judgement.CSharp, Consequences);

    /// <summary>The worst verdict on one target.</summary>
    /// <param name="target">Name of a target.</param>
    /// <returns>None where the target does not see the change.</returns>
    public Verdict VerdictOn(string target)
    {
        Verdict verdict = Sees(target) ? Judgement.Level : Verdict.None;
        foreach (AbiChange consequence in Consequences)
        {
            verdict = VerdictText.Worst(verdict, consequence.VerdictOn(target));
        }

        return verdict;
    }

    /// <summary>Whether a target sees the change.</summary>
    /// <param name="target">Name of a target.</param>
    /// <returns>True when it does.</returns>
    public bool Sees(string target) => Targets.AsSpan().Contains(target);

    /// <summary>The change with other consequences. A new instance, not a copy: its verdict is theirs as well.</summary>
    internal AbiChange Followed(EquatableArray<AbiChange> consequences, EquatableArray<string> targets, EquatableArray<string> reach) =>
        new(Rule, Symbol, Before, After, Judgement, Location, targets, consequences, reach)
        {
            IsGone = IsGone,
            OldLocation = OldLocation,
            AlsoIn = AlsoIn,
        };

    private static Verdict WorstOf(Verdict own, EquatableArray<AbiChange> consequences)
    {
        foreach (AbiChange consequence in consequences)
        {
            own = VerdictText.Worst(own, consequence.Verdict);
        }

        return own;
    }

    private static CSharpEffects EffectsOf(CSharpEffects own, EquatableArray<AbiChange> consequences)
    {
        foreach (AbiChange consequence in consequences)
        {
            own |= consequence.CSharp;
        }

        return own;
    }
}
