namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7012: bit-fields in an argument.</summary>
internal sealed class BitFieldsInArgument : ArgumentRule
{
    private const int Shown = 3;

    public override LintRuleInfo Info { get; } = new(
        "HV7012",
        "bit-fields in an argument",
        LintSeverity.Warning,
        "Where a bit-field lies is the compiler's choice and turns round with the byte order. Bits that no member names can't be checked, "
        + "and other languages have no such thing.",
        "Declare the whole word and a constant for each flag or shift.");

    protected override void Check(ArgumentRecord argument, LintFindings findings)
    {
        string[] names = [.. argument.Members.Where(member => member.Field.IsBitField).Select(member => member.Field.Name)];
        if (names.Length > 0)
        {
            findings.Add(
                Info, argument, argument.Name,
                string.Join(", ", names.Take(Shown)) + (names.Length > Shown ? $" and {names.Length - Shown} more" : ""));
        }
    }
}
