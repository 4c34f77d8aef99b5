using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits records as blittable structs with clang's offsets.</summary>
internal sealed class RecordEmitter(EmitScope scope)
{
    internal const string Alignment = "AlignmentBytes";

    private readonly FieldEmitter fields = new(scope);
    private readonly BitFieldEmitter bitFields = new(scope);
    private readonly FlexibleArrayEmitter flexibleArrays = new(scope);

    // public struct name { ... }
    internal MemberDeclarationSyntax Emit(AbiRecord record)
    {
        string name = scope.Names.Of(record);
        XmlDoc doc = new XmlDoc($"{XmlDoc.C(record.CName)}: {SizeText(record)}.{scope.Names.NoteOf(record.CName)}")
            .Remarks($"{scope.Place(record.Location, record.Name)}.");
        try
        {
            return scope.Attributes.On(
                Emit(record, name, record.CName, record.Name, doc.Above()), record.CName, record.CName == record.Name ? "" : record.Name);
        }
        catch (EmitException fault)
        {
            throw fault.At(record.Location, record.CName);
        }
    }

    private StructDeclarationSyntax Emit(AbiRecord record, string name, string cName, string path, SyntaxTriviaList lead)
    {
        if (record.SizeBytes > ArrayTypes.MaximumBlockBytes)
        {
            throw EmitException.TooLarge($"a {record.Kind.ToC()}", record.SizeBytes);
        }

        RecordNames names = scope.Names.MembersOf(record, name, cName, scope.Model.Index);
        RecordLayout layout = RecordLayout.Of(record, scope.Types);
        List<MemberDeclarationSyntax> members = [];
        bool isOverAligned = record.Name.Length > 0 && layout.IsOverAligned;
        if (isOverAligned)
        {
            members.Add(AlignmentProperty(record));
        }

        if (OpaqueMembers.IsWithoutMembers(record))
        {
            members.Add(BytesOf(record, names));
        }

        bitFields.EmitWindows(record, names, members);
        foreach (AbiField field in record.HoistedFields())
        {
            EmitMember(record, field, names, cName, path, layout, members);
        }

        BaseListSyntax? bases = isOverAligned
            ? BaseList(
                Tokens.Infix(SyntaxKind.ColonToken),
                SingletonSeparatedList<BaseTypeSyntax>(SimpleBaseType(IdentifierName(Tokens.WordAtLineEnd("IOverAligned")))))
            : null;
        SyntaxKind[] modifiers =
        [
            SyntaxKind.PublicKeyword,
            .. scope.Safety.OfType(layout.NeedsUnsafe),
            .. record.Name.Length > 0 && scope.PartialRecords.Contains(record.CName)
                ? [SyntaxKind.PartialKeyword]
                : (ReadOnlySpan<SyntaxKind>)[],
        ];
        return StructDeclaration(
            layout.IsSequential ? default : SingletonList(LayoutAttribute(record, lead)),
            layout.IsSequential ? Tokens.Modifiers(lead, modifiers) : Tokens.Modifiers(modifiers),
            Tokens.Spaced(SyntaxKind.StructKeyword),
            bases is null ? Tokens.WordAtLineEnd(name) : Tokens.Word(name),
            null,
            bases,
            default,
            Code.OpenBrace(members.FirstOrDefault()),
            List(members),
            Tokens.AtLineEnd(SyntaxKind.CloseBraceToken),
            default);
    }

    private void EmitMember(
        AbiRecord record, AbiField field, RecordNames names, string cName, string path, RecordLayout layout,
        List<MemberDeclarationSyntax> members)
    {
        if (field.IsBitField)
        {
            members.Add(Attributed(bitFields.EmitProperty(record, field, names), cName, path, field));
        }
        else if (field.WidthBits > 0)
        {
            members.Add(Attributed(fields.Emit(field, names, layout.IsSequential), cName, path, field));
        }

        if (!field.IsFlexibleArray)
        {
            EmitInlineRecord(field, names, $"{cName}.{field.Name}", $"{path}.{field.Name}", members);
        }

        foreach (FlexibleArray array in FlexibleArrays.Of(record, field, scope.Model.Index))
        {
            flexibleArrays.Emit(record, array, names, members);
            EmitInlineRecord(array.Field, names, $"{cName}.{array.CPath}", $"{path}.{array.CPath}", members);
        }
    }

    private MemberDeclarationSyntax Attributed(MemberDeclarationSyntax member, string cName, string path, AbiField field) =>
        scope.Attributes.On(member, $"{cName}.{field.Name}", cName == path ? "" : $"{path}.{field.Name}");

    private void EmitInlineRecord(
        AbiField field, RecordNames names, string cName, string path, List<MemberDeclarationSyntax> members)
    {
        if (field.Type.InlineRecord() is { SizeBytes: > 0 } inline)
        {
            XmlDoc doc = new($"Type of {XmlDoc.C(path)}: {SizeText(inline)}.");
            members.Add(Emit(inline, names.InlineTypeOf(field), cName, path, doc.Above()));
        }
    }

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

    // [FieldOffset(0)] public Array6<byte> bytes; a type with a size and no field, in a union of others, ends the runtime (.NET 10).
    private FieldDeclarationSyntax BytesOf(AbiRecord record, RecordNames names) =>
        FieldDeclaration(
            SingletonList(FieldEmitter.FieldOffset(0, new XmlDoc("All that is known of the record.").Above())),
            scope.Safety.OfField(default, SyntaxKind.PublicKeyword, isPointer: false, mayOverlap: true),
            Code.Variable(scope.Types.BytesOf(record.SizeBytes), names.Free("bytes")),
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));

    // public static int AlignmentBytes => 64;
    private static PropertyDeclarationSyntax AlignmentProperty(AbiRecord record) =>
        PropertyDeclaration(
            default,
            Tokens.Modifiers(
                new XmlDoc("Alignment that C gives the record, in bytes; C# gives it less.").Above(),
                SyntaxKind.PublicKeyword,
                SyntaxKind.StaticKeyword),
            ((CSharpType)"int").BeforeName,
            null,
            Tokens.Word(Alignment),
            null,
            Code.Arrow(Code.Number(record.AlignBytes)),
            null,
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));

    private static string SizeText(AbiRecord record) => record.SizeBytes == 0
        ? "0 bytes in C; C# has no type without a size, so use it only behind a pointer"
        : $"{record.SizeBytes} {(record.SizeBytes == 1 ? "byte" : "bytes")}, aligned to {record.AlignBytes}"
            + (OpaqueMembers.IsWithoutMembers(record) ? "; what is in them is not described" : "");
}
