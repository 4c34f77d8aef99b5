using System.Collections.Concurrent;
using System.IO.Enumeration;

namespace HvBindgen.Generator.Diff;

/// <summary>Tells members that only keep space from those that mean something, by their names.</summary>
/// <remarks>
/// The first or the last word of the name decides, digits at its end left aside: <c>reserved_z12</c>, <c>vtl_reserved</c>,
/// <c>padding16_1</c> are reserved; <c>preserved</c> and <c>pad_length</c> are not.
/// </remarks>
public sealed class ReservedNames(IReadOnlyList<string> words)
{
    // Rules are shared: several comparisons may ask at once.
    private readonly ConcurrentDictionary<string, bool> known = new(StringComparer.Ordinal);

    /// <summary>The words in use where the configuration names none.</summary>
    public static IReadOnlyList<string> DefaultWords { get; } =
    [
        "rsvd*",
        "resv*",
        "reserved*",
        "pad",
        "padding*",
        "unused*",
        "mbz*",
        "spare*",
    ];

    /// <summary>Whether a member of that name is reserved.</summary>
    /// <param name="name">Name of a member.</param>
    /// <returns>True when a word of it says so.</returns>
    public bool Contains(string name)
    {
        if (!known.TryGetValue(name, out bool isReserved))
        {
            isReserved = Matches(name);
            known[name] = isReserved;
        }

        return isReserved;
    }

    private bool Matches(string name)
    {
        ReadOnlySpan<char> rest = name.AsSpan().Trim('_');
        int firstEnd = rest.IndexOf('_');
        ReadOnlySpan<char> first = firstEnd < 0 ? rest : rest[..firstEnd];
        ReadOnlySpan<char> tail = firstEnd < 0 ? default : rest[(firstEnd + 1)..];
        ReadOnlySpan<char> last = rest[(rest.LastIndexOf('_') + 1)..];

        // "pad" opens many names of real members; as a first word it only counts before a mere number.
        bool isShort = first.TrimEnd("0123456789").SequenceEqual("pad") && tail.Trim("0123456789_").Length > 0;
        return (!isShort && IsReservedWord(first)) || IsReservedWord(last);
    }

    private bool IsReservedWord(ReadOnlySpan<char> word)
    {
        word = word.TrimEnd("0123456789");
        foreach (string pattern in words)
        {
            if (word.Length > 0 && FileSystemName.MatchesSimpleExpression(pattern, word, ignoreCase: true))
            {
                return true;
            }
        }

        return false;
    }
}
