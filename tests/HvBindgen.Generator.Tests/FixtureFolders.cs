namespace HvBindgen.Generator.Tests;

/// <summary>Where the fixtures of this project lie while its tests run.</summary>
internal static class FixtureFolders
{
    /// <summary>All fixtures.</summary>
    internal static string Root { get; } = Repository.PathOf("tests/HvBindgen.Generator.Tests/Fixtures");

    /// <summary>The headers that tests parse.</summary>
    internal static string Headers { get; } = Path.Combine(Root, "Headers");

    /// <summary>Headers that the fixtures include, in place of the kernel's.</summary>
    internal static string Includes { get; } = Path.Combine(Root, "include");
}
