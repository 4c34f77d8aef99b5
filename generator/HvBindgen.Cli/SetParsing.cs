using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Cli;

/// <summary>A set and what its headers declare on each of the targets it was parsed for.</summary>
/// <param name="Set">The set.</param>
/// <param name="Targets">The machines.</param>
/// <param name="Parsed">One result for each of them, in the same order.</param>
internal sealed record ParsedSet(BindingSet Set, IReadOnlyList<TargetInfo> Targets, IReadOnlyList<ParsedHeaders> Parsed);

/// <summary>Parses sets for their targets, all at the same time.</summary>
internal static class SetParsing
{
    /// <summary>Parses each set for the given targets, or for its own when none is given.</summary>
    /// <exception cref="AggregateException">Some cannot be parsed.</exception>
    internal static IReadOnlyList<ParsedSet> Parse(
        CommandContext context, BindingConfiguration configuration, IReadOnlyList<BindingSet> sets, IReadOnlyList<TargetInfo> targets)
    {
        List<(BindingSet Set, TargetInfo Target)> jobs = [];
        foreach (BindingSet set in sets)
        {
            IReadOnlyList<TargetInfo> wanted = targets.Count > 0 ? targets : set.Targets;
            HeaderInputs.Require(configuration, set, wanted);
            jobs.AddRange(wanted.Select(target => (set, target)));
        }

        LoadLibClang(context);
        ParsedHeaders[] results = new ParsedHeaders[jobs.Count];
        Exception?[] faults = new Exception?[jobs.Count];
        Parallel.For(0, jobs.Count, index =>
        {
            try
            {
                (BindingSet set, TargetInfo target) = jobs[index];
                results[index] = RunProgress.During(
                    RunProgress.Parsing($"set {set.Name}", target.Name, set.Headers),
                    () => AllowList.Apply(set, HeaderParser.Parse(set.ToParseRequest(target))));
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

        Warn(results, context.Terminal.Error);
        return [.. sets.Select(set => ResultsOf(set, jobs, results))];
    }

    // Mostly the same for all targets: each is told once.
    private static void Warn(ParsedHeaders[] results, TextWriter error)
    {
        foreach (HeaderFault warning in results.SelectMany(result => result.Warnings).Distinct())
        {
            error.WriteLine(warning);
        }
    }

    private static void LoadLibClang(CommandContext context)
    {
        LoadedLibClang library = LibClangLocator.Load(context.LibClang);
        if (library.IsUntested)
        {
            context.Terminal.Tell(
                $"note: {library.VersionText} is newer than libclang {LoadedLibClang.NewestTestedMajor}, the newest that was tested");
        }
    }

    private static ParsedSet ResultsOf(BindingSet set, List<(BindingSet Set, TargetInfo Target)> jobs, ParsedHeaders[] results)
    {
        List<int> own = [.. Enumerable.Range(0, jobs.Count).Where(index => jobs[index].Set == set)];
        return new ParsedSet(set, [.. own.Select(index => jobs[index].Target)], [.. own.Select(index => results[index])]);
    }
}
