using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits records as blittable structs with clang's offsets.</summary>
internal sealed class RecordEmitter(EmitScope scope)
{
    private readonly FieldEmitter fields = new(scope);
    private readonly BitFieldEmitter bitFields = new(scope);
    private readonly FlexibleArrayEmitter flexibleArrays = new(scope);

    // public struct name { ... }
    internal StructDeclarationSyntax Emit(AbiRecord record)
    {
        string name = NamePolicy.Type(record.Name);
        string remarks = $"{record.Location.Header}:{record.Location.Line}, {scope.TargetNames}.";
        XmlDoc doc = new XmlDoc($"{XmlDoc.C(record.CName)}: {SizeText(record)}.").Remarks(remarks);
        try
        {
            return Emit(record, name, record.Name, doc.Above(0), depth: 0);
        }
        catch (EmitException fault)
        {
            throw fault.At(record.Location, record.CName);
        }
    }

    private StructDeclarationSyntax Emit(AbiRecord record, string name, string path, SyntaxTriviaList lead, int depth)
    {
        RecordLayout layout = RecordLayout.Of(record, scope.Types);
        List<MemberDeclarationSyntax> members = [];
        bool isOverAligned = depth == 0 && layout.IsOverAligned;
        if (isOverAligned)
        {
            members.Add(AlignmentProperty(record, depth + 1));
        }

        bitFields.EmitWindows(record, members, depth + 1);
        foreach (AbiField field in record.HoistedFields())
        {
            EmitMember(record, field, name, path, layout, members, depth + 1);
        }

        BaseListSyntax? bases = isOverAligned
            ? BaseList(
                Tokens.Infix(SyntaxKind.ColonToken),
                SingletonSeparatedList<BaseTypeSyntax>(SimpleBaseType(IdentifierName(Tokens.WordAtLineEnd("IOverAligned")))))
            : null;
        ReadOnlySpan<SyntaxKind> modifiers = layout.NeedsUnsafe
            ? [SyntaxKind.PublicKeyword, SyntaxKind.UnsafeKeyword]
            : [SyntaxKind.PublicKeyword];
        return StructDeclaration(
            layout.IsSequential ? default : SingletonList(LayoutAttribute(record, lead)),
            layout.IsSequential ? Tokens.Modifiers(lead, modifiers) : Tokens.IndentedModifiers(depth, modifiers),
            Tokens.Spaced(SyntaxKind.StructKeyword),
            bases is null ? Tokens.WordAtLineEnd(name) : Tokens.Word(name),
            null,
            bases,
            default,
            Code.OpenBrace(depth, members.FirstOrDefault()),
            List(members),
            Tokens.OwnLine(SyntaxKind.CloseBraceToken, depth),
            default);
    }

    private void EmitMember(
        AbiRecord record, AbiField field, string owner, string path, RecordLayout layout, List<MemberDeclarationSyntax> members, int depth)
    {
        if (field.IsBitField)
        {
            members.Add(bitFields.EmitProperty(record, field, owner, depth));
        }
        else if (field.WidthBits > 0)
        {
            members.Add(fields.Emit(field, owner, layout.IsSequential, depth));
        }

        if (!field.IsFlexibleArray)
        {
            EmitInlineRecord(field, owner, $"{path}.{field.Name}", members, depth);
        }

        foreach (FlexibleArray array in FlexibleArrays.Of(record, field, scope.Model.Index))
        {
            flexibleArrays.Emit(record, array, owner, members, depth);
            EmitInlineRecord(array.Field, owner, $"{path}.{array.CPath}", members, depth);
        }
    }

    private void EmitInlineRecord(AbiField field, string owner, string path, List<MemberDeclarationSyntax> members, int depth)
    {
        if (InlineRecordOf(field.Type) is { SizeBytes: > 0 } inline)
        {
            XmlDoc doc = new($"Type of {XmlDoc.C(path)}: {SizeText(inline)}.");
            members.Add(Emit(inline, FieldEmitter.InlineTypeName(field, owner), path, doc.Above(depth), depth));
        }
    }

    /// <summary>The record that a member's declaration defines; null behind a pointer, which is emitted as <c>void*</c>.</summary>
    internal static AbiRecord? InlineRecordOf(AbiType type) => type switch
    {
        AbiInlineRecord inline => inline.Definition,
        AbiArray array => InlineRecordOf(array.Element),
        _ => null,
    };

    // [StructLayout(LayoutKind.Explicit, Size = 20, Pack = 1)]
    private AttributeListSyntax LayoutAttribute(AbiRecord record, SyntaxTriviaList lead)
    {
        List<AttributeArgumentSyntax> arguments =
        [
            Code.AttributeValue(Code.Member("LayoutKind", "Explicit")),
            Code.AttributeValue(Code.Number(Math.Max(record.SizeBytes, 1)), "Size"),
        ];
        if (scope.Types.PackOf(record) is { } pack)
        {
            arguments.Add(Code.AttributeValue(Code.Number(pack), "Pack"));
        }

        return Code.Attribute(lead, Code.AttributeOf("StructLayout", [.. arguments]));
    }

    // public static int AlignmentBytes => 64;
    private static PropertyDeclarationSyntax AlignmentProperty(AbiRecord record, int depth) =>
        PropertyDeclaration(
            default,
            Tokens.Modifiers(
                new XmlDoc("Alignment that C gives the record, in bytes; C# gives it less.").Above(depth),
                SyntaxKind.PublicKeyword,
                SyntaxKind.StaticKeyword),
            TypeNames.BeforeName("int"),
            null,
            Tokens.Word("AlignmentBytes"),
            null,
            Code.Arrow(Code.Number(record.AlignBytes)),
            null,
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));

    private static string SizeText(AbiRecord record) => record.SizeBytes == 0
        ? "0 bytes in C; C# has no type without a size, so use it only behind a pointer"
        : $"{record.SizeBytes} {(record.SizeBytes == 1 ? "byte" : "bytes")}, aligned to {record.AlignBytes}";
}
