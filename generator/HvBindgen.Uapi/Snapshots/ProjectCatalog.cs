using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;
using HvBindgen.Uapi.Diagnostics;
using HvBindgen.Uapi.Names;

namespace HvBindgen.Uapi.Snapshots;

/// <summary>
/// What the package knows with what a project's own snapshots declare. A name of a snapshot hides the package's on the snapshot's machine.
/// </summary>
internal sealed class ProjectCatalog : ICatalog
{
    private readonly ICatalog builtIn;
    private readonly List<OwnDeclaration> all = [];
    private readonly Dictionary<string, List<OwnDeclaration>> named = new(StringComparer.Ordinal);
    private readonly List<Problem> problems = [];

    private ProjectCatalog(ICatalog builtIn) => this.builtIn = builtIn;

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> Targets => builtIn.Targets;

    /// <inheritdoc/>
    public string Origin => $"{builtIn.Origin} and {string.Join(", ", all.Select(own => own.Set).Distinct())}";

    /// <inheritdoc/>
    public IReadOnlyList<string> Releases => builtIn.Releases;

    /// <inheritdoc/>
    public int Count => builtIn.Count + all.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Headers =>
        builtIn.Headers.Concat(all.Select(own => own.Header)).Distinct().OrderBy(header => header, StringComparer.Ordinal);

    /// <summary>Puts a project's snapshots in front of a catalog.</summary>
    /// <returns>The catalog, which is the one that was given where there is nothing to add; what is to be told of the snapshots.</returns>
    internal static (ICatalog Catalog, IReadOnlyList<Problem> Problems) Of(ICatalog builtIn, IReadOnlyList<OwnSnapshot> snapshots)
    {
        ProjectCatalog catalog = new(builtIn);
        foreach (OwnSnapshot snapshot in snapshots)
        {
            catalog.Add(snapshot);
        }

        return (catalog.all.Count > 0 ? catalog : builtIn, catalog.problems);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PackedEntry> Find(string name) =>
        name.Length == 0 ? [] : [.. WithoutHidden(builtIn.Find(name)), .. OwnOf(name).Select(own => own.Entry)];

    /// <inheritdoc/>
    public IEnumerable<PackedEntry> StartingWith(string prefix) => WithoutHidden(builtIn.StartingWith(prefix))
        .Concat(all.Where(own => own.Name.Length > 0 && own.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(own => own.Entry))
        .OrderBy(entry => entry.Name, StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<PackedEntry> In(string header) =>
        [.. WithoutHidden(builtIn.In(header)), .. all.Where(own => !own.IsEnumerator && own.Header == header).Select(own => own.Entry)];

    /// <inheritdoc/>
    public (IAbiDeclaration Declaration, IoctlUse? Use) Read(PackedEntry entry) => entry.Ordinal < builtIn.Count
        ? builtIn.Read(entry)
        : (all[entry.Ordinal - builtIn.Count].Declaration, UseOf(all[entry.Ordinal - builtIn.Count]));

    /// <inheritdoc/>
    public PackedEntry EnumOf(PackedEntry enumerator) => enumerator.Ordinal < builtIn.Count
        ? builtIn.EnumOf(enumerator)
        : all[enumerator.Ordinal - builtIn.Count].Owner.Entry;

    private void Add(OwnSnapshot snapshot)
    {
        if (snapshot.Model is not { } model)
        {
            problems.Add(snapshot.Problem!);
            return;
        }

        int target = Targets.ToList().FindIndex(known => known.Name == model.Target.Name);
        if (target < 0)
        {
            Tell(
                ProblemKinds.DamagedSnapshot, snapshot,
                $"{Path.GetFileName(snapshot.Path)} is of {model.Target.Name}; the package is for "
                    + string.Join(" and ", Targets.Select(known => known.Name)));
            return;
        }

        foreach (IAbiDeclaration declaration in PackedDeclarations.Of(model))
        {
            Add(snapshot, model.Set, declaration, 1 << target);
        }
    }

    private void Add(OwnSnapshot snapshot, string set, IAbiDeclaration declaration, int target)
    {
        OwnDeclaration own = new(set, declaration, declaration.Name, builtIn.Count + all.Count) { Targets = target };
        OwnDeclaration[] twins = [.. OwnOf(own.Name).Where(other => other.Entry.Kind == own.Entry.Kind)];
        if (twins.FirstOrDefault(other => other.Declaration.Equals(declaration)) is { } same)
        {
            same.Targets |= target;
        }
        else if (own.Name.Length > 0 && twins.Any(other => (other.Targets & target) != 0))
        {
            Tell(ProblemKinds.SnapshotsDiffer, snapshot, Path.GetFileName(snapshot.Path), own.Name);
        }
        else
        {
            Add(own);
            foreach (AbiEnumerator enumerator in declaration is AbiEnum @enum ? @enum.Enumerators : [])
            {
                Add(new OwnDeclaration(set, declaration, enumerator.Name, builtIn.Count + all.Count) { Owner = own });
            }
        }
    }

    private void Add(OwnDeclaration own)
    {
        all.Add(own);
        if (!named.TryGetValue(own.Name, out List<OwnDeclaration>? others))
        {
            named.Add(own.Name, others = []);
        }

        others.Add(own);
    }

    private void Tell(Microsoft.CodeAnalysis.DiagnosticDescriptor kind, OwnSnapshot snapshot, params string[] arguments) =>
        problems.Add(Problem.Of(kind, new NamePlace(snapshot.Path, 0, 0, 0, 0), arguments));

    private List<OwnDeclaration> OwnOf(string name) => named.TryGetValue(name, out List<OwnDeclaration>? own) ? own : [];

    private IEnumerable<PackedEntry> WithoutHidden(IEnumerable<PackedEntry> entries) => entries
        .Select(entry => entry with { Targets = entry.Targets & ~HiddenOn(entry) })
        .Where(entry => entry.Targets != 0);

    // An enum without a name is known by its first enumerator.
    private int HiddenOn(PackedEntry entry) =>
        HiddenOn(entry.Name.Length > 0 ? entry.Name : ((AbiEnum)builtIn.Read(entry).Declaration).Enumerators[0].Name);

    private int HiddenOn(string name) => OwnOf(name).Aggregate(0, (bits, own) => bits | own.Targets);

    // A snapshot tells what macros say; what the kernel does with a request of its own is known to the package.
    private IoctlUse? UseOf(OwnDeclaration own) => own.Entry.Kind is PackedKind.Ioctl or PackedKind.FunctionRequest
        ? builtIn.Find(own.Name).Where(entry => entry.Kind == own.Entry.Kind).Select(builtIn.Read)
            .FirstOrDefault(known => known.Declaration.Location.Header == own.Header).Use
        : null;
}
