using System.CommandLine;
using System.Text;
using HvBindgen.Cli.Running;
using HvBindgen.Cli.Sides;
using HvBindgen.Generator;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using HvBindgen.Generator.Output;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Cli.Commands;

/// <summary>
/// <c>check-uapi</c>: the headers that two revisions of a kernel tree install, each alone. Options and exit codes are those of the kernel's
/// scripts/check-uapi.sh, for those who know it. What that script passes over by the names of enumerators and padding is judged by
/// structure here; what is accepted all the same is named by a file.
/// </summary>
internal static class CheckUapiCommand
{
    private const int Incompatible = 1;

    internal static Command Create(GlobalOptions globals)
    {
        Argument<string?> before = new("before")
        {
            Description = "The older revision; by default the one before AFTER.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Argument<string?> after = new("after")
        {
            Description = "The newer revision; by default the working tree where something in it is changed, else HEAD.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> baseRevision = new("--base", "-b") { Description = "The newer revision, as AFTER.", HelpName = "REVISION" };
        Option<string?> past = new("--past", "-p") { Description = "The older revision, as BEFORE.", HelpName = "REVISION" };
        Option<int> jobs = new("--jobs", "-j")
        {
            Description = "Headers looked at at the same time.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
            HelpName = "N",
        };
        Option<string?> log = new("--log", "-l") { Description = "Also write what is not compatible to this file.", HelpName = "FILE" };
        Option<string?> suppressions = new("--suppressions") { Description = "File of accepted changes, as for diff.", HelpName = "FILE" };
        Option<bool> ignore = new("--ignore-ambiguous", "-i")
        {
            Description = "Let changes pass that break nobody for certain: conditions that headers cannot show, and sources.",
        };
        Option<bool> quiet = new("--quiet", "-q") { Description = "Print nothing; the exit code is the answer." };
        Option<bool> verbose = new("--verbose", "-v") { Description = "Also name the headers that are compatible." };
        Command command = new(
            "check-uapi",
            "Compares the uapi headers that two revisions of a kernel install, for ARCH, and runs their makefiles. "
                + "Exits with 0 compatible, 1 not, 2 could not be checked.")
        {
            before, after, baseRevision, past, jobs, log, suppressions, ignore, quiet, verbose,
        };
        command.Excludes(baseRevision, "both name the newer revision.", after);
        command.Excludes(past, "both name the older revision.", before);
        command.Excludes(quiet, "one asks for silence, the other for more words.", verbose);
        command.SetAction(parsed => DiffCommand.Evaluate(new CommandContext(parsed, globals), context =>
        {
            bool isQuiet = parsed.GetValue(quiet);
            TextWriter output = isQuiet ? TextWriter.Null : context.Terminal.Out;
            RunProgress.DeadlineIsForEach();
            if (context.IsUntrusted)
            {
                throw new DiffException(
                    "check-uapi runs the makefiles of both revisions, which are programs of whoever wrote them: --untrusted cannot be kept"
                    + ". Compare folders of headers with diff");
            }

            AcceptedChanges? accepted =
                parsed.GetValue(suppressions) is { } file ? new RuleSource(context, null).ReadSuppressions(file) : null;
            KernelArchitecture architecture = KernelArchitecture.FromEnvironment();
            using KernelTree kernel = KernelTree.Open(Directory.GetCurrentDirectory(), architecture, parsed.GetValue(jobs));
            string? newer = parsed.GetValue(baseRevision) ?? parsed.GetValue(after) ?? (kernel.IsDirty ? null : "HEAD");
            string older = parsed.GetValue(past) ?? parsed.GetValue(before) ?? (newer is null ? "HEAD" : $"{newer}^1");
            string words = $"{older} and {newer ?? "the working tree"}";
            kernel.RequireAncestor(older, newer);

            output.WriteLine($"installing the headers of {words} for {architecture.Name}");
            IncludeTree now = kernel.Install(newer);
            IncludeTree old = kernel.Install(older);
            TreeComparison trees = new(kernel.Tested(old), kernel.Tested(now), [architecture.Target], Math.Max(parsed.GetValue(jobs), 1));
            AbiComparison comparison = trees.Compare(context, static _ => new DiffOptions(), out _);
            if (accepted is not null)
            {
                IReadOnlyList<AbiDiff> left = accepted.Applied.Apply(
                    comparison.Sets, DateOnly.FromDateTime(DateTime.UtcNow), accepted.IsKept);
                comparison = comparison with { Sets = left };
            }

            UapiJudgement judgement = new(comparison, parsed.GetValue(ignore));
            if (parsed.GetValue(verbose) && !isQuiet)
            {
                output.Write(VisibleText.OfLines(judgement.Passed));
            }

            if (judgement.Failed.Count == 0)
            {
                output.WriteLine(judgement.Changed == 0
                    ? $"no uapi header differs between {words}"
                    : $"all {judgement.Checked} uapi headers of {architecture.Name} are compatible between {words}; "
                        + $"{judgement.Changed} differ");
                return 0;
            }

            string report = judgement.Report;
            if (parsed.GetValue(log) is { } logFile)
            {
                OutputPlan plan = new();
                plan.Add(Path.GetDirectoryName(Path.GetFullPath(logFile))!, Path.GetFileName(logFile), report);
                plan.Commit();
            }

            TextWriter error = isQuiet ? TextWriter.Null : context.Terminal.Error;
            error.Write(VisibleText.OfLines(report));
            error.WriteLine(
                $"error: {judgement.Failed.Count} of {judgement.Checked} uapi headers of {architecture.Name} "
                    + $"are not compatible between {words}");
            return Incompatible;
        }));
        return command;
    }

    /// <summary>Which headers fail, and the report on them.</summary>
    /// <param name="comparison">The answer.</param>
    /// <param name="ignoresAmbiguous">Whether only a break fails.</param>
    private sealed class UapiJudgement(AbiComparison comparison, bool ignoresAmbiguous)
    {
        // A header that is new breaks nobody; one that is gone always does.
        private readonly AbiDiff[] old = [.. comparison.Sets.Where(diff => diff.Presence != SetPresence.New)];

        internal int Checked => old.Length + comparison.Unjudged.Count + comparison.SameHeaders;

        internal int Changed => old.Count(diff => diff.Changes.Count + diff.Suppressed.Count > 0) + comparison.Unjudged.Count;

        internal IReadOnlyList<string> Failed =>
            [.. comparison.Unjudged.Select(left => left.Set), .. old.Where(IsFailure).Select(diff => diff.Set)];

        internal string Passed => string.Concat(
            old.Where(diff => !IsFailure(diff)).Select(
                diff => $"{diff.Set}: {WordOf(diff)}\n"));

        internal string Report
        {
            get
            {
                StringBuilder text = new();
                foreach (Unjudged left in comparison.Unjudged)
                {
                    text.Append($"{left.Set}: {left.Reason}\n\n");
                }

                foreach (AbiDiff diff in old.Where(IsFailure))
                {
                    text.Append(diff.Presence == SetPresence.Gone
                        ? $"{diff.Set}: the header is gone\n"
                        : SummaryReport.Write(new AbiComparison([diff])));
                    text.Append('\n');
                }

                return text.ToString();
            }
        }

        private static string WordOf(AbiDiff diff) => diff.Changes.Count > 0 ? diff.Verdict.ToText()
            : diff.Suppressed.Count > 0 ? "accepted"
            : "no change";

        private bool IsFailure(AbiDiff diff) => diff.Presence == SetPresence.Gone
            || diff.Verdict >= (ignoresAmbiguous ? Verdict.Break : Verdict.Conditional);
    }
}
