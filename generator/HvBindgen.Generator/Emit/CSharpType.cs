using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HvBindgen.Generator.Emit;

/// <summary>A C# type. Its syntax is made once, from what it is made of; its text is for people.</summary>
internal abstract class CSharpType
{
    private static readonly ConcurrentDictionary<string, CSharpType> Names = new(StringComparer.Ordinal);

    private CSharpType? pointer;
    private TypeSyntax? syntax;
    private TypeSyntax? syntaxBeforeName;

    /// <summary>The type.</summary>
    internal TypeSyntax Syntax => syntax ??= Build("");

    /// <summary>The type with a space behind it.</summary>
    internal TypeSyntax BeforeName => syntaxBeforeName ??= Build(" ");

    /// <summary>The type at the end of a line.</summary>
    internal TypeSyntax AtLineEnd => Build(Tokens.NextLine);

    /// <summary>A pointer to the type.</summary>
    internal CSharpType Pointer => pointer ??= new PointerTo(this);

    /// <summary>A type by its name: a keyword, or identifiers with dots between them. Equal names give one object.</summary>
    /// <exception cref="EmitException">There is no name, or none behind the last dot.</exception>
    public static implicit operator CSharpType(string name) => Names.GetOrAdd(name, static name => name.Length > 0 && name[^1] != '.'
        ? new Named(name)
        : throw new EmitException("a record without a name of its own has no C# type here"));

    /// <summary>A type with type arguments.</summary>
    internal static CSharpType Generic(string name, params CSharpType[] arguments) => new Instance(name, arguments);

    /// <summary>A pointer to a function of C.</summary>
    internal static CSharpType Function(IReadOnlyList<CSharpType> parametersAndResult) => new FunctionPointer(parametersAndResult);

    /// <summary>The syntax of a name with dots.</summary>
    internal static NameSyntax NameOf(string name, string behind = "")
    {
        int dot = name.LastIndexOf('.');
        SimpleNameSyntax last = SyntaxFactory.IdentifierName(Tokens.Word(name[(dot + 1)..], behind));
        return Qualified(name, dot, last);
    }

    /// <summary>The last part of a name, with type arguments.</summary>
    internal static SimpleNameSyntax InstanceOf(string name, IReadOnlyList<CSharpType> arguments, string behind = "") =>
        SyntaxFactory.GenericName(
            SyntaxFactory.Identifier(default, name, default),
            SyntaxFactory.TypeArgumentList(
                Tokens.Plain(SyntaxKind.LessThanToken),
                Code.Separated([.. arguments.Select(argument => argument.Syntax)]),
                Tokens.With(SyntaxKind.GreaterThanToken, behind: behind)));

    public abstract override string ToString();

    private protected abstract TypeSyntax Build(string behind);

    private static NameSyntax Qualified(string name, int dot, SimpleNameSyntax last) =>
        dot < 0 ? last : SyntaxFactory.QualifiedName(NameOf(name[..dot]), Tokens.Plain(SyntaxKind.DotToken), last);

    private sealed class Named(string name) : CSharpType
    {
        public override string ToString() => name;

        private protected override TypeSyntax Build(string behind)
        {
            SyntaxKind keyword = SyntaxFacts.GetKeywordKind(name);
            return SyntaxFacts.IsPredefinedType(keyword)
                ? SyntaxFactory.PredefinedType(Tokens.With(keyword, behind: behind))
                : NameOf(name, behind);
        }
    }

    private sealed class PointerTo(CSharpType target) : CSharpType
    {
        public override string ToString() => $"{target}*";

        private protected override TypeSyntax Build(string behind) =>
            SyntaxFactory.PointerType(target.Syntax, Tokens.With(SyntaxKind.AsteriskToken, behind: behind));
    }

    // Array4<byte>, CallSignature<input, output>
    private sealed class Instance(string name, CSharpType[] arguments) : CSharpType
    {
        public override string ToString() => $"{name}<{string.Join<CSharpType>(", ", arguments)}>";

        private protected override TypeSyntax Build(string behind)
        {
            int dot = name.LastIndexOf('.');
            return Qualified(name, dot, InstanceOf(name[(dot + 1)..], arguments, behind));
        }
    }

    // delegate* unmanaged[Cdecl]<int, void>
    private sealed class FunctionPointer(IReadOnlyList<CSharpType> parametersAndResult) : CSharpType
    {
        public override string ToString() => $"delegate* unmanaged[Cdecl]<{string.Join(", ", parametersAndResult)}>";

        private protected override TypeSyntax Build(string behind) =>
            SyntaxFactory.FunctionPointerType(
                Tokens.Plain(SyntaxKind.DelegateKeyword),
                Tokens.Spaced(SyntaxKind.AsteriskToken),
                SyntaxFactory.FunctionPointerCallingConvention(
                    Tokens.Plain(SyntaxKind.UnmanagedKeyword),
                    SyntaxFactory.FunctionPointerUnmanagedCallingConventionList(
                        Tokens.Plain(SyntaxKind.OpenBracketToken),
                        SyntaxFactory.SingletonSeparatedList(SyntaxFactory.FunctionPointerUnmanagedCallingConvention(Tokens.Word("Cdecl"))),
                        Tokens.Plain(SyntaxKind.CloseBracketToken))),
                SyntaxFactory.FunctionPointerParameterList(
                    Tokens.Plain(SyntaxKind.LessThanToken),
                    Code.Separated(
                        [.. parametersAndResult.Select(type => SyntaxFactory.FunctionPointerParameter(default, default, type.Syntax))]),
                    Tokens.With(SyntaxKind.GreaterThanToken, behind: behind)));
    }
}
