using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits the table of requests and the kinds of descriptor that take them.</summary>
internal sealed class RequestEmitter
{
    private readonly EmitScope scope;
    private readonly RequestOptions options;
    private readonly string kindsName;
    private readonly string[] kinds;
    private readonly EquatableArray<RequestRow>? rows;

    private RequestEmitter(EmitScope scope, MergedModel merged, RequestOptions options, string kindsName)
    {
        (this.scope, this.options, this.kindsName) = (scope, options, kindsName);
        EquatableArray<RequestRow>[] all = [.. merged.Models.Select(model => new RequestRows(model, options).Read())];
        kinds = [.. all.SelectMany(each => each).Select(row => row.Descriptor).Distinct()];
        RefuseUnknown(all);

        // One table where all targets agree, else one for each.
        bool isShared = Array.TrueForAll(all, each => each.Equals(all[0]));
        rows = scope.IsShared == (isShared || all.Length == 1) ? new RequestRows(scope.Model, options).Read() : null;
    }

    /// <summary>Emits for a scope, if the set has a table of requests.</summary>
    internal static RequestEmitter? For(EmitScope scope, MergedModel merged, EmitOptions options) =>
        options.Requests is { } requests && merged.Models.Any(model => model.Ioctls.Count > 0)
            ? new RequestEmitter(scope, merged, requests, options.KindsName)
            : null;

    /// <summary>The declarations, in the file of the header that has the requests.</summary>
    internal IEnumerable<(string Header, MemberDeclarationSyntax Member)> Emit()
    {
        string header = scope.Model.Ioctls[0].Location.Header;
        if (scope.IsShared)
        {
            yield return (header, EmitKinds());
        }

        if (rows is { } own)
        {
            yield return (header, EmitClass(own));
        }
    }

    private void RefuseUnknown(EquatableArray<RequestRow>[] all)
    {
        HashSet<string> names = [.. all.SelectMany(each => each).Select(row => row.Name)];
        string set = scope.Model.Set;
        IEnumerable<string> gone = options.Arguments.Keys.Where(name => !names.Contains(name))
            .Select(name => $"\"requests\" of {set} names {name}, which its headers do not have");
        IEnumerable<string> unknown = options.Nodes.Keys
            .Concat(options.Arguments.Values.Select(facts => facts.Creates).OfType<string>()).Where(kind => !kinds.Contains(kind))
            .Select(kind => $"\"requests\" of {set} names \"{kind}\", a kind of descriptor that takes no request");
        Refusals.Each([.. gone, .. unknown], (string reason) => throw new EmitException(reason));
    }

    // public enum DescriptorKind { Device, Partition, }
    private EnumDeclarationSyntax EmitKinds()
    {
        EnumMemberDeclarationSyntax[] members =
        [
            .. kinds.Select(kind => EnumMemberDeclaration(
                default, default, Identifier(new XmlDoc($"{XmlDoc.C(kind)}.").Above(), NamePolicy.DescriptorKind(kind), default), null)),
        ];
        return EnumDeclaration(
            default,
            Tokens.Modifiers(new XmlDoc("Kinds of descriptor that take requests.").Above(), SyntaxKind.PublicKeyword),
            Tokens.Spaced(SyntaxKind.EnumKeyword),
            Tokens.WordAtLineEnd(kindsName),
            null,
            Code.OpenBrace(members[0]),
            SeparatedList(members, Enumerable.Repeat(Tokens.AtLineEnd(SyntaxKind.CommaToken), members.Length)),
            Tokens.AtLineEnd(SyntaxKind.CloseBraceToken),
            default);
    }

    private ClassDeclarationSyntax EmitClass(EquatableArray<RequestRow> table)
    {
        List<MemberDeclarationSyntax> members =
        [
            .. options.Nodes.Select(node => EmitNode(node.Key, node.Value)),
            EmitTable(table),
            EmitKindOf(),
        ];
        return Code.Class(
            Tokens.Modifiers(
                new XmlDoc("Requests, and what they do beyond their own arguments.").Remarks($"{scope.TargetNames}.").Above(),
                SyntaxKind.PublicKeyword,
                SyntaxKind.StaticKeyword),
            options.Class,
            members);
    }

    // public const string DeviceNode = "/dev/mshv";
    private static FieldDeclarationSyntax EmitNode(string kind, string path) => FieldDeclaration(
        default,
        Tokens.Modifiers(
            new XmlDoc($"Path that gives a {XmlDoc.C(kind)} descriptor when it is opened.").Above(), SyntaxKind.PublicKeyword,
            SyntaxKind.ConstKeyword),
        Code.Variable("string", NodeName(kind), Literals.Text(path)),
        Tokens.AtLineEnd(SyntaxKind.SemicolonToken));

    // public static RequestTable All { get; } = new([ ... ]);
    private PropertyDeclarationSyntax EmitTable(EquatableArray<RequestRow> table)
    {
        CollectionElementSyntax[] elements = [.. table.Select(row => ExpressionElement(EmitRow(row)))];
        ExpressionSyntax list = CollectionExpression(
            Tokens.AtLineEnd(SyntaxKind.OpenBracketToken),
            SeparatedList(elements, Enumerable.Repeat(Tokens.AtLineEnd(SyntaxKind.CommaToken), elements.Length)),
            Tokens.Plain(SyntaxKind.CloseBracketToken));
        return PropertyDeclaration(
            default,
            Tokens.Modifiers(
                new XmlDoc("Every request, on every kind of descriptor that takes it.").Above(), SyntaxKind.PublicKeyword,
                SyntaxKind.StaticKeyword),
            CSharpType.Generic("RequestTable", kindsName).BeforeName,
            null,
            Tokens.Word("All"),
            AccessorList(
                Tokens.Infix(SyntaxKind.OpenBraceToken),
                SingletonList(AccessorDeclaration(
                    SyntaxKind.GetAccessorDeclaration, default, default, Tokens.Plain(SyntaxKind.GetKeyword), null, null,
                    Tokens.Spaced(SyntaxKind.SemicolonToken))),
                Tokens.Plain(SyntaxKind.CloseBraceToken)),
            null,
            Code.EqualsValue(New(list)),
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
    }

    // new(DescriptorKind.Vp, "MSHV_GET_VP_STATE", 0xc010b801, 16) { Memory = [new(new(8, 8), new(4, 4), 8, MemoryUse.Write)] }
    private ImplicitObjectCreationExpressionSyntax EmitRow(RequestRow row)
    {
        List<ExpressionSyntax> facts = [];
        void Fact(string name, ExpressionSyntax value) => facts.Add(Code.Assign(Code.Name(name), value));
        if (row.Creates is { } creates)
        {
            Fact("Creates", Kind(creates));
        }

        if (row.Memory.Count > 0)
        {
            Fact("Memory", ListOf(row.Memory.Select(memory => New(
                Member(memory.Pointer), Member(memory.Count), Code.Number(memory.UnitBits),
                Code.Member("MemoryUse", UseName(memory.Use))))));
        }

        if (row.Descriptors.Count > 0)
        {
            Fact("Descriptors", ListOf(row.Descriptors.Select(Member)));
        }

        if (row.Elements is { } elements)
        {
            Fact("Elements", New("TrailingElements", Member(elements.Count), Code.Number(elements.ElementBytes)));
        }

        if (row.Longer is { } longer)
        {
            Fact("Longer", New("LongerArgument",
                Code.Number(longer.SizeBytes), Member(longer.Flags), Code.Number(longer.Bit), Literals.Integer(longer.Known)));
        }

        if (row.WritesArgument)
        {
            Fact("WritesArgument", True());
        }

        if (row.RefusesOnes)
        {
            Fact("RefusesOnes", True());
        }

        InitializerExpressionSyntax? initializer = facts.Count == 0 ? null : InitializerExpression(
            SyntaxKind.ObjectInitializerExpression,
            Tokens.Infix(SyntaxKind.OpenBraceToken),
            Code.Separated([.. facts]),
            Token(TriviaList(Space), SyntaxKind.CloseBraceToken, default));
        return ImplicitObjectCreationExpression(
            Tokens.Plain(SyntaxKind.NewKeyword),
            Code.Arguments(Kind(row.Descriptor), Literals.Text(row.Name), Literals.Hexadecimal(row.Number), Code.Number(row.ArgumentBytes)),
            initializer);
    }

    // public static DescriptorKind? KindOf(string node) => node switch { DeviceNode => DescriptorKind.Device, _ => null, };
    private MethodDeclarationSyntax EmitKindOf()
    {
        SwitchExpressionArmSyntax[] arms =
        [
            .. options.Nodes.Keys.Select(kind => Arm(ConstantPattern(Code.Name(NodeName(kind))), Kind(kind))),
            Arm(
                DiscardPattern(Tokens.Plain(SyntaxKind.UnderscoreToken)),
                LiteralExpression(SyntaxKind.NullLiteralExpression, Tokens.Plain(SyntaxKind.NullKeyword))),
        ];
        XmlDoc doc = new XmlDoc("Kind of the descriptor that opening a path gives.").Parameter("node", "Path of a device node.")
            .Returns("Null for a path that is not known.");
        return MethodDeclaration(
            default,
            Tokens.Modifiers(doc.Above(), SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword),
            NullableType(((CSharpType)kindsName).Syntax, Tokens.Spaced(SyntaxKind.QuestionToken)),
            null,
            Tokens.Word("KindOf"),
            null,
            Code.Parameters(Code.Parameter("string", "node")),
            default,
            null,
            Code.Arrow(SwitchExpression(
                IdentifierName(Identifier(default, "node", TriviaList(Space))),
                Tokens.AtLineEnd(SyntaxKind.SwitchKeyword),
                Tokens.AtLineEnd(SyntaxKind.OpenBraceToken),
                SeparatedList(arms, Enumerable.Repeat(Tokens.AtLineEnd(SyntaxKind.CommaToken), arms.Length)),
                Tokens.Plain(SyntaxKind.CloseBraceToken))),
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
    }

    private static SwitchExpressionArmSyntax Arm(PatternSyntax pattern, ExpressionSyntax value) =>
        SwitchExpressionArm(pattern, null, Tokens.Infix(SyntaxKind.EqualsGreaterThanToken), value);

    private static ExpressionSyntax Member(ArgumentMember member) =>
        New("ArgumentMember", Code.Number(member.OffsetBytes), Code.Number(member.SizeBytes));

    private static LiteralExpressionSyntax True() =>
        LiteralExpression(SyntaxKind.TrueLiteralExpression, Tokens.Plain(SyntaxKind.TrueKeyword));

    private ExpressionSyntax Kind(string kind) => Code.Member(kindsName, NamePolicy.DescriptorKind(kind));

    private static string NodeName(string kind) => NamePolicy.DescriptorKind(kind) + "Node";

    private static string UseName(string use) => use switch
    {
        "read" => "Read",
        "write" => "Write",
        "readwrite" => "ReadWrite",
        "keep" => "Keep",
        _ => throw new EmitException($"\"{use}\" is nothing that the kernel does with memory: read, write, readwrite or keep"),
    };

    private static CollectionExpressionSyntax ListOf(IEnumerable<ExpressionSyntax> elements) => CollectionExpression(
        Tokens.Plain(SyntaxKind.OpenBracketToken),
        Code.Separated<CollectionElementSyntax>([.. elements.Select(ExpressionElement)]),
        Tokens.Plain(SyntaxKind.CloseBracketToken));

    private static ImplicitObjectCreationExpressionSyntax New(params ReadOnlySpan<ExpressionSyntax> arguments) =>
        ImplicitObjectCreationExpression(Tokens.Plain(SyntaxKind.NewKeyword), Code.Arguments(arguments), null);

    private static ObjectCreationExpressionSyntax New(CSharpType type, params ReadOnlySpan<ExpressionSyntax> arguments) =>
        ObjectCreationExpression(Tokens.Spaced(SyntaxKind.NewKeyword), type.Syntax, Code.Arguments(arguments), null);
}
