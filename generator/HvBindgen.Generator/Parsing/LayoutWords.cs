using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Attributes and pragmas by which one compiler lays records out and another, which does not know them, goes on without: no layout is
/// right for both.
/// </summary>
internal static class LayoutWords
{
    private const string StorageOrder = "scalar_storage_order";
    private const string MicrosoftLayout = "ms_struct";

    /// <summary>Those that a line without comments has.</summary>
    internal static IReadOnlyList<string> In(ReadOnlySpan<char> line) =>
        (line.Contains(StorageOrder, StringComparison.Ordinal) || line.Contains(MicrosoftLayout, StringComparison.Ordinal))
            && (line.Contains("attribute", StringComparison.Ordinal) || line.Contains("pragma", StringComparison.Ordinal))
            ? [.. ExpressionNames.In(line).Select(name => name.Trim('_')).Where(name => name is StorageOrder or MicrosoftLayout)]
            : [];

    /// <summary>Why compilers for a target do not agree about a word; null where they do.</summary>
    internal static string? FaultOf(string word, TargetInfo target) => word switch
    {
        StorageOrder => $"gcc lays records out by {word} and clang ignores it",
        MicrosoftLayout when target.Name is not ("x86_64" or "i686" or "ppc64le") =>
            $"clang lays records out by {word} and gcc ignores it on {target.Name}",
        _ => null,
    };
}
