using System.Collections.Concurrent;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Tests.Diff.Mutations;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Whatever libabigail's abidiff reports as changed between the objects of both sides, we report too.</summary>
public sealed class AbidiffAgreementTests(ITestOutputHelper output)
{
    private const int Seed = 20261123;
    private const int Rounds = 3;

    public static TheoryData<string> Pairs => [.. FixturePair.AllFolders().Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_abidiff_reports_as_changed_we_report_too(string name)
    {
        CompiledPair.RequireTools();
        string folder = Path.Combine(FixturePair.Folder, name);
        using TemporaryFolder work = new();
        string before = CompileFixture(File.ReadAllText(Path.Combine(folder, "before.h")), work["before"]);
        string after = CompileFixture(File.ReadAllText(Path.Combine(folder, "after.h")), work["after"]);

        string? missing = CompiledPair.FindMissing(before, after, FixturePair.Read(folder).Compare(), out _);

        Assert.True(missing is null, missing);
    }

    [Fact]
    public void What_abidiff_reports_of_mutated_headers_we_report_too()
    {
        CompiledPair.RequireTools();
        LibClangLocator.Load();
        AbiModel model = MutationTests.ReadSnapshot();
        Random random = new(Seed);
        List<(string Kind, AbiModel After)> mutations =
        [
            .. from mutate in (IEnumerable<Func<Random, AbiModel, Mutation?>>)
                   [.. RecordMutations.All, .. FieldMutations.All, .. EnumMutations.All]
               from _ in Enumerable.Range(0, Rounds)
               let mutation = mutate(random, model)
               where mutation is not null
               select (mutate.Method.Name, mutation.After),
        ];
        using TemporaryFolder work = new();
        (string before, AbiModel parsed) = CompileModel(model, work["before"], out string report)
            ?? throw new InvalidOperationException($"the unchanged model does not compile: {report}");
        ConcurrentBag<string> failures = [];
        ConcurrentBag<string> inexpressible = [];
        int told = 0;
        Parallel.ForEach(mutations.Index(), item =>
        {
            string folder = work[$"{item.Index}"];
            if (CompileModel(item.Item.After, folder, out _) is not var (after, now))
            {
                inexpressible.Add(item.Item.Kind);
                return;
            }

            if (CompiledPair.FindMissing(before, after, AbiDiffer.Compare([parsed], [now]), out bool isChanged) is { } missing)
            {
                failures.Add($"{item.Item.Kind}: {missing}");
            }

            Interlocked.Add(ref told, isChanged ? 1 : 0);
            Directory.Delete(folder, recursive: true);
        });

        output.WriteLine(
            $"seed {Seed}: {mutations.Count} mutations, {told} of them seen by abidiff, {inexpressible.Count} that C cannot express: " +
                $"{string.Join(", ", inexpressible.Order())}");
        Assert.True(failures.IsEmpty, $"{failures.Count} of {mutations.Count}:\n{string.Join('\n', failures.Take(5))}");
        Assert.True(told > mutations.Count / 3, $"abidiff saw only {told} of {mutations.Count}");
        Assert.True(
            inexpressible.Count < mutations.Count / 5,
            $"{inexpressible.Count} of {mutations.Count} do not compile: {string.Join(", ", inexpressible.Order())}");
    }

    private static string CompileFixture(string header, string folder)
    {
        Directory.CreateDirectory(folder);
        return CompiledPair.Compile(FixturePair.Write(header, folder), folder, out string report)
            ?? throw new InvalidOperationException(report);
    }

    // Both tools get the same C: the object for one, the header for the other.
    private static (string Library, AbiModel Model)? CompileModel(AbiModel model, string folder, out string report)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "mutated.h"), CSource.Write(model));
        return CompiledPair.Compile(["mutated.h"], folder, out report) is { } library
            ? (library, HeaderParser.Parse(new ParseRequest("mutated", model.Target, ["mutated.h"], [folder])).Model)
            : null;
    }
}
