using AbiReport;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using HvBindgen.Generator.Output;
using HvBindgen.Generator.Parsing;

// What changed between two folders of headers, in the terminal and as a page.
// The exit code is the answer, as that of `hvbindgen diff` is: 0 compatible, 1 conditional or source break, 4 break, 2 no answer.
const int NoAnswer = 2;
if (Arguments.Parse(args) is not { } arguments)
{
    Console.Error.WriteLine("usage: AbiReport [BEFORE AFTER] [--page FILE]");
    return NoAnswer;
}

try
{
    // One libclang serves the whole process; HVBINDGEN_LIBCLANG names another one.
    LibClangLocator.Load();
    IReadOnlyList<ReadOnlyMemory<byte>> before = Snapshot(arguments.Before);
    IReadOnlyList<ReadOnlyMemory<byte>> after = Snapshot(arguments.After);

    // Snapshots are what is kept and reviewed. Comparing needs neither headers nor libclang any more.
    AbiComparison comparison = AbiComparison.Of(
        HeaderFolder.Read(before, arguments.Before), HeaderFolder.Read(after, arguments.After));

    bool isColoured = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    Console.Write(TextReport.Write(comparison, paint: isColoured ? Paint : null));
    if (arguments.Page is { } page)
    {
        // A plan is written whole or not at all: no half page when the disk is full.
        OutputPlan plan = new();
        plan.Add(Path.GetDirectoryName(Path.GetFullPath(page))!, Path.GetFileName(page), HtmlReport.Write(comparison));
        plan.Commit();
        Console.Error.WriteLine($"page: {page}");
    }

    return comparison.ExitCode(Verdict.Conditional);
}
catch (Exception fault) when (fault is LibClangNotFoundException or HeaderParseException or DiffException or OutputException
    or IOException or UnauthorizedAccessException)
{
    // No answer is never "no change".
    Console.Error.WriteLine($"error: {fault.Message}");
    return NoAnswer;
}

static IReadOnlyList<ReadOnlyMemory<byte>> Snapshot(string folder)
{
    IReadOnlyList<ReadOnlyMemory<byte>> snapshots = HeaderFolder.Snapshot(folder);
    Console.Error.WriteLine($"{Path.GetFileName(folder)}: {snapshots.Count} snapshots, {snapshots.Sum(snapshot => snapshot.Length)} bytes");
    return snapshots;
}

static string Paint(Verdict verdict, string word) => verdict switch
{
    Verdict.Break => $"\e[1;31m{word}\e[0m",
    Verdict.SourceBreak or Verdict.Conditional => $"\e[33m{word}\e[0m",
    Verdict.Additive => $"\e[32m{word}\e[0m",
    _ => word,
};
