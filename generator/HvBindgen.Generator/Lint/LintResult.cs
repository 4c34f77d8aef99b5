using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>What the rules found in one set.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Targets">Names of the targets that were looked at.</param>
/// <param name="Findings">What was found, the gravest first, then in the order of headers and lines.</param>
/// <param name="Accepted">What a baseline accepts of it.</param>
public sealed record LintResult(
    string Set, EquatableArray<string> Targets, EquatableArray<LintFinding> Findings, EquatableArray<LintFinding> Accepted)
{
    /// <summary>The findings as a comparison shows them.</summary>
    /// <returns>In the same order.</returns>
    public IEnumerable<NewFinding> ToNews() => Findings.Select(finding => new NewFinding(
        Set, finding.Rule.Id, finding.Rule.Title, finding.Rule.Explanation, finding.Rule.Remedy, finding.Severity.ToText(),
        VisibleText.Of(finding.Symbol), VisibleText.Of(finding.Message),
        finding.Location with { Header = VisibleText.Of(finding.Location.Header) }, finding.Targets));

    /// <summary>Whether any finding is at or above a severity.</summary>
    /// <param name="limit">The severity.</param>
    /// <returns>True when one is; accepted findings don't count.</returns>
    public bool Reaches(LintSeverity limit)
    {
        foreach (LintFinding finding in Findings)
        {
            if (finding.Severity >= limit)
            {
                return true;
            }
        }

        return false;
    }
}
