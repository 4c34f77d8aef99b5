using System.Net;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>Names and values of headers and snapshots in Markdown. They are data: none ends what it stands in.</summary>
internal static class MarkdownText
{
    private const int MaximumLength = 300;

    /// <summary>As code in running text.</summary>
    internal static string Code(string text) => text.Length == 0 ? "" : $"`{Cut(text).Replace('`', '\'')}`";

    /// <summary>As code in a cell of a table.</summary>
    internal static string Cell(string text) => Code(text).Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>As code in an element of HTML.</summary>
    internal static string Element(string text) => $"<code>{WebUtility.HtmlEncode(Cut(text))}</code>";

    // Not between the two halves of a character.
    private static string Cut(string text)
    {
        int length = Math.Min(text.Length, MaximumLength);
        length -= length < text.Length && char.IsHighSurrogate(text[length - 1]) ? 1 : 0;
        return (length < text.Length ? $"{text.AsSpan(0, length)}..." : text).ReplaceLineEndings(" ");
    }
}
