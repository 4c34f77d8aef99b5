using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint.Rules;

/// <summary>HV7014: nobody said which descriptor takes a request.</summary>
internal sealed class DescriptorUnknown : ILintRule
{
    public LintRuleInfo Info { get; } = new(
        "HV7014",
        "kind of descriptor is not known",
        LintSeverity.Note,
        "Headers don't say which file a request is for. \"descriptors\" of the set names kinds for others and none for this one, so that "
        + "it gets the generic kind in the bindings, and nothing can be said about numbers that are used twice.",
        "Add its name to a kind of \"descriptors\" in hvbindgen.json.");

    public void Check(LintedSet set, LintFindings findings)
    {
        if (set.Options.UnknownDescriptor is not { } unknown)
        {
            return;
        }

        foreach (LintedModel target in set.Targets)
        {
            AbiIoctl[] inOrder = [.. target.Model.Ioctls.OrderBy(ioctl => ioctl.Location.Line).ThenBy(ioctl => ioctl.Number)];
            for (int index = 0; index < inOrder.Length; index++)
            {
                if (IsUnknown(inOrder[index], unknown))
                {
                    findings.Add(
                        Info, Info.Severity, inOrder[index].Name, Guess(inOrder, index, unknown), inOrder[index].Location,
                        target.Model.Target);
                }
            }
        }
    }

    private static bool IsUnknown(AbiIoctl ioctl, string unknown) => ioctl.Descriptors is [var only] && only == unknown;

    // Headers list the requests of a descriptor together.
    private static string Guess(AbiIoctl[] inOrder, int index, string unknown)
    {
        bool IsNeighbour(AbiIoctl ioctl) => ioctl.Type == inOrder[index].Type
            && ioctl.Location.Header == inOrder[index].Location.Header && !IsUnknown(ioctl, unknown);
        AbiIoctl[] neighbours =
        [
            .. ((AbiIoctl?[])[inOrder[..index].LastOrDefault(IsNeighbour), inOrder[(index + 1)..].FirstOrDefault(IsNeighbour)])
                .OfType<AbiIoctl>(),
        ];
        return neighbours switch
        {
            [] => "no request beside it has one",
            [var one] => $"perhaps {Kinds(one)}, as {one.Name}",
            [var before, var after] when Kinds(before) == Kinds(after) => $"perhaps {Kinds(before)}, as {before.Name} and {after.Name}",
            _ => $"perhaps {string.Join(", or ", neighbours.Select(one => $"{Kinds(one)}, as {one.Name}"))}",
        };
    }

    private static string Kinds(AbiIoctl ioctl) => string.Join(" and ", ioctl.Descriptors);
}
