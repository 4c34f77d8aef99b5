using System.Collections.Concurrent;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.UapiData;

/// <summary>Reads the configured sets and then every other header of the tree, each by itself, for each target.</summary>
internal sealed class HeaderTreeReader
{
    private readonly HeaderTree tree;
    private readonly IReadOnlyList<BindingSet> sets;
    private readonly ConcurrentDictionary<string, string> faults = new(StringComparer.Ordinal);

    internal HeaderTreeReader(string folder)
    {
        sets = BindingConfiguration.Read(Path.Combine(folder, BindingConfiguration.FileName)).Sets;
        Targets = sets[0].Targets;
        IEnumerable<string> owned = sets.SelectMany(set => set.Own).Where(header => !header.Contains('*', StringComparison.Ordinal));
        tree = HeaderTree.Fetched(folder, [.. owned]);
        Builder = new CatalogBuilder(Targets);
    }

    internal IReadOnlyList<TargetInfo> Targets { get; }

    internal CatalogBuilder Builder { get; }

    /// <summary>Headers that do not parse, as <c>target header</c>, sorted.</summary>
    internal List<string> LeftOut { get; } = [];

    /// <summary>Number of headers read on each target.</summary>
    internal List<int> HeaderCounts { get; } = [];

    /// <summary>Why one of them does not.</summary>
    internal string FaultOf(string header) => faults[header];

    internal void Read()
    {
        for (int target = 0; target < Targets.Count; target++)
        {
            TargetInfo machine = Targets[target];
            foreach (BindingSet set in sets)
            {
                AbiModel model = AllowList.Apply(set, HeaderParser.Parse(set.ToParseRequest(machine))).Model;
                Builder.Add(target, model, header => [header]);
            }

            string[] roots = tree.RootsOf(machine);
            ConcurrentDictionary<string, AbiModel> models = new(StringComparer.Ordinal);
            Parallel.ForEach(roots, root => Read(root, machine, models));
            foreach (string root in roots.Where(models.ContainsKey))
            {
                HashSet<string> own = OwnHeaders(root, models[root]);
                Builder.Add(target, models[root], header => own.Contains(header) ? [root, header] : []);
            }

            HeaderCounts.Add(models.Count);
            LeftOut.AddRange(roots.Where(root => !models.ContainsKey(root)).Select(root => $"{machine.Name} {root}"));
        }
    }

    private void Read(string root, TargetInfo target, ConcurrentDictionary<string, AbiModel> models)
    {
        if (tree.TryRead(root, target, out string fault) is { } model)
        {
            models[root] = model;
        }
        else
        {
            faults[$"{target.Name} {root}"] = fault;
        }
    }

    // Macros are read from a set's own headers alone: the root, what it includes in quotes, and for a machine's headers the generic ones
    // that they pass on. Types may also come from headers of others.
    private static HashSet<string> OwnHeaders(string root, AbiModel model) =>
        new(
            [
                root,
                .. model.Constants.Select(constant => constant.Location.Header),
                .. model.Ioctls.Select(ioctl => ioctl.Location.Header),
                .. model.Macros.Select(macro => macro.Location.Header),
            ],
            StringComparer.Ordinal);
}
