using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Attributes that the configuration gives to declarations and members.</summary>
/// <param name="texts">Attributes without brackets, by name.</param>
internal sealed class AttributeText(IReadOnlyDictionary<string, IReadOnlyList<string>> texts)
{
    /// <summary>Whether there are none.</summary>
    internal bool IsEmpty => texts.Count == 0;

    /// <summary>Why a text is no attribute; null when it is one.</summary>
    /// <param name="text">The text, without brackets.</param>
    internal static string? FaultOf(string text)
    {
        CompilationUnitSyntax unit = ParseCompilationUnit($"[{text}]\nclass C;");
        if (unit.GetDiagnostics().FirstOrDefault() is { } fault)
        {
            return fault.GetMessage(CultureInfo.InvariantCulture);
        }

        return unit.Members is [ClassDeclarationSyntax { AttributeLists: [{ Target: null }] }] && unit.AttributeLists.Count == 0
            && !unit.DescendantTrivia().Any(trivia => trivia.IsDirective || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia))
            ? null
            : "it is more than that";
    }

    /// <summary>Puts the attributes of a declaration in front of it, behind its documentation.</summary>
    /// <param name="member">The declaration as it is emitted.</param>
    /// <param name="names">Names that the configuration may use for it.</param>
    internal MemberDeclarationSyntax On(MemberDeclarationSyntax member, params ReadOnlySpan<string> names)
    {
        if (texts.Count == 0)
        {
            return member;
        }

        foreach (string name in names)
        {
            if (texts.TryGetValue(name, out IReadOnlyList<string>? attributes))
            {
                member = On(member, attributes);
            }
        }

        return member;
    }

    private static MemberDeclarationSyntax On(MemberDeclarationSyntax member, IReadOnlyList<string> attributes)
    {
        SyntaxTriviaList lead = member.GetLeadingTrivia();
        MemberDeclarationSyntax bare = member.WithLeadingTrivia();
        List<AttributeListSyntax> lists = [];
        foreach (string text in attributes)
        {
            CompilationUnitSyntax unit = ParseCompilationUnit($"[{text}]\nclass C;");
            lists.Add(Code.Attribute(lists.Count == 0 ? lead : default, unit.Members[0].AttributeLists[0].Attributes));
        }

        return bare.WithAttributeLists(bare.AttributeLists.InsertRange(0, lists));
    }
}
