using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7003: a request's number differs between targets.</summary>
internal sealed class RequestNumberDiffers : ILintRule
{
    public LintRuleInfo Info { get; } = new(
        "HV7003",
        "request has another number on another target",
        LintSeverity.Error,
        "The size of the argument is part of the number. A 32-bit program on a 64-bit kernel sends a number that the driver doesn't know "
        + "unless it has a second case for it. Where only the machines differ it is a note: strace and the like must know both.",
        "Give the argument the same size everywhere (HV7001, HV7002 say what differs).");

    public void Check(LintedSet set, LintFindings findings)
    {
        IEnumerable<IGrouping<string, (TargetInfo Target, AbiIoctl Ioctl)>> requests = set.Targets
            .SelectMany(target => target.Model.Ioctls.Select(ioctl => (target.Model.Target, Ioctl: ioctl)))
            .GroupBy(one => one.Ioctl.Name, StringComparer.Ordinal);
        foreach (IGrouping<string, (TargetInfo Target, AbiIoctl Ioctl)> forms in requests)
        {
            // Machines place direction and size at other bits: that is theirs, and no request's fault.
            TargetGroups groups = new();
            foreach ((TargetInfo target, AbiIoctl ioctl) in forms)
            {
                groups.Add(target, $"{DirectionText.Of(ioctl)} 0x{ioctl.Type:x2}, 0x{ioctl.Number:x2}, {ioctl.SizeBytes} bytes");
            }

            if (groups.Differ)
            {
                foreach ((TargetInfo target, AbiIoctl ioctl) in forms)
                {
                    findings.Add(Info, groups.Severity, ioctl.Name, groups.Describe(), ioctl.Location, target);
                }
            }
        }
    }
}
