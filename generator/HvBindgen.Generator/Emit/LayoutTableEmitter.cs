using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits the table of all sizes, offsets and bits, as code that compares each with what C# made of it.</summary>
internal sealed class LayoutTableEmitter(EmitScope scope)
{
    internal const string TableClass = "LayoutTable";
    internal const string CheckMethod = "Check";

    /// <summary>The table of one scope.</summary>
    internal ClassDeclarationSyntax Emit(IReadOnlyList<AbiRecord> records)
    {
        List<MemberDeclarationSyntax> checks = [];
        foreach (AbiRecord record in records)
        {
            if (record.SizeBytes > 0)
            {
                EmitRecord(record, NamePolicy.Type(record.Name), record.Name, checks);
            }
        }

        StatementSyntax[] calls = [.. checks.Cast<MethodDeclarationSyntax>().Select(
            method => Statement(Code.Call(Code.NameAtLineStart(method.Identifier.Text, 2), Code.Name("check"))))];
        MethodDeclarationSyntax all = Method(SyntaxKind.InternalKeyword, CheckMethod, calls);
        return ClassDeclaration(
            default,
            Code.Modifiers(SyntaxKind.InternalKeyword, SyntaxKind.StaticKeyword, SyntaxKind.UnsafeKeyword),
            Code.Spaced(SyntaxKind.ClassKeyword),
            Identifier(TableClass).WithTrailingTrivia(Code.EndLine),
            null,
            null,
            default,
            Code.OwnLine(SyntaxKind.OpenBraceToken, 0),
            Code.Members([all, .. checks]),
            Code.OwnLine(SyntaxKind.CloseBraceToken, 0),
            default).WithLeadingTrivia(Code.EndLine);
    }

    // private static void Check_name(LayoutCheck check) { name* record = check.Begin<name>("name", 16); ... }
    private void EmitRecord(AbiRecord record, string type, string name, List<MemberDeclarationSyntax> checks)
    {
        List<StatementSyntax> statements =
        [
            LocalDeclarationStatement(
                default,
                Code.Variable(
                    type + "*",
                    "record",
                    Code.Call(Code.Member("check", $"Begin<{type}>"), Text(name), Code.Number(record.SizeBytes))),
                Code.AtLineEnd(SyntaxKind.SemicolonToken)).Indented(2),
        ];
        checks.Add(Method(SyntaxKind.PrivateKeyword, $"{CheckMethod}_{name.Replace('.', '_')}", []));
        int position = checks.Count - 1;

        foreach (AbiField field in record.HoistedFields())
        {
            string owner = type[(type.LastIndexOf('.') + 1)..];
            string inlineName = $"{type}.{FieldEmitter.InlineTypeName(field, owner)}";
            if (RecordEmitter.InlineRecordOf(field.Type) is { SizeBytes: > 0 } inline)
            {
                EmitRecord(inline, inlineName, $"{name}.{field.Name}", checks);
            }

            if (field.IsFlexibleArray || field.WidthBits == 0)
            {
                continue;
            }

            string member = NamePolicy.Member(field.Name, owner);
            if (field.IsBitField)
            {
                EmitBits(field, member, statements);
                continue;
            }

            MappedType mapped = scope.Types.Map(field.Type, inlineName);
            statements.Add(Statement(Code.Call(
                Code.Member(Check, "Field"),
                Text(field.Name),
                PrefixUnaryExpression(SyntaxKind.AddressOfExpression, Arrow(member)),
                Code.SizeOf(mapped.Name),
                Code.Number(field.OffsetBits / 8),
                Code.Number(field.WidthBits / 8))));
        }

        checks[position] = Method(SyntaxKind.PrivateKeyword, $"{CheckMethod}_{name.Replace('.', '_')}", statements);
    }

    // record->member = 7; check.Bits("member", record->member == 7, 3, 3);
    private void EmitBits(AbiField field, string member, List<StatementSyntax> statements)
    {
        if (!scope.Model.Target.IsLittleEndian)
        {
            return;
        }

        AbiType resolved = scope.Model.Index.Resolve(field.Type);
        AbiEnum? @enum = scope.Model.Index.EnumOf(resolved);
        PrimitiveKind kind = @enum?.Underlying ?? ((AbiPrimitive)resolved).Kind;
        Int128 ones = kind.IsSigned(scope.Model.Target) && kind != PrimitiveKind.Char ? -1 : (Int128.One << (int)field.WidthBits) - 1;
        ExpressionSyntax value = kind == PrimitiveKind.Bool
            ? LiteralExpression(SyntaxKind.TrueLiteralExpression)
            : Literals.Integer(ones);
        if (@enum is not null)
        {
            value = Code.Cast(scope.Types.Map(field.Type).Name, ParenthesizedExpression(value));
        }

        statements.Add(Statement(Code.Assign(Arrow(member, atLineStart: true), value)));
        statements.Add(Statement(Code.Call(
            Code.Member(Check, "Bits"),
            Text(field.Name),
            Code.Binary(SyntaxKind.EqualsExpression, SyntaxKind.EqualsEqualsToken, Arrow(member), value),
            Code.Number(field.OffsetBits),
            Code.Number(field.WidthBits))));
    }

    // A statement starts with its receiver, so that carries the indentation.
    private static IdentifierNameSyntax Check => Code.NameAtLineStart("check", 2);

    private static MemberAccessExpressionSyntax Arrow(string member, bool atLineStart = false) =>
        MemberAccessExpression(
            SyntaxKind.PointerMemberAccessExpression,
            atLineStart ? Code.NameAtLineStart("record", 2) : Code.Name("record"),
            IdentifierName(member));

    private static LiteralExpressionSyntax Text(string text) => LiteralExpression(SyntaxKind.StringLiteralExpression, Literal(text));

    private static ExpressionStatementSyntax Statement(ExpressionSyntax expression) =>
        ExpressionStatement(expression, Code.AtLineEnd(SyntaxKind.SemicolonToken));

    private static MethodDeclarationSyntax Method(SyntaxKind access, string name, IReadOnlyList<StatementSyntax> statements) =>
        MethodDeclaration(
            default,
            Code.Modifiers(access, SyntaxKind.StaticKeyword),
            Code.TypeBeforeName("void"),
            null,
            Identifier(name),
            null,
            Code.Parameters(Code.Parameter("LayoutCheck", "check")).WithCloseParenToken(Code.AtLineEnd(SyntaxKind.CloseParenToken)),
            default,
            Block(Code.OwnLine(SyntaxKind.OpenBraceToken, 1), List(statements), Code.OwnLine(SyntaxKind.CloseBraceToken, 1)),
            null,
            default).WithLeadingTrivia(Code.EndLine, Whitespace(Code.Indent(1)));
}
