namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Expressions of integer literals, operators and parentheses, to which C gives one type and one value by nothing but their text and the
/// size of <c>long</c>. What compares or chooses is left to the compiler, and so is what C leaves open.
/// </summary>
internal ref struct IntegerExpression
{
    // An expression is read with the stack of its thread.
    private const int MostNested = 64;

    private readonly int longBytes;
    private ExpressionTokens tokens;
    private int nested;

    private IntegerExpression(ReadOnlySpan<char> text, int longBytes)
    {
        this.longBytes = longBytes;
        tokens = new ExpressionTokens(text);
        tokens.MoveNext();
    }

    /// <summary>Reads an expression.</summary>
    /// <param name="text">Its text, in which macros were replaced.</param>
    /// <param name="longBytes">Size of <c>long</c>.</param>
    /// <returns>Null for all other text.</returns>
    internal static IntegerNumber? Read(string text, int longBytes)
    {
        IntegerExpression expression = new(text, longBytes);
        IntegerNumber? number = expression.Binary(0);
        return expression.tokens.Current.IsEmpty ? number : null;
    }

    /// <summary>How strongly a binary operator binds; null for none.</summary>
    internal static int? StrengthOf(ReadOnlySpan<char> token) => token switch
    {
        "|" => 0,
        "^" => 1,
        "&" => 2,
        "<<" or ">>" => 3,
        "+" or "-" => 4,
        "*" or "/" or "%" => 5,
        _ => null,
    };

    private IntegerNumber? Binary(int weakest)
    {
        IntegerNumber? left = Unary();
        while (left is { } number && StrengthOf(tokens.Current) is { } strength && strength >= weakest)
        {
            ReadOnlySpan<char> @operator = tokens.Current;
            tokens.MoveNext();
            left = Binary(strength + 1) is { } right ? number.With(@operator, right) : null;
        }

        return left;
    }

    private IntegerNumber? Unary()
    {
        ReadOnlySpan<char> token = tokens.Current;
        bool isNumber = tokens.IsNumber;
        tokens.MoveNext();
        if (isNumber)
        {
            return IntegerLiteral.Read(token, longBytes);
        }

        if (nested >= MostNested)
        {
            return null;
        }

        nested++;
        IntegerNumber? inner;
        if (token is "(")
        {
            inner = Binary(0);
            bool isClosed = tokens.Current is ")";
            tokens.MoveNext();
            inner = isClosed ? inner : null;
        }
        else
        {
            inner = token is "+" or "-" or "~" or "!" ? Unary()?.Behind(token) : null;
        }

        nested--;
        return inner;
    }
}
