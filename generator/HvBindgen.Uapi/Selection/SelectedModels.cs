using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;

namespace HvBindgen.Uapi.Selection;

/// <summary>The names of a selection with all that they need, as a model for each target.</summary>
internal sealed class SelectedModels
{
    private const string Set = "uapi";

    private readonly ICatalog catalog;
    private readonly Dictionary<(string Header, string Name), IoctlUse> uses = [];
    private readonly HashSet<string> publicTypes = new(StringComparer.Ordinal);
    private readonly HashSet<string> publicMembers = new(StringComparer.Ordinal);
    private readonly HashSet<string> publicDescriptors = new(StringComparer.Ordinal);

    private SelectedModels(ICatalog catalog) => this.catalog = catalog;

    /// <summary>One model for each chosen target that has any of it.</summary>
    internal List<AbiModel> Models { get; } = [];

    /// <summary>What the kernel does with arguments of requests where their macros say something else.</summary>
    internal IoctlUses Uses => new(new Dictionary<string, IoctlUse>(), uses);

    /// <summary>Types that are for other assemblies too, by their names in C.</summary>
    internal IReadOnlyCollection<string> PublicTypes => publicTypes;

    /// <summary>Constants and requests that are, by their names in C.</summary>
    internal IReadOnlyCollection<string> PublicMembers => publicMembers;

    /// <summary>The kinds of descriptor that take those requests.</summary>
    internal IReadOnlyCollection<string> PublicDescriptors => publicDescriptors;

    internal static SelectedModels Of(ICatalog catalog, NameSelection selection, CancellationToken cancellation)
    {
        SelectedModels models = new(catalog);
        for (int target = 0; target < catalog.Targets.Count; target++)
        {
            if ((selection.Targets & 1 << target) != 0)
            {
                models.Models.Add(models.ModelOf(target, selection.Names, cancellation));
            }
        }

        return models;
    }

    private AbiModel ModelOf(int target, IReadOnlyList<SelectedName> names, CancellationToken cancellation)
    {
        int bit = 1 << target;
        ModelClosure closure = new(catalog, bit, cancellation);
        ModelClosure shown = new(catalog, bit, cancellation);
        foreach (SelectedName name in names.Where(name => (name.Entry.Targets & bit) != 0))
        {
            cancellation.ThrowIfCancellationRequested();
            closure.Add(name.Entry);
            if (name.Line.IsPublic)
            {
                shown.Add(name.Entry);
            }
        }

        foreach (((string, string) request, IoctlUse use) in closure.Uses)
        {
            uses[request] = use;
        }

        publicTypes.UnionWith(shown.TypeNames);
        publicMembers.UnionWith(shown.MemberNames);
        publicDescriptors.UnionWith(shown.Descriptors);
        return closure.ToModel(Set, catalog.Targets[target]);
    }
}
