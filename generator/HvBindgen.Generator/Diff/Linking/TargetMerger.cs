using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Linking;

/// <summary>Makes one change of the same change on several targets; what hangs below it is merged in the same way.</summary>
internal sealed class TargetMerger
{
    private readonly Dictionary<MergeKey, Node> nodes = [];
    private readonly List<Node> order = [];

    internal void Add(string target, IReadOnlyList<Draft> drafts)
    {
        foreach (Draft draft in drafts)
        {
            MergeKey key = new(draft.Rule.Id, draft.Symbol, draft.Before, draft.After, draft.Judgement);
            if (!nodes.TryGetValue(key, out Node? node))
            {
                node = new Node(draft);
                nodes.Add(key, node);
                order.Add(node);
            }

            if (!node.Targets.Contains(target))
            {
                node.Targets.Add(target);
            }

            node.Below.Add(target, draft.Consequences);
        }
    }

    /// <summary>The merged changes, the gravest first, then by symbol and rule.</summary>
    internal EquatableArray<AbiChange> Merge() => Ordered(order.ConvertAll(static node => node.ToChange()));

    internal static EquatableArray<AbiChange> Ordered(List<AbiChange> changes)
    {
        AbiChange[] sorted = [.. changes];
        Array.Sort(sorted, static (left, right) =>
            right.Verdict != left.Verdict ? right.Verdict.CompareTo(left.Verdict)
            : string.CompareOrdinal(left.Symbol, right.Symbol) is not 0 and int bySymbol ? bySymbol
            : string.CompareOrdinal(left.Rule.Id, right.Rule.Id) is not 0 and int byRule ? byRule
            : string.CompareOrdinal(left.Before + left.After, right.Before + right.After));
        return new EquatableArray<AbiChange>(sorted);
    }

    private readonly record struct MergeKey(string Rule, string Symbol, string Before, string After, Judgement Judgement);

    private sealed class Node(Draft draft)
    {
        internal List<string> Targets { get; } = [];

        internal TargetMerger Below { get; } = new();

        // The names and values of two headers, of which nothing may do more in a report than be read.
        internal AbiChange ToChange() => new(
            draft.Rule,
            VisibleText.Of(draft.Symbol),
            VisibleText.Of(draft.Before),
            VisibleText.Of(draft.After),
            draft.Judgement,
            draft.Location with { Header = VisibleText.Of(draft.Location.Header) },
            EquatableArray.From(Targets),
            Below.Merge(),
            draft.Owner is RecordPair record ? EquatableArray.From(record.Context.Radius.Describe(record.Key)) : [])
        {
            IsGone = draft.IsGone,
        };
    }
}
