using System.Text.RegularExpressions;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7001: pointer or long in an argument.</summary>
internal sealed partial class WordSizedArgument : ILintRule
{
    public LintRuleInfo Info { get; } = new(
        "HV7001",
        "pointer or long in an argument",
        LintSeverity.Warning,
        "Pointers and longs are 4 bytes in a 32-bit program and 8 in a 64-bit one. A 64-bit kernel runs both, and needs a second copy of "
        + "the request's code for the programs of the other size.",
        "Declare __u64 and convert with u64_to_user_ptr(); declare __u32 or __u64 for a long.");

    public void Check(LintedSet set, LintFindings findings)
    {
        foreach (LintedModel target in set.Targets)
        {
            foreach ((AbiIoctl ioctl, AbiType type) in target.ArgumentTypes)
            {
                if (IsWordSized(target.Model, type))
                {
                    findings.Add(
                        Info, Info.Severity, ioctl.Name, $"the argument itself is {type}: its size is part of the number",
                        ioctl.Location, target.Model.Target);
                }
            }

            foreach (ArgumentRecord argument in target.Arguments)
            {
                foreach (AbiMember member in argument.Members)
                {
                    if (IsWordSized(target.Model, member.Field.Type))
                    {
                        findings.Add(Info, argument, argument.SymbolOf(member), $"{member.Field.Type}");
                    }
                }
            }
        }
    }

    // uint64_t is a long on 64-bit machines, as __u64 is on some: what has its width in its name has it everywhere.
    private static bool IsWordSized(AbiModel model, AbiType type) => !HasWidthInName(model, type)
        && ArgumentRecord.ElementOf(model, type) is AbiPointer or AbiPrimitive { Kind: PrimitiveKind.Long or PrimitiveKind.ULong };

    private static bool HasWidthInName(AbiModel model, AbiType type)
    {
        while (true)
        {
            switch (type)
            {
                case AbiArray array:
                    type = array.Element;
                    break;
                case AbiTypedefRef { Name: var name } when WidthName().IsMatch(name):
                    return true;
                case AbiTypedefRef { Name: var name } when model.Index.FindTypedef(name) is { } typedef:
                    type = typedef.Type;
                    break;
                default:
                    return false;
            }
        }
    }

    [GeneratedRegex("^_*(?:u|s|le|be|int|uint)(?:8|16|32|64)(?:_t)?$")]
    private static partial Regex WidthName();
}
