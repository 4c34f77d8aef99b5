using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;
using HvBindgen.Uapi.Diagnostics;
using HvBindgen.Uapi.Names;
using HvBindgen.Uapi.Project;

namespace HvBindgen.Uapi.Selection;

/// <summary>What the lines of a project ask for, and what is to be said about them.</summary>
internal sealed class NameSelection
{
    private const int MostNearNames = 3;
    private const int MostSuggestions = 50;

    private readonly ICatalog catalog;
    private readonly UapiSettings settings;
    private readonly NameMatcher matcher;
    private readonly int chosenTargets;
    private readonly Dictionary<int, SelectedName> selected = [];
    private readonly List<Problem> problems = [];
    private List<string>? allNames;
    private int suggestions;

    private NameSelection(ICatalog catalog, UapiSettings settings)
    {
        (this.catalog, this.settings) = (catalog, settings);
        matcher = new NameMatcher(catalog);
        for (int target = 0; target < catalog.Targets.Count; target++)
        {
            chosenTargets |= settings.Targets.Contains(catalog.Targets[target].Name) ? 1 << target : 0;
        }
    }

    /// <summary>Bits of the targets that the project asks for.</summary>
    internal int Targets => chosenTargets;

    /// <summary>What is asked for, in the catalog's order.</summary>
    internal IReadOnlyList<SelectedName> Names => [.. selected.Values.OrderBy(name => name.Entry.Ordinal)];

    internal IReadOnlyList<Problem> Problems => problems;

    internal static NameSelection Of(
        ICatalog catalog, UapiSettings settings, IReadOnlyList<NameLine> lines, CancellationToken cancellation)
    {
        NameSelection selection = new(catalog, settings);
        foreach (NameLine line in lines.Where(line => !line.IsLeftOut))
        {
            cancellation.ThrowIfCancellationRequested();
            selection.Add(line);
        }

        foreach (NameLine line in lines.Where(line => line.IsLeftOut))
        {
            selection.LeaveOut(line);
        }

        return selection;
    }

    private void Add(NameLine line)
    {
        IReadOnlyList<PackedEntry> found = matcher.Find(line.Text);
        if (found.Count == 0)
        {
            problems.Add(Problem.Of(ProblemKinds.Unknown, line.Place, catalog.Origin, line.Text, NearNames(line.Text)));
            return;
        }

        bool isSeveral = NamePattern.IsPattern(line.Text) || line.Text.EndsWith(".h", StringComparison.Ordinal);
        PackedEntry[] here = [.. found.Where(entry => (entry.Targets & chosenTargets) != 0)];
        int names = here.Select(entry => entry.Name).Distinct().Count();
        if (isSeveral && names > settings.PatternLimit)
        {
            problems.Add(Problem.Of(
                ProblemKinds.TooWide, line.Place, line.Text, names.ToString(), settings.PatternLimit.ToString()));
            return;
        }

        if (!isSeveral && matcher.SpellingsOf(found) is { Count: > 0 } spellings)
        {
            problems.Add(Problem.Of(ProblemKinds.Ambiguous, line.Place, line.Text, string.Join(", ", spellings)));
            return;
        }

        int targets = found.Aggregate(0, (bits, entry) => bits | entry.Targets);
        if (here.Length == 0)
        {
            problems.Add(Problem.Of(
                ProblemKinds.NotOnTarget, line.Place, line.Text, TargetNames(targets), TargetNames(chosenTargets)));
            return;
        }

        if (!isSeveral)
        {
            Tell(line, here, targets & chosenTargets);
        }

        foreach (PackedEntry entry in here)
        {
            if (!selected.TryGetValue(entry.Ordinal, out SelectedName? known) || (line.IsPublic && !known.Line.IsPublic))
            {
                selected[entry.Ordinal] = new SelectedName(entry, line);
            }
        }
    }

    private void Tell(NameLine line, PackedEntry[] here, int targets)
    {
        if (targets != chosenTargets)
        {
            string space = string.Join(", ", Chosen(targets).Select(target => $"{settings.Namespace}.{target.CSharpName}"));
            problems.Add(Problem.Of(ProblemKinds.OnSomeTargets, line.Place, line.Text, TargetNames(targets), space));
        }

        foreach (PackedEntry entry in here)
        {
            if (entry.Kind is PackedKind.Ioctl or PackedKind.FunctionRequest && catalog.Read(entry).Use is { } use)
            {
                problems.Add(Problem.Of(ProblemKinds.Misdeclared, line.Place, entry.Name, use.Describe(word => $"'{word}'")));
                break;
            }

            if (entry.Kind == PackedKind.Typedef && catalog.Read(entry).Declaration is AbiTypedef { Type: AbiPrimitive number })
            {
                problems.Add(Problem.Of(ProblemKinds.PlainTypedef, line.Place, line.Text, AbiTypeText.Write(number)));
                break;
            }
        }
    }

    private void LeaveOut(NameLine line)
    {
        int before = selected.Count;
        foreach (PackedEntry entry in matcher.Find(line.Text))
        {
            selected.Remove(entry.Ordinal);
        }

        if (selected.Count == before)
        {
            problems.Add(Problem.Of(ProblemKinds.NothingToLeaveOut, line.Place, line.Text));
        }
    }

    // A search over all names takes a moment: a file of garbage gets a few answers, not ten thousand.
    private string NearNames(string text)
    {
        if (NamePattern.IsPattern(text) || suggestions++ >= MostSuggestions)
        {
            return "";
        }

        int colon = text.LastIndexOfAny([' ', ':']);
        string name = text.Substring(colon + 1);
        IEnumerable<string> names =
            text.EndsWith(".h", StringComparison.Ordinal) ? catalog.Headers : AllNames.Select(known => NameMatcher.SpellAs(name, known));
        IReadOnlyList<string> near = NearestName.Several(name, names, MostNearNames);
        return near.Count > 0 ? $"; near it are {string.Join(", ", near)}" : "";
    }

    private List<string> AllNames => allNames ??= [.. catalog.StartingWith("").Select(entry => entry.Name).Distinct()];

    private string TargetNames(int targets) => string.Join(", ", Chosen(targets).Select(target => target.Name));

    private IEnumerable<TargetInfo> Chosen(int targets) => catalog.Targets.Where((_, index) => (targets & 1 << index) != 0);
}
