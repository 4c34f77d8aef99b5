using System.Text;
using System.Text.RegularExpressions;

namespace HvBindgen.Docs.Tests;

/// <summary>A command in a document with the output that the document shows of it.</summary>
/// <remarks>
/// Blocks of the language <c>console</c> have commands behind <c>$</c>; blocks without a language are output alone. A comment before the
/// block says the rest, its parts with semicolons between them:
/// <code>
/// &lt;!-- prints: hvbindgen diff before after; in: SCENE; varies: REGEX, REGEX --&gt;
/// &lt;!-- not run: REASON --&gt;
/// </code>
/// A line of three dots stands for any lines; a part <c>shortened: ...</c> says that lines may be left out anywhere.
/// </remarks>
/// <param name="Line">Line of the block's fence.</param>
/// <param name="Command">The command; empty where nothing says it.</param>
/// <param name="Output">Lines that are shown.</param>
/// <param name="Scene">Name of the folder that it runs in; empty for the repository.</param>
/// <param name="Varies">What may be different each time.</param>
/// <param name="IsShortened">Whether lines are left out without dots.</param>
/// <param name="NotRun">Why it is not run; empty where it is.</param>
internal sealed partial record ShownOutput(
    int Line, string Command, IReadOnlyList<string> Output, string Scene, IReadOnlyList<string> Varies, bool IsShortened, string NotRun)
{
    /// <summary>The commands with output of a document.</summary>
    /// <param name="lines">The document.</param>
    public static IEnumerable<ShownOutput> In(IEnumerable<string> lines)
    {
        Dictionary<string, string> mark = [];
        List<string>? block = null;
        string language = "";
        int start = 0;
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            if (!line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                block?.Add(line);
                mark = block is not null ? mark : Mark().Match(line) is { Success: true } found ? Read(found.Groups[1].Value)
                    : line.Length == 0 ? mark : [];
                continue;
            }

            if (block is null)
            {
                (block, language, start) = ([], line.Trim().TrimStart('`'), number);
                continue;
            }

            foreach (ShownOutput shown in language is "console" or "" ? Of(block, start, mark) : [])
            {
                yield return shown;
            }

            (block, mark) = (null, []);
        }
    }

    /// <summary>Whether a program printed what is shown.</summary>
    /// <param name="printed">What it printed.</param>
    /// <returns>Null, or the first lines that differ.</returns>
    public string? Difference(string printed)
    {
        string[] lines = [.. printed.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
        const string AnyLines = "(?:[^\n]*\n)*?";
        string between = IsShortened ? AnyLines : "";
        StringBuilder pattern = new("^" + between);
        foreach (string line in Output)
        {
            pattern.Append(line.Trim() == "..." ? AnyLines : Pattern(line.TrimEnd()) + "\n" + between);
        }

        return Regex.IsMatch(string.Join('\n', lines) + "\n", pattern + "$", RegexOptions.None, TimeSpan.FromSeconds(10))
            ? null
            : $"line {Line}: $ {Command}\nshown:\n{string.Join('\n', Output)}\nprinted:\n{printed}";
    }

    private string Pattern(string line)
    {
        StringBuilder pattern = new();
        int at = 0;
        while (at < line.Length)
        {
            string rest = line[at..];
            (string Regex, Match Match)[] found =
            [
                .. Varies.Select(regex => (regex, Regex.Match(rest, regex)))
                    .Where(one => one.Item2.Length > 0).OrderBy(one => one.Item2.Index),
            ];
            int end = found.Length == 0 ? line.Length : at + found[0].Match.Index;
            pattern.Append(Regex.Escape(line[at..end]));
            if (found.Length > 0)
            {
                pattern.Append($"(?:{found[0].Regex})");
                end += found[0].Match.Length;
            }

            at = end;
        }

        return pattern.ToString();
    }

    private static IEnumerable<ShownOutput> Of(List<string> block, int start, Dictionary<string, string> mark)
    {
        string[] varies = [.. mark.GetValueOrDefault("varies", "").Split(", ", StringSplitOptions.RemoveEmptyEntries)];
        ShownOutput none = new(start, mark.GetValueOrDefault("prints", ""), [], mark.GetValueOrDefault("in", ""), varies,
            mark.ContainsKey("shortened"), mark.GetValueOrDefault("not run", ""));
        int[] commands = [.. Enumerable.Range(0, block.Count).Where(index => block[index].StartsWith("$ ", StringComparison.Ordinal))];
        if (commands.Length == 0)
        {
            yield return none with { Output = block };
        }

        for (int index = 0; index < commands.Length; index++)
        {
            int end = index + 1 < commands.Length ? commands[index + 1] : block.Count;
            List<string> output = block[(commands[index] + 1)..end];
            if (output.Count > 0)
            {
                yield return none with { Command = block[commands[index]][2..], Output = output };
            }
        }
    }

    private static Dictionary<string, string> Read(string text) =>
        text.Split("; ").Select(part => part.Split(": ", 2)).Where(part => part.Length == 2).ToDictionary(part => part[0], part => part[1]);

    [GeneratedRegex("^<!-- ((?:prints|in|varies|shortened|not run): .*) -->$")]
    private static partial Regex Mark();
}
