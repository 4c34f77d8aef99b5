using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Linking;

/// <summary>Makes one change of the same change on several targets; what hangs below it is merged in the same way.</summary>
internal sealed class TargetMerger
{
    private readonly Dictionary<MergeKey, List<Node>> nodes = [];
    private readonly List<Node> order = [];

    internal void Add(string target, IReadOnlyList<Draft> drafts)
    {
        foreach (Draft draft in drafts)
        {
            MergeKey key = new(draft.Rule.Id, draft.Symbol, draft.Judgement);
            List<Node> same = nodes.TryGetValue(key, out List<Node>? known) ? known : nodes[key] = [];
            Node? node = same.Find(other => other.Reads(draft)) ?? same.Find(other => !other.Targets.Contains(target));
            if (node is null)
            {
                node = new Node(draft);
                same.Add(node);
                order.Add(node);
            }

            node.Add(target, draft);
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

    private readonly record struct MergeKey(string Rule, string Symbol, Judgement Judgement);

    // One edit may read otherwise on each target, where offsets and sizes differ: it is one change all the same.
    private sealed class Node(Draft draft)
    {
        private readonly List<(string Before, string After, List<string> Targets)> readings = [];

        internal List<string> Targets { get; } = [];

        private TargetMerger Below { get; } = new();

        internal bool Reads(Draft other) => readings.Exists(reading => reading.Before == other.Before && reading.After == other.After);

        internal void Add(string target, Draft other)
        {
            int at = readings.FindIndex(reading => reading.Before == other.Before && reading.After == other.After);
            if (at < 0)
            {
                at = readings.Count;
                readings.Add((other.Before, other.After, []));
            }

            if (!Targets.Contains(target))
            {
                Targets.Add(target);
                readings[at].Targets.Add(target);
            }

            Below.Add(target, other.Consequences);
        }

        // The names and values of two headers, of which nothing may do more in a report than be read.
        internal AbiChange ToChange() => new(
            draft.Rule,
            VisibleText.Of(draft.Symbol),
            VisibleText.Of(TextOf(static reading => reading.Before)),
            VisibleText.Of(TextOf(static reading => reading.After)),
            draft.Judgement,
            draft.Location with { Header = VisibleText.Of(draft.Location.Header) },
            EquatableArray.From(Targets),
            Below.Merge(),
            draft.Owner is RecordPair record ? EquatableArray.From(record.Context.Radius.Describe(record.Key)) : [])
        {
            IsGone = draft.IsGone,
            OldLocation = draft.OldLocation is { } old ? old with { Header = VisibleText.Of(old.Header) } : null,
        };

        private string TextOf(Func<(string Before, string After, List<string> Targets), string> side)
        {
            List<IGrouping<string, (string Before, string After, List<string> Targets)>> texts =
                [.. readings.GroupBy(side, StringComparer.Ordinal)];
            return texts is [var only]
                ? only.Key
                : string.Join(", ", texts.Where(static text => text.Key.Length > 0).Select(static text =>
                    $"{text.Key} (on {string.Join(", ", text.SelectMany(static reading => reading.Targets))})"));
        }
    }
}
