using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;

namespace HvBindgen.UapiData;

/// <summary>Puts the declarations of many headers on several targets side by side, each once.</summary>
/// <param name="targets">The machines, in the order of the items' bits.</param>
internal sealed class CatalogBuilder(IReadOnlyList<TargetInfo> targets)
{
    private readonly Dictionary<(int Target, PackedKind Kind, string Name), Known> known = [];
    private readonly List<string> conflicts = [];

    /// <summary>Names that two headers declare with different contents on one target: a catalog of them would be wrong for one.</summary>
    internal IReadOnlyList<string> Conflicts => conflicts;

    /// <summary>Adds what a header, or a set of them, declares on one target.</summary>
    /// <param name="target">Which of the targets.</param>
    /// <param name="model">The declarations.</param>
    /// <param name="headersOf">The headers by which a declaration can be asked for, from where it stands.</param>
    internal void Add(int target, AbiModel model, Func<string, IEnumerable<string>> headersOf)
    {
        foreach (IAbiDeclaration declaration in PackedDeclarations.Of(model))
        {
            Add(target, declaration, headersOf(declaration.Location.Header));
        }
    }

    /// <summary>The declarations: one item for all targets that agree.</summary>
    internal List<CatalogItem> Build()
    {
        List<CatalogItem> items = [];
        foreach (IEnumerable<KeyValuePair<(int Target, PackedKind Kind, string Name), Known>> named in
            known.GroupBy(entry => (entry.Key.Kind, entry.Key.Name)))
        {
            foreach (IGrouping<IAbiDeclaration, KeyValuePair<(int Target, PackedKind Kind, string Name), Known>> same in
                named.GroupBy(entry => entry.Value.Declaration))
            {
                int mask = same.Aggregate(0, (bits, entry) => bits | 1 << entry.Key.Target);
                string[] headers = [.. same.SelectMany(entry => entry.Value.Headers).Distinct().Order(StringComparer.Ordinal)];
                string[] twins = [.. same.SelectMany(entry => entry.Value.Twins).Distinct().Order(StringComparer.Ordinal)];
                items.Add(new CatalogItem(same.Key, mask, headers, UseOf(same.Key)) { Twins = twins });
            }
        }

        return items;
    }

    private void Add(int target, IAbiDeclaration declaration, IEnumerable<string> headers)
    {
        (PackedKind kind, string name) = (PackedDeclarations.KindOf(declaration), declaration.CName);
        if (!known.TryGetValue((target, kind, name), out Known? first))
        {
            first = new Known(declaration);
            known.Add((target, kind, name), first);
        }
        else if (!first.Declaration.Equals(declaration.At(first.Declaration.Location)))
        {
            conflicts.Add(
                $"{targets[target].Name}: {name} in {declaration.Location.Header} is another than in {first.Declaration.Location.Header}");
        }

        first.Headers.UnionWith(headers);
        if (first.Declaration.Location != declaration.Location)
        {
            first.Twins.Add(declaration.Location.Header);
        }
    }

    private static IoctlUse? UseOf(IAbiDeclaration declaration) =>
        declaration is AbiIoctl or AbiMacro
        && MisdeclaredRequests.ByName.TryGetValue((declaration.Location.Header, declaration.Name), out IoctlUse? use)
            ? use
            : null;

    private sealed class Known(IAbiDeclaration declaration)
    {
        internal IAbiDeclaration Declaration { get; } = declaration;

        internal HashSet<string> Headers { get; } = new(StringComparer.Ordinal);

        /// <summary>Headers that declare it too, in the same words.</summary>
        internal HashSet<string> Twins { get; } = new(StringComparer.Ordinal);
    }
}
