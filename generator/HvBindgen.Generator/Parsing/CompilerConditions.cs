using System.Buffers;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Finds declarations that stand between conditions about which compiler reads them: of those libclang sees one branch, and other
/// compilers may see another.
/// </summary>
/// <remarks>
/// <c>#ifdef __GNUC__</c> is no such condition, because every compiler that can read the headers defines it; conditions around attributes,
/// and around macros that are no numbers, declare the same to all.
/// </remarks>
internal sealed class CompilerConditions
{
    // What tells compilers and their versions apart.
    private static readonly SearchValues<string> Names = SearchValues.Create(
        [
            "__clang_major__", "__clang_minor__", "__clang_patchlevel__", "__clang_version__", "__clang__", "__GNUC_MINOR__",
            "__GNUC_PATCHLEVEL__", "__GNUC__", "__VERSION__", "__INTEL_COMPILER", "_MSC_VER",
        ],
        StringComparison.Ordinal);

    private readonly Stack<List<string>> open = new();

    // Those of them whose names are not found yet, the innermost last.
    private readonly List<List<string>> pending = [];

    /// <summary>Names in conditions around a declaration, sorted.</summary>
    internal SortedSet<string> Found { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes a line of the header in, joined and without comments.</summary>
    internal void Read(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        if (line.IsEmpty)
        {
            return;
        }

        if (line[0] != '#')
        {
            AddPending();
            return;
        }

        line = line[1..].TrimStart();
        ReadOnlySpan<char> word = line[..LengthOfName(line)];
        ReadOnlySpan<char> rest = line[word.Length..].Trim();
        switch (word)
        {
            case "if" or "ifdef" or "ifndef":
                open.Push([]);
                Expect(In(rest, isComparison: word is "if"));
                break;
            case "elif" when open.Count > 0:
                Expect(In(rest, isComparison: true));
                break;
            case "endif" when open.TryPop(out List<string>? ended):
                if (pending.Count > 0 && ReferenceEquals(pending[^1], ended))
                {
                    pending.RemoveAt(pending.Count - 1);
                }

                break;
            case "define" when pending.Count > 0 && IsNumber(rest):
                AddPending();
                break;
        }
    }

    private void Expect(List<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        List<string> innermost = open.Peek();
        innermost.AddRange(names);
        if (pending.Count == 0 || !ReferenceEquals(pending[^1], innermost))
        {
            pending.Add(innermost);
        }
    }

    private void AddPending()
    {
        pending.ForEach(Found.UnionWith);
        pending.Clear();
    }

    // Whether __GNUC__ is there tells nothing, how high it is does.
    private static List<string> In(ReadOnlySpan<char> condition, bool isComparison)
    {
        if (!condition.ContainsAny(Names))
        {
            return [];
        }

        bool compares = isComparison && (condition.ContainsAny('<', '>') || condition.Contains("==", StringComparison.Ordinal));
        List<string> names = ExpressionNames.In(condition);
        names.RemoveAll(name => !Names.Contains(name) || (name == "__GNUC__" && !compares));
        return names;
    }

    // NAME 5, NAME (1 << 3): a constant that some compilers have.
    private static bool IsNumber(ReadOnlySpan<char> definition)
    {
        ReadOnlySpan<char> body = definition[LengthOfName(definition)..];
        return body.Length > 0 && body[0] != '(' && body.TrimStart(" \t(-~") is [>= '0' and <= '9', ..];
    }

    private static int LengthOfName(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] == '_'))
        {
            length++;
        }

        return length;
    }
}
