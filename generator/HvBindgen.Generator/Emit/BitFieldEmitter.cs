using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits bit-fields as properties over private integers that overlap the record's other members.</summary>
internal sealed class BitFieldEmitter(EmitScope scope)
{
    private bool IsLittleEndian => scope.Model.Target.IsLittleEndian;

    // [FieldOffset(4)] private uint bits_4_4;
    internal void EmitWindows(AbiRecord record, RecordNames names, List<MemberDeclarationSyntax> members)
    {
        HashSet<BitFieldWindow> windows = [];
        foreach (AbiField field in record.HoistedFields())
        {
            if (field.IsBitField && windows.Add(WindowOf(record, field)))
            {
                BitFieldWindow window = WindowOf(record, field);
                members.Add(FieldDeclaration(
                    SingletonList(FieldEmitter.FieldOffset(window.OffsetBytes)),
                    scope.Safety.OfField(default, SyntaxKind.PrivateKeyword, isPointer: false, mayOverlap: true),
                    Code.Variable(window.TypeIn(scope.Types), names.Free(window.FieldName)),
                    Tokens.AtLineEnd(SyntaxKind.SemicolonToken)));
            }
        }
    }

    // public uint name { readonly get => (uint)BitField.Unsigned(bits_4_4, 3, 2); set => bits_4_4 = (uint)BitField.Insert(...); }
    internal PropertyDeclarationSyntax EmitProperty(AbiRecord record, AbiField field, RecordNames names)
    {
        BitFieldWindow window = WindowOf(record, field);
        AbiType resolved = scope.Model.Index.Resolve(field.Type);
        PrimitiveKind underlying = TypeMapper.KindOfBits(scope.Model.Index.EnumOf(resolved), resolved);
        bool isBoolean = underlying == PrimitiveKind.Bool;

        // Plain char is a byte in C#, whatever its sign in C.
        bool isSigned = underlying.IsSigned(scope.Model.Target) && underlying != PrimitiveKind.Char;
        CSharpType type = isBoolean ? "bool" : scope.Types.Map(field.Type).Type;

        long last = field.OffsetBits + field.WidthBits - 1;
        string bits = field.WidthBits == 1 ? $"bit {field.OffsetBits}" : $"bits {field.OffsetBits} to {last}";
        XmlDoc doc = new XmlDoc($"{XmlDoc.C(FieldEmitter.Declare(field))}: {bits}.{names.NoteOf(field)}");
        if (field.WidthBits < 8 * TypeBytes(underlying) && !isBoolean)
        {
            doc.Exception(
                "System.ArgumentOutOfRangeException",
                $"The value needs more than {field.WidthBits} {(field.WidthBits == 1 ? "bit" : "bits")}.");
        }

        ExpressionSyntax storage = Code.Name(names.Free(window.FieldName));
        AccessorDeclarationSyntax get = Accessor(
            SyntaxKind.GetAccessorDeclaration, Get(window, storage, field, type, underlying, isSigned));
        AccessorDeclarationSyntax set = Accessor(SyntaxKind.SetAccessorDeclaration, Set(window, storage, field, underlying, isSigned));
        return PropertyDeclaration(
            default,
            Tokens.Modifiers(doc.Above(), SyntaxKind.PublicKeyword),
            type.BeforeName,
            null,
            Tokens.WordAtLineEnd(names.Of(field)),
            AccessorList(Tokens.AtLineEnd(SyntaxKind.OpenBraceToken), List([get, set]), Tokens.AtLineEnd(SyntaxKind.CloseBraceToken)),
            null,
            null,
            default);
    }

    private static BitFieldWindow WindowOf(AbiRecord record, AbiField field) => BitFieldWindow.Of(field, record.SizeBytes);

    // Integers are in the order of the machine that the code runs on; bytes are taken in the order of the target.
    private string SupportFor(BitFieldWindow window, PrimitiveKind kind) =>
        IsWide(kind) ? "WideBits" : window.IsInteger || IsLittleEndian ? "BitField" : "BigEndianBits";

    private static bool IsWide(PrimitiveKind kind) => kind is PrimitiveKind.Int128 or PrimitiveKind.UInt128;

    // BitField.Unsigned(bits_4_4, 3, 2), WideBits.Insert(bits_0_9, 0, 65, (System.UInt128)value, false)
    private ExpressionSyntax Access(
        BitFieldWindow window, ExpressionSyntax storage, AbiField field, PrimitiveKind kind, string method,
        params ReadOnlySpan<ExpressionSyntax> value)
    {
        List<ExpressionSyntax> arguments =
        [
            storage, Code.Number(window.ShiftOf(field, IsLittleEndian)), Code.Number(field.WidthBits), .. value,
        ];
        if (IsWide(kind) && !window.IsInteger)
        {
            arguments.Add(LiteralExpression(IsLittleEndian ? SyntaxKind.FalseLiteralExpression : SyntaxKind.TrueLiteralExpression));
        }

        return Code.Call(Code.Member(SupportFor(window, kind), method), [.. arguments]);
    }

    private int TypeBytes(PrimitiveKind kind) => kind.SizeBytes(scope.Model.Target);

    private static AccessorDeclarationSyntax Accessor(SyntaxKind kind, ExpressionSyntax expression)
    {
        bool isGet = kind == SyntaxKind.GetAccessorDeclaration;
        return AccessorDeclaration(
            kind,
            default,
            isGet ? Tokens.Modifiers(SyntaxKind.ReadOnlyKeyword) : default,
            isGet ? Tokens.Plain(SyntaxKind.GetKeyword) : Tokens.Plain(SyntaxKind.SetKeyword),
            null,
            Code.Arrow(expression),
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
    }

    private ExpressionSyntax Get(
        BitFieldWindow window, ExpressionSyntax storage, AbiField field, CSharpType type, PrimitiveKind kind, bool isSigned)
    {
        ExpressionSyntax value = Access(window, storage, field, kind, isSigned ? "Signed" : "Unsigned");
        if (kind == PrimitiveKind.Bool)
        {
            return Code.Binary(SyntaxKind.NotEqualsExpression, SyntaxKind.ExclamationEqualsToken, value, Code.Number(0));
        }

        return IsWide(kind) || type == (CSharpType)(isSigned ? "long" : "ulong") ? value : Code.Cast(type, value);
    }

    private ExpressionSyntax Set(
        BitFieldWindow window, ExpressionSyntax storage, AbiField field, PrimitiveKind kind, bool isSigned)
    {
        ExpressionSyntax value = kind == PrimitiveKind.Bool
            ? ConditionalExpression(
                Code.Name("value"), Tokens.Infix(SyntaxKind.QuestionToken), Literal("1UL"), Tokens.Infix(SyntaxKind.ColonToken),
                Literal("0UL"))
            : IsWide(kind) ? Code.Name("value")
            : Code.Cast(isSigned ? "long" : "ulong", Code.Name("value"));
        ExpressionSyntax insert = Access(window, storage, field, kind, "Insert", value);
        if (!window.IsInteger)
        {
            return insert;
        }

        string type = TypeMapper.IntegerName(window.SizeBytes, false);
        return Code.Assign(storage, type == "ulong" ? insert : Code.Cast(type, insert));
    }

    private static ExpressionSyntax Literal(string text) => ParseExpression(text);
}
