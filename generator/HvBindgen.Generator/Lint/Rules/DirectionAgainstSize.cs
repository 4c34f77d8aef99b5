using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7013: direction and size of a request contradict each other.</summary>
internal sealed class DirectionAgainstSize : ILintRule
{
    public LintRuleInfo Info { get; } = new(
        "HV7013",
        "direction contradicts the size",
        LintSeverity.Warning,
        "A direction says that bytes are copied, the size says how many. One without the other misleads strace, sanitizers and generic "
        + "code that copies by the number. Whether a driver reads or writes what the number says, headers don't tell.",
        "Use _IO() for a request without data, _IOR(), _IOW() or _IOWR() with the type for one with data.");

    public void Check(LintedSet set, LintFindings findings)
    {
        foreach (LintedModel target in set.Targets)
        {
            foreach (AbiIoctl ioctl in target.Model.Ioctls)
            {
                if (ioctl.Direction != IoctlDirection.None != ioctl.SizeBytes > 0)
                {
                    // A record that is empty on this machine may have members on another.
                    LintSeverity severity = ioctl.Argument is null ? Info.Severity : LintSeverity.Note;
                    findings.Add(
                        Info, severity, ioctl.Name,
                        ioctl.SizeBytes > 0 ? $"no direction, and {ioctl.SizeBytes} bytes" : $"{DirectionText.Of(ioctl)} of 0 bytes",
                        ioctl.Location, target.Model.Target);
                }
            }
        }
    }
}
