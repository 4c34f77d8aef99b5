namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7007: a record that begins with its size, in a request that has the size too.</summary>
internal sealed class SizeFieldBesideRequest : ArgumentRule
{
    public override LintRuleInfo Info { get; } = new(
        "HV7007",
        "size stands in the record and in the request",
        LintSeverity.Note,
        "_IOR, _IOW and _IOWR put the size of the record into the number. A size in the record as well can contradict it, and when the "
        + "record grows the number changes all the same, which a size of its own was to prevent.",
        "Use _IO() for a request whose record tells its size, as VFIO does, or leave the member out.");

    protected override void Check(ArgumentRecord argument, LintFindings findings)
    {
        if (argument.IsWhole && SizeMember.Of(argument) is { } member
            && argument.Model.Ioctls.Any(ioctl => ioctl.SizeBytes > 0 && argument.Requests.Contains(ioctl.Name)))
        {
            findings.Add(
                Info, argument, argument.SymbolOf(member), $"{string.Join(", ", argument.Requests)} encodes {argument.Record.SizeBytes}");
        }
    }
}
