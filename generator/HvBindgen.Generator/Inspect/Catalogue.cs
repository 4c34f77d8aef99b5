using System.IO.Enumeration;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect;

/// <summary>Finds declarations of several sets by name.</summary>
public sealed class Catalogue
{
    private const int MaxNear = 5;
    private static readonly string[] Keywords = ["struct ", "union ", "enum "];
    private readonly IReadOnlyList<InspectedSet> sets;
    private readonly Dictionary<string, List<Declaration>> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> byCSharpName = new(StringComparer.Ordinal);

    /// <summary>Lists what the sets declare.</summary>
    /// <param name="sets">The sets, in the order in which findings are given.</param>
    public Catalogue(IReadOnlyList<InspectedSet> sets)
    {
        this.sets = sets;
        foreach (InspectedSet set in sets)
        {
            Add(set, DeclarationKind.Record, model => model.Records);
            Add(set, DeclarationKind.Enum, model => ((IEnumerable<AbiEnum>)model.Enums).Where(@enum => @enum.Name.Length > 0));
            AddEnumerators(set);
            Add(set, DeclarationKind.Constant, model => model.Constants);
            Add(set, DeclarationKind.Ioctl, model => model.Ioctls);
            Add(set, DeclarationKind.Typedef, model => model.Typedefs);
            Add(set, DeclarationKind.Macro, model => model.Macros);
            foreach ((string name, string cSharpName) in set.OtherNames)
            {
                byCSharpName.TryAdd(cSharpName, name);
            }
        }
    }

    /// <summary>Every name, sorted.</summary>
    public IReadOnlyList<string> Names => [.. byName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The declarations of a name, or of all names that a pattern matches.</summary>
    /// <param name="name">
    /// A name of the headers or of their C#, <c>struct name</c>, <c>record.member</c>, or a pattern with <c>*</c> and <c>?</c>.
    /// </param>
    /// <returns>What was found.</returns>
    /// <exception cref="InspectException">Nothing of that name is there; the message has the nearest names.</exception>
    public IReadOnlyList<Declaration> Find(string name)
    {
        string plain = Array.Find(Keywords, word => name.StartsWith(word, StringComparison.Ordinal)) is { } keyword
            ? name[keyword.Length..].Trim()
            : name.Trim();
        if (plain.AsSpan().ContainsAny('*', '?'))
        {
            List<Declaration> matching =
            [
                .. Names.Where(one => FileSystemName.MatchesSimpleExpression(plain, one, ignoreCase: false)).SelectMany(one => byName[one]),
            ];
            return matching.Count > 0
                ? matching
                : throw new InspectException($"no name matches {plain}", $"Sets that were looked at: {SetNames}.");
        }

        if (byName.TryGetValue(plain, out List<Declaration>? found))
        {
            return found;
        }

        int dot = plain.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && byName.TryGetValue(plain[..dot], out List<Declaration>? owners)
            && owners.Where(owner => owner.Kind == DeclarationKind.Record).ToList() is { Count: > 0 } records)
        {
            return [.. records.Select(record => record with { Member = plain[(dot + 1)..] })];
        }

        string first = dot > 0 ? plain[..dot] : plain;
        return byCSharpName.TryGetValue(first, out string? kernelName) && kernelName != first
            ? Find(kernelName + plain[first.Length..])
            : throw NotFound(plain);
    }

    private string SetNames => string.Join(", ", sets.Select(set => set.Name));

    private InspectException NotFound(string name)
    {
        IReadOnlyList<string> near = NearestName.Several(name, byName.Keys, MaxNear);
        string message = $"nothing is named {name} in {SetNames}" + (near.Count > 0 ? $"; did you mean {near[0]}?" : "");
        return new InspectException(
            message, near.Count > 1 ? $"Near names: {string.Join(", ", near)}." : "Patterns find names: hvbindgen show '*part*'");
    }

    private void Add<T>(InspectedSet set, DeclarationKind kind, Func<AbiModel, IEnumerable<T>> declarations)
        where T : class, IAbiDeclaration
    {
        Dictionary<string, IAbiDeclaration?[]> sides = new(StringComparer.Ordinal);
        for (int index = 0; index < set.Models.Count; index++)
        {
            foreach (T declaration in declarations(set.Models[index]))
            {
                SidesOf(sides, declaration.Name, set)[index] = declaration;
            }
        }

        Add(set, kind, sides);
    }

    private void AddEnumerators(InspectedSet set)
    {
        Dictionary<string, IAbiDeclaration?[]> sides = new(StringComparer.Ordinal);
        for (int index = 0; index < set.Models.Count; index++)
        {
            foreach (AbiEnum @enum in set.Models[index].Enums)
            {
                foreach (AbiEnumerator enumerator in @enum.Enumerators)
                {
                    SidesOf(sides, enumerator.Name, set)[index] = @enum;
                }
            }
        }

        Add(set, DeclarationKind.Enumerator, sides);
    }

    private static IAbiDeclaration?[] SidesOf(Dictionary<string, IAbiDeclaration?[]> sides, string name, InspectedSet set)
    {
        if (!sides.TryGetValue(name, out IAbiDeclaration?[]? found))
        {
            found = new IAbiDeclaration?[set.Models.Count];
            sides.Add(name, found);
        }

        return found;
    }

    private void Add(InspectedSet set, DeclarationKind kind, Dictionary<string, IAbiDeclaration?[]> sides)
    {
        foreach ((string name, IAbiDeclaration?[] declared) in sides)
        {
            if (!byName.TryGetValue(name, out List<Declaration>? list))
            {
                list = [];
                byName.Add(name, list);
            }

            // "#define NAME NAME" beside an enumerator, "typedef struct name name" beside a record: said once.
            bool isKnown = list.Exists(known => known.Set == set
                && ((known.Kind == DeclarationKind.Enumerator && kind == DeclarationKind.Constant)
                    || (known.Kind == DeclarationKind.Record && kind == DeclarationKind.Typedef)));
            if (!isKnown)
            {
                list.Add(new Declaration(set, kind, name, new EquatableArray<IAbiDeclaration?>(declared)));
            }
        }
    }
}
