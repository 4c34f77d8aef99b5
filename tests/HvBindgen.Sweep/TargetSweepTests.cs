using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Sweep;

/// <summary>
/// Every header of linux-libc-dev as other machines see it, with their gcc as the judge of sizes, offsets, bit-fields, constants and
/// requests. Nothing of theirs is run.
/// </summary>
public sealed class TargetSweepTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("arm64", 880)]
    [InlineData("i686", 880)]
    [InlineData("s390x", 880)]
    public async Task Every_header_that_the_gcc_of_another_machine_accepts_is_as_it_sees_it(string name, int fewestHeaders)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        TargetInfo target = TargetInfo.Find(name)!;
        Compiler gcc = Judges.GccOf(target);
        HeaderFolder folder = HeaderFolder.Find(target, gcc);
        LibClangLocator.Load();

        string[] headers = await folder.AcceptedAsync(gcc, cancellation);
        SetResult[] results = new SetResult[headers.Length];
        await Parallel.ForEachAsync(Enumerable.Range(0, headers.Length), cancellation, async (index, token) =>
            results[index] = await SetResult.OfAsync(headers[index], index, target, folder, gcc, token));

        string[] faults = [.. results.SelectMany(result => result.Faults)];
        AbiModel[] models = [.. results.Select(result => result.Model).OfType<AbiModel>()];
        output.WriteLine($"{name}: {headers.Length} of {folder.Count} headers compile alone, with "
            + $"{models.Sum(model => model.Records.Count)} records and {models.Sum(model => model.Ioctls.Count)} requests");
        output.WriteLine($"{gcc.Name} agreed with {results.Sum(result => result.Agreed)} facts");
        Assert.True(
            headers.Length >= fewestHeaders / HeaderFolder.Share,
            $"{gcc.Name} accepts only {headers.Length} headers: is the header tree complete?");
        Assert.True(faults.Length == 0, $"{faults.Length} faults, the first:\n{string.Join('\n', faults.Take(40))}");
    }
}
