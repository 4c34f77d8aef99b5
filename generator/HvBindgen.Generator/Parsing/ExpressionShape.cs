namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Whether a macro's body has the form of an expression of integers: operands and binary operators in turn. Operands are numbers, names,
/// calls of macros, what is pasted of parameters, and all that in parentheses.
/// </summary>
/// <param name="macro">The macro.</param>
/// <param name="names">Receives the names that the form depends on, each time that one is used.</param>
internal ref struct ExpressionShape(MacroDefinition macro, List<string> names)
{
    // A call is another thing than the name alone.
    private const char Call = '(';

    // The compiler's own: __SIZEOF_LONG__.
    private const string OwnSizes = "__SIZEOF_";

    private readonly List<string> parameters = macro.IsFunctionLike ? ExpressionNames.In(macro.Parameters) : [];

    // For each parenthesis that is open, whether it is a call's.
    private readonly Stack<bool> open = [];
    private ExpressionTokens tokens = new(macro.Body);
    private bool isOperandNext = true;
    private bool isBehindName;
    private bool dependsOnName;

    /// <summary>How a name that is called stands among the names.</summary>
    internal static string CallOf(string name) => name + Call;

    /// <summary>Reads the body.</summary>
    internal bool Read()
    {
        while (tokens.MoveNext())
        {
            bool isRight = tokens.Current is "(" && (isOperandNext || isBehindName) ? Open()
                : isOperandNext ? TakeOperand()
                : tokens.Current is ")" ? Close()
                : TakeOperator();
            if (!isRight)
            {
                return false;
            }
        }

        return !isOperandNext && open.Count == 0;
    }

    private bool Open()
    {
        if (isBehindName && dependsOnName)
        {
            names[^1] = CallOf(names[^1]);
        }

        open.Push(isBehindName);
        (isOperandNext, isBehindName) = (true, false);
        return true;
    }

    private bool Close()
    {
        isBehindName = false;
        return open.TryPop(out _);
    }

    private bool TakeOperand()
    {
        isBehindName = tokens.IsName;
        isOperandNext = tokens.Current is "+" or "-" or "~" or "!";
        dependsOnName = isBehindName && !IsKnownAnyway(tokens.Current) && !parameters.Contains(tokens.Current.ToString());
        if (dependsOnName)
        {
            names.Add(tokens.Current.ToString());
        }

        return isOperandNext || isBehindName || tokens.IsNumber;
    }

    private bool TakeOperator()
    {
        isBehindName = false;
        isOperandNext = IntegerExpression.StrengthOf(tokens.Current) is not null
            || (tokens.Current is "##" && macro.IsFunctionLike)
            || (tokens.Current is "," && open.TryPeek(out bool isCall) && isCall);
        return isOperandNext;
    }

    // _UL(x) is _AC(x, UL), which pastes both; a compiler's sizes are numbers.
    private static bool IsKnownAnyway(ReadOnlySpan<char> name) =>
        name.Trim("uUlL").IsEmpty || name.StartsWith(OwnSizes, StringComparison.Ordinal);
}
