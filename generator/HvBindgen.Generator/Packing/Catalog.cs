using System.IO.Compression;
using System.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Packing;

/// <summary>
/// Declarations in one file, found by name and decoded one by one. Immutable but for strings that it keeps once they are decoded;
/// several threads may use one.
/// </summary>
public sealed class Catalog : ICatalog
{
    private readonly byte[] bytes;
    private readonly string?[] strings;
    private readonly int stringIndex;
    private readonly int stringData;
    private readonly int entryIndex;
    private readonly int entryData;
    private readonly int headers;

    private Catalog(byte[] bytes)
    {
        this.bytes = bytes;
        PackReader reader = new(bytes, 0);
        if (bytes.Length < sizeof(int) || reader.UInt32() != PackedFormat.Magic)
        {
            throw new InvalidDataException("This is no catalog, or one of another version.");
        }

        PackReader preamble = new(bytes, reader.UInt32());
        (stringIndex, stringData) = (reader.UInt32(), reader.UInt32());
        (entryIndex, entryData) = (reader.UInt32(), reader.UInt32());
        headers = reader.UInt32();
        strings = new string?[preamble.Int32()];
        Count = preamble.Int32();
        TargetInfo[] targets = new TargetInfo[preamble.Int32()];
        for (int index = 0; index < targets.Length; index++)
        {
            string name = preamble.Text();
            targets[index] = TargetInfo.Find(name) ?? throw new InvalidDataException($"The catalog's target {name} is not known.");
        }

        Targets = targets;
        Origin = preamble.Text();
        string[] releases = new string[preamble.Int32()];
        for (int index = 0; index < releases.Length; index++)
        {
            releases[index] = preamble.Text();
        }

        Releases = releases;
    }

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> Targets { get; }

    /// <inheritdoc/>
    public string Origin { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Releases { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>Reads a catalog.</summary>
    /// <param name="compressed">What <c>CatalogWriter</c> wrote.</param>
    /// <returns>The catalog.</returns>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static Catalog Read(Stream compressed)
    {
        using DeflateStream inflate = new(compressed, CompressionMode.Decompress);
        using MemoryStream all = new();
        inflate.CopyTo(all);
        return new Catalog(all.ToArray());
    }

    /// <inheritdoc/>
    public IReadOnlyList<PackedEntry> Find(string name)
    {
        int number = NumberOf(name, out bool isThere);
        return isThere && name.Length > 0 ? [.. From(number).TakeWhile(entry => entry.Name == name)] : [];
    }

    /// <inheritdoc/>
    public IEnumerable<PackedEntry> StartingWith(string prefix) =>
        From(NumberOf(prefix, out _)).SkipWhile(entry => entry.Name.Length == 0)
            .TakeWhile(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal));

    /// <inheritdoc/>
    public IEnumerable<string> Headers => HeaderEntries().Select(header => header.Name);

    /// <inheritdoc/>
    public IReadOnlyList<PackedEntry> In(string header)
    {
        foreach ((string name, int position) in HeaderEntries())
        {
            if (name == header)
            {
                return EntriesAt(header, position);
            }
        }

        return [];
    }

    /// <inheritdoc/>
    public (IAbiDeclaration Declaration, IoctlUse? Use) Read(PackedEntry entry) => new DeclarationReader(bytes, Text).Read(entry);

    /// <inheritdoc/>
    public PackedEntry EnumOf(PackedEntry enumerator) => At(new DeclarationReader(bytes, Text).EnumOf(enumerator));

    private PackedEntry At(int ordinal) => FromBlock(ordinal / PackedFormat.BlockEntries).First(entry => entry.Ordinal == ordinal);

    // Entries from the first whose name has this number or a later one.
    private IEnumerable<PackedEntry> From(int number)
    {
        int low = 0;
        int high = (Count + PackedFormat.BlockEntries - 1) / PackedFormat.BlockEntries;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (new PackReader(bytes, entryIndex + (middle * 2 * sizeof(int))).UInt32() < number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        // A name may begin in the block before the first one that begins with it.
        string first = number < strings.Length ? Text(number) : "";
        return number >= strings.Length
            ? []
            : FromBlock(Math.Max(low - 1, 0)).SkipWhile(entry => string.CompareOrdinal(entry.Name, first) < 0);
    }

    private IEnumerable<PackedEntry> FromBlock(int block)
    {
        int ordinal = block * PackedFormat.BlockEntries;
        PackReader reader = default;
        int number = 0;
        for (; ordinal < Count; ordinal++)
        {
            if (ordinal % PackedFormat.BlockEntries == 0)
            {
                PackReader index = new(bytes, entryIndex + (ordinal / PackedFormat.BlockEntries * 2 * sizeof(int)));
                number = index.UInt32();
                reader = new PackReader(bytes, entryData + index.UInt32());
            }

            number += reader.Int32();
            int head = reader.Int32();
            int release = reader.Int32();
            int length = reader.Int32();
            PackedKind kind = (PackedKind)(head & PackedFormat.KindMask);
            yield return new PackedEntry(ordinal, Text(number), kind, head >> PackedFormat.TargetsShift)
            {
                FirstRelease = release,
                Position = reader.Position,
            };
            reader = new PackReader(bytes, reader.Position + length);
        }
    }

    private IEnumerable<(string Name, int Position)> HeaderEntries()
    {
        PackReader reader = new(bytes, headers);
        for (int left = reader.Int32(); left > 0; left--)
        {
            string name = Text(reader.Int32());
            yield return (name, reader.Position);
            for (int entries = reader.Int32(); entries > 0; entries--)
            {
                reader.Number();
            }
        }
    }

    private List<PackedEntry> EntriesAt(string header, int position)
    {
        PackReader reader = new(bytes, position);
        List<PackedEntry> entries = [];
        int ordinal = 0;
        for (int left = reader.Int32(); left > 0; left--)
        {
            int place = reader.Int32();
            ordinal += place >> PackedFormat.TwinShift;
            entries.Add(At(ordinal) with { Twin = (place & PackedFormat.TwinFlag) != 0 ? header : null });
        }

        return entries;
    }

    // The number of a string, or of the first behind where it would stand.
    private int NumberOf(string text, out bool isThere)
    {
        int low = 0;
        int high = strings.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (string.CompareOrdinal(Text(middle), text) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        isThere = low < strings.Length && Text(low) == text;
        return low;
    }

    private string Text(int number) => strings[number] ?? DecodeBlock(number);

    // A string is told from the one before it, so a block is decoded up to it. Two threads that do so store equal strings.
    private string DecodeBlock(int number)
    {
        int first = number / PackedFormat.BlockStrings * PackedFormat.BlockStrings;
        PackReader index = new(bytes, stringIndex + (number / PackedFormat.BlockStrings * sizeof(int)));
        PackReader reader = new(bytes, stringData + index.UInt32());
        byte[] text = [];
        for (int current = first; ; current++)
        {
            int common = reader.Int32();
            int rest = reader.Int32();
            byte[] next = new byte[common + rest];
            Array.Copy(text, next, common);
            Array.Copy(bytes, reader.Position, next, common, rest);
            text = next;
            string decoded = Encoding.UTF8.GetString(text);
            strings[current] = decoded;
            if (current == number)
            {
                return decoded;
            }

            reader = new PackReader(bytes, reader.Position + rest);
        }
    }
}
