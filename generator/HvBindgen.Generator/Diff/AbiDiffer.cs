using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff;

/// <summary>Compares two generations of a header set: pair the declarations, let the rules judge, link, merge the targets.</summary>
public static class AbiDiffer
{
    /// <summary>Compares two sides, each with one model for each target.</summary>
    /// <param name="before">The old generation.</param>
    /// <param name="after">The new generation.</param>
    /// <param name="options">How to compare; the defaults where null.</param>
    /// <returns>All changes.</returns>
    /// <exception cref="DiffException">The sides hold different sets or targets, so that no answer would be complete.</exception>
    public static AbiDiff Compare(IReadOnlyList<AbiModel> before, IReadOnlyList<AbiModel> after, DiffOptions? options = null)
    {
        CheckComparable(before, after);
        TargetMerger merger = new();
        Dictionary<(string Name, AbiRecord Before, AbiRecord After), List<string>> layouts = [];
        List<string> targets = [];
        foreach (AbiModel old in before)
        {
            string target = old.Target.Name;
            targets.Add(target);
            DeclarationMatcher pairs = DeclarationMatcher.Match(old, FindTarget(after, target)!, options ?? new DiffOptions());
            Findings findings = new();
            RuleSet.Run(pairs, findings);
            merger.Add(target, CauseLinker.Link(findings.Drafts));
            CollectLayouts(pairs, target, layouts);
        }

        return new AbiDiff(before[0].Set, EquatableArray.From(targets), merger.Merge(), ToLayouts(layouts), []);
    }

    private static void CheckComparable(IReadOnlyList<AbiModel> before, IReadOnlyList<AbiModel> after)
    {
        if (before.Count == 0 || after.Count == 0)
        {
            throw new DiffException($"nothing to compare: the {(before.Count == 0 ? "first" : "second")} side has no model");
        }

        foreach (AbiModel model in (IEnumerable<AbiModel>)[.. before, .. after])
        {
            if (model.Set != before[0].Set)
            {
                throw new DiffException(
                    $"the sides are different sets, \"{before[0].Set}\" and \"{model.Set}\": compare two generations of one set");
            }
        }

        CheckTargets(before, after, "second");
        CheckTargets(after, before, "first");
    }

    private static void CheckTargets(IReadOnlyList<AbiModel> models, IReadOnlyList<AbiModel> others, string which)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (AbiModel model in models)
        {
            if (FindTarget(others, model.Target.Name) is null)
            {
                throw new DiffException(
                    $"target {model.Target.Name} is missing on the {which} side of \"{model.Set}\": give both sides the same targets");
            }

            if (!seen.Add(model.Target.Name))
            {
                throw new DiffException($"target {model.Target.Name} of \"{model.Set}\" is given twice on one side");
            }
        }
    }

    private static AbiModel? FindTarget(IReadOnlyList<AbiModel> models, string target)
    {
        foreach (AbiModel model in models)
        {
            if (model.Target.Name == target)
            {
                return model;
            }
        }

        return null;
    }

    // A record defined in place is drawn as part of its owner.
    private static void CollectLayouts(
        DeclarationMatcher pairs, string target, Dictionary<(string Name, AbiRecord Before, AbiRecord After), List<string>> layouts)
    {
        foreach (RecordPair pair in pairs.Records)
        {
            if (pair.HasBoth(out AbiRecord old, out AbiRecord now) && old.Name.Length > 0 && !RecordMatcher.IsSameLayout(old, now))
            {
                (string, AbiRecord, AbiRecord) key = (now.CName, old, now);
                (layouts.TryGetValue(key, out List<string>? seen) ? seen : layouts[key] = []).Add(target);
            }
        }
    }

    private static EquatableArray<LayoutChange> ToLayouts(
        Dictionary<(string Name, AbiRecord Before, AbiRecord After), List<string>> layouts)
    {
        List<LayoutChange> changes = [];
        foreach (((string name, AbiRecord old, AbiRecord now), List<string> targets) in layouts)
        {
            changes.Add(new LayoutChange(VisibleText.Of(name), EquatableArray.From(targets), old, now));
        }

        changes.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return EquatableArray.From(changes);
    }
}
