namespace HvBindgen.Generator.Parsing;

/// <summary>
/// The headers that C promises without a library, such as <c>stddef.h</c>. They belong to compilers, and which one a machine has must
/// not change what comes out: these are the tool's own, searched after all others.
/// </summary>
public static class FreestandingHeaders
{
    /// <summary>The folder that holds them, beside the program.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "freestanding");

    /// <summary>Whether one of them has this name.</summary>
    internal static bool Have(string name) => File.Exists(Path.Combine(Folder, name));

    /// <summary>Whether a file is one of them.</summary>
    internal static bool Holds(string path) => path.StartsWith(Folder + "/", StringComparison.Ordinal);

    /// <summary>Whether they are there: a program that was copied without its files lacks them.</summary>
    public static bool Exist => File.Exists(Path.Combine(Folder, "stddef.h"));
}
