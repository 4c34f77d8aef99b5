using System.Collections.Concurrent;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.UapiData;

/// <summary>Reads the configured sets and then every other header of the tree, each by itself, for each target.</summary>
internal sealed class HeaderTreeReader
{
    // Beside the machines of the sets. Their headers lie in the same tree.
    private static readonly string[] Others = ["riscv64", "ppc64le", "s390x", "armv7"];

    private readonly HeaderTree tree;
    private readonly IReadOnlyList<BindingSet> sets;
    private readonly ConcurrentDictionary<string, string> faults = new(StringComparer.Ordinal);

    internal HeaderTreeReader(string folder)
    {
        sets = BindingConfiguration.Read(Path.Combine(folder, BindingConfiguration.FileName)).Sets;
        Targets = [.. SetTargets, .. Others.Select(name => TargetInfo.Find(name)!)];
        tree = HeaderTree.Fetched(folder, []);
        Builder = new CatalogBuilder(Targets);
    }

    /// <summary>All machines; those of the sets come first.</summary>
    internal IReadOnlyList<TargetInfo> Targets { get; }

    /// <summary>The machines of the sets.</summary>
    internal IReadOnlyList<TargetInfo> SetTargets => sets[0].Targets;

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
            HashSet<string> owned = ReadSets(target, machine);
            string[] roots = [.. tree.RootsOf(machine).Where(root => !owned.Contains(root))];
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

    // The headers that a set has for its own are read with it. A set that another machine has not is no set there.
    private HashSet<string> ReadSets(int target, TargetInfo machine)
    {
        HashSet<string> owned = new(StringComparer.Ordinal);
        foreach (BindingSet set in sets)
        {
            try
            {
                AbiModel model = AllowList.Apply(set, HeaderParser.Parse(set.ToParseRequest(machine))).Model;
                Builder.Add(target, model, header => [header]);
                owned.UnionWith(set.Own.Where(header => !header.Contains('*', StringComparison.Ordinal)));
            }
            catch (HeaderParseException) when (!set.Targets.Contains(machine))
            {
                continue;
            }
        }

        return owned;
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
