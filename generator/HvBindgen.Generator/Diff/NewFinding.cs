using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff;

/// <summary>What a reviewer is to look at in a declaration that only the new side has: advice beside the verdict.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Rule">Id of the rule, for example <c>HV7001</c>.</param>
/// <param name="Title">What was found, in a few words.</param>
/// <param name="Explanation">Why it matters.</param>
/// <param name="Remedy">What to declare instead.</param>
/// <param name="Severity"><c>error</c>, <c>warning</c> or <c>note</c>.</param>
/// <param name="Symbol">A record, <c>record.member</c> or a request.</param>
/// <param name="Message">What stands there, with its numbers.</param>
/// <param name="Location">The declaration.</param>
/// <param name="Targets">Names of the targets where it is so.</param>
public sealed record NewFinding(
    string Set, string Rule, string Title, string Explanation, string Remedy, string Severity, string Symbol, string Message,
    SourceLocation Location, EquatableArray<string> Targets);
