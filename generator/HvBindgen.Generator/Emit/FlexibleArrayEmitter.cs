using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits flexible array members: no field, but where the elements start, how much to allocate, and access to them.</summary>
internal sealed class FlexibleArrayEmitter(EmitScope scope)
{
    private static readonly CSharpType SpanOfBytes = CSharpType.Generic("System.Span", "byte");

    internal void Emit(AbiRecord record, FlexibleArray array, RecordNames names, List<MemberDeclarationSyntax> members)
    {
        AbiField field = array.Field;
        AbiType element = ((AbiArray)field.Type).Element;
        MappedType type = scope.Types.Map(element, names.InlineTypeOf(field));
        if (type.SizeBytes == 0)
        {
            return;
        }

        CSharpType elementType = type.IsUnsafe ? "nint" : type.Type;
        string name = names.Of(field);
        long offset = field.OffsetBits / 8;
        bool isOnly = record.HoistedFields().SelectMany(
            member => FlexibleArrays.Of(record, member, scope.Model.Index)).Take(2).Count() == 1;
        string declaration = XmlDoc.C(FieldEmitter.Declare(field with { Name = array.CPath }));

        string plain = NamePolicy.Identifier(field.Name);
        string offsetName = names.Free($"{plain}_offset");
        string sizeName = names.Free(isOnly ? "AllocationSize" : $"AllocationSize_{plain}");
        members.Add(Offset(offsetName, offset, declaration));
        members.Add(AllocationSize(sizeName, record, offset, elementType, declaration));
        members.Add(Elements(name, elementType, offsetName, declaration));
        members.Add(Pointer(name, elementType, names.Owner, offsetName, declaration));
    }

    // public const int entries_offset = 8;
    private static FieldDeclarationSyntax Offset(string name, long offset, string declaration) =>
        FieldDeclaration(
            default,
            Tokens.Modifiers(
                new XmlDoc($"Where the elements of {declaration} start, in bytes from the start of the record.").Above(),
                SyntaxKind.PublicKeyword,
                SyntaxKind.ConstKeyword),
            Code.Variable("int", name, Code.Number(offset)),
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));

    // public static int AllocationSize(int count) => Math.Max(8, checked(8 + count * sizeof(element)));
    private static MethodDeclarationSyntax AllocationSize(
        string name, AbiRecord record, long offset, CSharpType element, string declaration)
    {
        ExpressionSyntax bytes = Code.Binary(
            SyntaxKind.AddExpression,
            SyntaxKind.PlusToken,
            Code.Number(offset),
            Code.Parenthesized(
                Code.Binary(SyntaxKind.MultiplyExpression, SyntaxKind.AsteriskToken, Code.Name("count"), Code.SizeOf(element))));
        ExpressionSyntax size = Code.Call(
            Code.Member("System.Math", "Max"), Code.Number(record.SizeBytes), CheckedExpression(SyntaxKind.CheckedExpression, bytes));
        XmlDoc doc = new XmlDoc($"Bytes that a record with a number of elements of {declaration} takes.")
            .Parameter("count", "Number of elements, not negative.")
            .Returns("Size in bytes, never less than the record's own.")
            .Exception("System.OverflowException", "The size is larger than an int.");
        return Method("int", name, Code.Parameters(Code.Parameter("int", "count")), size, doc);
    }

    // public static Span<element> entries(Span<byte> record) => MemoryMarshal.Cast<byte, element>(record[8..]);
    private MethodDeclarationSyntax Elements(string name, CSharpType element, string offsetName, string declaration)
    {
        ExpressionSyntax rest = Code.Call(Code.Member("record", "Slice"), Code.Name(offsetName));
        ExpressionSyntax span = Code.Call(Code.Member(Code.Name("MemoryMarshal"), "Cast", "byte", element), rest);
        XmlDoc doc = new XmlDoc($"The elements of {declaration} in the memory of a record.")
            .Parameter("record", "Memory that starts with the record; all of the rest is elements.")
            .Returns("As many elements as the memory holds whole.")
            .Exception("System.ArgumentOutOfRangeException", "The memory ends before the elements start.");

        // Any bytes are elements; the runtime calls it unsafe because of types of which that is not so.
        return Method(
            CSharpType.Generic("System.Span", element), name, Code.Parameters(Code.Parameter(SpanOfBytes, "record")), span, doc,
            scope.Safety.StandsOnMembers ? scope.Safety.BodyOf(span) : null);
    }

    // public static element* entries(owner* record) => (element*)((byte*)record + 8);
    private static MethodDeclarationSyntax Pointer(string name, CSharpType element, string owner, string offsetName, string declaration)
    {
        ExpressionSyntax address = Code.Parenthesized(Code.Binary(
            SyntaxKind.AddExpression, SyntaxKind.PlusToken, Code.Cast(((CSharpType)"byte").Pointer, Code.Name("record")),
            Code.Name(offsetName)));
        XmlDoc doc = new XmlDoc($"The first element of {declaration}.")
            .Parameter("record", "A record with its elements behind it; the caller answers for their number.")
            .Returns("A pointer into the same memory.");
        return Method(
            element.Pointer, name, Code.Parameters(Code.Parameter(((CSharpType)owner).Pointer, "record")),
            Code.Cast(element.Pointer, address), doc);
    }

    private static MethodDeclarationSyntax Method(
        CSharpType type, string name, ParameterListSyntax parameters, ExpressionSyntax body, XmlDoc doc,
        BlockSyntax? block = null) =>
        MethodDeclaration(
            default,
            Tokens.Modifiers(doc.Above(), SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword),
            type.BeforeName,
            null,
            Tokens.Word(name),
            null,
            block is null ? parameters : parameters.WithCloseParenToken(Tokens.AtLineEnd(SyntaxKind.CloseParenToken)),
            default,
            block,
            block is null ? Code.Arrow(body) : null,
            block is null ? Tokens.AtLineEnd(SyntaxKind.SemicolonToken) : default);
}
