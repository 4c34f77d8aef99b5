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

    private static readonly IdentifierNameSyntax Record = Code.Name("record");
    private static readonly ExpressionSyntax CheckField = Code.Member("check", "Field");
    private static readonly ExpressionSyntax CheckBits = Code.Member("check", "Bits");
    private static readonly ParameterListSyntax Parameters = Code.Parameters(isAtLineEnd: true, Code.Parameter("LayoutCheck", "check"));

    private readonly Dictionary<string, ArgumentSyntax> sizes = new(StringComparer.Ordinal);

    /// <summary>The table of one scope.</summary>
    internal ClassDeclarationSyntax Emit(IReadOnlyList<AbiRecord> records)
    {
        List<MemberDeclarationSyntax> checks = [];
        foreach (AbiRecord record in records)
        {
            if (record.SizeBytes > 0)
            {
                EmitChecks(record, checks);
            }
        }

        StatementSyntax[] calls = [.. checks.Cast<MethodDeclarationSyntax>().Select(
            method => Code.Statement(Code.Call(Code.Name(method.Identifier.Text), Code.Name("check"))))];
        return ClassDeclaration(
            default,
            Tokens.Modifiers(Tokens.LineEnd, SyntaxKind.InternalKeyword, SyntaxKind.StaticKeyword, SyntaxKind.UnsafeKeyword),
            Tokens.Spaced(SyntaxKind.ClassKeyword),
            Tokens.WordAtLineEnd(TableClass),
            null,
            null,
            default,
            Tokens.AtLineEnd(SyntaxKind.OpenBraceToken),
            List([Method(SyntaxKind.InternalKeyword, CheckMethod, calls, default), .. checks]),
            Tokens.AtLineEnd(SyntaxKind.CloseBraceToken),
            default);
    }

    private void EmitChecks(AbiRecord record, List<MemberDeclarationSyntax> checks)
    {
        try
        {
            EmitRecord(record, NamePolicy.Type(record.Name), record.Name, checks);
        }
        catch (EmitException fault)
        {
            throw fault.At(record.Location, record.CName);
        }
    }

    // private static void Check_name(LayoutCheck check) { name* record = check.Begin<name>("name", 16); ... }
    private void EmitRecord(AbiRecord record, string type, string name, List<MemberDeclarationSyntax> checks)
    {
        List<StatementSyntax> statements =
        [
            LocalDeclarationStatement(
                default,
                Code.Variable(
                    TypeNames.BeforeName(type + "*"),
                    "record",
                    Code.CallWith(
                        Code.Member(Code.Name("check"), $"Begin<{type}>"), Text(name), Code.Value(record.SizeBytes))),
                Tokens.AtLineEnd(SyntaxKind.SemicolonToken)),
        ];

        // Its place is before the records in it, whose checks are made on the way.
        int position = checks.Count;
        checks.Add(null!);

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
            statements.Add(Code.Statement(Code.CallWith(
                CheckField,
                Text(field.Name),
                Code.Value(PrefixUnaryExpression(SyntaxKind.AddressOfExpression, Tokens.Plain(SyntaxKind.AmpersandToken), Arrow(Record, member))),
                SizeOf(mapped.Name),
                Code.Value(field.OffsetBits / 8),
                Code.Value(field.WidthBits / 8))));
        }

        checks[position] = Method(SyntaxKind.PrivateKeyword, $"{CheckMethod}_{name.Replace('.', '_')}", statements, Tokens.LineEnd);
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
            ? LiteralExpression(SyntaxKind.TrueLiteralExpression, Tokens.Plain(SyntaxKind.TrueKeyword))
            : Literals.Integer(ones);
        if (@enum is not null)
        {
            value = Code.Cast(scope.Types.Map(field.Type).Name, Code.Parenthesized(value));
        }

        statements.Add(Code.Statement(Code.Assign(Arrow(Record, member), value)));
        statements.Add(Code.Statement(Code.CallWith(
            CheckBits,
            Text(field.Name),
            Code.Value(Code.Binary(SyntaxKind.EqualsExpression, SyntaxKind.EqualsEqualsToken, Arrow(Record, member), value)),
            Code.Value(field.OffsetBits),
            Code.Value(field.WidthBits))));
    }

    private static MemberAccessExpressionSyntax Arrow(ExpressionSyntax record, string member) =>
        MemberAccessExpression(
            SyntaxKind.PointerMemberAccessExpression,
            record,
            Tokens.Plain(SyntaxKind.MinusGreaterThanToken),
            IdentifierName(Tokens.Word(member)));

    // A C name: nothing in it needs an escape.
    private static ArgumentSyntax Text(string name) =>
        Code.Value(LiteralExpression(SyntaxKind.StringLiteralExpression, Literal(default, $"\"{name}\"", name, default)));

    private ArgumentSyntax SizeOf(string type)
    {
        if (!sizes.TryGetValue(type, out ArgumentSyntax? size))
        {
            size = Code.Value(Code.SizeOf(type));
            sizes.Add(type, size);
        }

        return size;
    }

    private static MethodDeclarationSyntax Method(
        SyntaxKind access, string name, IReadOnlyList<StatementSyntax> statements, SyntaxTriviaList lead) =>
        MethodDeclaration(
            default,
            Tokens.Modifiers(lead, access, SyntaxKind.StaticKeyword),
            TypeNames.BeforeName("void"),
            null,
            Tokens.Word(name),
            null,
            Parameters,
            default,
            Block(default, Tokens.AtLineEnd(SyntaxKind.OpenBraceToken), List(statements), Tokens.AtLineEnd(SyntaxKind.CloseBraceToken)),
            null,
            default);
}
