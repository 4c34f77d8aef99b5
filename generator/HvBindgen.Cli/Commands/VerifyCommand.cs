using System.CommandLine;
using HvBindgen.Cli.Examining;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Cli.Sets;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Verification;

namespace HvBindgen.Cli.Commands;

/// <summary><c>verify</c>: every fact of the sets, put to the C compilers of this machine.</summary>
internal static class VerifyCommand
{
    private const int MaxListed = 50;

    internal static Command Create(GlobalOptions globals)
    {
        SelectionOptions selection = new();
        Option<string[]> compilers = new("--compiler")
        {
            Description = "Ask only these compilers, by name, such as gcc or aarch64-linux-gnu-gcc.",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Command command = new(
            "verify", "Compiles the C# in memory, asks gcc and clang, also cross, for every fact; exits with 1 when one disagrees.")
        {
            compilers, json,
        };
        selection.AddTo(command, "These targets, configured or not; by default those of each set that a compiler is there for.");
        command.SetAction(async (parsed, cancellation) =>
        {
            CommandContext context = new(parsed, globals);
            BindingConfiguration configuration = context.ReadConfiguration();
            IReadOnlyList<BindingSet> sets = selection.SetsOf(parsed, configuration);
            IReadOnlyList<TargetInfo> named = selection.TargetsOf(parsed);
            CompilerChoice choice = new(parsed.GetValue(compilers) ?? [], context.Terminal);
            choice.Require([.. (named.Count > 0 ? named : sets.SelectMany(set => set.Targets)).Distinct()], needsAll: named.Count > 0);
            IReadOnlyList<ParsedSet> parsedSets = SetParsing.Parse(context, configuration, sets, named);
            Dictionary<string, IReadOnlyList<AccessorImage>> written = EmittedAssembly.Write(
                EmittedAssembly.Emit(configuration, parsedSets), text => context.Terminal.Tell($"note: {text}"));

            List<VerificationException> unusable = [];
            List<Verdict> verdicts = await StepDisplay.RunAsync(
                context.Terminal, "verify", progress => AskAsync(parsedSets, written, choice, unusable, progress, cancellation))
                .ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                PrintJson(verdicts, context.Terminal.Out);
            }
            else
            {
                Print(verdicts, context.Terminal);
            }

            // Who could not be asked has said nothing: what the others said is told all the same.
            if (unusable.Count > 0)
            {
                throw new AggregateException(unusable);
            }

            return (int)(verdicts.Any(verdict => verdict.Differs) ? ExitCode.Difference : ExitCode.Ok);
        });
        return command;
    }

    private static async Task<List<Verdict>> AskAsync(
        IReadOnlyList<ParsedSet> sets, Dictionary<string, IReadOnlyList<AccessorImage>> written, CompilerChoice choice,
        List<VerificationException> unusable, IProgress<string> progress, CancellationToken cancellation)
    {
        List<Verdict> verdicts = [];
        foreach (ParsedSet set in sets)
        {
            for (int index = 0; index < set.Targets.Count; index++)
            {
                TargetInfo target = set.Targets[index];
                foreach (Compiler compiler in choice.For(target))
                {
                    progress.Report($"{set.Set.Name} on {target.Name}: {compiler.Name}");
                    VerifyRequest request = new(compiler, set.Set.Headers, set.Set.IncludePathsFor(target))
                    {
                        Defines = set.Set.DefinesFor(target),
                        Flags = set.Set.Flags,
                        Undefined = set.Parsed[index].Undefined,
                        LastFolder = FreestandingHeaders.Folder,
                    };
                    AbiModel model = set.Parsed[index].Model;
                    VerifyReport report;
                    try
                    {
                        report = await CompilerOracle.VerifyAsync(model, request, cancellation).ConfigureAwait(false);
                    }
                    catch (VerificationException fault)
                    {
                        unusable.Add(fault);
                        continue;
                    }

                    IEnumerable<AccessorImage> images =
                    [
                        .. written.GetValueOrDefault(set.Set.Namespace, []),
                        .. written.GetValueOrDefault($"{set.Set.Namespace}.{target.CSharpName}", []),
                    ];
                    verdicts.Add(new Verdict(set.Set.Name, target.Name, report)
                    {
                        Accessors = AccessorComparison.CanTry(target) && images.Any()
                            ? AccessorComparison.Of(model, images, report)
                            : null,
                    });
                }
            }
        }

        return verdicts;
    }

    private static void Print(List<Verdict> verdicts, Terminal terminal)
    {
        foreach (Verdict verdict in verdicts)
        {
            VerifyReport report = verdict.Report;
            string notAsked = report.NotAsked.Count == 0 ? "" : $", {report.NotAsked.Count} could not be asked";
            terminal.Print(
                $"{verdict.Set} {verdict.Target} {report.Compiler.Name} ({report.Compiler.VersionText}): {report.Agreed} facts agree, "
                    + $"{report.Disagreements.Count} differ{notAsked}\n");
            PrintSome(report.Disagreements.Select(disagreement => $"{disagreement}"), terminal);
            if (verdict.Accessors is { } accessors)
            {
                terminal.Print(
                    $"  C# writes the same bits by {accessors.Agreed} accessors, others by {accessors.Disagreements.Count}\n");
                PrintSome(
                    accessors.Disagreements.Select(one => $"{one.Fact}: the compiler says {one.Expected}, C# writes {one.Actual}"),
                    terminal);
            }
        }
    }

    private static void PrintSome(IEnumerable<string> lines, Terminal terminal)
    {
        string[] all = [.. lines];
        foreach (string line in all.Take(MaxListed))
        {
            terminal.Print($"  {line}\n");
        }

        if (all.Length > MaxListed)
        {
            terminal.Print($"  and {all.Length - MaxListed} more; --json lists all\n");
        }
    }

    private static void PrintJson(List<Verdict> verdicts, TextWriter output) => CommandJsonContext.Print(
        output,
        new VerifyDocument([.. verdicts.Select(verdict => new VerdictDocument(
            verdict.Set,
            verdict.Target,
            verdict.Report.Compiler.Name,
            verdict.Report.Compiler.VersionText,
            verdict.Report.Agreed,
            [.. verdict.Report.Disagreements.Select(fact => new DisagreementDocument(fact.Fact, fact.Expected, fact.Actual))],
            [.. verdict.Report.NotAsked.Select(fact => new NotAskedDocument(fact.Fact, fact.Reason))],
            verdict.Accessors is not { } accessors
                ? null
                : new AccessorsDocument(
                    accessors.Agreed,
                    [.. accessors.Disagreements.Select(fact => new DisagreementDocument(fact.Fact, fact.Expected, fact.Actual))])))]),
        CommandJsonContext.Text.VerifyDocument);

    private sealed record Verdict(string Set, string Target, VerifyReport Report)
    {
        /// <summary>What the C# writes; null where this machine cannot try the target's.</summary>
        internal AccessorReport? Accessors { get; init; }

        internal bool Differs => Report.Disagreements.Count > 0 || Accessors?.Disagreements.Count > 0;
    }
}
