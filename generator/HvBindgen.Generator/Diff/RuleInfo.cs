namespace HvBindgen.Generator.Diff;

/// <summary>What a rule says of itself; <c>hvbindgen explain</c> prints it. Ids are never reused nor given another meaning.</summary>
/// <param name="Id">For example <c>HV1004</c>. The first digit tells what changed: 1 records, 2 enums, 3 macros, 4 ioctls,
/// 5 typedefs, 6 any declaration.</param>
/// <param name="Title">What happened, in a few words.</param>
/// <param name="Severity">The worst verdict that the rule gives on its own.</param>
/// <param name="Explanation">Why it matters to programs.</param>
/// <param name="Remedy">What to do instead, or what to make sure of.</param>
public sealed record RuleInfo(string Id, string Title, Verdict Severity, string Explanation, string Remedy) : IRuleInfo
{
    string IRuleInfo.Gravity => Severity.ToText();

    /// <summary>Rules that report the same change when the two sides are exchanged; empty for a rule that is its own mirror.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];
}
