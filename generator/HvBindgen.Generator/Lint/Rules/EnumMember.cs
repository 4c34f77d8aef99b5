using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7010: an enum as a member of an argument.</summary>
internal sealed class EnumMember : ArgumentRule
{
    public override LintRuleInfo Info { get; } = new(
        "HV7010",
        "enum as a member of an argument",
        LintSeverity.Warning,
        "The compiler chooses an enum's type: its size and sign depend on the values and on options such as -fshort-enums, and can change "
        + "with the next enumerator. A program may put any number there, whatever the type promises.",
        "Declare __u32 and keep the enum for its names.");

    protected override void Check(ArgumentRecord argument, LintFindings findings)
    {
        foreach (AbiMember member in argument.Members)
        {
            if (argument.Model.Index.EnumOf(ArgumentRecord.ElementOf(argument.Model, member.Field.Type)) is { } found)
            {
                findings.Add(Info, argument, argument.SymbolOf(member), $"{found.CName}, {found.Underlying.ToC()} for this compiler");
            }
        }
    }
}
