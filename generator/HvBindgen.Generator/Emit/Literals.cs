using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace HvBindgen.Generator.Emit;

/// <summary>Numbers and strings as C# literals.</summary>
internal static class Literals
{
    private const int SmallestHexadecimal = 1024;

    internal static string Decimal(Int128 value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Decimal where a person counts, hexadecimal where bits are meant: from 1024 up.</summary>
    internal static ExpressionSyntax Integer(Int128 value)
    {
        if (value < 0)
        {
            // The smallest long has no positive counterpart to negate.
            return value == long.MinValue
                ? ParseExpression("long.MinValue")
                : PrefixUnaryExpression(
                    SyntaxKind.UnaryMinusExpression, Tokens.Plain(SyntaxKind.MinusToken), Unsigned((ulong)-value, hexadecimal: false));
        }

        return Unsigned((ulong)value, value >= SmallestHexadecimal);
    }

    /// <summary>Any number of 128 bits: as <see cref="Integer"/> where 64 are enough, else made of two halves.</summary>
    internal static ExpressionSyntax Wide(CSharpType type, Int128 value) =>
        value >= (type == (CSharpType)"System.UInt128" ? 0 : long.MinValue) && value <= ulong.MaxValue
            ? Integer(value)
            : Halves(type, (UInt128)value);

    // new System.UInt128(0x1, 0xffffffffffffffff)
    internal static ExpressionSyntax Halves(CSharpType type, UInt128 value) => ObjectCreationExpression(
        Tokens.Spaced(SyntaxKind.NewKeyword),
        type.Syntax,
        Code.Arguments(Integer((ulong)(value >> 64)), Integer((ulong)value)),
        null);

    internal static ExpressionSyntax Hexadecimal(uint value) =>
        LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(default, $"0x{value:x8}", value, default));

    internal static ExpressionSyntax Hexadecimal(ushort value) =>
        LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(default, $"0x{value:x4}", value, default));

    internal static ExpressionSyntax Floating(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(text + "D", value));
    }

    internal static ExpressionSyntax Text(string text) =>
        LiteralExpression(
            SyntaxKind.StringLiteralExpression, Literal(default, SymbolDisplay.FormatLiteral(text, quote: true), text, default));

    internal static ExpressionSyntax Utf8(string text) =>
        LiteralExpression(SyntaxKind.Utf8StringLiteralExpression, Token(
            default, SyntaxKind.Utf8StringLiteralToken, SymbolDisplay.FormatLiteral(text, quote: true) + "u8", text, default));

    internal static ExpressionSyntax Bytes(ReadOnlySpan<byte> bytes)
    {
        CollectionElementSyntax[] elements = new CollectionElementSyntax[bytes.Length];
        for (int index = 0; index < bytes.Length; index++)
        {
            elements[index] = ExpressionElement(LiteralExpression(
                SyntaxKind.NumericLiteralExpression, Literal(default, $"0x{bytes[index]:x2}", bytes[index], default)));
        }

        return CollectionExpression(
            Tokens.Plain(SyntaxKind.OpenBracketToken), Code.Separated(elements), Tokens.Plain(SyntaxKind.CloseBracketToken));
    }

    private static LiteralExpressionSyntax Unsigned(ulong value, bool hexadecimal)
    {
        if (!hexadecimal && value <= long.MaxValue)
        {
            return Code.Number((long)value);
        }

        string text = hexadecimal ? $"0x{value:x}" : value.ToString(CultureInfo.InvariantCulture);
        return LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(default, text, value, default));
    }
}
