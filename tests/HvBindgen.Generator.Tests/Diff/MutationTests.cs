using System.Text;
using System.Text.Json;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;
using HvBindgen.Generator.Tests.Diff.Mutations;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Changes the snapshot of the real headers in one place at a time and asks whether exactly that is reported.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;
    private const int Rounds = 400;
    private const int Fewest = 10_000;
    private static readonly int PairRounds = Environment.GetEnvironmentVariable("HVBINDGEN_FUZZ") == "1" ? 60_000 : 4_000;

    private static readonly string[] FollowFromOthers = ["HV1004", "HV1010", "HV1011", "HV1012", "HV4006"];

    [Fact]
    public void Every_single_mutation_is_reported_once_and_by_the_right_rule()
    {
        AbiModel model = ReadSnapshot();
        Random random = new(Seed);
        Dictionary<string, int> counts = [];
        List<string> failures = [];
        foreach (Func<Random, AbiModel, Mutation?> mutate in Kinds())
        {
            for (int round = 0; round < Rounds; round++)
            {
                if (mutate(random, model) is not { } mutation)
                {
                    continue;
                }

                counts[mutation.Rules[0]] = counts.GetValueOrDefault(mutation.Rules[0]) + 1;
                if (Judge(model, mutation) is { } failure)
                {
                    failures.Add($"{mutate.Method.Name}: {failure}");
                }
            }
        }

        int total = counts.Values.Sum();
        output.WriteLine(
            $"seed {Seed}: {total} mutations of {counts.Count} rules: " +
                $"{string.Join(", ", counts.Select(count => $"{count.Key} {count.Value}"))}");
        Assert.True(failures.Count == 0, $"{failures.Count} of {total}:\n{string.Join('\n', failures.Take(20))}");
        Assert.True(total >= Fewest, $"only {total} mutations");
    }

    [Fact]
    public void Of_two_mutations_neither_hides_the_other_and_neither_is_accepted_with_the_other()
    {
        AbiModel model = ReadSnapshot();
        Random random = new(Seed);
        Func<Random, AbiModel, Mutation?>[] kinds = [.. Kinds()];
        List<string> failures = [];
        int total = 0;
        for (int round = 0; round < PairRounds; round++)
        {
            // A change that needs another model to start from, and two of one declaration, are not two changes of this model.
            if (kinds[random.Next(kinds.Length)](random, model) is { Before: null } first
                && kinds[random.Next(kinds.Length)](random, first.After) is { Before: null } second
                && first.Symbol.Split('.')[0] != second.Symbol.Split('.')[0] && !IsRename(first) && !IsRename(second))
            {
                total++;
                if (JudgePair(model, first, second) is { } failure)
                {
                    failures.Add(failure);
                }
            }
        }

        output.WriteLine($"seed {Seed}: {total} pairs of mutations");
        Assert.True(failures.Count == 0, $"{failures.Count} of {total}:\n{string.Join('\n', failures.Take(30))}");
        Assert.True(total > PairRounds / 2, $"only {total} pairs");
    }

    [Fact]
    public void Model_compared_with_itself_gives_nothing()
    {
        AbiModel model = ReadSnapshot();
        AbiModel again = SnapshotReader.Read(SnapshotWriter.Write(model).ToArray(), "again");

        AbiDiff diff = AbiDiffer.Compare([model], [again]);

        Assert.Empty(diff.Changes);
        Assert.Equal(Verdict.None, diff.Verdict);
    }

    internal static AbiModel ReadSnapshot(string target = "x86_64")
    {
        string file = Path.Combine(Repository.Root, "headers", "abi", SnapshotFormat.FileName("mshv", target));
        return SnapshotReader.Read(File.ReadAllBytes(file), file);
    }

    internal static IEnumerable<Func<Random, AbiModel, Mutation?>> Kinds() =>
        [.. RecordMutations.All, .. FieldMutations.All, .. EnumMutations.All, .. MacroMutations.All, .. IoctlMutations.All];

    private static string? Judge(AbiModel model, Mutation mutation)
    {
        AbiDiff diff = AbiDiffer.Compare([mutation.Before ?? model], [mutation.After]);
        string found = string.Join(", ", diff.Changes.Select(change => $"{change.Rule.Id} {change.Symbol}"));
        if (diff.Changes.Count != 1 || !mutation.Rules.Contains(diff.Changes[0].Rule.Id) || !IsSymbol(diff.Changes[0], mutation.Symbol))
        {
            return $"expected one {string.Join('/', mutation.Rules)} {mutation.Symbol}, found {(found.Length == 0 ? "nothing" : found)}";
        }

        int all = Changes.All(diff).Count();
        int distinct = Changes.All(diff).Select(change => (change.Rule.Id, change.Symbol)).Distinct().Count();
        if (all != distinct)
        {
            return $"{mutation.Symbol}: something is reported twice: " +
                $"{string.Join(", ", Changes.All(diff).Select(change => $"{change.Rule.Id} {change.Symbol}"))}";
        }

        try
        {
            Mirror.Check(diff, AbiDiffer.Compare([mutation.After], [mutation.Before ?? model]));
            return null;
        }
        catch (Xunit.Sdk.XunitException fault)
        {
            return $"{mutation.Symbol}: {fault.Message}";
        }
    }

    private static string? JudgePair(AbiModel model, Mutation first, Mutation second)
    {
        AbiDiff diff = AbiDiffer.Compare([model], [second.After]);
        string both = $"{first.Rules[0]} {first.Symbol} with {second.Rules[0]} {second.Symbol}";
        foreach (Mutation mutation in (Mutation[])[first, second])
        {
            // A size, an alignment or a place may follow from what the other one did to a member's type.
            if (!(mutation.Rules.Any(FollowFromOthers.Contains) ? Changes.All(diff) : diff.Changes).Any(
                change => IsReported(change, mutation)))
            {
                return $"{both}: {mutation.Symbol} is hidden among "
                    + string.Join(", ", Changes.All(diff).Select(change => $"{change.Rule.Id} {change.Symbol}"));
            }
        }

        foreach ((Mutation accepted, Mutation other) in ((Mutation, Mutation)[])[(first, second), (second, first)])
        {
            if (diff.Changes.FirstOrDefault(change => IsReported(change, accepted)) is not { } cause
                || other.Rules.Any(FollowFromOthers.Contains))
            {
                continue;
            }

            string json = JsonSerializer.Serialize(new
            {
                suppressions = new[] { new { rule = cause.Rule.Id, symbol = cause.Symbol, reason = "agreed", expires = "2027-01-01" } },
            });
            AbiDiff left = Suppressions.Read(Encoding.UTF8.GetBytes(json), "accepted.json").Apply([diff], new DateOnly(2026, 11, 22))[0];
            if (!left.Changes.Any(change => IsReported(change, other)))
            {
                return $"{both}: accepting {cause.Symbol} hides {other.Symbol}";
            }
        }

        return null;
    }

    // A declaration under another name is the same declaration.
    private static bool IsRename(Mutation mutation) => mutation.Symbol.StartsWith("renamed", StringComparison.OrdinalIgnoreCase);

    private static bool IsReported(AbiChange change, Mutation mutation) =>
        mutation.Rules.Contains(change.Rule.Id) && IsSymbol(change, mutation.Symbol);

    private static bool IsSymbol(AbiChange change, string symbol) => change.Symbol == symbol;
}
