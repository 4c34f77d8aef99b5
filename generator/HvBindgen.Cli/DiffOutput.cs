using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;

namespace HvBindgen.Cli;

/// <summary>Writes results of a comparison in the format that was asked for.</summary>
internal static class DiffOutput
{
    /// <summary>Names of the formats.</summary>
    public static string[] Formats { get; } = ["text", "markdown", "json", "sarif", "html"];

    /// <summary>The report on one set.</summary>
    public static string Format(AbiDiff diff, string format, string headerRoot, bool isColoured) => format switch
    {
        "markdown" => MarkdownReport.Write(diff),
        "json" => JsonReport.Write(diff),
        "sarif" => SarifReport.Write(diff, headerRoot, ToolVersion.Text.Split(' ')[0]),
        "html" => HtmlReport.Write(diff),
        _ => TextReport.Write(diff, paint: isColoured ? Paint : null),
    };

    private static string Paint(Verdict verdict, string word) => verdict switch
    {
        Verdict.Break => $"\e[1;31m{word}\e[0m",
        Verdict.SourceBreak => $"\e[35m{word}\e[0m",
        Verdict.Conditional => $"\e[33m{word}\e[0m",
        Verdict.Additive => $"\e[32m{word}\e[0m",
        _ => $"\e[2m{word}\e[0m",
    };
}
