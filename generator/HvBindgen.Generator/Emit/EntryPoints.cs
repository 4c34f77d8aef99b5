using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>
/// Declares a template's entry points with <c>DllImport</c>. Their parameters are numbers and pointers, so the runtime has nothing
/// to marshal, whichever attribute they have.
/// </summary>
internal static class EntryPoints
{
    internal static CompilationUnitSyntax Declared(CompilationUnitSyntax template) =>
        template.ReplaceNodes(
            template.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(method => AttributeOf(method) is not null),
            (_, method) => Declared(method));

    // [DllImport("libc", EntryPoint = "ioctl"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    // internal static extern int Ioctl(int fd, nuint request, void* argument);
    private static MethodDeclarationSyntax Declared(MethodDeclarationSyntax method)
    {
        AttributeSyntax import = AttributeOf(method)!;
        AttributeSyntax paths = Attribute(
            IdentifierName("DefaultDllImportSearchPaths"),
            ParseAttributeArgumentList("(DllImportSearchPath.SafeDirectories)"));
        AttributeListSyntax list = (AttributeListSyntax)import.Parent!;
        SyntaxToken word = method.Modifiers.Single(modifier => modifier.IsKind(SyntaxKind.PartialKeyword));
        return method
            .WithAttributeLists(method.AttributeLists.Replace(list, list.WithAttributes(SeparatedList(
                [import.WithName(IdentifierName("DllImport")), paths],
                [Token(default, SyntaxKind.CommaToken, TriviaList(Space))]))))
            .WithModifiers(method.Modifiers.Replace(word, Token(word.LeadingTrivia, SyntaxKind.ExternKeyword, word.TrailingTrivia)));
    }

    private static AttributeSyntax? AttributeOf(MethodDeclarationSyntax method) =>
        method.AttributeLists.SelectMany(list => list.Attributes).FirstOrDefault(attribute => attribute.Name.ToString() == "LibraryImport");
}
