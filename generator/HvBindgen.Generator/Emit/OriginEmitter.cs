using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>
/// Emits the one file of a set that says what the set was made from, so that new headers with the same declarations change no
/// other. They are attributes: a program can tell where its bindings come from.
/// </summary>
internal static class OriginEmitter
{
    internal const string Path = "Support/Origin.g.cs";

    /// <summary>The file.</summary>
    internal static EmittedFile Emit(EmitOptions options) => SourceFile.Build(Path, options, CompilationUnit(
        default, default, List(FactsOf(options)), default, Tokens.Plain(SyntaxKind.EndOfFileToken)));

    /// <summary>What it says, for a set that is one file.</summary>
    internal static IReadOnlyList<AttributeListSyntax> FactsOf(EmitOptions options)
    {
        List<AttributeListSyntax> facts = [Fact(options, "generator", $"hvbindgen {options.ToolVersion}")];
        if (options.Origin.Length > 0)
        {
            facts.Add(Fact(options, "headers", options.Origin));
        }

        if (options.InputDigest.Length > 0)
        {
            facts.Add(Fact(options, "digest of headers", $"sha256:{options.InputDigest}"));
        }

        return facts;
    }

    // [assembly: System.Reflection.AssemblyMetadata("HvBindgen.Mshv.Abi: headers", "Linux 7.3.4")]
    private static AttributeListSyntax Fact(EmitOptions options, string name, string value) =>
        AttributeList(
            Tokens.Plain(SyntaxKind.OpenBracketToken),
            AttributeTargetSpecifier(Tokens.Plain(SyntaxKind.AssemblyKeyword), Tokens.Spaced(SyntaxKind.ColonToken)),
            Code.AttributeOf(
                "System.Reflection.AssemblyMetadata",
                Code.AttributeValue(Literals.Text($"{options.Namespace}: {name}")),
                Code.AttributeValue(Literals.Text(value))),
            Tokens.AtLineEnd(SyntaxKind.CloseBracketToken));
}
