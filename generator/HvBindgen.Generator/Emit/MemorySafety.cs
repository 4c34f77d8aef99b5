using HvBindgen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>
/// Where generated code says <c>unsafe</c> and <c>safe</c>. To C# 14 the word means that pointers are named, and stands on types; to
/// C# 15 it means that the caller answers for memory, and stands on members alone.
/// </summary>
internal sealed class MemorySafety(AbiModel model, EmitOptions options)
{
    // Older versions of Roslyn, which write it just as well, have no keyword of that name.
    private static readonly SyntaxToken Safe = Tokens.Word("safe", " ");

    /// <summary>Whether the word stands on members and around statements, and on no type.</summary>
    internal bool StandsOnMembers { get; } = options.Language == CSharpLanguage.CSharp15;

    /// <summary>Modifiers of a type whose members name pointers or do not.</summary>
    internal SyntaxKind[] OfType(bool namesPointers) => namesPointers && !StandsOnMembers ? [SyntaxKind.UnsafeKeyword] : [];

    /// <summary>Modifiers of a field: any bits are a number, and no bits are known to be an address that is one.</summary>
    /// <param name="lead">What stands before it; nothing where its attributes do.</param>
    /// <param name="access">Its accessibility.</param>
    /// <param name="isPointer">Whether its type is a pointer.</param>
    /// <param name="mayOverlap">Whether the record has explicit offsets, so that its members may share bytes.</param>
    internal SyntaxTokenList OfField(SyntaxTriviaList lead, SyntaxKind access, bool isPointer, bool mayOverlap) => WithWord(
        lead.Count == 0 ? Tokens.Modifiers(access) : Tokens.Modifiers(lead, access), isPointer, isPointer || mayOverlap);

    /// <summary>Modifiers of a method that sends a request.</summary>
    /// <param name="lead">What stands before it.</param>
    /// <param name="takesAddress">Whether the kernel is given an address that the caller answers for.</param>
    internal SyntaxTokenList OfRequest(SyntaxTriviaList lead, bool takesAddress) =>
        WithWord(Tokens.Modifiers(lead, SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword), takesAddress, isWanted: true);

    /// <summary>
    /// Whether the argument of a request has addresses in it that the kernel follows, as far as headers and configuration say.
    /// </summary>
    /// <param name="request">Name of its macro.</param>
    /// <param name="type">Type of the argument.</param>
    internal bool HoldsAddresses(string request, AbiType type) =>
        options.Requests?.Arguments.GetValueOrDefault(request) is { Memory.Count: > 0 } || HoldsPointers(type);

    /// <summary>What the documentation of such an argument says, where its method is unsafe for it.</summary>
    internal string NoteOf(bool takesAddress) =>
        StandsOnMembers && takesAddress ? " The caller answers for the memory that it leads to." : "";

    /// <summary>Statements that follow pointers: in C# 15 a block around them says so, in C# 14 the type does.</summary>
    internal IEnumerable<StatementSyntax> Following(IReadOnlyList<StatementSyntax> statements) => !StandsOnMembers ? statements :
    [
        UnsafeStatement(
            default,
            Token(default, SyntaxKind.UnsafeKeyword, Tokens.LineEnd),
            Block(
                default, Tokens.AtLineEnd(SyntaxKind.OpenBraceToken), List(statements), Tokens.AtLineEnd(SyntaxKind.CloseBraceToken))),
    ];

    /// <summary>{ unsafe { return value; } }</summary>
    internal BlockSyntax BodyOf(ExpressionSyntax value) => BodyOf([Code.Return(value)]);

    /// <summary>A body of statements that follow pointers.</summary>
    internal BlockSyntax BodyOf(IReadOnlyList<StatementSyntax> statements) => Block(
        default,
        Tokens.AtLineEnd(SyntaxKind.OpenBraceToken),
        List(Following(statements)),
        Tokens.AtLineEnd(SyntaxKind.CloseBraceToken));

    private SyntaxTokenList WithWord(SyntaxTokenList modifiers, bool isUnsafe, bool isWanted) =>
        !StandsOnMembers || !isWanted ? modifiers : modifiers.Add(isUnsafe ? Tokens.Spaced(SyntaxKind.UnsafeKeyword) : Safe);

    // Of bytes without a description nobody knows.
    private bool HoldsPointers(AbiType type)
    {
        AbiType resolved = model.Index.Resolve(type);
        return resolved switch
        {
            AbiPointer or AbiFunction or AbiOpaque => true,
            AbiArray array => HoldsPointers(array.Element),
            _ when model.Index.RecordOf(resolved) is { } record =>
                OpaqueMembers.IsWithoutMembers(record) || record.HoistedFields().Any(field => HoldsPointers(field.Type)),
            _ => false,
        };
    }
}
