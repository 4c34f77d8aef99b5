namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Tells the macros that come to an <see cref="IntegerExpression"/>, whatever branch is in force. Of these the compiler is asked no more
/// than what they are replaced by: for a set with many flags, <c>BIT(3)</c>, the others are few.
/// </summary>
/// <remarks>
/// Each definition begins and ends with an operand, and so does what it is replaced by: no two tokens become one where they meet, and the
/// text that the compiler gives is read as it means it.
/// </remarks>
internal sealed class ArithmeticMacros
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> unknownNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> users = new(StringComparer.Ordinal);

    internal ArithmeticMacros(HeaderMacros macros)
    {
        HashSet<string> others = new(StringComparer.Ordinal);
        List<string> names = [];
        foreach (MacroDefinition macro in macros.Definitions)
        {
            names.Clear();
            (string use, string otherUse) = (macro.Name, ExpressionShape.CallOf(macro.Name));
            if (macro.IsFunctionLike)
            {
                (use, otherUse) = (otherUse, use);
            }

            // What is called in one branch and not in another has two meanings.
            others.Add(otherUse);
            if (!new ExpressionShape(macro, names).Read())
            {
                others.Add(use);
            }

            unknownNames[use] = unknownNames.GetValueOrDefault(use) + names.Count;
            foreach (string name in names)
            {
                (users.TryGetValue(name, out List<string>? of) ? of : users[name] = []).Add(use);
            }
        }

        // From those that name no other, on to those that name but these; a round of macros that name each other is never reached.
        Stack<string> found = new(unknownNames.Where(macro => macro.Value == 0).Select(macro => macro.Key));
        while (found.TryPop(out string? name))
        {
            if (!others.Contains(name) && known.Add(name) && users.TryGetValue(name, out List<string>? of))
            {
                of.ForEach(user => Resolve(user, found));
            }
        }
    }

    /// <summary>Whether the macro is one of them.</summary>
    internal bool Has(string macro) => known.Contains(macro);

    private void Resolve(string user, Stack<string> found)
    {
        if (--unknownNames[user] == 0)
        {
            found.Push(user);
        }
    }
}
