using HvBindgen.Generator.Diff;

namespace HvBindgen.Generator.Lint;

/// <summary>What a rule says of itself; <c>hvbindgen explain</c> prints it. Ids are never reused nor given another meaning.</summary>
/// <param name="Id">For example <c>HV7001</c>; all begin with 7.</param>
/// <param name="Title">What was found, in a few words.</param>
/// <param name="Severity">The gravest severity that the rule gives.</param>
/// <param name="Explanation">Why it matters.</param>
/// <param name="Remedy">What to declare instead, or what to make sure of.</param>
public sealed record LintRuleInfo(string Id, string Title, LintSeverity Severity, string Explanation, string Remedy) : IRuleInfo
{
    string IRuleInfo.Gravity => Severity.ToText();
}
