using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>Looks at what headers declare as a reviewer of new ABI would: what was released can never be taken back.</summary>
public static class Linter
{
    /// <summary>Runs all rules on one set.</summary>
    /// <param name="models">What the set declares, one model for each target; more targets show more.</param>
    /// <param name="options">What the headers do not say.</param>
    /// <returns>The findings.</returns>
    /// <exception cref="ArgumentException">There is no model, or they are of several sets.</exception>
    public static LintResult Check(IReadOnlyList<AbiModel> models, LintOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count == 0 || models.Any(model => model.Set != models[0].Set))
        {
            throw new ArgumentException("there must be models, all of one set", nameof(models));
        }

        LintedSet set = new(models, options ?? new LintOptions());
        return new LintResult(
            models[0].Set, EquatableArray.From(models.Select(model => model.Target.Name)), Find(set, static _ => true), []);
    }

    /// <summary>What some of the rules find.</summary>
    internal static EquatableArray<LintFinding> Find(LintedSet set, Func<LintRuleInfo, bool> isAsked)
    {
        LintFindings findings = new();
        foreach (ILintRule rule in LintRules.Registered)
        {
            if (isAsked(rule.Info))
            {
                rule.Check(set, findings);
            }
        }

        return findings.Ordered();
    }
}
