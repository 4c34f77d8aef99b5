using HvBindgen.Cli.Running;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;

namespace HvBindgen.Cli.Sides;

/// <summary>A comparison, with the models that it was made of.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Old">Models of the first side.</param>
/// <param name="Now">Models of the second side.</param>
internal sealed record SideComparison(AbiComparison Answer, IReadOnlyList<AbiModel> Old, IReadOnlyList<AbiModel> Now)
{
    /// <summary>Whether the models are all that the sides have; of folders of headers only those that differ are read.</summary>
    internal bool HasAllHeaders { get; private init; }

    /// <summary>Compares two sides of the same kind.</summary>
    /// <param name="context">The running command.</param>
    /// <param name="sides">Finds the sides.</param>
    /// <param name="before">The first side, as the user named it.</param>
    /// <param name="after">The second side.</param>
    /// <param name="optionsOf">How to compare a set or header.</param>
    /// <param name="skipsNew">Whether sets and targets that only the second side has are left out, with a note.</param>
    /// <exception cref="DiffException">The sides cannot be compared with each other.</exception>
    internal static SideComparison Of(
        CommandContext context, DiffSides sides, string before, string after, Func<string, DiffOptions> optionsOf, bool skipsNew) =>
        Compare(context, sides, sides.Open(before, after), optionsOf, skipsNew);

    private static SideComparison Compare(
        CommandContext context, DiffSides sides, (DiffSide Before, DiffSide After) both, Func<string, DiffOptions> optionsOf, bool skipsNew)
    {
        sides.RequireUse(both.Before, both.After);
        SideComparison compared = both switch
        {
            (ModelSide old, ModelSide now) => OfModels(old, now, optionsOf, skipsNew),
            (TreeSide { Tree.Only: null } old, TreeSide { Tree.Only: null } now) => OfTrees(context, sides, old, now, optionsOf),
            (TreeSide { Tree.Only: not null } old, TreeSide { Tree.Only: not null } now) => OfTrees(context, sides, old, now, optionsOf),
            (DiffSide old, DiffSide now) => throw new DiffException(
                $"{old.Label} is {old.Kind} and {now.Label} is {now.Kind}: compare two of a kind"),
        };
        string compiler = both is ({ IsOfSnapshots: true }, { IsOfSnapshots: true })
            ? ""
            : LibClangLocator.Load(context.LibClang).VersionText;
        HashSet<string> gone =
            [.. compared.Answer.Sets.Where(diff => diff.Presence == SetPresence.Gone).Select(diff => diff.Set)];
        return compared with
        {
            Answer = compared.Answer with
            {
                Sides = (both.Before.Describe(compiler), both.After.Describe(compiler)),
                Lost =
                [
                    .. both.Before.DefinesChangedIn(both.After),
                    .. Fidelity.Of([.. compared.Old.Where(model => !gone.Contains(model.Set))], compared.Now),
                ],
            },
        };
    }

    private static SideComparison OfModels(ModelSide old, ModelSide now, Func<string, DiffOptions> optionsOf, bool skipsNew)
    {
        List<Unjudged> left = [.. old.Unjudged, .. now.Unjudged];
        IReadOnlyList<AbiModel> oldModels = old.ModelsBut(left);
        IReadOnlyList<AbiModel> newModels = now.ModelsBut(left);
        List<Unjudged> unjudged =
        [
            .. left.Select(set => set.Set).Distinct().Select(set => JoinSides(
                old.Unjudged.FirstOrDefault(one => one.Set == set), now.Unjudged.FirstOrDefault(one => one.Set == set),
                isWhole: !oldModels.Any(model => model.Set == set))),
        ];
        AbiComparison answer = oldModels.Count == 0 && newModels.Count == 0 && unjudged.Count > 0
            ? throw new DiffException(string.Join('\n', unjudged.Select(set => $"{set.Set}: {set.Reason}")))
            : RunProgress.During("comparing", () => AbiComparison.Of(oldModels, newModels, optionsOf, skipsNew));
        return new SideComparison(answer with { Unjudged = unjudged }, oldModels, newModels) { HasAllHeaders = true };
    }

    private static Unjudged JoinSides(Unjudged? old, Unjudged? now, bool isWhole) => new(
        (old ?? now)!.Set, DiffSide.ReasonOf(old?.Reason, now?.Reason)!)
    {
        Cause = (old ?? now)!.Cause,
        Targets = isWhole ? [] : EquatableArray.From([.. (old?.Targets ?? []).Union(now?.Targets ?? [])]),
    };

    private static SideComparison OfTrees(
        CommandContext context, DiffSides sides, TreeSide old, TreeSide now, Func<string, DiffOptions> optionsOf)
    {
        TreeComparison trees = new(old.Tree, now.Tree, sides.Targets, Environment.ProcessorCount);
        AbiComparison answer = trees.Compare(context, optionsOf, out (IReadOnlyList<AbiModel> Old, IReadOnlyList<AbiModel> Now) models);
        return answer is { Sets.Count: 0, SameHeaders: 0, Unjudged: [_, ..] unjudged }
            ? throw new DiffException(string.Join('\n', unjudged.Select(header => $"{header.Set}: {header.Reason}")))
            : new SideComparison(answer, models.Old, models.Now);
    }
}
