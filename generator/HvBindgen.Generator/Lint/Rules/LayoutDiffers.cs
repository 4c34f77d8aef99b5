using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7002: an argument's layout differs between targets.</summary>
internal sealed class LayoutDiffers : ILintRule
{
    public LintRuleInfo Info { get; } = new(
        "HV7002",
        "argument has another layout on another target",
        LintSeverity.Error,
        "A 64-bit kernel that runs 32-bit programs gets both layouts, and where the size is the same cannot tell them apart. Between "
        + "machines with kernels of their own it is a note: tools that read the bytes must know from which machine they are.",
        "Use types of fixed size, order members by falling alignment, and name padding: i686 aligns __u64 to 4 bytes, all others to 8.");

    public void Check(LintedSet set, LintFindings findings)
    {
        IEnumerable<IGrouping<string, ArgumentRecord>> records = set.Targets.SelectMany(target => target.Arguments)
            .GroupBy(argument => argument.Name, StringComparer.Ordinal);
        foreach (IGrouping<string, ArgumentRecord> forms in records)
        {
            if (Compare([.. forms]) is { Differ: true } groups)
            {
                foreach (ArgumentRecord form in forms)
                {
                    findings.Add(Info, groups.Severity, form.Name, groups.Describe(), form.Location, form.Model.Target);
                }
            }
        }
    }

    private static TargetGroups Compare(IReadOnlyList<ArgumentRecord> forms)
    {
        TargetGroups sizes = new();
        foreach (ArgumentRecord form in forms)
        {
            sizes.Add(form.Model.Target, $"{form.Record.SizeBytes} bytes");
        }

        if (sizes.Differ)
        {
            return sizes;
        }

        for (int index = 0; index < forms.Max(form => form.Members.Count); index++)
        {
            // The first place that differs says enough; another name at the same place is the same layout.
            if (forms.Select(form => PlaceOf(form, index)).Distinct().Skip(1).Any())
            {
                TargetGroups places = new();
                foreach (ArgumentRecord form in forms)
                {
                    places.Add(
                        form.Model.Target,
                        PlaceOf(form, index) is { } place ? $"{form.Members[index].Field.Name} at {place}" : "one member less");
                }

                return places;
            }
        }

        return sizes;
    }

    private static string? PlaceOf(ArgumentRecord form, int index) => index < form.Members.Count ? PlaceOf(form.Members[index]) : null;

    private static string PlaceOf(AbiMember member) => member.OffsetBits % 8 == 0 && member.Field.WidthBits % 8 == 0
        ? $"byte {member.OffsetBits / 8}, {member.Field.WidthBits / 8} bytes"
        : $"bit {member.OffsetBits}, {member.Field.WidthBits} bits";
}
