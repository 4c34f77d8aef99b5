using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits ordinary members.</summary>
internal sealed class FieldEmitter(EmitScope scope)
{
    /// <summary>C# name of the type of a member that defines its own record.</summary>
    internal static string InlineTypeName(AbiField field, string owner) => field.Name + (field.Name + "_t" == owner ? "_t_" : "_t");

    // [FieldOffset(8)] public ulong guest_pfn;
    internal FieldDeclarationSyntax Emit(AbiField field, string owner, bool isSequential, int depth)
    {
        MappedType type = scope.Types.Map(field.Type, InlineTypeName(field, owner));
        XmlDoc doc = new($"{XmlDoc.C(Declare(field))}: {Bytes(field.OffsetBits / 8, field.WidthBits / 8)}.");
        VariableDeclarationSyntax variable = Code.Variable(type.Name, NamePolicy.Member(field.Name, owner));
        return FieldDeclaration(
            isSequential ? default : List([FieldOffset(field.OffsetBits / 8, depth)]),
            isSequential ? Code.Modifiers(SyntaxKind.PublicKeyword) : IndentedModifiers(depth, SyntaxKind.PublicKeyword),
            variable,
            Code.AtLineEnd(SyntaxKind.SemicolonToken)).Documented(doc, depth, blankLineBefore: true);
    }

    // [FieldOffset(8)]
    internal static AttributeListSyntax FieldOffset(long offsetBytes, int depth) =>
        Code.Attribute(depth, "FieldOffset", Code.AttributeValue(Code.Number(offsetBytes)));

    internal static Microsoft.CodeAnalysis.SyntaxTokenList IndentedModifiers(int depth, params ReadOnlySpan<SyntaxKind> kinds)
    {
        Microsoft.CodeAnalysis.SyntaxTokenList modifiers = Code.Modifiers(kinds);
        Microsoft.CodeAnalysis.SyntaxToken first = modifiers[0];
        return modifiers.Replace(first, first.WithLeadingTrivia(Whitespace(Code.Indent(depth))));
    }

    /// <summary>The C declaration, for documentation: <c>struct foo *a[4]</c> or <c>__u64 b:3</c>.</summary>
    internal static string Declare(AbiField field)
    {
        string type = AbiTypeText.Write(field.Type);
        int suffix = type.IndexOf('[', StringComparison.Ordinal);
        int nested = type.IndexOf("(*", StringComparison.Ordinal);
        if (nested >= 0)
        {
            return type.Insert(nested + 2, field.Name);
        }

        string declaration = suffix < 0
            ? (type[^1] == '*' ? type + field.Name : $"{type} {field.Name}")
            : $"{type[..suffix].TrimEnd()}{(type[suffix - 1] == '*' ? "" : " ")}{field.Name}{type[suffix..]}";
        return field.IsBitField ? $"{declaration}:{field.WidthBits}" : declaration;
    }

    /// <summary>For documentation: byte 4, bytes 8 to 15.</summary>
    internal static string Bytes(long offset, long size) => size switch
    {
        0 => $"at byte {offset}",
        1 => $"byte {offset}",
        _ => $"bytes {offset} to {offset + size - 1}",
    };
}
