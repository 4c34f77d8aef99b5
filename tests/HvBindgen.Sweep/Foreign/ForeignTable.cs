using System.Text;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;

namespace HvBindgen.Sweep.Foreign;

/// <summary>What of a set was compared and what not, in numbers: for the table that is kept.</summary>
internal static class ForeignTable
{
    /// <summary>Some lines about one set.</summary>
    internal static string Of(SetResult result)
    {
        StringBuilder text = new();
        AbiModel model = result.Model!;
        text.Append("  declared: ").AppendJoin(
            ", ",
            $"{model.Records.Count} records",
            $"{model.Enums.Count} enums",
            $"{model.Typedefs.Count} typedefs",
            $"{model.Constants.Count} constants",
            $"{model.Ioctls.Count} requests",
            $"{model.Macros.Count} macros without a value").Append('\n');
        text.Append("  facts that gcc agreed with: ").Append(result.Agreed).Append('\n');
        Add(text, "not asked", result.NotAsked.Select(fact => fact.Reason));
        Add(text, "opaque", OpaqueMembers.Of(model).Select(member => member.Reason));
        Add(text, "left out", result.Omitted.Select(omitted => $"{omitted.Kind}: {omitted.Reason}"));
        return text.ToString();
    }

    private static void Add(StringBuilder text, string title, IEnumerable<string> reasons)
    {
        // clang's own words differ with its version: for the table they are one reason.
        foreach (IGrouping<string, string> group in reasons.GroupBy(reason => reason.Split(" (clang: ")[0])
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append("  ").Append(title).Append(": ").Append(group.Count()).Append(" x ").Append(group.Key).Append('\n');
        }
    }
}
