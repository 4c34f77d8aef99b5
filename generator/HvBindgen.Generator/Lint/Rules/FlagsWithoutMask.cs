using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7008: flags of an argument, and no mask of those that are known.</summary>
internal sealed class FlagsWithoutMask : ILintRule
{
    public LintRuleInfo Info { get; } = new(
        "HV7008",
        "flags without a mask of known ones",
        LintSeverity.Warning,
        "A driver must refuse flags that it doesn't know, or they can never get a meaning. A mask in the header is what it refuses by, "
        + "and what a program can ask about. Members are found by the word flags; masks by what they are made of: several flags "
        + "or-combined, or the count of an enum of bits. Which mask is for which member headers don't say: where there are fewer masks "
        + "than members it is a note.",
        "Define a mask beside the flags, of their names, and refuse what is outside it.");

    private static ReservedNames Reserved { get; } = new(ReservedNames.DefaultWords);

    public void Check(LintedSet set, LintFindings findings)
    {
        foreach (LintedModel target in set.Targets)
        {
            FlagMasks masks = new(target);
            foreach (IGrouping<string, (ArgumentRecord Argument, AbiMember Member)> header in FlagsOf(target)
                .GroupBy(one => one.Argument.Location.Header, StringComparer.Ordinal))
            {
                // Records that one request takes in turn have the same flags.
                int members = header.DistinctBy(one => (one.Argument.Requests[0], one.Member.Field.Name)).Count();
                int known = masks.CountIn(header.Key);
                if (known >= members)
                {
                    continue;
                }

                foreach ((ArgumentRecord argument, AbiMember member) in header)
                {
                    findings.Add(
                        Info, known == 0 ? LintSeverity.Warning : LintSeverity.Note, argument.SymbolOf(member),
                        known == 0 ? $"{header.Key} has no mask"
                            : $"{header.Key} has {known} mask{(known > 1 ? "s" : "")}, fewer than flags: whose they are is not known",
                        argument.Location, target.Model.Target);
                }
            }
        }
    }

    private static IEnumerable<(ArgumentRecord Argument, AbiMember Member)> FlagsOf(LintedModel target) =>
        from argument in target.Arguments
        from member in argument.Members
        where member.Field.Name.Split('_').Contains("flags") && !Reserved.Contains(member.Field.Name)
            && target.Model.Index.Resolve(member.Field.Type) is AbiPrimitive primitive && primitive.Kind.IsInteger()
        select (argument, member);
}
