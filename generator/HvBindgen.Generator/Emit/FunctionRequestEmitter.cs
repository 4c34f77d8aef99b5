using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HvBindgen.Generator.Emit;

/// <summary>Emits the methods of requests that function-like macros make of their arguments.</summary>
internal sealed class FunctionRequestEmitter(EmitScope scope, EmitOptions options, IoctlArguments arguments)
{
    private readonly IoctlMethod form = new(scope.Safety);

    internal IEnumerable<MemberDeclarationSyntax> Emit(FunctionRequest request)
    {
        IoctlUse? use = options.IoctlUses.Of(request.Macro);
        IoctlPassing passing = use?.Passing ?? IoctlArguments.Declared(request.Origin.Direction);
        AbiType? type = use?.Argument ?? request.Macro.Argument;
        if (request.Length is { } length)
        {
            // An element as large as a step is counted; else the length counts bytes.
            MappedType? element = type is not null && arguments.TypeOf(type) is { } mapped && mapped.SizeBytes == length.Step
                ? mapped
                : null;
            if (passing is IoctlPassing.In or IoctlPassing.Out or IoctlPassing.Ref && (element is not null || length.Step == 1))
            {
                yield return EmitWithSpan(
                    request, passing, element?.Type ?? "byte", use, element is not null && HoldsAddresses(request, type!));
                yield break;
            }
        }
        else if (passing == IoctlPassing.None || (use is null && type is null && request.Origin.SizeBytes == 0))
        {
            yield return EmitPlain(request, use, isEmpty: passing == IoctlPassing.None && use is not null);
            yield break;
        }

        yield return EmitWithPointer(request, type, use);
        if (options.HasFriendlyOverloads && request.Length is null && type is not null && arguments.TypeOf(type) is { } record
            && passing != IoctlPassing.Pointer)
        {
            yield return EmitWithReference(request, passing, record, use, HoldsAddresses(request, type));
        }
    }

    private bool HoldsAddresses(FunctionRequest request, AbiType type) => scope.Safety.HoldsAddresses(request.Macro.Name, type);

    private MethodDeclarationSyntax EmitWithSpan(
        FunctionRequest request, IoctlPassing passing, CSharpType element, IoctlUse? use, bool holdsAddresses)
    {
        XmlDoc doc = Doc(request, use, isCounted: true)
            .Parameter(
                "argument",
                $"Memory of which the request's number tells the size: {Reads(passing)}.{scope.Safety.NoteOf(holdsAddresses)}")
            .Returns("The request's result, or its error number.")
            .Exception("System.ArgumentOutOfRangeException", "The memory, or a value, has no room in the request's number.");
        CSharpType span = CSharpType.Generic(passing == IoctlPassing.In ? "System.ReadOnlySpan" : "System.Span", element);
        ExpressionSyntax call = Forward(request, Code.Name("pointer"), Code.Member("argument", "Length"));
        StatementSyntax statement = IoctlMethod.Fixed(element, Code.Name("argument"), call);
        return Method(request, Code.Parameter(span, "argument"), [statement], holdsAddresses, doc);
    }

    private MethodDeclarationSyntax EmitWithReference(
        FunctionRequest request, IoctlPassing passing, MappedType type, IoctlUse? use, bool holdsAddresses)
    {
        SyntaxKind modifier = passing switch
        {
            IoctlPassing.In => SyntaxKind.InKeyword,
            IoctlPassing.Out => SyntaxKind.OutKeyword,
            _ => SyntaxKind.RefKeyword,
        };
        XmlDoc doc = Doc(request, use)
            .Parameter("argument", $"The argument: {Reads(passing)}.{scope.Safety.NoteOf(holdsAddresses)}")
            .Returns("The request's result, or its error number.")
            .Exception("System.ArgumentOutOfRangeException", "A value has no room in the request's number.");
        List<StatementSyntax> statements = [];
        if (modifier == SyntaxKind.OutKeyword)
        {
            statements.Add(Code.Statement(Code.Assign(
                Code.Name("argument"),
                SyntaxFactory.LiteralExpression(SyntaxKind.DefaultLiteralExpression, Tokens.Plain(SyntaxKind.DefaultKeyword)))));
        }

        ExpressionSyntax address = SyntaxFactory.PrefixUnaryExpression(
            SyntaxKind.AddressOfExpression, Tokens.Plain(SyntaxKind.AmpersandToken), Code.Name("argument"));
        statements.Add(IoctlMethod.Fixed(type.Type, address, Forward(request, Code.Name("pointer"), null)));
        return Method(request, Code.Parameter(type.Type, "argument", modifier), statements, holdsAddresses, doc);
    }

    private MethodDeclarationSyntax EmitWithPointer(FunctionRequest request, AbiType? type, IoctlUse? use)
    {
        bool isWhole = request.Length is null;
        CSharpType pointer = isWhole && type is not null && arguments.TypeOf(type) is { } mapped ? mapped.Type.Pointer : TypeMapper.Untyped;
        XmlDoc doc = Doc(request, use)
            .Parameter("argument", "The argument, valid until the call returns, with room for all that the request writes.")
            .Returns("The request's result, or its error number.")
            .Exception("System.ArgumentOutOfRangeException", "A value has no room in the request's number.");
        return form.Of(
            NameOf(request),
            takesAddress: true,
            [.. Numbers(request), Code.Parameter(pointer, "argument")],
            Forward(request, Code.Name("argument"), null),
            doc);
    }

    private MethodDeclarationSyntax EmitPlain(FunctionRequest request, IoctlUse? use, bool isEmpty)
    {
        XmlDoc doc = Doc(request, use);
        doc = isEmpty ? doc : doc.Parameter("argument", "Integer that some requests without a data type take; 0 where none is defined.");
        doc = doc.Returns("The request's result, or its error number.")
            .Exception("System.ArgumentOutOfRangeException", "A value has no room in the request's number.");
        ParameterSyntax argument = Code.Parameter("nuint", "argument").WithDefault(Code.EqualsValue(Code.Number(0)));
        ExpressionSyntax passed = isEmpty
            ? SyntaxFactory.LiteralExpression(SyntaxKind.NullLiteralExpression, Tokens.Plain(SyntaxKind.NullKeyword))
            : Code.Cast(TypeMapper.Untyped, Code.Name("argument"));
        return form.Of(
            NameOf(request),
            takesAddress: false,
            isEmpty ? Numbers(request) : [.. Numbers(request), argument],
            Forward(request, passed, null),
            doc);
    }

    // fd.Ioctl(Constants.NAME(ev, argument.Length), pointer)
    private ExpressionSyntax Forward(FunctionRequest request, ExpressionSyntax argument, ExpressionSyntax? length)
    {
        IReadOnlyDictionary<string, string> names = ParametersOf(request);
        ExpressionSyntax[] values =
        [
            .. request.Parameters.Select(
                parameter => parameter.IsLength && length is not null ? length : Code.Name(names[parameter.Name])),
        ];
        ExpressionSyntax number = Code.Call(Code.Member(options.ConstantsClass, NameOf(request)), values);
        return Code.Call(Code.Member("fd", "Ioctl"), number, argument);
    }

    private MethodDeclarationSyntax Method(
        FunctionRequest request, ParameterSyntax argument, List<StatementSyntax> statements, bool holdsAddresses, XmlDoc doc)
    {
        bool isCounted = request.Length is not null;
        return form.Of(NameOf(request), holdsAddresses, [.. Numbers(request, isCounted), argument], statements, doc);
    }

    private ParameterSyntax[] Numbers(FunctionRequest request, bool isCounted = false)
    {
        IReadOnlyDictionary<string, string> names = ParametersOf(request);
        return
        [
            .. request.Parameters.Where(parameter => !isCounted || !parameter.IsLength)
                .Select(parameter => Code.Parameter("int", names[parameter.Name])),
        ];
    }

    private IReadOnlyDictionary<string, string> ParametersOf(FunctionRequest request) =>
        ParameterNames.Of(request, options.ConstantsClass);

    private string NameOf(FunctionRequest request) => scope.Names.OfConstant(request.Macro.Name);

    private XmlDoc Doc(FunctionRequest request, IoctlUse? use, bool isCounted = false)
    {
        string kernel = use is null ? "" : $" {use.Describe(XmlDoc.C)}";
        XmlDoc doc = new XmlDoc($"{XmlDoc.C(request.Macro.Name + request.Macro.Parameters)}: {IoctlEmitter.Describe(request)}.")
            .Remarks($"{scope.Place(request.Macro.Location, request.Macro.Name)}.{kernel}")
            .TypeParameter("TDescriptor", "Type of descriptor.")
            .Parameter("fd", "Descriptor that takes the request.");
        IReadOnlyDictionary<string, string> names = ParametersOf(request);
        foreach (FunctionRequestParameter parameter in request.Parameters.Where(parameter => !isCounted || !parameter.IsLength))
        {
            doc = doc.Parameter(names[parameter.Name].TrimStart('@'), Describe(parameter));
        }

        return doc;
    }

    /// <summary>What a parameter does, and its range.</summary>
    internal static string Describe(FunctionRequestParameter parameter)
    {
        string does = (parameter.IsLength, parameter.Step) switch
        {
            (true, 1) => "Size of the argument in bytes",
            (true, _) => $"Number of elements of {parameter.Step} bytes",
            _ => "Added to the request's nr",
        };
        return $"{does}, 0 to {Literals.Decimal(parameter.Most)}.";
    }

    private static string Reads(IoctlPassing passing) => passing switch
    {
        IoctlPassing.In => "the kernel reads it",
        IoctlPassing.Out => "the kernel writes it",
        _ => "the kernel reads and writes it",
    };
}
