using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7009: two requests on one kind of descriptor share a number.</summary>
internal sealed class NumberShared : ILintRule
{
    public LintRuleInfo Info { get; } = new(
        "HV7009",
        "requests on one descriptor share a number",
        LintSeverity.Error,
        "A driver tells requests apart by the whole number. Two with the same one are one request to it. Two that share nr and differ in "
        + "direction or size, as pairs that get and set do, are told apart, as long as neither changes: a note.",
        "Give each request an nr of its own among those of its kind of descriptor.");

    public void Check(LintedSet set, LintFindings findings)
    {
        foreach (LintedModel target in set.Targets)
        {
            foreach (IGrouping<(int, int), AbiIoctl> sharing in target.Model.Ioctls.GroupBy(ioctl => (ioctl.Type, ioctl.Number)))
            {
                // #define NEW OLD is another name of one request.
                HashSet<string> names = [.. sharing.Select(ioctl => ioctl.Name)];
                AbiIoctl[] all =
                [
                    .. sharing.Where(ioctl => target.NamesOf(ioctl.Name) is not [var only] || !names.Contains(only))
                        .OrderBy(ioctl => ioctl.Location.Line),
                ];
                for (int index = 1; index < all.Length; index++)
                {
                    Check(target, all[index], all[..index], set.Options, findings);
                }
            }
        }
    }

    private void Check(LintedModel target, AbiIoctl later, AbiIoctl[] earlier, LintOptions options, LintFindings findings)
    {
        AbiIoctl[] others = [.. earlier.Where(other => other.Descriptors.Intersect(later.Descriptors).Any())];
        AbiIoctl[] same = [.. others.Where(other => other.Request == later.Request)];
        if (same.Length > 0)
        {
            bool isKnown = options.HasDescriptors && !later.Descriptors.Contains(options.UnknownDescriptor);
            findings.Add(
                Info, isKnown ? LintSeverity.Error : LintSeverity.Warning, later.Name,
                $"0x{later.Request:x8} is also {Names(same)}"
                    + (isKnown ? $" on {string.Join(", ", later.Descriptors)}" : ", unless other descriptors take it"),
                later.Location, target.Model.Target);
        }
        else if (others.Length > 0)
        {
            findings.Add(
                Info, LintSeverity.Note, later.Name, $"nr 0x{later.Number:x2} is also that of {Names(others)}: direction or size differs",
                later.Location, target.Model.Target);
        }
    }

    private static string Names(AbiIoctl[] ioctls) => string.Join(", ", ioctls.Select(ioctl => ioctl.Name));
}
