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
