namespace HvBindgen.Generator.Files;

/// <summary>What files of a repository may name: what lies in the repository, the distribution's headers, and what the user adds.</summary>
/// <remarks>
/// A configuration comes with a repository, so it is its author's and not the user's. Leaving the repository is the user's decision: on
/// the command line or in the environment. A configuration that lies in no repository is the user's own, and may read headers anywhere.
/// </remarks>
/// <param name="Root">The repository, links followed.</param>
/// <param name="Allowed">Further folders, links followed.</param>
public sealed record PathBounds(string Root, IReadOnlyList<string> Allowed)
{
    /// <summary>Environment variable with folders, colons between them.</summary>
    public const string EnvironmentVariable = "HVBINDGEN_ALLOW_PATH";

    private const string Distribution = "/usr";
    private const string LocalAdditions = "/usr/local";

    /// <summary>Whether the root is a repository, whose author need not be the user.</summary>
    public bool IsRepository { get; init; } = true;

    /// <summary>The bounds of a configuration file.</summary>
    /// <param name="configuration">The file; it need not exist.</param>
    /// <param name="allowed">Folders that the command line adds; those of the environment are added too.</param>
    /// <returns>The bounds: the repository around the file or, where there is none, its folder, or the one around a folder
    /// <c>headers</c>.</returns>
    public static PathBounds Around(string configuration, IEnumerable<string>? allowed = null)
    {
        string folder = Path.GetDirectoryName(RealPath.Of(configuration)) ?? "/";
        string? repository = RepositoryOf(folder);
        string root = repository ?? (Path.GetFileName(folder) == "headers" ? Path.GetDirectoryName(folder)! : folder);
        string[] named = (Environment.GetEnvironmentVariable(EnvironmentVariable) ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return new PathBounds(root, [.. (allowed ?? []).Concat(named).Select(RealPath.Of)]) { IsRepository = repository is not null };
    }

    /// <summary>The innermost repository that a folder belongs to.</summary>
    /// <param name="folder">A folder.</param>
    /// <returns>Its top folder; null outside of any.</returns>
    public static string? RepositoryOf(string folder)
    {
        for (string? at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.Exists(Path.Combine(at, ".git")))
            {
                return at;
            }
        }

        return null;
    }

    /// <summary>Whether headers may be read from there.</summary>
    /// <param name="path">File or folder; links are followed.</param>
    /// <returns>False also for what git keeps in the repository.</returns>
    public bool MayRead(string path)
    {
        string real = RealPath.Of(path);
        bool isDistribution = RealPath.IsWithin(real, Distribution) && !RealPath.IsWithin(real, LocalAdditions);
        return !IsRepository || isDistribution || IsInRepository(real) || IsAllowed(real);
    }

    /// <summary>Whether files may be written there.</summary>
    /// <param name="path">File or folder; links are followed.</param>
    /// <returns>False also for what git keeps in the repository, and for the distribution's files.</returns>
    public bool MayWrite(string path)
    {
        string real = RealPath.Of(path);
        return IsInRepository(real) || IsAllowed(real);
    }

    private bool IsInRepository(string real) => IsBelow(real, Root);

    private bool IsAllowed(string real) => Allowed.Any(folder => IsBelow(real, folder));

    private static bool IsBelow(string real, string folder) =>
        RealPath.IsWithin(real, folder) && !real[folder.Length..].Split('/').Contains(".git");
}
