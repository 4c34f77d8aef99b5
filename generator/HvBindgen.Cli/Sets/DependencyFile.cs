using System.Globalization;
using System.Text;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Output;

namespace HvBindgen.Cli.Sets;

/// <summary>Says what a run read, as rules that make and its successors understand: <c>TARGET: FILE</c>, one a line.</summary>
internal static class DependencyFile
{
    private const string Ending = ".d";

    /// <summary>Writes the rules: the configuration, its lock where there is one, and every header.</summary>
    /// <param name="file">The file; what it is called without <c>.d</c> is the rules' target. Null writes nothing.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="sets">What was parsed.</param>
    internal static void Write(string? file, BindingConfiguration configuration, IReadOnlyList<ParsedSet> sets)
    {
        if (file is null)
        {
            return;
        }

        string path = Path.GetFullPath(file);
        string target = Escape(path.EndsWith(Ending, StringComparison.Ordinal) ? path[..^Ending.Length] : path);
        IEnumerable<string> read = sets.SelectMany(set => set.Parsed).SelectMany(parsed => parsed.Files).Select(Path.GetFullPath);
        StringBuilder text = new();
        foreach (string input in new[] { configuration.Path, configuration.LockPath }.Select(Path.GetFullPath).Where(File.Exists)
            .Concat(read).Distinct().Order(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{target}: {Escape(input)}\n");
        }

        OutputPlan plan = new();
        plan.Add(Path.GetDirectoryName(path)!, Path.GetFileName(path), text.ToString());
        plan.Commit();
    }

    // make's own rules for names: a dollar is doubled, blanks and hashes get a backslash.
    private static string Escape(string path) => path.Replace("$", "$$", StringComparison.Ordinal)
        .Replace(" ", "\\ ", StringComparison.Ordinal).Replace("#", "\\#", StringComparison.Ordinal);
}
