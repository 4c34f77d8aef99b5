using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>
/// Emits the one file of a set that says what the set was made from, so that new headers with the same declarations change no
/// other. They are attributes: a program can tell where its bindings come from.
/// </summary>
internal sealed class OriginEmitter(EmitOptions options)
{
    internal const string Path = "Support/Origin.g.cs";

    /// <summary>The file.</summary>
    internal EmittedFile Emit() => SourceFile.Build(Path, options, CompilationUnit(
        default, default, List(Facts()), default, Tokens.Plain(SyntaxKind.EndOfFileToken)));

    /// <summary>What it says, for a set that is one file.</summary>
    internal IReadOnlyList<AttributeListSyntax> Facts()
    {
        List<AttributeListSyntax> facts = [Fact("generator", $"hvbindgen {options.ToolVersion}")];
        if (options.Origin.Length > 0)
        {
            facts.Add(Fact("headers", options.Origin));
        }

        if (options.InputDigest.Length > 0)
        {
            facts.Add(Fact("digest of headers", $"sha256:{options.InputDigest}"));
        }

        return facts;
    }

    // [assembly: System.Reflection.AssemblyMetadata("HvBindgen.Mshv.Abi: headers", "Linux 7.3.4")]
    private AttributeListSyntax Fact(string name, string value) =>
        AttributeList(
            Tokens.Plain(SyntaxKind.OpenBracketToken),
            AttributeTargetSpecifier(Tokens.Plain(SyntaxKind.AssemblyKeyword), Tokens.Spaced(SyntaxKind.ColonToken)),
            Code.AttributeOf(
                "System.Reflection.AssemblyMetadata",
                Code.AttributeValue(Literals.Text($"{options.Namespace}: {name}")),
                Code.AttributeValue(Literals.Text(value))),
            Tokens.AtLineEnd(SyntaxKind.CloseBracketToken));
}
