using System.Text;
using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits constants with the C# type of their C type: macros, enumerators of anonymous enums, request numbers.</summary>
internal sealed class ConstantEmitter(EmitScope scope, EmitOptions options)
{
    internal MemberDeclarationSyntax Emit(AbiConstant constant)
    {
        XmlDoc doc = new($"{XmlDoc.C(constant.Name)}, a C {XmlDoc.C(AbiTypeText.Write(constant.Type))}. "
            + $"{scope.Place(constant.Location, constant.Name)}." + scope.Names.NoteOfConstant(constant.Name));
        return constant.Value switch
        {
            TextValue text => Text(constant, text.Value, doc),
            FloatingValue floating => Constant("double", constant.Name, Literals.Floating(floating.Value), doc),
            IntegerValue integer => Number(constant.Name, ((AbiPrimitive)constant.Type).Kind, integer.Value, doc),
            WideValue wide => Property("System.UInt128", constant.Name, Literals.Halves("System.UInt128", wide.Value), doc),
            _ => throw new EmitException($"constant \"{constant.Name}\" has a value of no known kind"),
        };
    }

    internal MemberDeclarationSyntax Emit(AbiEnum anonymous, AbiEnumerator enumerator)
    {
        XmlDoc doc = new($"{XmlDoc.C(enumerator.Name)}, an enumerator. {scope.Place(anonymous.Location, enumerator.Name)}."
            + scope.Names.NoteOfConstant(enumerator.Name));

        // C11, 6.7.2.2: one that fits an int is an int, however large others of its enum are and whatever the enum itself is.
        bool isInt = enumerator.Value >= int.MinValue && enumerator.Value <= int.MaxValue;
        return Number(enumerator.Name, isInt ? PrimitiveKind.Int : anonymous.Underlying, enumerator.Value, doc);
    }

    // public const uint MSHV_CREATE_VP = 0x4004b801;
    internal MemberDeclarationSyntax Emit(AbiIoctl ioctl)
    {
        XmlDoc doc = new($"{XmlDoc.C(ioctl.Name)}, an ioctl request: {IoctlEmitter.Describe(ioctl)}. "
            + $"{scope.Place(ioctl.Location, ioctl.Name)}." + scope.Names.NoteOfConstant(ioctl.Name));
        return Constant("uint", ioctl.Name, Literals.Hexadecimal(ioctl.Request), doc);
    }

    // public static uint EVIOCGNAME(int len) { guards; return 0x80004506 + (uint)len * 65536; }
    internal MemberDeclarationSyntax Emit(FunctionRequest request)
    {
        XmlDoc doc = new(
            $"{XmlDoc.C(request.Macro.Name + request.Macro.Parameters)}, an ioctl request: "
            + $"{IoctlEmitter.Describe(request)}. {scope.Place(request.Macro.Location, request.Macro.Name)}.");
        IReadOnlyDictionary<string, string> names = ParameterNames.Of(request, options.ConstantsClass);
        List<StatementSyntax> statements = [];
        ExpressionSyntax number = Literals.Hexadecimal(request.Origin.Request);
        foreach (FunctionRequestParameter parameter in request.Parameters)
        {
            string name = names[parameter.Name];
            doc = doc.Parameter(name.TrimStart('@'), FunctionRequestEmitter.Describe(parameter));
            statements.Add(
                Code.Statement(Code.Call(Code.Member("System.ArgumentOutOfRangeException", "ThrowIfNegative"), Code.Name(name))));
            statements.Add(
                Code.Statement(
                    Code.Call(
                        Code.Member("System.ArgumentOutOfRangeException", "ThrowIfGreaterThan"),
                        Code.Name(name),
                        Code.Number(parameter.Most))));
            ExpressionSyntax part = Code.Cast("uint", Code.Name(name));
            number = Code.Binary(
                SyntaxKind.AddExpression,
                SyntaxKind.PlusToken,
                number,
                parameter.Multiplier == 1
                    ? part
                    : Code.Binary(
                        SyntaxKind.MultiplyExpression, SyntaxKind.AsteriskToken, part, Literals.Hexadecimal(parameter.Multiplier)));
        }

        doc = doc.Returns("The request's number.")
            .Exception("System.ArgumentOutOfRangeException", "A value has no room in the number.");
        statements.Add(
            ReturnStatement(
                default, Tokens.Spaced(SyntaxKind.ReturnKeyword), number, Tokens.AtLineEnd(SyntaxKind.SemicolonToken)));
        return MethodDeclaration(
            default,
            Tokens.Modifiers(doc.Above(), SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword),
            ((CSharpType)"uint").BeforeName,
            null,
            Tokens.Word(scope.Names.OfConstant(request.Macro.Name)),
            null,
            Code.Parameters(
                isAtLineEnd: true,
                [.. request.Parameters.Select(parameter => Code.Parameter("int", names[parameter.Name]))]),
            default,
            Block(
                default, Tokens.AtLineEnd(SyntaxKind.OpenBraceToken), List(statements), Tokens.AtLineEnd(SyntaxKind.CloseBraceToken)),
            null,
            default);
    }

    private MemberDeclarationSyntax Number(string name, PrimitiveKind kind, Int128 value, XmlDoc doc)
    {
        // Plain char is emitted as byte; a negative one exists only where it is signed.
        CSharpType type = kind == PrimitiveKind.Bool ? "bool"
            : kind == PrimitiveKind.Char && value < 0 ? "sbyte"
            : scope.Types.MapPrimitive(kind).Type;
        if (kind == PrimitiveKind.Bool)
        {
            return Constant(
                type, name, LiteralExpression(value != 0 ? SyntaxKind.TrueLiteralExpression : SyntaxKind.FalseLiteralExpression), doc);
        }

        if (kind is PrimitiveKind.Int128 or PrimitiveKind.UInt128)
        {
            return Property(type, name, Literals.Halves(type, (UInt128)value), doc);
        }

        return Constant(type, name, Literals.Integer(value), doc);
    }

    // public static ReadOnlySpan<byte> NAME => "text"u8; bytes that are no UTF-8: => [0x4b, 0xff];
    private PropertyDeclarationSyntax Text(AbiConstant constant, string text, XmlDoc doc)
    {
        bool isUtf8 = constant.Type is not AbiArray { Count: { } count } || Encoding.UTF8.GetByteCount(text) + 1 == count;
        ExpressionSyntax value = isUtf8 ? Literals.Utf8(text) : Literals.Bytes(Encoding.Latin1.GetBytes(text));
        return Property(CSharpType.Generic("System.ReadOnlySpan", "byte"), constant.Name, value, doc);
    }

    private PropertyDeclarationSyntax Property(CSharpType type, string name, ExpressionSyntax value, XmlDoc doc) =>
        PropertyDeclaration(
            default,
            Tokens.Modifiers(doc.Above(), SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword),
            type.BeforeName,
            null,
            Tokens.Word(scope.Names.OfConstant(name)),
            null,
            Code.Arrow(value),
            null,
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));

    private FieldDeclarationSyntax Constant(CSharpType type, string name, ExpressionSyntax value, XmlDoc doc) =>
        FieldDeclaration(
            default,
            Tokens.Modifiers(doc.Above(), SyntaxKind.PublicKeyword, SyntaxKind.ConstKeyword),
            Code.Variable(type, scope.Names.OfConstant(name), value),
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
}
