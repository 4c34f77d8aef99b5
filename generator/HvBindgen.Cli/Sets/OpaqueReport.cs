using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Cli.Sets;

/// <summary>Tells what the bindings hold as bytes alone, or as a pointer to anything.</summary>
internal static class OpaqueReport
{
    private const int MaxNotes = 10;

    /// <summary>A note for each, up to a number; each once, whatever the number of targets.</summary>
    /// <param name="sets">What was parsed.</param>
    /// <param name="isStrict">Whether to refuse instead.</param>
    /// <exception cref="AggregateException">There are some, and none is wanted: all of them, by set and target.</exception>
    internal static IEnumerable<string> Notes(IReadOnlyList<ParsedSet> sets, bool isStrict)
    {
        List<OpaqueMember> members = [];
        List<Exception> refusals = [];
        foreach (ParsedSet set in sets)
        {
            foreach (AbiModel model in set.Parsed.Select(parsed => parsed.Model))
            {
                IReadOnlyList<OpaqueMember> found = OpaqueMembers.Of(model);
                members.AddRange(found);
                HeaderFault[] faults = [.. found.Where(member => isStrict && !member.IsRecord).Select(FaultOf)];
                if (faults.Length > 0)
                {
                    refusals.Add(new HeaderParseException(set.Set.Name, model.Target.Name, faults) { IsUnsupported = true });
                }
            }
        }

        if (refusals.Count > 0)
        {
            throw new AggregateException(refusals);
        }

        string[] texts = [.. members.Select(member => $"{member.Location}: {member.CName}: {member.Reason}").Distinct()];
        return texts.Length <= MaxNotes
            ? texts
            :
            [
                .. texts.Take(MaxNotes),
                $"{texts.Length - MaxNotes} further members are bytes or untyped pointers; their documentation says why",
            ];
    }

    private static HeaderFault FaultOf(OpaqueMember member) =>
        new(member.Location.Header, member.Location.Line, member.Location.Column, $"{member.CName}: {member.Reason}");
}
