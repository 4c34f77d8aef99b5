using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Sweep;

/// <summary>Every header of linux-libc-dev through the whole generator, with gcc as the judge.</summary>
public sealed class SweepTests(ITestOutputHelper output)
{
    private const int FewestHeaders = 900;

    [Fact]
    public async Task Every_header_that_gcc_accepts_gives_the_csharp_that_gcc_agrees_with()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        TargetInfo target = TargetInfo.Find("x86_64")!;
        Compiler gcc = Judges.GccOf(target);
        HeaderFolder folder = HeaderFolder.Find(target, gcc);
        LibClangLocator.Load();

        string[] headers = await folder.AcceptedAsync(gcc, cancellation);
        SetResult[] results = new SetResult[headers.Length];
        await Parallel.ForEachAsync(Enumerable.Range(0, headers.Length), cancellation, async (index, token) =>
            results[index] = await SetResult.OfAsync(headers[index], index, target, folder, gcc, token));
        List<string> faults = [.. results.SelectMany(result => result.Faults)];

        using CompiledBindings compiled = await CompiledBindings.BuildAsync(results, cancellation);
        faults.AddRange(compiled.Faults);
        int compared = 0;
        foreach (SetResult result in results)
        {
            compared += compiled.Check(result, faults);
        }

        Report(results, headers.Length, folder.Count, compared);
        Assert.True(
            headers.Length >= FewestHeaders / HeaderFolder.Share,
            $"gcc accepts only {headers.Length} headers: is the header tree complete?");
        Assert.True(faults.Count == 0, $"{faults.Count} faults, the first:\n{string.Join('\n', faults.Take(40))}");
    }

    private void Report(SetResult[] results, int accepted, int all, int compared)
    {
        IEnumerable<AbiModel> models = results.Select(result => result.Model).OfType<AbiModel>();
        output.WriteLine($"{accepted} of {all} headers compile alone");
        output.WriteLine($"structs {models.Sum(model => model.Records.Count(record => record.Kind == RecordKind.Struct))}, "
            + $"unions {models.Sum(model => model.Records.Count(record => record.Kind == RecordKind.Union))}, "
            + $"enums {models.Sum(model => model.Enums.Count)}, constants {models.Sum(model => model.Constants.Count)}, "
            + $"ioctl requests {models.Sum(model => model.Ioctls.Count)}");
        output.WriteLine($"gcc agreed with {results.Sum(result => result.Agreed)} facts; C# agreed with {compared}");
        SweepReport report = SweepReport.Of(results);
        report.Counts.ForEach(output.WriteLine);
        output.WriteLine($"every one by name: {report.Write()}");
    }
}
