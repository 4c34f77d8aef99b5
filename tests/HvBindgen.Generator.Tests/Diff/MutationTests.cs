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
    private const int Rounds = 120;

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
        Assert.True(total > 3000, $"only {total} mutations");
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

    private static bool IsSymbol(AbiChange change, string symbol) => change.Symbol == symbol;
}
