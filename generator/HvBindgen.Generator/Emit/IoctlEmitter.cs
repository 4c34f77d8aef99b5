using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits ioctl requests as methods, typed by the argument and its direction.</summary>
internal sealed class IoctlEmitter(EmitScope scope, MergedModel merged, EmitOptions options)
{
    private readonly IoctlArguments arguments = new(scope);
    private readonly IoctlMethod form = new(scope.Safety);

    /// <summary>Names that mean something else within the methods.</summary>
    internal static readonly HashSet<string> Parameters = new HashSet<string>(StringComparer.Ordinal)
    {
        "TDescriptor", "fd", "argument", "pointer",
    };

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

    /// <summary>The same for a request that a macro makes of its arguments.</summary>
    internal static string Describe(FunctionRequest request)
    {
        string direction = request.Origin.Direction switch
        {
            IoctlDirection.None => "_IOC_NONE",
            IoctlDirection.Write => "_IOC_WRITE",
            IoctlDirection.Read => "_IOC_READ",
            _ => "_IOC_READ | _IOC_WRITE",
        };
        string number = request.Parameters.FirstOrDefault(parameter => !parameter.IsLength) is { } varied
            ? $"0x{request.Origin.Number:x2} + {Times(varied)}"
            : $"0x{request.Origin.Number:x2}";
        string size = request.Length is not { } length ? $"{request.Origin.SizeBytes}"
            : request.Origin.SizeBytes > 0 ? $"{request.Origin.SizeBytes} + {Times(length)}"
            : Times(length);
        return XmlDoc.C($"_IOC({direction}, 0x{request.Origin.Type:x2}, {number}, {size})");
    }

    private static string Times(FunctionRequestParameter parameter) =>
        parameter.Step == 1 ? parameter.Name : $"{parameter.Step} * {parameter.Name}";

    internal IEnumerable<MemberDeclarationSyntax> Emit(AbiIoctl ioctl)
    {
        if (options.IoctlUses.Of(ioctl) is { } use)
        {
            return EmitAsUsed(ioctl, use);
        }

        return ioctl.Argument is null && ioctl.SizeBytes == 0
            ? [EmitWithInteger(ioctl)]
            : [EmitWithPointer(ioctl, ioctl.Argument), .. EmitTyped(ioctl, ioctl.Argument, IoctlArguments.Declared(ioctl.Direction))];
    }

    /// <summary>The request with the further types that the configuration gives its argument, where this scope is theirs.</summary>
    internal IEnumerable<MemberDeclarationSyntax> EmitAlternates(AbiIoctl ioctl)
    {
        IoctlUse? use = options.IoctlUses.Of(ioctl);
        IEnumerable<(AbiType Type, IoctlPassing Passing)> types =
        [
            .. (options.AlternateArguments.GetValueOrDefault(ioctl.Name) ?? [])
                .Where(type => scope.IsShared == (merged.IsPortable(ioctl) && merged.IsPortable(type)))
                .Select(type => (type, use?.Passing ?? IoctlArguments.Declared(ioctl.Direction))),
            .. use?.Argument is { } used && IsElsewhere(ioctl, used) && !scope.IsShared
                ? [(used, use.Passing)]
                : (ReadOnlySpan<(AbiType, IoctlPassing)>)[],
        ];
        return types.SelectMany(
            one => (IEnumerable<MemberDeclarationSyntax>)[EmitWithPointer(ioctl, one.Type), .. EmitTyped(ioctl, one.Type, one.Passing)]);
    }

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
    private MethodDeclarationSyntax EmitWithNothing(AbiIoctl ioctl) => form.Of(
        scope.Names.OfConstant(ioctl.Name),
        takesAddress: false,
        [],
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
        return form.Of(
            scope.Names.OfConstant(ioctl.Name), takesAddress: false, [Code.Parameter(type, "argument")], Forward(ioctl, value), doc);
    }

    // public static IoctlResult NAME<TDescriptor>(TDescriptor fd, nuint argument = 0) where TDescriptor : IIoctlDescriptor => ...
    private MethodDeclarationSyntax EmitWithInteger(AbiIoctl ioctl)
    {
        ParameterSyntax argument = Code.Parameter("nuint", "argument").WithDefault(Code.EqualsValue(Code.Number(0)));
        XmlDoc doc = Doc(ioctl).Parameter("argument", "Integer that some requests without a data type take; 0 where none is defined.")
            .Returns("The request's result, or its error number.");
        return form.Of(
            scope.Names.OfConstant(ioctl.Name),
            takesAddress: false,
            [argument],
            Forward(ioctl, Code.Cast(TypeMapper.Untyped, Code.Name("argument"))),
            doc);
    }

    private MethodDeclarationSyntax EmitWithPointer(AbiIoctl ioctl, AbiType? type)
    {
        CSharpType pointer = type is not null && arguments.TypeOf(type) is { } mapped ? mapped.Type.Pointer : TypeMapper.Untyped;
        XmlDoc doc = Doc(ioctl).Parameter(
            "argument", "The argument, valid until the call returns, with room for all that the request writes.")
            .Returns("The request's result, or its error number.");
        return form.Of(
            scope.Names.OfConstant(ioctl.Name),
            takesAddress: true,
            [Code.Parameter(pointer, "argument")],
            Forward(ioctl, Code.Name("argument")),
            doc);
    }

    private IEnumerable<MemberDeclarationSyntax> EmitTyped(AbiIoctl ioctl, AbiType? type, IoctlPassing passing)
    {
        if (!options.HasFriendlyOverloads || type is null || arguments.TypeOf(type) is not { } mapped)
        {
            yield break;
        }

        bool isFlexible = scope.Model.Index.RecordOf(scope.Model.Index.Resolve(type)) is { } record
            && FlexibleArrays.Has(record, scope.Model.Index);
        yield return isFlexible
            ? EmitWithSpan(ioctl, mapped, passing)
            : EmitWithReference(ioctl, mapped, passing, scope.Safety.HoldsAddresses(ioctl.Name, type));
    }

    // { fixed (record* pointer = &argument) { return NAME(fd, pointer); } }
    private MethodDeclarationSyntax EmitWithReference(AbiIoctl ioctl, MappedType type, IoctlPassing passing, bool holdsAddresses)
    {
        (SyntaxKind modifier, string text) = passing switch
        {
            IoctlPassing.In => (SyntaxKind.InKeyword, "The argument, which the kernel reads."),
            IoctlPassing.Out => (SyntaxKind.OutKeyword, "What the kernel wrote; zeros after an error."),
            _ => (SyntaxKind.RefKeyword, "The argument, which the kernel reads and writes."),
        };
        XmlDoc doc = Doc(ioctl).Parameter("argument", text + scope.Safety.NoteOf(holdsAddresses))
            .Returns("The request's result, or its error number.");
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
        return form.Of(
            scope.Names.OfConstant(ioctl.Name), holdsAddresses, [Code.Parameter(type.Type, "argument", modifier)], statements, doc);
    }

    // { if (argument.Length < sizeof(record)) throw ...; fixed (byte* pointer = argument) { return NAME(fd, (record*)pointer); } }
    private MethodDeclarationSyntax EmitWithSpan(AbiIoctl ioctl, MappedType type, IoctlPassing passing)
    {
        bool readsOnly = passing == IoctlPassing.In;
        XmlDoc doc = Doc(ioctl)
            .Parameter(
                "argument",
                $"Memory that starts with a {XmlDoc.C(type.Type.ToString())} and goes on with its elements."
                    + scope.Safety.NoteOf(takesAddress: true))
            .Returns("The request's result, or its error number.")
            .Exception("System.ArgumentOutOfRangeException", $"The memory is shorter than a {XmlDoc.C(type.Type.ToString())}.");
        StatementSyntax guard = Code.Statement(Code.Call(
            Code.Member("System.ArgumentOutOfRangeException", "ThrowIfLessThan"),
            Code.Member("argument", "Length"),
            Code.SizeOf(type.Type)));
        StatementSyntax call = Fixed("byte", Code.Name("argument"), scope.Names.OfConstant(ioctl.Name), castTo: type.Type.Pointer);
        CSharpType span = CSharpType.Generic(readsOnly ? "System.ReadOnlySpan" : "System.Span", "byte");

        // The kernel counts elements by a member of the record, and knows nothing of the span's end.
        return form.Of(scope.Names.OfConstant(ioctl.Name), takesAddress: true, [Code.Parameter(span, "argument")], [guard, call], doc);
    }

    private static FixedStatementSyntax Fixed(CSharpType type, ExpressionSyntax address, string method, CSharpType? castTo = null)
    {
        ExpressionSyntax pointer = Code.Name("pointer");
        return IoctlMethod.Fixed(
            type, address, Code.Call(Code.Name(method), Code.Name("fd"), castTo is null ? pointer : Code.Cast(castTo, pointer)));
    }

    // fd.Ioctl(Constants.NAME, argument); the number itself where another namespace has the constant.
    private ExpressionSyntax Forward(AbiIoctl ioctl, ExpressionSyntax argument)
    {
        ExpressionSyntax request = merged.IsPortable(ioctl) == scope.IsShared && !scope.Model.Index.IsEnumerator(ioctl.Name)
            ? Code.Member(options.ConstantsClass, scope.Names.OfConstant(ioctl.Name))
            : Literals.Hexadecimal(ioctl.Request);
        return Code.Call(Code.Member("fd", "Ioctl"), request, argument);
    }

    private XmlDoc Doc(AbiIoctl ioctl) =>
        new XmlDoc(
            $"{KernelName(ioctl)}{Describe(ioctl)}, request {XmlDoc.C($"0x{ioctl.Request:x8}")}.{scope.Names.NoteOfConstant(ioctl.Name)}")
            .Remarks($"{scope.Place(ioctl.Location, ioctl.Name)}.{WhatTheKernelDoes(ioctl)}")
            .TypeParameter("TDescriptor", "Type of descriptor.")
            .Parameter("fd", "Descriptor that takes the request.");

    // Where C# has it under the same name, the method's name says it.
    private string KernelName(AbiIoctl ioctl) =>
        scope.Names.OfConstant(ioctl.Name) == ioctl.Name ? "" : $"{XmlDoc.C(ioctl.Name)}, ";

    private string WhatTheKernelDoes(AbiIoctl ioctl) =>
        options.IoctlUses.Of(ioctl) is { } use ? $" {use.Describe(XmlDoc.C)}" : "";
}
