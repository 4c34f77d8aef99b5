using System.CommandLine;
using System.Security.Cryptography;
using HvBindgen.Generator;
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
        Option<bool> strict = new("--strict")
        {
            Description = "Refuse what C# would have as bytes alone, or as a pointer to anything, instead of naming it.",
        };
        Option<bool> watch = new("--watch", "-w")
        {
            Description = "Do it again whenever the configuration or a header changes, until Ctrl-C.",
        };
        Command command = new("generate", "Parses the sets' headers and writes C# bindings and ABI snapshots, all or nothing.")
        {
            check, output, omitted, strict, watch,
        };
        selection.AddTo(
            command,
            "Only these targets. Committed C# covers all targets of its set, so then only snapshots are written, or C# with --output.");
        command.SetAction(async (parsed, cancellation) =>
        {
            CommandContext context = new(parsed, globals);
            return (int)(parsed.GetValue(watch)
                ? await WatchLoop.RunAsync(context, () => Generate(), cancellation).ConfigureAwait(false)
                : Generate());

            ExitCode Generate()
            {
                bool emits = parsed.GetValue(output) is not null || selection.TargetsOf(parsed).Count == 0;
                Task? ready = emits ? Task.Run(WarmUp, cancellation) : null;
                BindingConfiguration configuration = context.ReadConfiguration();
                IReadOnlyList<TargetInfo> targets = selection.TargetsOf(parsed);
                using SlowStatus status = new(context.Terminal);
                status.Step("parsing headers");
                IReadOnlyList<BindingSet> selected = selection.SetsOf(parsed, configuration);
                IReadOnlyList<ParsedSet> sets = SetParsing.Parse(
                    context, configuration, emits ? configuration.WithSharers(selected) : selected, targets);
                ready?.GetAwaiter().GetResult();
                status.Step("writing C#");
                List<string> notes = [];
                OutputPlan plan = Plan(configuration, sets, parsed.GetValue(output), targets.Count > 0, notes);
                notes.AddRange(OpaqueReport.Notes(sets, isStrict: parsed.GetValue(strict)));
                OmittedReport.Write(parsed.GetValue(omitted), sets, context.Terminal);
                foreach (string note in (IEnumerable<string>)[.. notes, .. sets.SelectMany(set => UnusedEntries.Find(set.Set, set.Parsed))])
                {
                    context.Terminal.Tell($"note: {note}");
                }

                cancellation.ThrowIfCancellationRequested();
                status.Dispose();
                return parsed.GetValue(check) ? Check(plan, context.Terminal, "hvbindgen generate") : Write(plan, sets, context.Terminal);
            }
        });
        return command;
    }

    // While libclang parses: Roslyn gets ready, and the library that computes the inputs' digest is loaded.
    private static void WarmUp()
    {
        _ = SHA256.HashData([]);
        CSharpEmitter.WarmUp();
    }

    private static OutputPlan Plan(
        BindingConfiguration configuration, IReadOnlyList<ParsedSet> sets, string? output, bool isRestricted, List<string> notes)
    {
        OutputPlan plan = new();
        if (output is not null || !isRestricted)
        {
            EmittedSet[] emitted = AddBindings(plan, configuration, sets, output);
            NameChange[] renamed = [.. emitted.SelectMany(set => set.Renamed)];
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

        return plan;
    }

    private static EmittedSet[] AddBindings(
        OutputPlan plan, BindingConfiguration configuration, IReadOnlyList<ParsedSet> sets, string? output)
    {
        EmitOptions[] options = [.. sets.Select(set => EmitOptionsOf(configuration, set))];
        EmittedSet[] emitted = new EmittedSet[sets.Count];
        Each(sets.Count, index => emitted[index] = CSharpEmitter.EmitSet(
            MergedModel.Merge([.. sets[index].Parsed.Select(headers => headers.Model)]), options[index]));

        // The sets of an assembly share what they need besides; it lies with the first of them.
        foreach (IGrouping<string, int> assembly in Enumerable.Range(0, sets.Count).GroupBy(index => sets[index].Set.SupportNamespace))
        {
            IReadOnlyList<EmittedFile> support = CSharpEmitter.EmitSupport(
                [.. assembly.Select(index => emitted[index])],
                options[assembly.First()] with { IsInternal = assembly.All(index => sets[index].Set.IsInternal) });
            foreach (int index in assembly)
            {
                BindingSet set = sets[index].Set;
                string folder = output is null ? set.OutputPath : sets.Count == 1 ? output : Path.Combine(output, set.Name);
                foreach (EmittedFile file in index == assembly.First() ? [.. emitted[index].Files, .. support] : emitted[index].Files)
                {
                    plan.Add(folder, file.Path, file.Content);
                }

                plan.Own(folder);
            }
        }

        foreach (BindingSet other in output is null ? configuration.Sets.Except(sets.Select(set => set.Set)) : [])
        {
            plan.Leave(other.OutputPath);
        }

        return emitted;
    }

    private static EmitOptions EmitOptionsOf(BindingConfiguration configuration, ParsedSet parsed) =>
        parsed.Set.ToEmitOptions(ToolVersion.Text, HeaderInputs.OriginOf(configuration, parsed.Set), HeaderInputs.DigestOf(parsed.Parsed));

    // At the same time, with the first failure in the order of the sets and not of the clock.
    private static void Each(int count, Action<int> action)
    {
        Exception?[] faults = new Exception?[count];
        Parallel.For(0, count, index =>
        {
            try
            {
                action(index);
            }
            catch (Exception fault)
            {
                faults[index] = fault;
            }
        });
        if (faults.Any(fault => fault is not null))
        {
            throw new AggregateException(faults.OfType<Exception>());
        }
    }

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
        foreach (string lacks in sets.Select(set => ProjectSettings.Lacks(set.Set.OutputPath)).OfType<string>().Distinct())
        {
            terminal.Tell($"note: {lacks}");
        }

        return ExitCode.Ok;
    }
}
