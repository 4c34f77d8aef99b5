using System.Text.RegularExpressions;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>The sources of a project, as text.</summary>
internal static partial class ProjectSources
{
    internal static IEnumerable<string> In(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
                && !file.Contains("/Templates/", StringComparison.Ordinal));

    internal static string WithoutComments(string source) => Comment().Replace(source, "");

    [GeneratedRegex(@"(?://[^\n]*)|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex Comment();
}
