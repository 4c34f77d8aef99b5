using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Cli.Sets;

/// <summary>A set and what its headers declare on each of the targets it was parsed for.</summary>
/// <param name="Set">The set.</param>
/// <param name="Targets">The machines.</param>
/// <param name="Parsed">One result for each of them, in the same order.</param>
internal sealed record ParsedSet(BindingSet Set, IReadOnlyList<TargetInfo> Targets, IReadOnlyList<ParsedHeaders> Parsed);

/// <summary>Why a set could not be read.</summary>
/// <param name="Set">The set.</param>
/// <param name="Target">For which machine; null where it is none in particular.</param>
/// <param name="Fault">The reason.</param>
internal sealed record SetFault(BindingSet Set, TargetInfo? Target, Exception Fault);

/// <summary>Parses sets for their targets, all at the same time.</summary>
internal static class SetParsing
{
    /// <summary>Parses each set for the given targets, or for its own when none is given.</summary>
    /// <exception cref="AggregateException">Some cannot be parsed.</exception>
    internal static IReadOnlyList<ParsedSet> Parse(
        CommandContext context, BindingConfiguration configuration, IReadOnlyList<BindingSet> sets, IReadOnlyList<TargetInfo> targets)
    {
        HeaderInputs.Require(configuration, sets, targets);
        (IReadOnlyList<ParsedSet> parsed, IReadOnlyList<SetFault> faults) = ParseJobs(context, sets, targets);
        return faults.Count == 0 ? parsed : throw new AggregateException(faults.Select(fault => fault.Fault));
    }

    /// <summary>Like <see cref="Parse"/>, but a set that cannot be read does not keep the others from it.</summary>
    /// <returns>The sets that could be read, with the targets for which they could, and why the others could not.</returns>
    internal static (IReadOnlyList<ParsedSet> Parsed, IReadOnlyList<SetFault> Faults) ParseEach(
        CommandContext context, BindingConfiguration configuration, IReadOnlyList<BindingSet> sets, IReadOnlyList<TargetInfo> targets)
    {
        List<BindingSet> present = [];
        List<SetFault> missing = [];
        foreach (BindingSet set in sets)
        {
            try
            {
                HeaderInputs.Require(configuration, [set], targets);
                present.Add(set);
            }
            catch (HeadersMissingException fault)
            {
                missing.Add(new SetFault(set, null, fault));
            }
        }

        (IReadOnlyList<ParsedSet> parsed, IReadOnlyList<SetFault> faults) = ParseJobs(context, present, targets);
        return ([.. parsed.Where(set => set.Targets.Count > 0)], [.. missing, .. faults]);
    }

    private static (IReadOnlyList<ParsedSet> Parsed, IReadOnlyList<SetFault> Faults) ParseJobs(
        CommandContext context, IReadOnlyList<BindingSet> sets, IReadOnlyList<TargetInfo> targets)
    {
        (BindingSet Set, TargetInfo Target)[] jobs =
            [.. sets.SelectMany(set => (targets.Count > 0 ? targets : set.Targets).Select(target => (set, target)))];
        Task<LoadedLibClang> library = context.LoadLibClang();
        HeaderTexts texts = new();
        ParsedHeaders?[] results = new ParsedHeaders?[jobs.Length];
        Exception?[] faults = new Exception?[jobs.Length];
        Parallel.For(0, jobs.Length, new ParallelOptions { MaxDegreeOfParallelism = RunProgress.IsSerial ? 1 : -1 }, index =>
        {
            try
            {
                (BindingSet set, TargetInfo target) = jobs[index];
                ParseRequest request = set.ToParseRequest(target) with { Compiler = library, Texts = texts, Times = context.Times };
                results[index] = AllowList.Apply(set, GuardedParse.Parse(context, $"set {set.Name}", request));
            }
            catch (Exception fault)
            {
                faults[index] = fault;
            }
        });

        // One reason for all of them, where there is no libclang.
        TellUntested(library.GetAwaiter().GetResult(), context.Terminal);
        if (faults.All(fault => fault is null))
        {
            Warn(results!, context.Terminal);
        }

        return (
            [.. sets.Select(set => ResultsOf(set, jobs, results))],
            [.. Enumerable.Range(0, jobs.Length).Where(index => faults[index] is not null)
                .Select(index => new SetFault(jobs[index].Set, jobs[index].Target, faults[index]!))]);
    }

    // Mostly the same for all targets: each is told once.
    private static void Warn(ParsedHeaders[] results, Terminal terminal)
    {
        foreach (HeaderFault warning in results.SelectMany(result => result.Warnings).Distinct())
        {
            terminal.Tell($"{warning}");
        }
    }

    private static void TellUntested(LoadedLibClang library, Terminal terminal)
    {
        if (library.IsUntested)
        {
            terminal.Tell(
                $"note: {library.VersionText} is newer than libclang {LoadedLibClang.NewestTestedMajor}, the newest that was tested");
        }
    }

    private static ParsedSet ResultsOf(BindingSet set, (BindingSet Set, TargetInfo Target)[] jobs, ParsedHeaders?[] results)
    {
        List<int> own = [.. Enumerable.Range(0, jobs.Length).Where(index => jobs[index].Set == set && results[index] is not null)];
        return new ParsedSet(set, [.. own.Select(index => jobs[index].Target)], [.. own.Select(index => results[index]!)]);
    }
}
