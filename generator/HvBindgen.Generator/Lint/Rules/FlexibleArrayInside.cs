using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7011: a flexible array with something behind it.</summary>
internal sealed class FlexibleArrayInside : ArgumentRule
{
    public override LintRuleInfo Info { get; } = new(
        "HV7011",
        "flexible array is not last",
        LintSeverity.Warning,
        "The array's elements and the members behind it are the same bytes. Compilers refuse it or warn, and C++ doesn't compile it.",
        "Put the array at the end of the outermost record, or give elements an address of their own in a __u64.");

    protected override void Check(ArgumentRecord argument, LintFindings findings)
    {
        IReadOnlyList<AbiMember> members = argument.Members;
        for (int index = 0; index < members.Count; index++)
        {
            AbiMember array = members[index];
            if (IsOpenEnded(argument.Model, array.Field)
                && members.Skip(index + 1).Where(later => later.Field.WidthBits > 0)
                    .FirstOrDefault(later => !AreAlternatives(array.Branch, later.Branch)) is { Field: { } behind })
            {
                findings.Add(Info, argument, argument.SymbolOf(array), $"{behind.Name} stands behind it");
            }
        }
    }

    private static bool IsOpenEnded(AbiModel model, AbiField field) => field.IsFlexibleArray
        || (model.Index.RecordOf(model.Index.Resolve(field.Type)) is { Fields: [.., var last] } && IsOpenEnded(model, last));

    // Branches are paths of union#alternative.
    private static bool AreAlternatives(string left, string right)
    {
        foreach ((string one, string other) in left.Split('/').Zip(right.Split('/')))
        {
            if (one != other)
            {
                return one.Split('#')[0] == other.Split('#')[0];
            }
        }

        return false;
    }
}
