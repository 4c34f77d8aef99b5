namespace HvBindgen.Cli;

/// <summary>Settings of the project that compiles generated C#.</summary>
internal static class ProjectSettings
{
    private const string Setting = "<AllowUnsafeBlocks>true</AllowUnsafeBlocks>";

    /// <summary>What the project around a folder lacks, before the compiler says it.</summary>
    /// <param name="folder">Folder of generated C#.</param>
    /// <returns>A sentence; null when the project has the setting, or there is no project to look into.</returns>
    internal static string? Lacks(string folder)
    {
        string? project = null;
        for (string? at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (!Directory.Exists(at))
            {
                continue;
            }

            project ??= Directory.EnumerateFiles(at, "*.csproj").Order(StringComparer.Ordinal).FirstOrDefault();
            if (FilesOf(at).Any(file => File.ReadAllText(file).Contains("AllowUnsafeBlocks", StringComparison.OrdinalIgnoreCase)))
            {
                return null;
            }
        }

        return project is null ? null : $"{CommandContext.Shorten(project)} needs {Setting} to compile the bindings";
    }

    // Projects import the files of the folders around them.
    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*.csproj").Concat(Directory.EnumerateFiles(folder, "Directory.Build.*"));
}
