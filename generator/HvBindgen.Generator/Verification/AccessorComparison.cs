using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Verification;

/// <summary>What the accessors of generated C# wrote, beside what a C compiler says of the same members.</summary>
/// <param name="Agreed">Number of members whose bits are the same.</param>
/// <param name="Disagreements">Members whose bits are others; what is expected is the compiler's answer, what is actual C#'s.</param>
public sealed record AccessorReport(int Agreed, IReadOnlyList<Disagreement> Disagreements);

/// <summary>Compares the bits that C# wrote with a compiler's answers. The model gives names alone: none of its numbers counts.</summary>
public static class AccessorComparison
{
    /// <summary>Whether what this process writes is what the target's would.</summary>
    /// <param name="target">The machine.</param>
    public static bool CanTry(TargetInfo target) =>
        target.PointerBytes == IntPtr.Size && target.IsLittleEndian == BitConverter.IsLittleEndian;

    /// <summary>Compares.</summary>
    /// <param name="model">The model that the C# was made from.</param>
    /// <param name="images">What its accessors wrote.</param>
    /// <param name="report">The compiler's answers about the same model.</param>
    /// <returns>What agreed and what not; members that the compiler could not be asked about count neither way.</returns>
    public static AccessorReport Of(AbiModel model, IEnumerable<AccessorImage> images, VerifyReport report)
    {
        // A tag and a typedef may be called the same; the notes do not tell them apart.
        Dictionary<string, string> cNames = model.Records.Where(record => record.Name.Length > 0).GroupBy(record => record.Name)
            .Where(same => same.Count() == 1).ToDictionary(same => same.Key, same => same.Single().CName, StringComparer.Ordinal);
        int agreed = 0;
        List<Disagreement> disagreements = [];
        foreach (AccessorImage image in images)
        {
            string[] path = image.Record.Split('.', 2);
            if (!cNames.TryGetValue(path[0], out string? cName))
            {
                continue;
            }

            string label = $"{cName}{image.Record[path[0].Length..]}.{image.Member}";
            if (PlaceOf(label, report.Answers) is not { } expected)
            {
                continue;
            }

            string actual = BitsQuestion.Runs(image.Bytes.Span, model.Target.IsLittleEndian);
            if (actual == expected)
            {
                agreed++;
            }
            else
            {
                disagreements.Add(new Disagreement($"{label}: bits that C# writes", expected, actual));
            }
        }

        return new AccessorReport(agreed, disagreements);
    }

    // Of a bit-field the compiler told the bits; of another member where it begins and how large it is.
    private static string? PlaceOf(string label, IReadOnlyDictionary<string, string> answers)
    {
        if (answers.TryGetValue($"{label}: place", out string? place))
        {
            return place;
        }

        return answers.TryGetValue($"{label}: offset in bits", out string? offset) && long.TryParse(offset, out long first)
            && answers.TryGetValue($"{label}: size in bits", out string? size) && long.TryParse(size, out long width)
            ? BitsQuestion.Words(first, width)
            : null;
    }
}
