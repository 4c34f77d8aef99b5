using System.IO.Enumeration;

namespace HvBindgen.Generator.Diff;

/// <summary>Whose rules a header follows.</summary>
public enum DiffPolicy
{
    /// <summary>Linux: what a program relies on is never broken; reserved bytes must have been checked to be zero.</summary>
    Uapi,

    /// <summary>
    /// The hypervisor's interface: banks of feature bits get names and lose them, reserved ranges shrink from release to
    /// release, and callers are told to write zero there.
    /// </summary>
    Hypervisor,
}

/// <summary>Gives headers their policy.</summary>
/// <param name="Headers">Pattern of header names, for example <c>hyperv/*.h</c>.</param>
/// <param name="Policy">Policy of the headers that match.</param>
public sealed record PolicyRule(string Headers, DiffPolicy Policy)
{
    /// <summary>Whether the policy is that of a header.</summary>
    /// <param name="header">Its name as an <c>#include</c> has it.</param>
    public bool Covers(string header) => FileSystemName.MatchesSimpleExpression(Headers, header, ignoreCase: false);
}

/// <summary>Words for <see cref="DiffPolicy"/> in the configuration and on the command line.</summary>
public static class DiffPolicies
{
    /// <summary>All policies, each with its word.</summary>
    public static IReadOnlyDictionary<string, DiffPolicy> ByWord { get; } = new Dictionary<string, DiffPolicy>(StringComparer.Ordinal)
    {
        ["uapi"] = DiffPolicy.Uapi,
        ["hypervisor"] = DiffPolicy.Hypervisor,
    };

    /// <summary>The words, for messages.</summary>
    public static string Known => $"The policies are: {string.Join(", ", ByWord.Keys)}.";

    /// <summary>How a policy is given to headers on the command line: <c>PATTERN=uapi</c> and so on.</summary>
    public static string Forms => string.Join(" or ", ByWord.Keys.Select(word => $"PATTERN={word}"));

    /// <summary>Finds a policy by its word.</summary>
    /// <param name="word">For example <c>hypervisor</c>.</param>
    /// <returns>The policy; null when the word names none.</returns>
    public static DiffPolicy? Find(string word) => ByWord.TryGetValue(word, out DiffPolicy policy) ? policy : null;
}

/// <summary>How to compare.</summary>
public sealed record DiffOptions
{
    /// <summary>Policies; the first whose pattern matches counts, <see cref="DiffPolicy.Uapi"/> where none does.</summary>
    public IReadOnlyList<PolicyRule> Policies { get; init; } = [];

    /// <summary>Patterns of constants that mark the end of a list although nothing in the headers shows it.</summary>
    public IReadOnlyList<string> EndMarkers { get; init; } = [];

    /// <summary>Patterns of words that mark a member as reserved, see <see cref="ReservedNames"/>.</summary>
    public IReadOnlyList<string> ReservedWords { get; init; } = ReservedNames.DefaultWords;
}
