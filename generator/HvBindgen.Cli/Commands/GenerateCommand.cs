using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Cli.Sets;
using HvBindgen.Generator;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;

namespace HvBindgen.Cli.Commands;

/// <summary><c>generate</c>: C# and snapshots of the sets, written or compared.</summary>
internal static class GenerateCommand
{
    // Enough to see what is going on; after that only the files' names and how much differs.
    private const int MaxDiffLinesOfFile = 200;
    private const int MaxDiffLines = 2000;
    private const int MaxNotesOnNames = 20;

    internal static Command Create(GlobalOptions globals)
    {
        SelectionOptions selection = new();
        Option<bool> check = new("--check") { Description = "Write nothing; show what would change and exit with 1 if anything would." };
        Option<string?> output = new("--output", "-o")
        {
            Description = "Write the C# below this folder instead, and no snapshots. Several sets get a folder each.",
            HelpName = "DIR",
        };
        Option<string?> omitted = new("--omitted")
        {
            Description = "List what the headers declare and the bindings leave out, each with its reason. '-' is standard output.",
            HelpName = "FILE",
        };
        Option<string?> depfile = new("--depfile")
        {
            Description = "Write what was read as rules of make, for a build that runs this when it changed: TARGET: FILE, where "
                + "the depfile is TARGET.d.",
            HelpName = "FILE",
        };
        Option<bool> strict = new("--strict")
        {
            Description = "Refuse what C# would have as bytes alone, or as a pointer to anything, instead of naming it.",
        };
        Option<bool> compile = new("--compile")
        {
            Description = "Compile the C# in memory before it is written; --check and a set whose folder is new always do.",
        };
        Option<bool> watch = new("--watch", "-w")
        {
            Description = "Do it again whenever the configuration or a header changes, until Ctrl-C.",
        };
        Option<bool> timings = new("--timings") { Description = "Say what the time was spent on." };
        Command command = new("generate", "Parses the sets' headers and writes C# bindings and ABI snapshots, all or nothing.")
        {
            check, output, omitted, depfile, strict, compile, watch, timings,
        };
        selection.AddTo(
            command,
            "Only these targets. Committed C# covers all targets of its set, so then only snapshots are written, or C# with --output.");
        command.Excludes(
            depfile, "--check writes nothing, and a build that trusts the depfile would take old outputs for new ones.", check);
        command.Needs(
            result => result.HasGiven(output) || !selection.HasTargets(result),
            "for some of a set's targets only snapshots are written; give --output, or leave --target out.", compile);
        command.SetAction(async (parsed, cancellation) =>
        {
            return (int)(parsed.GetValue(watch)
                ? await WatchLoop.RunAsync(new CommandContext(parsed, globals), () => Generate(), cancellation).ConfigureAwait(false)
                : Generate());

            ExitCode Generate()
            {
                StageTimes? times = parsed.GetValue(timings) ? new StageTimes(Stopwatch.GetTimestamp()) : null;
                CommandContext context = new(parsed, globals) { Times = times };
                StageLaps? laps = times?.Begin();
                bool emits = parsed.GetValue(output) is not null || selection.TargetsOf(parsed).Count == 0;
                Task library = context.LoadLibClang();
                Task ready = emits ? Task.Run(() => WarmUp(times), cancellation) : Task.CompletedTask;
                using SlowStatus status = new(context.Terminal);
                try
                {
                    BindingConfiguration configuration = context.ReadConfiguration();
                    laps?.End("configuration");
                    IReadOnlyList<TargetInfo> targets = selection.TargetsOf(parsed);
                    status.Step("parsing headers");
                    IReadOnlyList<BindingSet> selected = selection.SetsOf(parsed, configuration);
                    RequireCSharp(selected);
                    IReadOnlyList<ParsedSet> sets = SetParsing.Parse(
                        context, configuration, emits ? configuration.WithSharers(selected) : selected, targets);
                    laps?.End("headers, altogether");
                    ready.GetAwaiter().GetResult();
                    laps?.End("waiting for Roslyn");
                    status.Step("writing C#");
                    List<string> notes = [];
                    OutputPlan plan = Plan(
                        configuration, sets, parsed.GetValue(output), targets.Count > 0,
                        compiles: parsed.GetValue(check) || parsed.GetValue(compile), notes, laps);
                    notes.AddRange(OpaqueReport.Notes(sets, isStrict: parsed.GetValue(strict)));
                    OmittedReport.Write(parsed.GetValue(omitted), sets, context.Terminal);
                    foreach (string note in (IEnumerable<string>)
                        [.. notes, .. sets.SelectMany(set => UnusedEntries.Find(set.Set, set.Parsed))])
                    {
                        context.Terminal.Tell($"note: {note}");
                    }

                    cancellation.ThrowIfCancellationRequested();
                    status.Dispose();
                    laps?.End("reports");
                    ExitCode result = parsed.GetValue(check)
                        ? Check(plan, context.Terminal, "hvbindgen generate")
                        : Write(plan, sets, context.Terminal);

                    // After the outputs: a build that trusts it has them.
                    DependencyFile.Write(parsed.GetValue(depfile), configuration, sets);
                    laps?.End(parsed.GetValue(check) ? "files compared" : "files written", $"{plan.Count} files");
                    return result;
                }
                finally
                {
                    // A process must not end while its loader is at work.
                    Task.WaitAny([library], CancellationToken.None);
                    TimingsReport.Write(times, context.Terminal);
                }
            }
        });
        return command;
    }

    // Some sets may be there to be compared alone; with nothing else there is nothing to generate.
    private static void RequireCSharp(IReadOnlyList<BindingSet> selected)
    {
        if (selected.All(set => !set.WritesCSharp))
        {
            throw new ConfigurationException(
                $"nothing says what C# to make of {string.Join(", ", selected.Select(set => set.Name))}",
                "Add \"csharp\" with \"namespace\" and \"output\" to the set; hvbindgen snapshot and diff need none.");
        }
    }

    // While libclang is loaded and parses: Roslyn gets ready, and the list of requests that the emission will ask; then the library that
    // computes the inputs' digest, for which the loader has time only when it is done with libclang.
    private static void WarmUp(StageTimes? times)
    {
        StageLaps? laps = times?.Begin();
        CSharpEmitter.WarmUp();
        _ = MisdeclaredRequests.ByName;
        laps?.End("Roslyn's first use");
        _ = SHA256.HashData([]);
        laps?.End("loading what computes digests");
        ShortProcess.PopulateAhead();
        laps?.End("memory for the C#");
    }

    private static OutputPlan Plan(
        BindingConfiguration configuration, IReadOnlyList<ParsedSet> sets, string? output, bool isRestricted, bool compiles,
        List<string> notes, StageLaps? laps)
    {
        OutputPlan plan = new();
        if (output is not null || !isRestricted)
        {
            IReadOnlyList<EmittedAssembly> assemblies = EmittedAssembly.Emit(
                configuration, [.. sets.Where(set => set.Set.WritesCSharp)]);
            laps?.End("C# emitted");
            if (LibClangLocator.KeepsUntilExit)
            {
                _ = Task.Run(ShortProcess.GiveCodeBack);
            }

            EmittedAssembly[] compiled = [.. assemblies.Where(assembly => compiles || (output is null && IsNew(assembly)))];
            EmittedAssembly.Compile(compiled, notes.Add);
            if (compiled.Length > 0)
            {
                laps?.End("C# compiled");
            }

            AddBindings(plan, configuration, assemblies, output);
            NameChange[] renamed = [.. assemblies.SelectMany(assembly => assembly.Sets).SelectMany(set => set.Emitted.Renamed)];
            notes.AddRange(renamed.Take(MaxNotesOnNames).Select(
                change => $"{change.Location}: {change.CName} is called {change.CSharpName} in C#: {change.Reason}"));
            if (renamed.Length > MaxNotesOnNames)
            {
                notes.Add($"{renamed.Length - MaxNotesOnNames} further names are others in C#; their documentation says so");
            }
        }

        foreach (ParsedSet set in output is null ? sets : [])
        {
            SnapshotCommand.AddSnapshots(plan, set, null);
        }

        laps?.End("files planned");

        return plan;
    }

    private static void AddBindings(
        OutputPlan plan, BindingConfiguration configuration, IReadOnlyList<EmittedAssembly> assemblies, string? output)
    {
        int count = assemblies.Sum(assembly => assembly.Sets.Count);
        foreach (EmittedAssembly assembly in assemblies)
        {
            foreach ((BindingSet set, EmittedSet emitted) in assembly.Sets)
            {
                string folder = output is null ? set.OutputPath : count == 1 ? output : Path.Combine(output, set.Name);
                foreach (EmittedFile file in set == assembly.Sets[0].Set ? [.. emitted.Files, .. assembly.Support] : emitted.Files)
                {
                    plan.Add(folder, file.Path, file.Content);
                }

                plan.Own(folder);
            }
        }

        IEnumerable<BindingSet> here = assemblies.SelectMany(assembly => assembly.Sets).Select(set => set.Set);
        foreach (BindingSet other in output is null ? configuration.Sets.Where(set => set.WritesCSharp).Except(here) : [])
        {
            plan.Leave(other.OutputPath);
        }
    }

    // A set that was never generated has shown nowhere that its C# compiles.
    private static bool IsNew(EmittedAssembly assembly) => assembly.Sets.Any(set => !Directory.Exists(set.Set.OutputPath));

    /// <summary>Shows what differs from the disk.</summary>
    /// <param name="plan">What would be written.</param>
    /// <param name="terminal">Where to show it.</param>
    /// <param name="command">Command line that writes it.</param>
    internal static ExitCode Check(OutputPlan plan, Terminal terminal, string command)
    {
        IReadOnlyList<OutputChange> changes = plan.Compare();
        int rest = MaxDiffLines;
        foreach (OutputChange change in changes)
        {
            string diff = change.ToDiff(CommandContext.Shorten(change.Path), Math.Min(rest, MaxDiffLinesOfFile));
            rest = Math.Max(0, rest - diff.Count(letter => letter == '\n'));
            terminal.Out.Write(VisibleText.OfLines(diff));
        }

        if (changes.Count == 0)
        {
            terminal.Tell($"{plan.Count} files are up to date");
            return ExitCode.Ok;
        }

        terminal.Fail($"{changes.Count} of {plan.Count} generated files are stale", $"Write them with: {command}");
        return ExitCode.Difference;
    }

    private static ExitCode Write(OutputPlan plan, IReadOnlyList<ParsedSet> sets, Terminal terminal)
    {
        IReadOnlyList<OutputChange> changes = plan.Commit();
        foreach (ParsedSet set in sets)
        {
            AbiModel first = set.Parsed[0].Model;
            terminal.Tell(
                $"{set.Set.Name}: {string.Join(", ", set.Targets.Select(target => target.Name))}; on {first.Target.Name} "
                    + $"{first.Records.Count} records, "
                    + $"{first.Enums.Count} enums, {first.Constants.Count} constants, {first.Ioctls.Count} ioctls");
        }

        int Count(OutputChangeKind kind) => changes.Count(change => change.Kind == kind);
        terminal.Tell(
            $"{plan.Count} files: {Count(OutputChangeKind.New)} new, {Count(OutputChangeKind.Changed)} changed, "
                + $"{Count(OutputChangeKind.Stale)} removed, the rest as before");
        foreach (string lacks in sets.Where(set => set.Set.WritesCSharp)
            .Select(set => ProjectSettings.Lacks(set.Set.OutputPath, set.Set.Language)).OfType<string>().Distinct())
        {
            terminal.Tell($"note: {lacks}");
        }

        return ExitCode.Ok;
    }
}
