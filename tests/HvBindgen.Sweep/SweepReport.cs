using HvBindgen.Generator.Model;

namespace HvBindgen.Sweep;

/// <summary>What the bindings lack, by name and with the reason: nothing is dropped silently.</summary>
internal sealed class SweepReport
{
    private const string FileName = "not-expressed.txt";

    private readonly List<string> lines = [];

    /// <summary>How many there are for each reason, and how much is declared, each declaration counted once.</summary>
    internal List<string> Counts { get; } = [];

    internal static SweepReport Of(IReadOnlyList<SetResult> results)
    {
        SweepReport report = new();
        AbiModel[] models = [.. results.Select(result => result.Model).OfType<AbiModel>()];
        AbiRecord[] records = [.. models.SelectMany(model => model.Records).DistinctBy(record => (record.CName, record.Location.Header))];
        AbiField[] leaves = [.. records.SelectMany(LeavesOf)];
        report.Counts.Add(
            $"each once: {records.Count(record => record.Kind == RecordKind.Struct)} structs, " +
                $"{records.Count(record => record.Kind == RecordKind.Union)} unions, "
            + $"{leaves.Length} leaf fields, {leaves.Count(field => field.IsBitField)} bit-fields, "
            + $"{models.SelectMany(model => model.Ioctls).DistinctBy(ioctl => (ioctl.Name, ioctl.Location.Header)).Count()} ioctl " +
                $"requests");
        report.Add("no C#", results.SelectMany(result => result.Omitted.Select(omitted =>
            (Reason: $"{omitted.Kind}: {omitted.Reason}", Line: $"{result.Title}\t{omitted.Location}\t{omitted.Name}"))));
        report.Add(
            "not asked",
            results.SelectMany(result => result.NotAsked.Select(fact => (fact.Reason, Line: $"{result.Title}\t{fact.Fact}"))));
        report.Add(
            "clang warns", results.SelectMany(result => result.Warnings.Select(warning => (Reason: warning.Message, Line: result.Title))));
        return report;
    }

    /// <summary>Writes the whole list beside the tests' program.</summary>
    internal string Write()
    {
        string path = Path.Combine(AppContext.BaseDirectory, FileName);
        File.WriteAllLines(path, lines);
        return path;
    }

    private void Add(string title, IEnumerable<(string Reason, string Line)> found)
    {
        // clang's own words name what each of them lacks: for the counts they are one reason.
        foreach (IGrouping<string, (string Reason, string Line)> group in found.GroupBy(one => one.Reason.Split(" (clang: ")[0])
            .OrderByDescending(group => group.Count()))
        {
            Counts.Add($"{title}: {group.Count()} x {group.Key}");
            lines.AddRange(group.Select(one => $"{title}\t{one.Line}\t{one.Reason}"));
        }
    }

    private static IEnumerable<AbiField> LeavesOf(AbiRecord record)
    {
        foreach (AbiField field in record.HoistedFields())
        {
            if (field.Type is AbiInlineRecord inline)
            {
                foreach (AbiField leaf in LeavesOf(inline.Definition))
                {
                    yield return leaf;
                }
            }
            else
            {
                yield return field;
            }
        }
    }
}
