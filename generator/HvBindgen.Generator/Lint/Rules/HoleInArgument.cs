namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7004: hole between members of an argument.</summary>
internal sealed class HoleInArgument : ArgumentRule
{
    public override LintRuleInfo Info { get; } = new(
        "HV7004",
        "hole between members of an argument",
        LintSeverity.Warning,
        "Nobody sets these bytes. From the program they bring what was on its stack, so that they can never get a meaning; from the kernel "
        + "they take what was on its own, which is a leak.",
        "Name them as a reserved member that the driver refuses unless zero, or order the members so that there is no hole.");

    protected override void Check(ArgumentRecord argument, LintFindings findings)
    {
        foreach (UnnamedSpace space in UnnamedSpace.Of(argument))
        {
            if (space.EndByte < argument.Record.SizeBytes && space.After is { } member)
            {
                findings.Add(Info, argument, argument.SymbolOf(member), $"{space.Describe()}, behind {member.Field.Name}");
            }
        }
    }
}
