using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Verification;
using HvBindgen.Testing.Verification;
using Xunit;

namespace HvBindgen.Sweep.Foreign;

/// <summary>Headers of other projects, each set by a configuration as <c>init</c> writes it, with gcc as the judge.</summary>
public sealed class ForeignSweepTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Sets_of_other_projects_give_the_csharp_that_gcc_agrees_with()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        TargetInfo target = TargetInfo.Find("x86_64")!;
        Compiler gcc = Judges.GccOf(target);
        ForeignDocument document = ForeignDocument.Read();
        ForeignPackages packages = await ForeignPackages.FetchAsync(document, cancellation);
        LibClangLocator.Load();

        SetResult[] results = new SetResult[document.Sets.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, results.Length), cancellation, async (index, token) =>
        {
            ForeignSet set = document.Sets[index];
            results[index] = await SetResult.OfAsync(set.Name, packages.SetOf(set, target), target, gcc, token);
        });
        List<string> faults = [.. results.SelectMany(result => result.Faults)];

        using CompiledBindings compiled = await CompiledBindings.BuildAsync(results, cancellation);
        faults.AddRange(compiled.Faults);
        int compared = 0;
        foreach (SetResult result in results)
        {
            compared += compiled.Check(result, faults);
        }

        output.WriteLine($"gcc agreed with {results.Sum(result => result.Agreed)} facts; C# agreed with {compared}");
        Assert.True(faults.Count == 0, $"{faults.Count} faults, the first:\n{string.Join('\n', faults.Take(40))}");
        Verifier.Verify(
            string.Join('\n', document.Sets.Zip(results, (set, result) => $"{packages.Describe(set)}\n{ForeignTable.Of(result)}")));
    }
}
