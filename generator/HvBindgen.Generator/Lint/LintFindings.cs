using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>Collects findings; what several targets show alike is one.</summary>
internal sealed class LintFindings
{
    private readonly List<(LintRuleInfo Rule, LintSeverity Severity, string Symbol, string Message, SourceLocation Location)> order = [];
    private readonly Dictionary<(string Rule, LintSeverity Severity, string Symbol, string Message), List<string>> targets = [];

    internal void Add(LintRuleInfo rule, ArgumentRecord argument, string symbol, string message) =>
        Add(rule, rule.Severity, symbol, message, argument.Location, argument.Model.Target);

    internal void Add(
        LintRuleInfo rule, LintSeverity severity, string symbol, string message, SourceLocation location, TargetInfo target)
    {
        (string, LintSeverity, string, string) key = (rule.Id, severity, symbol, message);
        if (!targets.TryGetValue(key, out List<string>? seen))
        {
            targets.Add(key, seen = []);
            order.Add((rule, severity, symbol, message, location));
        }

        if (!seen.Contains(target.Name))
        {
            seen.Add(target.Name);
        }
    }

    /// <summary>The gravest first, then as they stand in the headers.</summary>
    internal EquatableArray<LintFinding> Ordered()
    {
        IEnumerable<LintFinding> all = order.Select(one => new LintFinding(
            one.Rule, one.Severity, one.Symbol, one.Message, one.Location,
            EquatableArray.From(targets[(one.Rule.Id, one.Severity, one.Symbol, one.Message)])));
        return EquatableArray.From(all.OrderByDescending(finding => finding.Severity)
            .ThenBy(finding => finding.Location.Header, StringComparer.Ordinal).ThenBy(finding => finding.Location.Line)
            .ThenBy(finding => finding.Symbol, StringComparer.Ordinal).ThenBy(finding => finding.Rule.Id, StringComparer.Ordinal));
    }
}
