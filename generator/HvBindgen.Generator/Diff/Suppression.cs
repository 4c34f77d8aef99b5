using System.IO.Enumeration;

namespace HvBindgen.Generator.Diff;

/// <summary>A change that reviewers have accepted, for a reason and for a time.</summary>
/// <param name="Rule">Id of the rule.</param>
/// <param name="Symbol">Pattern of symbols; <c>*</c> is any run of characters.</param>
/// <param name="Target">Name of the only target it is for; null for all.</param>
/// <param name="Reason">Why the change is accepted.</param>
/// <param name="Expires">Last day on which it counts.</param>
public sealed record Suppression(string Rule, string Symbol, string? Target, string Reason, DateOnly Expires)
{
    /// <inheritdoc/>
    public override string ToString() => $"suppression of {Rule} for {Symbol}{(Target is null ? "" : $" on {Target}")}";

    internal bool Matches(AbiChange change) =>
        string.Equals(Rule, change.Rule.Id, StringComparison.OrdinalIgnoreCase)
        && FileSystemName.MatchesSimpleExpression(Symbol, change.Symbol, ignoreCase: false)
        && (Target is null || change.Sees(Target));
}
