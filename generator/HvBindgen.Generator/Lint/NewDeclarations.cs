using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>
/// What the rules find in declarations that only the later of two sides has, and what new members do to an argument that was there: the
/// last moment to change them.
/// </summary>
public static class NewDeclarations
{
    /// <summary>
    /// Looks at the later side and keeps what concerns new records, members and requests, or was not so of an argument before.
    /// </summary>
    /// <param name="before">The old generation of a set, one model for each target.</param>
    /// <param name="after">The new generation.</param>
    /// <param name="options">What the headers do not say.</param>
    /// <returns>The findings.</returns>
    /// <exception cref="ArgumentException">The later side has no model, or models of several sets.</exception>
    public static LintResult Check(IReadOnlyList<AbiModel> before, IReadOnlyList<AbiModel> after, LintOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        options ??= new LintOptions();
        LintResult result = Linter.Check(after, options);
        if (result.Findings.Count == 0)
        {
            return result;
        }

        // Of what was there before, names matter that findings begin with.
        HashSet<string> asked = [.. result.Findings.Select(finding => OuterOf(finding.Symbol))];
        HashSet<string> known = new(StringComparer.Ordinal);
        HashSet<string> arguments = new(StringComparer.Ordinal);
        LintedSet earlier = new(before, options);
        foreach (LintedModel target in earlier.Targets)
        {
            known.UnionWith(target.Model.Ioctls.Select(ioctl => ioctl.Name));
            foreach (AbiRecord record in target.Model.Records.Where(record => asked.Contains(record.Name)))
            {
                known.Add(record.Name);
                known.UnionWith(record.HoistedFields().Select(field => $"{record.Name}.{field.Name}"));
            }

            // Records that are defined in place have the names that findings give them.
            known.UnionWith(target.Arguments.Where(argument => asked.Contains(OuterOf(argument.Name)))
                .SelectMany(argument => argument.Members.Select(argument.SymbolOf)));
            arguments.UnionWith(target.Arguments.Select(argument => argument.Name));
        }

        // A new member makes an old record one with a hole, or with another layout elsewhere. What a new request takes is old. Of the
        // earlier side nothing is asked but what the answer depends on.
        IEnumerable<LintFinding> old = result.Findings.Where(finding => known.Contains(finding.Symbol) && IsOfArgument(finding));
        HashSet<string> doubtful = [.. old.Select(finding => finding.Rule.Id)];
        HashSet<(string Rule, string Symbol)> found =
            [.. Linter.Find(earlier, rule => doubtful.Contains(rule.Id)).Select(finding => (finding.Rule.Id, finding.Symbol))];
        return result with
        {
            Findings = EquatableArray.From(result.Findings.Where(finding => !known.Contains(finding.Symbol)
                || (IsOfArgument(finding) && !found.Contains((finding.Rule.Id, finding.Symbol))))),
        };

        bool IsOfArgument(LintFinding finding) => arguments.Contains(OuterOf(finding.Symbol));
    }

    private static string OuterOf(string symbol) => symbol.Split('.')[0];
}
