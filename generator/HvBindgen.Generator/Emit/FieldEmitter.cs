using System.Collections.Concurrent;
using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits ordinary members.</summary>
internal sealed class FieldEmitter(EmitScope scope)
{
    // With room for most records' offsets: to grow is code that .NET would have to compile first, for this type of value alone.
    private static readonly ConcurrentDictionary<long, SeparatedSyntaxList<AttributeSyntax>> Offsets =
        new(concurrencyLevel: 4, capacity: 1021);

    // [FieldOffset(8)] public ulong guest_pfn;
    internal FieldDeclarationSyntax Emit(AbiField field, RecordNames names, bool isSequential)
    {
        MappedType type = scope.Types.Map(field.Type, names.InlineTypeOf(field));
        XmlDoc doc = new($"{XmlDoc.C(Declare(field))}: {Bytes(field.OffsetBits / 8, field.WidthBits / 8)}.{names.NoteOf(field)}");
        if (scope.Types.Shortfalls.Of(field.Type) is { } shortfall)
        {
            doc.Remarks(XmlDoc.Escape(shortfall));
        }

        VariableDeclarationSyntax variable = Code.Variable(type.Type, names.Of(field));
        SyntaxTriviaList lead = doc.Above();
        return FieldDeclaration(
            isSequential ? default : SingletonList(FieldOffset(field.OffsetBits / 8, lead)),
            scope.Safety.OfField(isSequential ? lead : default, SyntaxKind.PublicKeyword, type.IsUnsafe, mayOverlap: !isSequential),
            variable,
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
    }

    // [FieldOffset(8)]
    internal static AttributeListSyntax FieldOffset(long offsetBytes, SyntaxTriviaList lead = default) =>
        Code.Attribute(
            lead,
            Offsets.GetOrAdd(offsetBytes, static offset => Code.AttributeOf("FieldOffset", Code.AttributeValue(Code.Number(offset)))));

    /// <summary>The C declaration, for documentation: <c>struct foo *a[4]</c> or <c>__u64 b:3</c>.</summary>
    internal static string Declare(AbiField field)
    {
        string declaration = AbiTypeText.Declare(field.Type, field.Name);
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
