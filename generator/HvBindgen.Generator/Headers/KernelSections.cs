using System.Text.RegularExpressions;

namespace HvBindgen.Generator.Headers;

/// <summary>
/// Decides the conditions of a header that ask for <c>__KERNEL__</c> (never defined for a user) or
/// <c>__EXPORTED_HEADERS__</c> (always), and leaves all others standing.
/// </summary>
internal sealed partial class KernelSections
{
    private readonly Stack<Section> open = new();

    /// <summary>Whether lines at this place belong to the exported header.</summary>
    internal bool Emits => open.Count == 0 || open.Peek().Emits;

    /// <summary>Takes a preprocessor line; gives what remains of it, or null when it goes.</summary>
    internal string? Directive(string line)
    {
        Match match = DirectiveName().Match(line);
        return match.Groups["name"].Value switch
        {
            "if" or "ifdef" or "ifndef" => Open(line, match),
            "elif" => Elif(line, match),
            "else" => Else(line),
            "endif" => Close(line),
            _ => Emits ? line : null,
        };
    }

    private string? Open(string line, Match match)
    {
        string condition = match.Groups["rest"].Value;
        bool? value = match.Groups["name"].Value switch
        {
            "ifdef" => Defined(condition),
            "ifndef" => !Defined(condition),
            _ => Evaluate(condition),
        };
        bool parent = Emits;
        open.Push(new Section(parent, value is null, value ?? true, value == true));
        return value is null && parent ? line : null;
    }

    private string? Elif(string line, Match match)
    {
        if (!open.TryPop(out Section? section))
        {
            return line;
        }

        if (section.IsDecided)
        {
            open.Push(section with { IsTaken = false });
            return null;
        }

        bool? value = Evaluate(match.Groups["rest"].Value);
        open.Push(section with { IsPrinted = section.IsPrinted || value is null, IsTaken = value ?? true, IsDecided = value == true });
        if (value is not null || !section.Parent)
        {
            return value == true && section.IsPrinted && section.Parent ? "#else" : null;
        }

        return section.IsPrinted ? line : ElifWord().Replace(line, "if  ", 1);
    }

    private string? Else(string line)
    {
        if (!open.TryPop(out Section? section))
        {
            return line;
        }

        open.Push(section with { IsTaken = !section.IsDecided });
        return section.IsPrinted && !section.IsDecided && section.Parent ? line : null;
    }

    private string? Close(string line) =>
        !open.TryPop(out Section? section) || (section.IsPrinted && section.Parent) ? line : null;

    // What is unknown stays unknown unless a known term beside it decides.
    private static bool? Evaluate(string condition)
    {
        string text = Comment().Replace(condition, "").Trim();
        if (SplitOutside(text, "||") is { Count: > 1 } alternatives)
        {
            bool?[] values = [.. alternatives.Select(Evaluate)];
            return values.Contains(true) ? true : values.Contains(null) ? null : false;
        }

        if (SplitOutside(text, "&&") is { Count: > 1 } terms)
        {
            bool?[] values = [.. terms.Select(Evaluate)];
            return values.Contains(false) ? false : values.Contains(null) ? null : true;
        }

        if (text.StartsWith('!'))
        {
            return !Evaluate(text[1..]);
        }

        return text.StartsWith('(') && text.EndsWith(')')
            ? Evaluate(text[1..^1])
            : DefinedTerm().Match(text) is { Success: true } match ? Defined(match.Groups["name"].Value) : null;
    }

    private static List<string> SplitOutside(string text, string separator)
    {
        List<string> parts = [];
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0 && string.CompareOrdinal(text, i, separator, 0, separator.Length) == 0)
            {
                parts.Add(text[start..i]);
                start = i + separator.Length;
                i = start - 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static bool? Defined(string name) => Comment().Replace(name, "").Trim() switch
    {
        "__KERNEL__" => false,
        "__EXPORTED_HEADERS__" => true,
        _ => null,
    };

    [GeneratedRegex(@"^\s*#\s*(?<name>[a-z]+)(?<rest>.*)$")]
    private static partial Regex DirectiveName();

    [GeneratedRegex(@"^defined\s*\(?\s*(?<name>\w+)\s*\)?$")]
    private static partial Regex DefinedTerm();

    [GeneratedRegex(@"/\*.*?(\*/|$)|//.*")]
    private static partial Regex Comment();

    [GeneratedRegex("elif")]
    private static partial Regex ElifWord();

    // Parent: the place around it is exported. Printed: its #if stands in the output. Taken: this branch is exported.
    // Decided: a branch is known to be the one, so all later ones go.
    private sealed record Section(bool Parent, bool IsPrinted, bool IsTaken, bool IsDecided)
    {
        internal bool Emits => Parent && IsTaken;
    }
}
