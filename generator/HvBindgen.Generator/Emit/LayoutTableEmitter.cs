using System.Collections.Concurrent;
using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits the table of all sizes, offsets and bits, as code that compares each with what C# made of it.</summary>
internal sealed class LayoutTableEmitter
{
    internal const string TableClass = "LayoutTable";
    internal const string CheckMethod = "Check";

    // In letters, of which each has three bytes at most.
    private const int LongestName = 300;

    private static readonly IdentifierNameSyntax Record = Code.Name("record");
    private static readonly ExpressionSyntax CheckField = Code.Member("check", "Field");
    private static readonly ExpressionSyntax CheckBits = Code.Member("check", "Bits");
    private static readonly ParameterListSyntax Parameters = Code.Parameters(isAtLineEnd: true, Code.Parameter("LayoutCheck", "check"));

    private readonly ConcurrentDictionary<CSharpType, ArgumentSyntax> sizes = [];
    private readonly EmitScope scope;
    private readonly SortedDictionary<string, string> methods;
    private readonly Dictionary<string, string> checkNames = new(StringComparer.Ordinal);

    /// <summary>Prepares the table of one scope.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="records">Its records that have a size.</param>
    internal LayoutTableEmitter(EmitScope scope, IReadOnlyList<AbiRecord> records)
    {
        this.scope = scope;
        NameClaims claims = new();
        methods = MethodsOf(records.Select(record => record.Location.Header).Distinct(), claims);
        foreach (AbiRecord record in records)
        {
            NameChecks(record, scope.Names.Of(record), record.CName, record.Name, claims);
        }
    }

    /// <summary>The method that all others are called from, header by header.</summary>
    internal MemberDeclarationSyntax EmitEntry() =>
        Class([Method(SyntaxKind.InternalKeyword, CheckMethod, Calls(methods.Values), default)]);

    /// <summary>The checks of one header's records; null when none of them has a size.</summary>
    internal MemberDeclarationSyntax? EmitPart(string header, IReadOnlyList<AbiRecord> records)
    {
        if (!methods.TryGetValue(header, out string? method))
        {
            return null;
        }

        List<MemberDeclarationSyntax> checks = [];
        foreach (AbiRecord record in records)
        {
            if (record.SizeBytes > 0)
            {
                EmitChecks(record, checks);
            }
        }

        IEnumerable<string> names = checks.Cast<MethodDeclarationSyntax>().Select(check => check.Identifier.Text);
        return Class([Method(SyntaxKind.PrivateKeyword, method, Calls(names), default), .. checks]);
    }

    // CheckHeader_linux_mshv for linux/mshv.h. Where two headers differ in nothing that an identifier can hold, one has an underscore more.
    private static SortedDictionary<string, string> MethodsOf(IEnumerable<string> headers, NameClaims claims)
    {
        SortedDictionary<string, string> methods = new(StringComparer.Ordinal);
        foreach (string header in headers.Order(StringComparer.Ordinal))
        {
            string stem = header.EndsWith(".h", StringComparison.Ordinal) ? header[..^2] : header;
            string name = $"{CheckMethod}Header_{string.Concat(stem.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'))}";
            methods.Add(header, claims.Claim(name, ""));
        }

        return methods;
    }

    // Check_a_b_t is the check of b in a, and of a record a_b_t: each needs a name of its own.
    private void NameChecks(AbiRecord record, string type, string cName, string path, NameClaims claims)
    {
        // The names of records in each other, put together, may be more than one name can be.
        string name = NamePolicy.Identifier(path.Replace('.', '_'));
        name = name.Length <= LongestName ? name : name[..LongestName];
        checkNames[type] = claims.Claim($"{CheckMethod}_{name}", "");
        RecordNames? names = null;
        foreach (AbiField field in record.HoistedFields())
        {
            if (field.Type.InlineRecord() is { SizeBytes: > 0 } inline)
            {
                names ??= NamesOf(record, type, cName);
                NameChecks(
                    inline, $"{type}.{names.InlineTypeOf(field)}", $"{cName}.{field.Name}", $"{path}.{field.Name}", claims);
            }
        }
    }

    private RecordNames NamesOf(AbiRecord record, string type, string cName) =>
        scope.Names.MembersOf(record, type[(type.LastIndexOf('.') + 1)..], cName, scope.Model.Index);

    private static StatementSyntax[] Calls(IEnumerable<string> methods) =>
        [.. methods.Select(method => Code.Statement(Code.Call(Code.Name(method), Code.Name("check"))))];

    private ClassDeclarationSyntax Class(List<MemberDeclarationSyntax> methods) =>
        Code.Class(
            Tokens.Modifiers(
                Tokens.LineEnd,
                [
                    SyntaxKind.InternalKeyword, SyntaxKind.StaticKeyword, .. scope.Safety.OfType(namesPointers: true),
                    SyntaxKind.PartialKeyword,
                ]),
            TableClass,
            methods);

    private void EmitChecks(AbiRecord record, List<MemberDeclarationSyntax> checks)
    {
        try
        {
            EmitRecord(record, scope.Names.Of(record), record.CName, record.Name, checks);
        }
        catch (EmitException fault)
        {
            throw fault.At(record.Location, record.CName);
        }
    }

    // private static void Check_name(LayoutCheck check) { name* record = check.Begin<name>("name", 16); ... }
    private void EmitRecord(AbiRecord record, string type, string cName, string name, List<MemberDeclarationSyntax> checks)
    {
        List<StatementSyntax> statements =
        [
            LocalDeclarationStatement(
                default,
                Code.Variable(
                    ((CSharpType)type).Pointer,
                    "record",
                    Code.CallWith(
                        Code.Member(Code.Name("check"), "Begin", type), Text(name), Code.Value(record.SizeBytes))),
                Tokens.AtLineEnd(SyntaxKind.SemicolonToken)),
        ];

        // Its place is before the records in it, whose checks are made on the way.
        int position = checks.Count;
        checks.Add(null!);

        RecordNames names = NamesOf(record, type, cName);
        foreach (AbiField field in record.HoistedFields())
        {
            string inlineName = $"{type}.{names.InlineTypeOf(field)}";
            if (field.Type.InlineRecord() is { SizeBytes: > 0 } inline)
            {
                EmitRecord(inline, inlineName, $"{cName}.{field.Name}", $"{name}.{field.Name}", checks);
            }

            if (field.IsFlexibleArray || field.WidthBits == 0)
            {
                continue;
            }

            string member = names.Of(field);
            if (field.IsBitField)
            {
                EmitBits(field, member, statements);
                continue;
            }

            MappedType mapped = scope.Types.Map(field.Type, inlineName);
            statements.Add(Code.Statement(Code.CallWith(
                CheckField,
                Text(field.Name),
                Code.Value(
                    PrefixUnaryExpression(SyntaxKind.AddressOfExpression, Tokens.Plain(SyntaxKind.AmpersandToken), Arrow(Record, member))),
                SizeOf(mapped.Type),
                Code.Value(field.OffsetBits / 8),
                Code.Value(field.WidthBits / 8))));
        }

        checks[position] = Method(
            SyntaxKind.PrivateKeyword, checkNames[type], [.. scope.Safety.Following(statements)], Tokens.LineEnd);
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
        PrimitiveKind kind = TypeMapper.KindOfBits(@enum, resolved);
        Int128 ones = kind.IsSigned(scope.Model.Target) && kind != PrimitiveKind.Char ? -1
            : field.WidthBits == 128 ? (Int128)UInt128.MaxValue : (Int128.One << (int)field.WidthBits) - 1;
        ExpressionSyntax value = kind == PrimitiveKind.Bool
            ? LiteralExpression(SyntaxKind.TrueLiteralExpression, Tokens.Plain(SyntaxKind.TrueKeyword))
            : Literals.Wide(scope.Types.Map(field.Type).Type, ones);
        if (@enum is not null)
        {
            value = Code.Cast(scope.Types.Map(field.Type).Type, Code.Parenthesized(value));
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

    private ArgumentSyntax SizeOf(CSharpType type) => sizes.GetOrAdd(type, static type => Code.Value(Code.SizeOf(type)));

    private static MethodDeclarationSyntax Method(
        SyntaxKind access, string name, IReadOnlyList<StatementSyntax> statements, SyntaxTriviaList lead) =>
        MethodDeclaration(
            default,
            Tokens.Modifiers(lead, access, SyntaxKind.StaticKeyword),
            ((CSharpType)"void").BeforeName,
            null,
            Tokens.Word(name),
            null,
            Parameters,
            default,
            Block(default, Tokens.AtLineEnd(SyntaxKind.OpenBraceToken), List(statements), Tokens.AtLineEnd(SyntaxKind.CloseBraceToken)),
            null,
            default);
}
