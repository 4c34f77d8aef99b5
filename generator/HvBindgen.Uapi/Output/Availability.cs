using System.Collections.Concurrent;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;

namespace HvBindgen.Uapi.Output;

/// <summary>
/// Which kernels have a name: what documentation says of it, and the platform that its use asks for. Several threads may ask.
/// </summary>
/// <param name="catalog">The catalog that knows it.</param>
/// <param name="targets">Bits of the machines that the project is for; what one of them got later counts as later.</param>
internal sealed class Availability(ICatalog catalog, int targets)
{
    private readonly ConcurrentDictionary<string, int> known = new(StringComparer.Ordinal);

    /// <summary>A sentence without its full stop; empty where nothing is known.</summary>
    internal string Describe(string name)
    {
        int first = FirstOf(name);
        return first == 0 ? ""
            : first == 1 ? $"In Linux {catalog.Releases[0]} and later"
            : $"In Linux {catalog.Releases[first - 1]} and later, not in {catalog.Releases[first - 2]}";
    }

    /// <summary>Attributes for what a kernel lacks that the project wants to run on, by names of C.</summary>
    /// <param name="models">What is emitted.</param>
    /// <param name="minimum">The oldest kernel; null where the project names none.</param>
    internal Dictionary<string, IReadOnlyList<string>> AttributesOf(IEnumerable<AbiModel> models, Version? minimum)
    {
        Dictionary<string, IReadOnlyList<string>> attributes = new(StringComparer.Ordinal);
        if (minimum is null)
        {
            return attributes;
        }

        foreach (string name in models.SelectMany(NamesOf))
        {
            // What the first release has already may be older than the oldest kernel, or not: that is not known.
            int first = FirstOf(name);
            if (first > 1 && Version.Parse(catalog.Releases[first - 1]) > minimum)
            {
                attributes[name] = [$"System.Runtime.Versioning.SupportedOSPlatform(\"linux{catalog.Releases[first - 1]}\")"];
            }
        }

        return attributes;
    }

    private IEnumerable<string> NamesOf(AbiModel model) =>
    [
        .. ((IEnumerable<AbiRecord>)model.Records).Select(record => record.Name),
        .. ((IEnumerable<AbiEnum>)model.Enums).SelectMany(NamesOf),
        .. ((IEnumerable<AbiConstant>)model.Constants).Select(constant => constant.Name),
        .. ((IEnumerable<AbiIoctl>)model.Ioctls).Select(ioctl => ioctl.Name),
        .. ((IEnumerable<AbiMacro>)model.Macros).Select(macro => macro.Name),
    ];

    // An enumerator is as old as its enum unless it is younger.
    private IEnumerable<string> NamesOf(AbiEnum @enum) =>
    [
        @enum.Name,
        .. ((IEnumerable<AbiEnumerator>)@enum.Enumerators).Select(enumerator => enumerator.Name)
            .Where(name => @enum.Name.Length == 0 || FirstOf(name) > FirstOf(@enum.Name)),
    ];

    private int FirstOf(string name) => known.GetOrAdd(name, FirstIn);

    private int FirstIn(string name) => catalog.Find(name).Where(entry => (entry.Targets & targets) != 0)
        .Select(entry => entry.FirstRelease).DefaultIfEmpty().Max();
}
