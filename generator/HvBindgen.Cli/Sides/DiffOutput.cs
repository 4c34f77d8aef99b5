using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using HvBindgen.Generator.Lint;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

namespace HvBindgen.Cli.Sides;

/// <summary>Writes a comparison in the forms that were asked for.</summary>
/// <param name="comparison">The answer.</param>
/// <param name="headerRoot">Folder of all headers within the repository; null to find each one on its set's include path.</param>
/// <param name="setOf">The configured set of a name; null for none.</param>
/// <param name="news">What the rules about new declarations found, one result for each set.</param>
internal sealed class DiffOutput(
    AbiComparison comparison, string? headerRoot, Func<string, BindingSet?> setOf, IReadOnlyList<LintResult> news)
{
    /// <summary>Whether text shows all there is to say, however long.</summary>
    internal bool WithDetails { get; init; }

    private const int MaximumNewLines = 20;

    private static readonly (string Format, string Ending)[] Forms =
        [("text", ".txt"), ("markdown", ".md"), ("json", ".json"), ("sarif", ".sarif"), ("html", ".html")];

    /// <summary>Names of the forms.</summary>
    internal static string[] Formats => [.. Forms.Select(form => form.Format)];

    /// <summary>Endings of files, each of which names a form.</summary>
    internal static string Endings => $"{string.Join(", ", Forms[..^1].Select(form => form.Ending))} or {Forms[^1].Ending}";

    /// <summary>The form that a file's ending names; text where it has none, null where the ending names no form.</summary>
    internal static string? FormatOf(string file) =>
        Path.GetExtension(file) is { Length: > 0 } ending ? Forms.FirstOrDefault(form => form.Ending == ending).Format : "text";

    /// <summary>The forms that are written: to the files or, where there are none, printed.</summary>
    /// <param name="files">Files, each with an ending that names a form where no form is given.</param>
    /// <param name="format">Form of all of them; null for what each one's ending names, and for text where it is printed.</param>
    internal static IEnumerable<string> FormsOf(IReadOnlyList<string> files, string? format) =>
        format is not null ? [format] : files.Count == 0 ? ["text"] : files.Select(FormatOf).OfType<string>();

    /// <summary>Writes the files, all or none.</summary>
    /// <param name="files">At least one.</param>
    /// <param name="format">Form of all of them; null for what each one's ending names, which names one.</param>
    internal void WriteFiles(IReadOnlyList<string> files, string? format)
    {
        OutputPlan plan = new();
        foreach (string file in files)
        {
            plan.Add(
                Path.GetDirectoryName(Path.GetFullPath(file))!,
                Path.GetFileName(file),
                Format(format ?? FormatOf(file), isColoured: false));
        }

        plan.Commit();
    }

    /// <summary>Prints the report; only text is for a person to read, and folded to the terminal.</summary>
    /// <param name="format">Its form; null for text.</param>
    /// <param name="terminal">Where to print it.</param>
    internal void Print(string? format, Terminal terminal)
    {
        if (format is null or "text")
        {
            terminal.PrintAsItIs(Format("text", terminal.IsColoured));
        }
        else
        {
            terminal.Out.Write(Format(format, isColoured: false));
        }
    }

    private string Format(string? format, bool isColoured) => format switch
    {
        "markdown" => MarkdownReport.Write(comparison, MarkdownReport.MaximumLength - NewMarkdown.Length) + NewMarkdown,
        "json" => JsonReport.Write(comparison),
        "sarif" => SarifReport.Write(comparison, PathOf, ToolVersion.Text.Split(' ')[0]),
        "html" => HtmlReport.Write(comparison),
        "text" when WithDetails => TextReport.Write(comparison, paint: isColoured ? Paint : null) + NewText,
        "text" => SummaryReport.Write(comparison, isColoured ? Paint : null) + NewSummary,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "no form of a report"),
    };

    private string NewMarkdown => LintReport.WriteMarkdown(news);

    private string NewSummary
    {
        get
        {
            int lines = NewText.AsSpan().Count('\n');
            int all = news.Sum(result => result.Findings.Count);
            return lines <= MaximumNewLines ? NewText : $"\nnew declarations: {all} to look at: hvbindgen lint, or --details\n";
        }
    }

    private string NewText => news.Count > 0 ? $"\nNew declarations\n{LintReport.Write(news)}" : "";

    // Code review shows a finding beside its line when it knows the file: relative to the repository's top.
    private string PathOf(SourceLocation location)
    {
        if (headerRoot is not null)
        {
            return headerRoot.Length == 0 ? location.Header : $"{headerRoot.TrimEnd('/')}/{location.Header}";
        }

        string top = RepositoryTop();
        foreach (AbiDiff diff in comparison.Sets)
        {
            foreach (string folder in setOf(diff.Set) is { } set ? set.Targets.SelectMany(set.IncludePathsFor) : [])
            {
                string path = Path.GetRelativePath(top, Path.Combine(folder, location.Header));
                if (!path.StartsWith("..", StringComparison.Ordinal) && File.Exists(Path.Combine(top, path)))
                {
                    return path;
                }
            }
        }

        return location.Header;
    }

    private static string RepositoryTop()
    {
        string here = Directory.GetCurrentDirectory();
        for (string? at = here; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.Exists(Path.Combine(at, ".git")))
            {
                return at;
            }
        }

        return here;
    }

    private static string Paint(Verdict verdict, string word) => verdict switch
    {
        Verdict.Break => $"\e[1;31m{word}\e[0m",
        Verdict.SourceBreak => $"\e[35m{word}\e[0m",
        Verdict.Conditional => $"\e[33m{word}\e[0m",
        Verdict.Additive => $"\e[32m{word}\e[0m",
        _ => $"\e[2m{word}\e[0m",
    };
}
