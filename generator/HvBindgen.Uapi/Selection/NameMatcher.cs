using HvBindgen.Generator.Packing;
using HvBindgen.Uapi.Names;

namespace HvBindgen.Uapi.Selection;

/// <summary>Finds what the text of a line stands for.</summary>
internal sealed class NameMatcher(ICatalog catalog)
{
    private const string SystemCall = "SYS_";
    private const string KernelSystemCall = "__NR_";

    // The word in front of a name that stands for several things; the last is this project's own.
    private static readonly (string Word, Func<PackedEntry, ICatalog, bool> Matches)[] Kinds =
    [
        ("struct ", (entry, catalog) => IsRecord(entry, catalog, "struct ")),
        ("union ", (entry, catalog) => IsRecord(entry, catalog, "union ")),
        ("enum ", (entry, _) => entry.Kind == PackedKind.Enum),
        ("typedef ", (entry, _) => entry.Kind == PackedKind.Typedef),
        ("macro ", (entry, _) => entry.Kind is PackedKind.Constant or PackedKind.Ioctl or PackedKind.FunctionRequest),
    ];

    /// <summary>Everything that the text stands for; nothing for what no header declares.</summary>
    /// <param name="text">A name, a header, a pattern of either, <c>header:name</c>, or a name with its kind in front.</param>
    internal IReadOnlyList<PackedEntry> Find(string text)
    {
        int colon = text.IndexOf(".h:", StringComparison.Ordinal);
        if (colon >= 0)
        {
            // The entry as that header has it, which may be a twin of the one where it stands.
            Dictionary<int, PackedEntry> own = catalog.In(text.Substring(0, colon + 2)).ToDictionary(entry => entry.Ordinal);
            return
            [
                .. Find(text.Substring(colon + 3).Trim()).Where(entry => own.ContainsKey(DeclarationOf(entry).Ordinal))
                    .Select(entry => own.TryGetValue(entry.Ordinal, out PackedEntry? named) ? named : entry),
            ];
        }

        if (NamePattern.IsPattern(text))
        {
            return text.IndexOf('/') >= 0
                ? [.. catalog.Headers.Where(header => NamePattern.Matches(text, header)).SelectMany(catalog.In)]
                : text.StartsWith(SystemCall, StringComparison.Ordinal)
                ? [.. Matching(text), .. Matching(KernelSystemCall + text.Substring(SystemCall.Length))]
                : [.. Matching(text)];
        }

        return text.EndsWith(".h", StringComparison.Ordinal) ? catalog.In(text) : FindName(text);
    }

    /// <summary>The names to write in place of one that stands for several things; empty where it stands for one.</summary>
    internal IReadOnlyList<string> SpellingsOf(IReadOnlyList<PackedEntry> entries)
    {
        // A macro with the name of an enumerator is how C tells programs that the enumerator exists.
        string[] spellings =
        [
            .. entries.Where(entry => entry.Kind != PackedKind.Enumerator).Select(SpellingOf).Distinct(),
        ];
        return spellings.Length > 1 ? spellings : [];
    }

    /// <summary>The entry that is emitted: for an enumerator its enum.</summary>
    internal PackedEntry DeclarationOf(PackedEntry entry) =>
        entry.Kind == PackedKind.Enumerator ? catalog.EnumOf(entry) : entry;

    /// <summary>A name as a line that begins like another one may have it: system calls have two spellings.</summary>
    internal static string SpellAs(string text, string name) =>
        text.StartsWith(SystemCall, StringComparison.Ordinal) && name.StartsWith(KernelSystemCall, StringComparison.Ordinal)
            ? SystemCall + name.Substring(KernelSystemCall.Length)
            : name;

    private IEnumerable<PackedEntry> Matching(string pattern) =>
        catalog.StartingWith(NamePattern.PrefixOf(pattern)).Where(entry => NamePattern.Matches(pattern, entry.Name));

    private IReadOnlyList<PackedEntry> FindName(string text)
    {
        foreach ((string word, Func<PackedEntry, ICatalog, bool> matches) in Kinds)
        {
            if (text.StartsWith(word, StringComparison.Ordinal))
            {
                return [.. catalog.Find(text.Substring(word.Length).Trim()).Where(entry => matches(entry, catalog))];
            }
        }

        // EVIOCGNAME(len) is how its header spells it.
        int arguments = text.IndexOf('(');
        string name = arguments > 0 && text.EndsWith(")", StringComparison.Ordinal) ? text.Substring(0, arguments) : text;
        IReadOnlyList<PackedEntry> found = catalog.Find(name);
        return found.Count == 0 && name.StartsWith(SystemCall, StringComparison.Ordinal)
            ? catalog.Find(KernelSystemCall + name.Substring(SystemCall.Length))
            : WithoutTwins(found);
    }

    // typedef struct foo foo: one thing under two names. A macro hides the enumerator that has its name.
    private static List<PackedEntry> WithoutTwins(IReadOnlyList<PackedEntry> found)
    {
        bool hasType = found.Any(entry => entry.Kind is PackedKind.Record or PackedKind.Enum);
        bool hasMacro = found.Any(entry => entry.Kind is PackedKind.Constant or PackedKind.Ioctl);
        return
        [
            .. found.Where(entry => !(hasType && entry.Kind == PackedKind.Typedef) && !(hasMacro && entry.Kind == PackedKind.Enumerator)),
        ];
    }

    private string SpellingOf(PackedEntry entry) => entry.Kind switch
    {
        PackedKind.Record => IsRecord(entry, catalog, "union ") ? $"union {entry.Name}" : $"struct {entry.Name}",
        PackedKind.Enum => $"enum {entry.Name}",
        PackedKind.Typedef => $"typedef {entry.Name}",
        _ => $"macro {entry.Name}",
    };

    private static bool IsRecord(PackedEntry entry, ICatalog catalog, string keyword) =>
        entry.Kind == PackedKind.Record && catalog.Read(entry).Declaration is Generator.Model.AbiRecord record
        && $"{Generator.Model.RecordKinds.ToC(record.Kind)} " == keyword;
}
