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
        HashSet<string> known = new(StringComparer.Ordinal);
        HashSet<string> arguments = new(StringComparer.Ordinal);
        foreach (LintedModel target in new LintedSet(before, options).Targets)
        {
            known.UnionWith(target.Model.Ioctls.Select(ioctl => ioctl.Name));
            foreach (AbiRecord record in target.Model.Records)
            {
                known.Add(record.Name);
                known.UnionWith(record.HoistedFields().Select(field => $"{record.Name}.{field.Name}"));
            }

            // Records that are defined in place have the names that findings give them.
            known.UnionWith(target.Arguments.SelectMany(argument => argument.Members.Select(argument.SymbolOf)));
            arguments.UnionWith(target.Arguments.Select(argument => argument.Name));
        }

        // A new member makes an old record one with a hole, or with another layout elsewhere. What a new request takes is old.
        HashSet<(string Rule, string Symbol)> found =
            [.. before.Count == 0 ? [] : Linter.Check(before, options).Findings.Select(finding => (finding.Rule.Id, finding.Symbol))];
        LintResult result = Linter.Check(after, options);
        return result with
        {
            Findings = EquatableArray.From(result.Findings.Where(finding => !known.Contains(finding.Symbol)
                || (arguments.Contains(finding.Symbol.Split('.')[0]) && !found.Contains((finding.Rule.Id, finding.Symbol))))),
        };
    }
}
