using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;

namespace HvBindgen.Uapi.Selection;

/// <summary>Declarations of one target with all types that they name, each decoded once.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="target">The target's bit.</param>
/// <param name="cancellation">Ends the search.</param>
internal sealed class ModelClosure(ICatalog catalog, int target, CancellationToken cancellation)
{
    private readonly Dictionary<int, IAbiDeclaration> declarations = [];
    private readonly Dictionary<int, HashSet<string>> enumerators = [];
    private readonly Dictionary<(string Header, string Name), IoctlUse> uses = [];
    private readonly Dictionary<int, AbiEnum> parts = [];
    private readonly Queue<AbiType> types = new();
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<(string Header, string Name), IoctlUse> Uses => uses;

    internal IEnumerable<string> TypeNames =>
        Of<AbiRecord>().Select(record => record.Name).Concat(Of<AbiEnum>().Select(@enum => @enum.Name));

    /// <summary>What is a number, or a request, without a type of its own.</summary>
    internal IEnumerable<string> MemberNames =>
    [
        .. Of<AbiConstant>().Select(constant => constant.Name),
        .. Of<AbiIoctl>().Select(ioctl => ioctl.Name),
        .. Of<AbiMacro>().Select(macro => macro.Name),
        .. Of<AbiEnum>().Where(@enum => @enum.Name.Length == 0).Concat(PartsOfEnums())
            .SelectMany(@enum => (IEnumerable<AbiEnumerator>)@enum.Enumerators).Select(enumerator => enumerator.Name),
    ];

    /// <summary>The kinds of descriptor that take its requests.</summary>
    internal IEnumerable<string> Descriptors =>
        Of<AbiIoctl>().SelectMany(ioctl => (IEnumerable<string>)ioctl.Descriptors)
            .Concat(Of<AbiMacro>().SelectMany(macro => (IEnumerable<string>)macro.Descriptors));

    /// <summary>Adds an entry and what it needs.</summary>
    internal void Add(PackedEntry entry)
    {
        if (entry.Kind == PackedKind.Enumerator)
        {
            PackedEntry own = catalog.EnumOf(entry);
            if (own.Name.Length == 0)
            {
                // Enumerators of an enum without a name are constants, each for itself.
                Partly(own, entry.Name);
                return;
            }

            entry = own;
        }

        Take(entry);
        while (types.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            Follow(types.Dequeue());
        }
    }

    internal AbiModel ToModel(string set, TargetInfo machine) => AbiModel.Of(set, machine, [.. declarations.Values, .. PartsOfEnums()]);

    private IEnumerable<T> Of<T>()
        where T : IAbiDeclaration => declarations.Values.OfType<T>();

    private void Partly(PackedEntry own, string enumerator)
    {
        if (!enumerators.TryGetValue(own.Ordinal, out HashSet<string>? names))
        {
            enumerators.Add(own.Ordinal, names = new HashSet<string>(StringComparer.Ordinal));
            parts.Add(own.Ordinal, (AbiEnum)catalog.Read(own).Declaration);
        }

        names.Add(enumerator);
    }

    private IEnumerable<AbiEnum> PartsOfEnums() => parts.Where(part => !declarations.ContainsKey(part.Key)).Select(part =>
        part.Value with
        {
            Enumerators = EquatableArray.From(((IEnumerable<AbiEnumerator>)part.Value.Enumerators)
                .Where(enumerator => enumerators[part.Key].Contains(enumerator.Name))),
        });

    private void Take(PackedEntry entry)
    {
        if (declarations.ContainsKey(entry.Ordinal))
        {
            return;
        }

        (IAbiDeclaration declaration, IoctlUse? use) = catalog.Read(entry);
        declarations.Add(entry.Ordinal, declaration);
        if (use is not null)
        {
            uses[(declaration.Location.Header, declaration.Name)] = use;
            Need(use.Argument);
        }

        switch (declaration)
        {
            case AbiRecord record:
                Need(record);
                break;
            case AbiConstant constant:
                Need(constant.Type);
                break;
            case AbiIoctl ioctl:
                Need(ioctl.Argument);
                break;
            case AbiTypedef typedef:
                Need(typedef.Type);
                break;
            case AbiMacro macro:
                Need(macro.Argument);
                break;
        }
    }

    private void Need(AbiType? type)
    {
        if (type is not null)
        {
            types.Enqueue(type);
        }
    }

    private void Need(AbiRecord record)
    {
        foreach (AbiField field in record.Fields)
        {
            Need(field.Type);
        }
    }

    private void Follow(AbiType type)
    {
        if (type is AbiTypedefRef or AbiRecordRef or AbiEnumRef)
        {
            Name(type);
            return;
        }

        foreach (AbiType part in type.Parts)
        {
            Need(part);
        }
    }

    private void Name(AbiType type)
    {
        if (!seen.Add(type.ToString()))
        {
            return;
        }

        string name = type switch
        {
            AbiTypedefRef reference => reference.Name,
            AbiRecordRef reference => reference.Name,
            AbiEnumRef reference => reference.Name,
            _ => "",
        };
        foreach (PackedEntry entry in catalog.Find(name).Where(entry => (entry.Targets & target) != 0))
        {
            if (IsMeant(type, entry))
            {
                Take(entry);
            }
        }
    }

    // A typedef's name may be that of a record or an enum without a tag; a tag is one of its own kind.
    private bool IsMeant(AbiType type, PackedEntry entry) => type switch
    {
        AbiTypedefRef when entry.Kind == PackedKind.Typedef => true,
        AbiTypedefRef => entry.Kind is PackedKind.Record or PackedKind.Enum && !HasTag(catalog.Read(entry).Declaration),
        AbiRecordRef reference => entry.Kind == PackedKind.Record
            && catalog.Read(entry).Declaration is AbiRecord { HasTag: true } record && record.Kind == reference.Kind,
        AbiEnumRef => entry.Kind == PackedKind.Enum && HasTag(catalog.Read(entry).Declaration),
        _ => false,
    };

    private static bool HasTag(IAbiDeclaration declaration) => declaration is AbiRecord { HasTag: true } or AbiEnum { HasTag: true };
}
