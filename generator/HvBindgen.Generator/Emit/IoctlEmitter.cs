using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits ioctl requests as methods, typed by the argument and its direction.</summary>
internal sealed class IoctlEmitter(EmitScope scope, MergedModel merged, EmitOptions options)
{
    /// <summary>Names that mean something else within the methods.</summary>
    internal static readonly IReadOnlySet<string> Parameters = new HashSet<string>(StringComparer.Ordinal)
    {
        "TDescriptor", "fd", "argument", "pointer",
    };

    private static readonly TypeParameterSyntax Descriptor = TypeParameter(default, default, Tokens.Word("TDescriptor"));
    private static readonly TypeParameterConstraintClauseSyntax Constraint = ConstraintOf(Code.Name("IIoctlDescriptor"));
    private static readonly TypeParameterConstraintClauseSyntax ConstraintAtLineEnd =
        ConstraintOf(IdentifierName(Tokens.WordAtLineEnd("IIoctlDescriptor")));

    /// <summary>The request in the words of the C macros: <c>_IOWR(0xb8, 0x07, struct foo)</c>.</summary>
    internal static string Describe(AbiIoctl ioctl)
    {
        string macro = ioctl.Direction switch
        {
            IoctlDirection.None => "_IO",
            IoctlDirection.Write => "_IOW",
            IoctlDirection.Read => "_IOR",
            _ => "_IOWR",
        };
        string argument = ioctl.Argument is { } type
            ? $", {AbiTypeText.Write(type)}"
            : ioctl.SizeBytes > 0 ? $", {ioctl.SizeBytes} bytes" : "";
        return XmlDoc.C($"{macro}(0x{ioctl.Type:x2}, 0x{ioctl.Number:x2}{argument})");
    }

    internal IEnumerable<MemberDeclarationSyntax> Emit(AbiIoctl ioctl)
    {
        if (options.IoctlUses.Of(ioctl) is { } use)
        {
            return EmitAsUsed(ioctl, use);
        }

        return ioctl.Argument is null && ioctl.SizeBytes == 0
            ? [EmitWithInteger(ioctl)]
            : [EmitWithPointer(ioctl, ioctl.Argument), .. EmitTyped(ioctl, ioctl.Argument, Declared(ioctl.Direction))];
    }

    /// <summary>The request with the further types that the configuration gives its argument, where this scope is theirs.</summary>
    internal IEnumerable<MemberDeclarationSyntax> EmitAlternates(AbiIoctl ioctl)
    {
        IoctlUse? use = options.IoctlUses.Of(ioctl);
        IEnumerable<(AbiType Type, IoctlPassing Passing)> types =
        [
            .. (options.AlternateArguments.GetValueOrDefault(ioctl.Name) ?? [])
                .Where(type => scope.IsShared == (merged.IsPortable(ioctl) && merged.IsPortable(type)))
                .Select(type => (type, use?.Passing ?? Declared(ioctl.Direction))),
            .. use?.Argument is { } used && IsElsewhere(ioctl, used) && !scope.IsShared
                ? [(used, use.Passing)]
                : (ReadOnlySpan<(AbiType, IoctlPassing)>)[],
        ];
        return types.SelectMany(
            one => (IEnumerable<MemberDeclarationSyntax>)[EmitWithPointer(ioctl, one.Type), .. EmitTyped(ioctl, one.Type, one.Passing)]);
    }

    private static IoctlPassing Declared(IoctlDirection direction) => direction switch
    {
        IoctlDirection.Write => IoctlPassing.In,
        IoctlDirection.Read => IoctlPassing.Out,
        _ => IoctlPassing.Ref,
    };

    // A type that differs between the targets, of a request that does not.
    private bool IsElsewhere(AbiIoctl ioctl, AbiType type) => merged.IsPortable(ioctl) && !merged.IsPortable(type);

    private IEnumerable<MemberDeclarationSyntax> EmitAsUsed(AbiIoctl ioctl, IoctlUse use)
    {
        switch (use.Passing)
        {
            case IoctlPassing.None:
                yield return EmitWithNothing(ioctl);
                break;
            case IoctlPassing.Value:
                yield return EmitWithValue(ioctl, use);
                break;
            case IoctlPassing.Pointer:
                yield return EmitWithPointer(ioctl, null);
                break;
            default:
                AbiType? type = use.Argument ?? ioctl.Argument;
                if (type is not null && IsElsewhere(ioctl, type))
                {
                    type = null;
                }

                yield return EmitWithPointer(ioctl, type);
                foreach (MemberDeclarationSyntax method in EmitTyped(ioctl, type, use.Passing))
                {
                    yield return method;
                }

                break;
        }
    }

    // public static IoctlResult NAME<TDescriptor>(TDescriptor fd) where TDescriptor : IIoctlDescriptor => ...
    private MethodDeclarationSyntax EmitWithNothing(AbiIoctl ioctl) => Method(
        scope.Names.OfConstant(ioctl.Name),
        null,
        Forward(ioctl, LiteralExpression(SyntaxKind.NullLiteralExpression, Tokens.Plain(SyntaxKind.NullKeyword))),
        Doc(ioctl).Returns("The request's result, or its error number."));

    // public static IoctlResult NAME<TDescriptor>(TDescriptor fd, int argument) where TDescriptor : IIoctlDescriptor => ...
    private MethodDeclarationSyntax EmitWithValue(AbiIoctl ioctl, IoctlUse use)
    {
        AbiType resolved = scope.Model.Index.Resolve(use.Argument!);
        (CSharpType type, CSharpType wide) = resolved is AbiPrimitive { Kind: var kind }
            ? (scope.Types.MapPrimitive(kind).Type, kind.IsSigned(scope.Model.Target) ? "nint" : "nuint")
            : ((CSharpType)"nuint", (CSharpType)"nuint");
        XmlDoc doc = Doc(ioctl).Parameter("argument", "The number itself; the kernel is given no address.")
            .Returns("The request's result, or its error number.");
        ExpressionSyntax value = Code.Cast(TypeMapper.Untyped, Code.Cast(wide, Code.Name("argument")));
        return Method(scope.Names.OfConstant(ioctl.Name), Code.Parameter(type, "argument"), Forward(ioctl, value), doc);
    }

    // public static IoctlResult NAME<TDescriptor>(TDescriptor fd, nuint argument = 0) where TDescriptor : IIoctlDescriptor => ...
    private MethodDeclarationSyntax EmitWithInteger(AbiIoctl ioctl)
    {
        ParameterSyntax argument = Code.Parameter("nuint", "argument").WithDefault(Code.EqualsValue(Code.Number(0)));
        XmlDoc doc = Doc(ioctl).Parameter("argument", "Integer that some requests without a data type take; 0 where none is defined.")
            .Returns("The request's result, or its error number.");
        return Method(
            scope.Names.OfConstant(ioctl.Name), argument, Forward(ioctl, Code.Cast(TypeMapper.Untyped, Code.Name("argument"))), doc);
    }

    private MethodDeclarationSyntax EmitWithPointer(AbiIoctl ioctl, AbiType? type)
    {
        CSharpType pointer = type is not null && TypeOf(type) is { } mapped ? mapped.Type.Pointer : TypeMapper.Untyped;
        XmlDoc doc = Doc(ioctl).Parameter(
            "argument", "The argument, valid until the call returns, with room for all that the request writes.")
            .Returns("The request's result, or its error number.");
        return Method(scope.Names.OfConstant(ioctl.Name), Code.Parameter(pointer, "argument"), Forward(ioctl, Code.Name("argument")), doc);
    }

    private IEnumerable<MemberDeclarationSyntax> EmitTyped(AbiIoctl ioctl, AbiType? type, IoctlPassing passing)
    {
        if (type is null || TypeOf(type) is not { } mapped)
        {
            yield break;
        }

        bool isFlexible = scope.Model.Index.RecordOf(scope.Model.Index.Resolve(type)) is { } record
            && FlexibleArrays.Has(record, scope.Model.Index);
        yield return isFlexible ? EmitWithSpan(ioctl, mapped, passing) : EmitWithReference(ioctl, mapped, passing);
    }

    // { fixed (record* pointer = &argument) { return NAME(fd, pointer); } }
    private MethodDeclarationSyntax EmitWithReference(AbiIoctl ioctl, MappedType type, IoctlPassing passing)
    {
        (SyntaxKind modifier, string text) = passing switch
        {
            IoctlPassing.In => (SyntaxKind.InKeyword, "The argument, which the kernel reads."),
            IoctlPassing.Out => (SyntaxKind.OutKeyword, "What the kernel wrote; zeros after an error."),
            _ => (SyntaxKind.RefKeyword, "The argument, which the kernel reads and writes."),
        };
        XmlDoc doc = Doc(ioctl).Parameter("argument", text).Returns("The request's result, or its error number.");
        List<StatementSyntax> statements = [];
        if (modifier == SyntaxKind.OutKeyword)
        {
            statements.Add(Code.Statement(
                Code.Assign(
                    Code.Name("argument"),
                    LiteralExpression(SyntaxKind.DefaultLiteralExpression, Tokens.Plain(SyntaxKind.DefaultKeyword)))));
        }

        statements.Add(
            Fixed(
                type.Type,
                PrefixUnaryExpression(SyntaxKind.AddressOfExpression, Tokens.Plain(SyntaxKind.AmpersandToken), Code.Name("argument")),
                scope.Names.OfConstant(ioctl.Name)));
        return Method(scope.Names.OfConstant(ioctl.Name), Code.Parameter(type.Type, "argument", modifier), statements, doc);
    }

    // { if (argument.Length < sizeof(record)) throw ...; fixed (byte* pointer = argument) { return NAME(fd, (record*)pointer); } }
    private MethodDeclarationSyntax EmitWithSpan(AbiIoctl ioctl, MappedType type, IoctlPassing passing)
    {
        bool readsOnly = passing == IoctlPassing.In;
        XmlDoc doc = Doc(ioctl)
            .Parameter("argument", $"Memory that starts with a {XmlDoc.C(type.Type.ToString())} and goes on with its elements.")
            .Returns("The request's result, or its error number.")
            .Exception("System.ArgumentOutOfRangeException", $"The memory is shorter than a {XmlDoc.C(type.Type.ToString())}.");
        StatementSyntax guard = Code.Statement(Code.Call(
            Code.Member("System.ArgumentOutOfRangeException", "ThrowIfLessThan"),
            Code.Member("argument", "Length"),
            Code.SizeOf(type.Type)));
        StatementSyntax call = Fixed("byte", Code.Name("argument"), scope.Names.OfConstant(ioctl.Name), castTo: type.Type.Pointer);
        CSharpType span = CSharpType.Generic(readsOnly ? "System.ReadOnlySpan" : "System.Span", "byte");
        return Method(scope.Names.OfConstant(ioctl.Name), Code.Parameter(span, "argument"), [guard, call], doc);
    }

    private static FixedStatementSyntax Fixed(CSharpType type, ExpressionSyntax address, string method, CSharpType? castTo = null)
    {
        ExpressionSyntax pointer = Code.Name("pointer");
        StatementSyntax call = ReturnStatement(
            default,
            Tokens.Spaced(SyntaxKind.ReturnKeyword),
            Code.Call(Code.Name(method), Code.Name("fd"), castTo is null ? pointer : Code.Cast(castTo, pointer)),
            Tokens.AtLineEnd(SyntaxKind.SemicolonToken));
        return FixedStatement(
            default,
            Tokens.Spaced(SyntaxKind.FixedKeyword),
            Tokens.Plain(SyntaxKind.OpenParenToken),
            Code.Variable(type.Pointer, "pointer", address),
            Tokens.AtLineEnd(SyntaxKind.CloseParenToken),
            Block(default, Tokens.AtLineEnd(SyntaxKind.OpenBraceToken), SingletonList(call), Tokens.AtLineEnd(SyntaxKind.CloseBraceToken)));
    }

    // fd.Ioctl(Constants.NAME, argument); the number itself where another namespace has the constant.
    private ExpressionSyntax Forward(AbiIoctl ioctl, ExpressionSyntax argument)
    {
        ExpressionSyntax request = merged.IsPortable(ioctl) == scope.IsShared && !scope.Model.Index.IsEnumerator(ioctl.Name)
            ? Code.Member(options.ConstantsClass, scope.Names.OfConstant(ioctl.Name))
            : Literals.Hexadecimal(ioctl.Request);
        return Code.Call(Code.Member("fd", "Ioctl"), request, argument);
    }

    private MappedType? TypeOf(AbiType type)
    {
        AbiType resolved = scope.Model.Index.Resolve(type);
        bool isIncomplete = resolved is AbiPrimitive { Kind: PrimitiveKind.Void } or AbiInlineRecord or AbiFunction
            || (resolved is AbiRecordRef or AbiEnumRef or AbiTypedefRef
                && scope.Model.Index.RecordOf(resolved) is null && scope.Model.Index.EnumOf(resolved) is null);
        if (isIncomplete)
        {
            return null;
        }

        MappedType mapped = scope.Types.Map(type);
        return mapped.SizeBytes > 0 ? mapped : null;
    }

    private XmlDoc Doc(AbiIoctl ioctl) =>
        new XmlDoc(
            $"{KernelName(ioctl)}{Describe(ioctl)}, request {XmlDoc.C($"0x{ioctl.Request:x8}")}.{scope.Names.NoteOfConstant(ioctl.Name)}")
            .Remarks($"{scope.Place(ioctl.Location)}.{WhatTheKernelDoes(ioctl)}")
            .TypeParameter("TDescriptor", "Type of descriptor.")
            .Parameter("fd", "Descriptor that takes the request.");

    // Where C# has it under the same name, the method's name says it.
    private string KernelName(AbiIoctl ioctl) =>
        scope.Names.OfConstant(ioctl.Name) == ioctl.Name ? "" : $"{XmlDoc.C(ioctl.Name)}, ";

    private string WhatTheKernelDoes(AbiIoctl ioctl) =>
        options.IoctlUses.Of(ioctl) is { } use ? $" {use.Describe(XmlDoc.C)}" : "";

    private static MethodDeclarationSyntax Method(string name, ParameterSyntax? argument, ExpressionSyntax body, XmlDoc doc) =>
        Method(name, argument, null, Code.Arrow(body), doc);

    private static MethodDeclarationSyntax Method(string name, ParameterSyntax argument, List<StatementSyntax> statements, XmlDoc doc)
    {
        BlockSyntax body = Block(
            default, Tokens.AtLineEnd(SyntaxKind.OpenBraceToken), List(statements), Tokens.AtLineEnd(SyntaxKind.CloseBraceToken));
        return Method(name, argument, body, null, doc);
    }

    private static MethodDeclarationSyntax Method(
        string name, ParameterSyntax? argument, BlockSyntax? block, ArrowExpressionClauseSyntax? arrow, XmlDoc doc) =>
        MethodDeclaration(
            default,
            Tokens.Modifiers(doc.Above(), SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword),
            ((CSharpType)"IoctlResult").BeforeName,
            null,
            Tokens.Word(name),
            TypeParameterList(
                Tokens.Plain(SyntaxKind.LessThanToken), SingletonSeparatedList(Descriptor), Tokens.Plain(SyntaxKind.GreaterThanToken)),
            Code.Parameters(
                isAtLineEnd: true,
                argument is null ? [Code.Parameter("TDescriptor", "fd")] : [Code.Parameter("TDescriptor", "fd"), argument]),
            SingletonList(block is null ? Constraint : ConstraintAtLineEnd),
            block,
            arrow,
            block is null ? Tokens.AtLineEnd(SyntaxKind.SemicolonToken) : default);

    // where TDescriptor : IIoctlDescriptor
    private static TypeParameterConstraintClauseSyntax ConstraintOf(IdentifierNameSyntax type) =>
        TypeParameterConstraintClause(
            Tokens.Spaced(SyntaxKind.WhereKeyword),
            Code.Name("TDescriptor"),
            Tokens.Infix(SyntaxKind.ColonToken),
            SingletonSeparatedList<TypeParameterConstraintSyntax>(TypeConstraint(type)));
}
