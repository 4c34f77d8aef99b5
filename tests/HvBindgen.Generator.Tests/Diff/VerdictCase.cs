using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>A pair of headers that lies as text in <c>Fixtures/Verdicts</c>, with the verdict that is right.</summary>
/// <param name="File">Name of the file, which is the kind of pair.</param>
/// <param name="Name">Its name.</param>
/// <param name="Verdict">One for all targets, or as <c>x86_64=none;i686=break</c>.</param>
/// <param name="Findings">Findings above <c>none</c>, consequences not counted.</param>
/// <param name="Before">The old header.</param>
/// <param name="After">The new one.</param>
internal sealed record VerdictCase(string File, string Name, string Verdict, int Findings, string Before, string After)
{
    private const string Mark = "== ";

    /// <summary>All pairs. <c>== name | verdict | findings</c> begins one, <c>--</c> stands between its sides.</summary>
    internal static IEnumerable<VerdictCase> All()
    {
        string folder = Path.Combine(FixtureFolders.Root, "Verdicts");
        foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            List<string> lines = [];
            foreach (string line in (IEnumerable<string>)[.. System.IO.File.ReadLines(file), Mark])
            {
                if (line.StartsWith(Mark, StringComparison.Ordinal) && lines.Count > 0)
                {
                    yield return Of(Path.GetFileNameWithoutExtension(file), [.. lines]);
                    lines.Clear();
                }

                lines.Add(line);
            }
        }
    }

    /// <summary>The pairs that the tables hold against other tools; those of two files were never shown to them.</summary>
    internal static IEnumerable<VerdictCase> ShownToOthers() => All().Where(pair => pair.File is not ("history" or "relatives"));

    /// <summary>The verdict on one target.</summary>
    internal string VerdictOn(string target) => Verdict.Contains('=', StringComparison.Ordinal)
        ? Verdict.Split(';').Single(one => one.StartsWith($"{target}=", StringComparison.Ordinal))[(target.Length + 1)..]
        : Verdict;

    private static VerdictCase Of(string file, string[] lines)
    {
        string[] parts = lines[0][Mark.Length..].Split('|', StringSplitOptions.TrimEntries);
        int between = Array.IndexOf(lines, "--");
        Assert.True(parts.Length == 3 && between > 0, $"{file}: {lines[0]}");
        return new VerdictCase(file, parts[0], parts[1], int.Parse(parts[2]), Header(lines[1..between]), Header(lines[(between + 1)..]));
    }

    private static string Header(string[] lines) => $"#include \"uapi.h\"\n{string.Join('\n', lines)}\n";
}
