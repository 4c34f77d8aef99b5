using System.Text;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Files;

namespace HvBindgen.Cli.Running;

/// <summary>Settings of the project that compiles generated C#.</summary>
internal static class ProjectSettings
{
    // Far above any project.
    private const long MostBytes = 1 << 20;

    private static readonly (string Sign, string Setting) Unsafe = ("AllowUnsafeBlocks", "<AllowUnsafeBlocks>true</AllowUnsafeBlocks>");

    // C# 15 with its rules for memory is not yet what an SDK takes by itself.
    private static readonly (string Sign, string Setting)[] Next =
    [
        Unsafe,
        ("<LangVersion>preview", "<LangVersion>preview</LangVersion>"),
        ("updated-memory-safety-rules", "<Features>$(Features);updated-memory-safety-rules</Features>"),
    ];

    /// <summary>What the project around a folder lacks, before the compiler says it.</summary>
    /// <param name="folder">Folder of generated C#.</param>
    /// <param name="language">Version of that C#.</param>
    /// <returns>A sentence; null when the project has the settings, or there is no project to look into.</returns>
    internal static string? Lacks(string folder, CSharpLanguage language = CSharpLanguage.CSharp14)
    {
        string? project = null;
        List<(string Sign, string Setting)> lacking = language == CSharpLanguage.CSharp15 ? [.. Next] : [Unsafe];
        for (string? at = Path.GetFullPath(folder); at is not null && lacking.Count > 0; at = Path.GetDirectoryName(at))
        {
            if (!Directory.Exists(at))
            {
                continue;
            }

            string[] files = FilesOf(at);
            project ??= files.Where(IsProject).Order(StringComparer.Ordinal).FirstOrDefault();
            foreach (string file in files)
            {
                string text = TextOf(file);
                lacking.RemoveAll(setting => text.Contains(setting.Sign, StringComparison.OrdinalIgnoreCase));
            }
        }

        return project is null || lacking.Count == 0
            ? null
            : $"{CommandContext.Shorten(project)} needs {string.Join(", ", lacking.Select(one => one.Setting))} to compile the bindings";
    }

    // A pipe or a device in the place of a project has no settings, and nothing that can be read has them all the same: it is a hint.
    private static string TextOf(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(FileContent.Read(file, MostBytes));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // Projects import the files of the folders around them. Each folder is listed once: one with thousands of files may be on the way.
    private static string[] FilesOf(string folder) =>
    [
        .. Directory.EnumerateFiles(folder).Where(file => IsProject(file)
            || Path.GetFileName(file.AsSpan()).StartsWith("Directory.Build.", StringComparison.Ordinal)),
    ];

    private static bool IsProject(string file) => file.EndsWith(".csproj", StringComparison.Ordinal);
}
