using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7006: an argument with neither reserved space nor a size.</summary>
internal sealed class NoRoomToGrow : ArgumentRule
{
    private readonly ReservedNames reserved = new(ReservedNames.DefaultWords);

    public override LintRuleInfo Info { get; } = new(
        "HV7006",
        "argument has no room to grow",
        LintSeverity.Note,
        "There is no reserved member and no size: whatever is needed later takes a second request with a second record. Reserved members "
        + "are found by their names, so it is a note.",
        "End the record with reserved members that the driver refuses unless zero, if more of it can be imagined.");

    protected override void Check(ArgumentRecord argument, LintFindings findings)
    {
        // An array alone is a buffer: what is in it is declared elsewhere.
        bool isBuffer = argument.Members is [{ Field.Type: AbiArray }];
        if (argument.IsWhole && !isBuffer && SizeMember.Of(argument) is null
            && !argument.Members.Any(member => reserved.Contains(member.Field.Name)))
        {
            findings.Add(Info, argument, argument.Name, $"argument of {string.Join(", ", argument.Requests)}");
        }
    }
}
