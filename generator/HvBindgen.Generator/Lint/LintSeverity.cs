namespace HvBindgen.Generator.Lint;

/// <summary>How grave a finding is, from a hint to a fault.</summary>
public enum LintSeverity
{
    /// <summary>Worth a look; headers alone cannot show whether it is wrong.</summary>
    Note,

    /// <summary>Works today and gets in the way later: a declaration that was released cannot be mended.</summary>
    Warning,

    /// <summary>Goes wrong on a machine of the set, unless the driver does something about it.</summary>
    Error,
}

/// <summary>Words for <see cref="LintSeverity"/> in reports and options.</summary>
public static class LintSeverityText
{
    /// <summary>All severities in rising order.</summary>
    public static IReadOnlyList<LintSeverity> All { get; } = [LintSeverity.Note, LintSeverity.Warning, LintSeverity.Error];

    /// <summary>The word for a severity.</summary>
    /// <param name="severity">The severity.</param>
    /// <returns>For example <c>warning</c>.</returns>
    public static string ToText(this LintSeverity severity) => severity switch
    {
        LintSeverity.Error => "error",
        LintSeverity.Warning => "warning",
        _ => "note",
    };

    /// <summary>Finds a severity by its word.</summary>
    /// <param name="text">Word as <see cref="ToText"/> gives it.</param>
    /// <returns>The severity, or null when the word names none.</returns>
    public static LintSeverity? Find(string text)
    {
        foreach (LintSeverity severity in All)
        {
            if (severity.ToText() == text)
            {
                return severity;
            }
        }

        return null;
    }
}
