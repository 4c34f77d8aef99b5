using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits the table of messages, and tells each record of a payload which messages carry it.</summary>
internal sealed class MessageEmitter
{
    private const string Parameter = "type";

    private readonly EmitScope scope;
    private readonly string className;
    private readonly string typesName;
    private readonly EnumNames typeNames;
    private readonly MessageTable[] tables;
    private readonly MessageTable? own;
    private readonly List<(AbiRecord Record, IReadOnlyList<AbiEnumerator> Types)> contents;

    private MessageEmitter(EmitScope scope, MergedModel merged, MessageOptions options, string className)
    {
        (this.scope, this.className) = (scope, className);
        tables = [.. Refusals.Each(merged.Models, model => MessageTable.Of(model, options))];
        if (!merged.IsPortable(tables[0].Types))
        {
            throw new EmitException($"{options.Types} is not the same on all targets, and a message's type must be");
        }

        // Names are those of all targets, payloads those of one.
        own = scope.IsShared && tables.Length > 1 ? null : MessageTable.Of(scope.Model, options);
        typesName = scope.Names.Of(tables[0].Types);
        typeNames = scope.Names.EnumeratorsOf(tables[0].Types);
        contents =
        [
            .. (scope.IsShared ? tables : [MessageTable.Of(scope.Model, options)]).SelectMany(table => table.Contents())
                .Where(content => merged.IsPortable(content.Record) == scope.IsShared)
                .GroupBy(content => content.Record.CName)
                .Select(group => (
                    group.First().Record,
                    (IReadOnlyList<AbiEnumerator>)
                    [
                        .. group.SelectMany(content => content.Types).DistinctBy(type => type.Value).OrderBy(type => type.Value),
                    ])),
        ];
    }

    /// <summary>Emits for a scope, if the set has a table of messages.</summary>
    internal static MessageEmitter? For(EmitScope scope, MergedModel merged, MessageOptions? options) =>
        options is { Class: { } className } ? new MessageEmitter(scope, merged, options, className) : null;

    /// <summary>The records of the scope that get a second part, by their C spelling.</summary>
    internal IEnumerable<string> PartialRecords => contents.Select(content => content.Record.CName);

    /// <summary>The declarations, each with the header that it belongs to.</summary>
    internal IEnumerable<(string Header, MemberDeclarationSyntax Member)> Emit()
    {
        List<MemberDeclarationSyntax> members =
        [
            .. own is null ? [] : (ReadOnlySpan<MemberDeclarationSyntax>)[EmitTypes(own), EmitSize(own)],
            .. scope.IsShared ? [EmitName()] : (ReadOnlySpan<MemberDeclarationSyntax>)[],
        ];
        XmlDoc doc = new XmlDoc("Types of messages, their names and the records of their payloads.").Remarks($"{scope.TargetNames}.");
        yield return (tables[0].Types.Location.Header, Code.Class(
            Tokens.Modifiers(
                doc.Above(), [SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword, .. scope.Safety.OfType(namesPointers: true)]),
            className,
            members));
        foreach ((AbiRecord record, IReadOnlyList<AbiEnumerator> types) in contents)
        {
            yield return (record.Location.Header, EmitContent(record, types));
        }
    }

    // public partial struct name : IMessageContent<types> { static bool IMessageContent<types>.IsIn(types type) => type is types.A or
    // types.B; }
    private StructDeclarationSyntax EmitContent(AbiRecord record, IReadOnlyList<AbiEnumerator> types)
    {
        CSharpType contract = CSharpType.Generic("IMessageContent", typesName);
        MethodDeclarationSyntax method = MethodDeclaration(
            default,
            Tokens.Modifiers(SyntaxKind.StaticKeyword),
            ((CSharpType)"bool").BeforeName,
            ExplicitInterfaceSpecifier((NameSyntax)contract.Syntax, Tokens.Plain(SyntaxKind.DotToken)),
            Tokens.Word("IsIn"),
            null,
            Code.Parameters(Code.Parameter(typesName, Parameter)),
            default,
            null,
            Code.Arrow(IsAnyOf(types)),
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
        return StructDeclaration(
            default,
            Tokens.Modifiers(XmlDoc.Content("Which messages carry the record."), SyntaxKind.PublicKeyword, SyntaxKind.PartialKeyword),
            Tokens.Spaced(SyntaxKind.StructKeyword),
            Tokens.Word(scope.Names.Of(record)),
            null,
            BaseList(
                Tokens.Infix(SyntaxKind.ColonToken),
                SingletonSeparatedList<BaseTypeSyntax>(SimpleBaseType(contract.AtLineEnd))),
            default,
            Tokens.AtLineEnd(SyntaxKind.OpenBraceToken),
            SingletonList<MemberDeclarationSyntax>(method),
            Tokens.AtLineEnd(SyntaxKind.CloseBraceToken),
            default);
    }

    // public static System.ReadOnlySpan<types> Types => [types.A, types.B];
    private PropertyDeclarationSyntax EmitTypes(MessageTable table)
    {
        CollectionElementSyntax[] elements =
            [.. table.Payloads.Select(payload => ExpressionElement(Member(payload.Type)))];
        CollectionExpressionSyntax list = CollectionExpression(
            Tokens.AtLineEnd(SyntaxKind.OpenBracketToken),
            SeparatedList(elements, Enumerable.Repeat(Tokens.AtLineEnd(SyntaxKind.CommaToken), elements.Length)),
            Tokens.Plain(SyntaxKind.CloseBracketToken));
        return PropertyDeclaration(
            default,
            Tokens.Modifiers(
                new XmlDoc("The types whose payload is known, by number.").Above(), SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword),
            CSharpType.Generic("System.ReadOnlySpan", typesName).BeforeName,
            null,
            Tokens.Word("Types"),
            null,
            ArrowExpressionClause(Token(TriviaList(Space), SyntaxKind.EqualsGreaterThanToken, Tokens.LineEnd), list),
            null,
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
    }

    private MethodDeclarationSyntax EmitSize(MessageTable table) => EmitSwitch(
        new XmlDoc("Bytes that the payload of a type takes.").Parameter(Parameter, "Type of a message.")
            .Returns("Size of the record; 0 for a type whose payload is not known."),
        "int",
        "PayloadSizeBytes",
        table.Payloads.Select(payload => (payload.Type, Code.SizeOf(scope.Names.Of(payload.Record)))),
        Code.Number(0));

    // Two names may share a number; the one whose payload is known says more.
    private MethodDeclarationSyntax EmitName()
    {
        HashSet<string> known = [.. tables.SelectMany(table => table.Payloads).Select(payload => payload.Type.Name)];
        IEnumerable<AbiEnumerator> named = ((IEnumerable<AbiEnumerator>)tables[0].Types.Enumerators).GroupBy(type => type.Value)
            .Select(same => same.FirstOrDefault(type => known.Contains(type.Name)) ?? same.First()).OrderBy(type => type.Value);
        return EmitSwitch(
            new XmlDoc("Name of a type, as the headers spell it.").Parameter(Parameter, "Type of a message.")
                .Returns("Always the same text; null for a number without a name."),
            "string?",
            "NameOf",
            named.Select(type => (type, Literals.Text(type.Name))),
            LiteralExpression(SyntaxKind.NullLiteralExpression, Tokens.Plain(SyntaxKind.NullKeyword)));
    }

    // public static result name(types type) => type switch { types.A => value, _ => otherwise, };
    private MethodDeclarationSyntax EmitSwitch(
        XmlDoc doc, CSharpType result, string name, IEnumerable<(AbiEnumerator Type, ExpressionSyntax Value)> cases,
        ExpressionSyntax otherwise)
    {
        SwitchExpressionArmSyntax[] arms =
        [
            .. cases.Select(each => Arm(ConstantPattern(Member(each.Type)), each.Value)),
            Arm(DiscardPattern(Tokens.Plain(SyntaxKind.UnderscoreToken)), otherwise),
        ];
        SwitchExpressionSyntax body = SwitchExpression(
            IdentifierName(Identifier(default, Parameter, TriviaList(Space))),
            Tokens.AtLineEnd(SyntaxKind.SwitchKeyword),
            Tokens.AtLineEnd(SyntaxKind.OpenBraceToken),
            SeparatedList(arms, Enumerable.Repeat(Tokens.AtLineEnd(SyntaxKind.CommaToken), arms.Length)),
            Tokens.Plain(SyntaxKind.CloseBraceToken));
        return MethodDeclaration(
            default,
            Tokens.Modifiers(doc.Above(), SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword),
            result.BeforeName,
            null,
            Tokens.Word(name),
            null,
            Code.Parameters(Code.Parameter(typesName, Parameter)),
            default,
            null,
            Code.Arrow(body),
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
    }

    private static SwitchExpressionArmSyntax Arm(PatternSyntax pattern, ExpressionSyntax value) =>
        SwitchExpressionArm(pattern, null, Tokens.Infix(SyntaxKind.EqualsGreaterThanToken), value);

    private ExpressionSyntax IsAnyOf(IReadOnlyList<AbiEnumerator> types)
    {
        if (types.Count == 0)
        {
            return LiteralExpression(SyntaxKind.FalseLiteralExpression, Tokens.Plain(SyntaxKind.FalseKeyword));
        }

        SyntaxToken or = Tokens.First(Tokens.LineEnd, SyntaxKind.OrKeyword);
        PatternSyntax pattern = types.Select(type => (PatternSyntax)ConstantPattern(Member(type)))
            .Aggregate((left, right) => BinaryPattern(SyntaxKind.OrPattern, left, or, right));
        return IsPatternExpression(Code.Name(Parameter), Tokens.Infix(SyntaxKind.IsKeyword), pattern);
    }

    private ExpressionSyntax Member(AbiEnumerator type) => Code.Member(typesName, typeNames.Of(type.Name));
}
