using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7001: pointer or long in an argument.</summary>
internal sealed class WordSizedArgument : ILintRule
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

    private static bool IsWordSized(AbiModel model, AbiType type) => ArgumentRecord.ElementOf(model, type)
        is AbiPointer or AbiPrimitive { Kind: PrimitiveKind.Long or PrimitiveKind.ULong };
}
