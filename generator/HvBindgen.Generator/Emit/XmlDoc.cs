using System.Text;
using Microsoft.CodeAnalysis;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>An XML documentation comment made of facts; never of the headers' own comments.</summary>
internal sealed class XmlDoc
{
    [ThreadStatic]
    private static StringBuilder? Buffer;

    private readonly string summary;
    private readonly List<string> lines = [];

    /// <summary>Starts a comment with its summary.</summary>
    /// <param name="summary">XML text; escape C text with <see cref="C"/>.</param>
    internal XmlDoc(string summary) => this.summary = summary;

    internal XmlDoc Remarks(string text) => Add($"<remarks>{text}</remarks>");

    internal XmlDoc Parameter(string name, string text) => Add($"<param name=\"{name}\">{text}</param>");

    internal XmlDoc TypeParameter(string name, string text) => Add($"<typeparam name=\"{name}\">{text}</typeparam>");

    internal XmlDoc Returns(string text) => Add($"<returns>{text}</returns>");

    internal XmlDoc Exception(string type, string text) => Add($"<exception cref=\"{type}\">{text}</exception>");

    /// <summary>C text as code.</summary>
    internal static string C(string text) => $"<c>{Escape(text)}</c>";

    internal static string Escape(string text) =>
        text.AsSpan().IndexOfAny('&', '<', '>') < 0
            ? text
            : text.Replace(
                "&",
                "&amp;",
                StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>What stands before a declaration: a blank line and the comment.</summary>
    internal SyntaxTriviaList Above()
    {
        StringBuilder text = Buffer ??= new StringBuilder(1024);
        text.Clear().Append("/// <summary>").Append(summary).Append("</summary>\n");
        foreach (string line in lines)
        {
            text.Append("/// ").Append(line).Append('\n');
        }

        return TriviaList(Tokens.NewLine, Comment(text.ToString()));
    }

    /// <summary>What stands before a further part of a type: a blank line and what that part is for.</summary>
    internal static SyntaxTriviaList Content(string text) => TriviaList(Tokens.NewLine, Comment($"/// <content>{text}</content>\n"));

    private XmlDoc Add(string line)
    {
        lines.Add(line);
        return this;
    }
}
