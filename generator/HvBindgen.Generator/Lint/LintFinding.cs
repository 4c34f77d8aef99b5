using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>One place where a declaration goes against a rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Severity">How grave it is here: the rule's own severity, or a lesser one.</param>
/// <param name="Symbol">A record, <c>record.member</c> or a request.</param>
/// <param name="Message">What stands there, with its numbers.</param>
/// <param name="Location">The declaration.</param>
/// <param name="Targets">Names of the targets where it is so.</param>
public sealed record LintFinding(
    LintRuleInfo Rule, LintSeverity Severity, string Symbol, string Message, SourceLocation Location, EquatableArray<string> Targets);
