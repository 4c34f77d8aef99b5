using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7015: the kernel writes what the macro calls const.</summary>
internal sealed class DirectionAgainstConst : ILintRule
{
    public LintRuleInfo Info { get; } = new(
        "HV7015",
        "direction contradicts const",
        LintSeverity.Warning,
        "The macro names its argument as const, and its direction says that the kernel writes it. A program that believes the type puts "
        + "the record where nothing can be written, and gets EFAULT; one that believes the number is told a lie by the compiler.",
        "Use _IOW() where the kernel only reads, or drop the const.");

    public void Check(LintedSet set, LintFindings findings)
    {
        foreach (LintedModel target in set.Targets)
        {
            foreach (AbiIoctl ioctl in target.Model.Ioctls)
            {
                if (ioctl.IsArgumentConst && ioctl.Direction.HasFlag(IoctlDirection.Read))
                {
                    findings.Add(
                        Info, Info.Severity, ioctl.Name, $"{DirectionText.Of(ioctl)} of const {ioctl.Argument}", ioctl.Location,
                        target.Model.Target);
                }
            }
        }
    }
}
