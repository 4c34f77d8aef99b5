using System.Text.RegularExpressions;

namespace HvBindgen.Docs.Tests;

/// <summary>What a test looks at in a Markdown file: fenced blocks of C#, links, and headings that links point to.</summary>
internal sealed partial class MarkdownDocument
{
    private readonly List<Snippet> snippets = [];
    private readonly List<Link> links = [];
    private readonly HashSet<string> anchors = new(StringComparer.Ordinal);

    public MarkdownDocument(string path)
    {
        // <!-- given: ... --> before a block declares what the text around it has introduced.
        string given = "";
        List<string>? block = null;
        string language = "";
        int start = 0;
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                if (block is null)
                {
                    (block, language, start) = ([], line.Trim().TrimStart('`'), number);
                    continue;
                }

                if (language == "csharp")
                {
                    snippets.Add(new Snippet(start, given, string.Join('\n', block)));
                }

                (block, given) = (null, "");
            }
            else if (block is not null)
            {
                block.Add(line);
            }
            else
            {
                given = Given().Match(line) is { Success: true } match ? match.Groups[1].Value : line.Length == 0 ? given : "";
                ReadText(line, number);
            }
        }
    }

    public IReadOnlyList<Snippet> Snippets => snippets;

    public IReadOnlyList<Link> Links => links;

    public IReadOnlySet<string> Anchors => anchors;

    private void ReadText(string line, int number)
    {
        if (Heading().Match(line) is { Success: true } heading)
        {
            string words = NotInAnchor().Replace(heading.Groups[1].Value.ToLowerInvariant(), "");
            anchors.Add(words.Trim().Replace(' ', '-'));
        }

        foreach (Match link in LinkTarget().Matches(Code().Replace(line, "")))
        {
            links.Add(new Link(number, link.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"^<!-- given: (.*) -->$")]
    private static partial Regex Given();

    [GeneratedRegex(@"^#+ (.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex LinkTarget();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();

    /// <param name="Line">Line of the opening fence.</param>
    /// <param name="Given">Declarations that the text before it has introduced.</param>
    /// <param name="Code">The block.</param>
    internal sealed record Snippet(int Line, string Given, string Code);

    /// <param name="Line">Line it stands on.</param>
    /// <param name="Target">Where it points.</param>
    internal sealed record Link(int Line, string Target);
}
