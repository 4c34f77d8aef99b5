using System.Text.Json;

namespace HvBindgen.Sweep.Foreign;

/// <summary>What <c>sets.json</c> says: packages of other projects, pinned, and the sets that are made of their headers.</summary>
internal sealed record ForeignDocument
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Suite of Debian that has the packages.</summary>
    public required string Suite { get; init; }

    /// <summary>Packages whose headers all sets see, behind their own.</summary>
    public required IReadOnlyList<string> Libraries { get; init; }

    public required IReadOnlyList<ForeignPackage> Packages { get; init; }

    public required IReadOnlyList<ForeignSet> Sets { get; init; }

    /// <summary>Reads the file beside the sources of the tests.</summary>
    internal static ForeignDocument Read() => JsonSerializer.Deserialize<ForeignDocument>(
        File.ReadAllText(Repository.PathOf("tests/HvBindgen.Sweep/Foreign/sets.json")), Options)!;
}

/// <summary>One package of Debian.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version that the table of results is of.</param>
/// <param name="Sha256">SHA-256 of the package's file for amd64.</param>
internal sealed record ForeignPackage(string Name, string Version, string Sha256);

/// <summary>One set of headers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Packages">Packages that have its headers.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Own">Patterns of the headers whose declarations are the set's.</param>
internal sealed record ForeignSet(string Name, IReadOnlyList<string> Packages, IReadOnlyList<string> Headers, IReadOnlyList<string> Own)
{
    /// <summary>Folders below the packages' own that are searched first.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Macros given to the compiler.</summary>
    public IReadOnlyList<string> Defines { get; init; } = [];
}
