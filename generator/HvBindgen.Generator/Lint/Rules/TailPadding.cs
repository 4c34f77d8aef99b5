namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7005: padding at the end of an argument.</summary>
internal sealed class TailPadding : ArgumentRule
{
    public override LintRuleInfo Info { get; } = new(
        "HV7005",
        "padding at the end of an argument",
        LintSeverity.Warning,
        "Nobody sets these bytes: they can never get a meaning, and the kernel may hand out what was on its stack. How many there are "
        + "depends on the machine: i686 aligns __u64 to 4 bytes, so that the size, and with it the number, often differs there.",
        "Name them as a reserved member that the driver refuses unless zero.");

    protected override void Check(ArgumentRecord argument, LintFindings findings)
    {
        foreach (UnnamedSpace space in UnnamedSpace.Of(argument))
        {
            if (space.EndByte == argument.Record.SizeBytes && space.After is not null)
            {
                findings.Add(Info, argument, argument.Name, $"{space.Describe()} on, to the end");
            }
        }
    }
}
