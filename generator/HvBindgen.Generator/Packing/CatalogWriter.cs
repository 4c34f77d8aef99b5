using System.IO.Compression;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Packing;

/// <summary>
/// Packs declarations into one file, which <see cref="Catalog"/> reads: strings sorted and without what each has in common with the
/// one before it, declarations sorted by name, each decoded by itself.
/// </summary>
public sealed class CatalogWriter
{
    private readonly StringHeap strings = new();
    private readonly List<(string Name, PackedKind Kind, int Targets, CatalogItem Item)> entries;
    private readonly Dictionary<CatalogItem, int> ordinals = new(ReferenceEqualityComparer.Instance);
    private readonly FirstReleases firstReleases;

    private CatalogWriter(IReadOnlyList<CatalogItem> items, FirstReleases firstReleases)
    {
        this.firstReleases = firstReleases;
        entries =
        [
            .. items.Select(item => (item.Declaration.Name, item.Kind, item.Targets, Item: item))
                .Concat(items.SelectMany(EnumeratorsOf))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal).ThenBy(entry => entry.Kind).ThenBy(entry => entry.Targets)
                .ThenBy(entry => Distinction(entry.Item), StringComparer.Ordinal),
        ];
        for (int ordinal = 0; ordinal < entries.Count; ordinal++)
        {
            if (entries[ordinal].Kind != PackedKind.Enumerator)
            {
                ordinals.Add(entries[ordinal].Item, ordinal);
            }
        }
    }

    /// <summary>Packs declarations.</summary>
    /// <param name="origin">Where the headers come from, for example <c>Linux 7.3.4</c>.</param>
    /// <param name="targets">Names of the targets, in the order of the items' bits.</param>
    /// <param name="items">The declarations, in any order.</param>
    /// <param name="firstReleases">The kernels that have names; null where that is not known.</param>
    /// <returns>The content, the same bytes for equal input.</returns>
    /// <exception cref="OverflowException">A value is beyond 64 bits.</exception>
    public static byte[] Content(
        string origin, IReadOnlyList<string> targets, IReadOnlyList<CatalogItem> items, FirstReleases? firstReleases = null) =>
        new CatalogWriter(items, firstReleases ?? FirstReleases.Unknown).Build(origin, targets);

    /// <summary>Makes the file of a content. Its bytes may differ with the version of .NET.</summary>
    /// <param name="content">The content.</param>
    /// <returns>What <see cref="Catalog.Read(Stream)"/> reads.</returns>
    public static byte[] Compress(byte[] content)
    {
        using MemoryStream result = new();
        using (DeflateStream deflate = new(result, CompressionLevel.SmallestSize))
        {
            deflate.Write(content);
        }

        return result.ToArray();
    }

    private byte[] Build(string origin, IReadOnlyList<string> targets)
    {
        // Strings get their numbers when all are known: the first pass only collects them.
        WriteEntries();
        WriteHeaders();
        strings.Seal();
        (byte[] entryIndex, byte[] entryData) = WriteEntries();
        byte[] headers = WriteHeaders();
        (byte[] stringIndex, byte[] stringData) = strings.Write();

        byte[][] sections = [Preamble(origin, targets), stringIndex, stringData, entryIndex, entryData, headers];
        PackWriter file = new();
        file.UInt32(PackedFormat.Magic);
        int position = sizeof(int) * (1 + sections.Length);
        foreach (byte[] section in sections)
        {
            file.UInt32(position);
            position += section.Length;
        }

        foreach (byte[] section in sections)
        {
            file.Bytes(section);
        }

        return file.ToArray();
    }

    private byte[] Preamble(string origin, IReadOnlyList<string> targets)
    {
        PackWriter writer = new();
        writer.Number(strings.Count);
        writer.Number(entries.Count);
        writer.Number(targets.Count);
        foreach (string text in (IEnumerable<string>)[.. targets, origin])
        {
            Text(writer, text);
        }

        writer.Number(firstReleases.Releases.Count);
        foreach (string release in firstReleases.Releases)
        {
            Text(writer, release);
        }

        return writer.ToArray();
    }

    private static void Text(PackWriter writer, string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        writer.Number(bytes.Length);
        writer.Bytes(bytes);
    }

    private (byte[] Index, byte[] Data) WriteEntries()
    {
        PackWriter index = new();
        PackWriter data = new();
        DeclarationWriter declarations = new(strings);
        int previous = 0;
        for (int ordinal = 0; ordinal < entries.Count; ordinal++)
        {
            (string name, PackedKind kind, int targets, CatalogItem item) = entries[ordinal];
            int number = strings.Of(name);
            if (ordinal % PackedFormat.BlockEntries == 0)
            {
                index.UInt32(number);
                index.UInt32(data.Length);
                previous = number;
            }

            byte[] content = kind == PackedKind.Enumerator ? Reference(item) : declarations.Write(item);

            // While strings are collected the numbers mean nothing yet.
            data.Number(strings.IsSealed ? number - previous : 0);
            data.Number((int)kind | targets << PackedFormat.TargetsShift);
            data.Number(firstReleases.Of(item.Declaration.Location.Header, name, targets));
            data.Number(content.Length);
            data.Bytes(content);
            previous = number;
        }

        return (index.ToArray(), data.ToArray());
    }

    private byte[] Reference(CatalogItem item)
    {
        PackWriter writer = new();
        writer.Number(ordinals[item]);
        return writer.ToArray();
    }

    private byte[] WriteHeaders()
    {
        SortedDictionary<string, List<(int Ordinal, bool IsTwin)>> headers = new(StringComparer.Ordinal);
        foreach ((CatalogItem item, int ordinal) in ordinals)
        {
            foreach (string header in item.Headers)
            {
                if (!headers.TryGetValue(header, out List<(int Ordinal, bool IsTwin)>? own))
                {
                    headers.Add(header, own = []);
                }

                own.Add((ordinal, item.Twins.Contains(header)));
            }
        }

        PackWriter writer = new();
        writer.Number(headers.Count);
        foreach ((string header, List<(int Ordinal, bool IsTwin)> own) in headers)
        {
            own.Sort();
            writer.Number(strings.Of(header));
            writer.Number(own.Count);
            int previous = 0;
            foreach ((int ordinal, bool isTwin) in own)
            {
                writer.Number((ordinal - previous) << PackedFormat.TwinShift | (isTwin ? PackedFormat.TwinFlag : 0));
                previous = ordinal;
            }
        }

        return writer.ToArray();
    }

    private static IEnumerable<(string Name, PackedKind Kind, int Targets, CatalogItem Item)> EnumeratorsOf(CatalogItem item) =>
        item.Declaration is AbiEnum @enum
            ? ((IEnumerable<AbiEnumerator>)@enum.Enumerators)
                .Select(enumerator => (enumerator.Name, PackedKind.Enumerator, item.Targets, item))
            : [];

    private static string Distinction(CatalogItem item) => item.Declaration switch
    {
        AbiRecord record => record.CName,
        AbiEnum @enum => @enum.CName,
        _ => "",
    };
}
