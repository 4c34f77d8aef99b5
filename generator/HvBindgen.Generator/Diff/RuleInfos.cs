namespace HvBindgen.Generator.Diff;

/// <summary>What can be asked of rules by what they say of themselves.</summary>
public static class RuleInfos
{
    /// <summary>Finds a rule.</summary>
    /// <param name="rules">The rules to look among.</param>
    /// <param name="id">Its id, in any case.</param>
    /// <returns>What it says of itself; null when there is no such rule.</returns>
    public static T? Find<T>(this IEnumerable<T> rules, string id)
        where T : class, IRuleInfo =>
        rules.FirstOrDefault(rule => string.Equals(rule.Id, id, StringComparison.OrdinalIgnoreCase));

    /// <summary>The text of <c>hvbindgen explain</c>.</summary>
    /// <param name="rule">What a rule says of itself.</param>
    /// <returns>Title, severity, explanation and remedy.</returns>
    public static string Explain(this IRuleInfo rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return $"""
            {rule.Id}: {rule.Title}

            Severity   {rule.Gravity}
            Why        {rule.Explanation}
            What to do {rule.Remedy}

            """;
    }
}
