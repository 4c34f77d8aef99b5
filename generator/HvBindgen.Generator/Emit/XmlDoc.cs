using System.Text;
using Microsoft.CodeAnalysis;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>An XML documentation comment made of facts; never of the headers' own comments.</summary>
internal sealed class XmlDoc
{
    private readonly List<string> lines = [];

    /// <summary>Starts a comment with its summary.</summary>
    /// <param name="summary">XML text; escape C text with <see cref="C"/>.</param>
    internal XmlDoc(string summary) => lines.Add($"<summary>{summary}</summary>");

    internal XmlDoc Remarks(string text)
    {
        lines.Add($"<remarks>{text}</remarks>");
        return this;
    }

    internal XmlDoc Parameter(string name, string text)
    {
        lines.Add($"<param name=\"{name}\">{text}</param>");
        return this;
    }

    internal XmlDoc TypeParameter(string name, string text)
    {
        lines.Add($"<typeparam name=\"{name}\">{text}</typeparam>");
        return this;
    }

    internal XmlDoc Returns(string text)
    {
        lines.Add($"<returns>{text}</returns>");
        return this;
    }

    internal XmlDoc Exception(string type, string text)
    {
        lines.Add($"<exception cref=\"{type}\">{text}</exception>");
        return this;
    }

    /// <summary>C text as code.</summary>
    internal static string C(string text) => $"<c>{Escape(text)}</c>";

    internal static string Escape(string text) =>
        text.AsSpan().IndexOfAny('&', '<', '>') < 0
            ? text
            : text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>The comment and then the indentation of what it documents.</summary>
    internal SyntaxTriviaList ToTrivia(int depth, bool blankLineBefore)
    {
        string indent = Code.Indent(depth);
        StringBuilder text = new();
        foreach (string line in lines)
        {
            text.Append(indent).Append("/// ").Append(line).Append('\n');
        }

        text.Append(indent);
        SyntaxTrivia comment = Comment(text.ToString());
        return blankLineBefore ? TriviaList(Code.EndLine, comment) : TriviaList(comment);
    }
}
