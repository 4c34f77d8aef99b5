using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1036: an anonymous record inside has another extent.</summary>
internal sealed class AnonymousMemberChanged : IRule<RecordPair>
{
    public RuleInfo Info { get; } = new(
        "HV1036",
        "anonymous member changed",
        Verdict.Conditional,
        "Size or alignment of an anonymous record inside changed, although all members stay where they are.",
        "Check attributes of the anonymous record.");

    public void Compare(RecordPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiRecord old, out AbiRecord now) && pair.Fields.Count == 0
            && old.SizeBytes == now.SizeBytes && old.AlignBytes == now.AlignBytes && Containers(old) is var before
                && Containers(now) is var after
            && before != after)
        {
            findings.Add(Info, pair, pair.Name, before, after, Judgement.If("nothing relies on the size of the anonymous part"));
        }
    }

    private static string Containers(AbiRecord record)
    {
        List<string> found = [];
        foreach (AbiField field in record.Fields)
        {
            if (field.AnonymousRecord is { } inner)
            {
                string place =
                    $"{inner.Kind.ToC()} of {inner.SizeBytes} bytes aligned to {inner.AlignBytes} at byte {field.OffsetBits / 8}";
                found.Add($"{place} {Containers(inner)}".TrimEnd());
            }
        }

        return string.Join(", ", found);
    }
}
