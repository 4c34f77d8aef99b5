using System.Globalization;
using System.Text.RegularExpressions;

namespace HvBindgen.Generator.Verification;

/// <summary>Reads what gcc and clang complain about.</summary>
internal static partial class CompilerMessages
{
    /// <summary>Errors in the source itself by line, the first of each line.</summary>
    internal static Dictionary<int, string> ErrorsByLine(string messages)
    {
        Dictionary<int, string> errors = [];
        foreach (Match match in SourceError().Matches(messages))
        {
            errors.TryAdd(int.Parse(match.Groups["line"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["words"].Value);
        }

        return errors;
    }

    /// <summary>The first errors, for a message to a person.</summary>
    internal static string Summary(string messages)
    {
        string[] errors = [.. messages.Split('\n').Where(line => line.Contains("error:", StringComparison.Ordinal)).Distinct().Take(8)];
        return errors.Length > 0 ? string.Join('\n', errors) : messages.Trim();
    }

    [
        GeneratedRegex(
            "^" + CompilerRun.SourceName + @":(?<line>[0-9]+):(?:[0-9]+:)? (?:fatal )?error: (?<words>.*)$", RegexOptions.Multiline),
    ]
    private static partial Regex SourceError();
}
