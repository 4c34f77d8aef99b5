using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Snapshots;

/// <summary>The words of the snapshot format: JSON, sorted, LF, one fact a line, nothing that differs between machines.</summary>
public static class SnapshotFormat
{
    /// <summary>Version that this tool writes; it rises with every change that an older tool would not understand.</summary>
    /// <remarks>2 added derivations, inclusions and the samples of function-like requests.</remarks>
    public const int Schema = 2;

    /// <summary>The oldest version that this tool reads. What a later one added is empty then.</summary>
    public const int OldestSchema = 1;

    /// <summary>The name of a snapshot file.</summary>
    /// <param name="set">Name of the header set.</param>
    /// <param name="target">Name of the target.</param>
    /// <returns>For example <c>mshv.x86_64.json</c>.</returns>
    public static string FileName(string set, string target) => $"{set}.{target}.json";

    // A record or enum that only a typedef names is spelled without its keyword in C.
    internal static string KindOf(string keyword, bool hasTag) => hasTag ? keyword : $"typedef {keyword}";

    internal static string ToText(IoctlDirection direction) => direction switch
    {
        IoctlDirection.None => "none",
        IoctlDirection.Write => "write",
        IoctlDirection.Read => "read",
        _ => "readwrite",
    };

    internal static IoctlDirection? ToDirection(string text) => text switch
    {
        "none" => IoctlDirection.None,
        "write" => IoctlDirection.Write,
        "read" => IoctlDirection.Read,
        "readwrite" => IoctlDirection.ReadWrite,
        _ => null,
    };
}
