using System.Collections.Concurrent;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>The C# names of a set, resolved once for all targets and for every part that writes or shows C#.</summary>
/// <remarks>
/// Names are the kernel's. Where C# cannot have one, where generated code would mistake it for its own, or where two declarations
/// want the same, a name gets underscores, and that is remembered. What the configuration names is given or refused.
/// </remarks>
internal sealed class NameTable
{
    private readonly ReservedNames reserved;
    private readonly NameRules rules;
    private readonly string @namespace;
    private readonly NameClaims typeClaims = new();
    private readonly Dictionary<string, string> types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> typeNotes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> flags = new(StringComparer.Ordinal);
    private readonly ConstantNames constants;
    private readonly ConcurrentDictionary<AbiEnum, EnumNames> enumerators = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<(string CName, string CSharpName), NameChange> changes = [];
    private readonly ConcurrentDictionary<RecordKey, RecordNames> records = [];

    /// <summary>Resolves the names of types and constants.</summary>
    /// <exception cref="EmitException">The configuration wants one name for two things.</exception>
    internal NameTable(MergedModel merged, string @namespace, ReservedNames reserved, NameRules rules)
    {
        (this.@namespace, this.reserved, this.rules) = (@namespace, reserved, rules);
        foreach ((string name, string reason) in reserved.Types)
        {
            typeClaims.Reserve(name, reason);
        }

        NameTypes(merged);
        constants = new ConstantNames(merged, reserved, this);
    }

    /// <summary>The names that could not stay as they are, by place.</summary>
    internal IReadOnlyList<NameChange> Changes =>
    [
        .. changes.Values.OrderBy(change => change.Location.Header, StringComparer.Ordinal).ThenBy(change => change.Location.Line)
            .ThenBy(change => change.CName, StringComparer.Ordinal),
    ];

    /// <summary>Name of a record's type.</summary>
    /// <exception cref="EmitException">It has none.</exception>
    internal string Of(AbiRecord record) => types.TryGetValue(record.CName, out string? name) ? name
        : throw new EmitException("a record without a name of its own has no C# type here");

    /// <summary>Name of an enum's type.</summary>
    internal string Of(AbiEnum @enum) => types[@enum.CName];

    /// <summary>Name of the flags of an enum that numbers bits.</summary>
    internal string FlagsOf(AbiEnum @enum) => flags[@enum.CName];

    /// <summary>Name of a constant: a macro, a request or an enumerator without an enum.</summary>
    internal string OfConstant(string name) => constants.Of(name);

    /// <summary>Names of an enum's enumerators.</summary>
    internal EnumNames EnumeratorsOf(AbiEnum @enum) => enumerators.GetOrAdd(@enum, NameEnumerators);

    /// <summary>Names of what a record holds.</summary>
    /// <param name="record">A record, named or defined in place.</param>
    /// <param name="owner">C# name of its type, without those around it.</param>
    /// <param name="cName">How C reaches it.</param>
    /// <param name="index">The model that it is of.</param>
    internal RecordNames MembersOf(AbiRecord record, string owner, string cName, ModelIndex index) =>
        records.GetOrAdd(new RecordKey(record, cName), _ => new RecordNames(record, owner, cName, index, this));

    /// <summary>Names of the headers that are others in C#, each with its C# name: what somebody who reads C# looks for.</summary>
    internal IEnumerable<(string Name, string CSharpName)> Others(MergedModel merged)
    {
        foreach (AbiModel model in merged.Models)
        {
            foreach ((string cName, string name) in NamesOf(model))
            {
                yield return (name, Plain(types[cName]));
            }
        }

        foreach ((string name, string cSharpName) in constants.Others)
        {
            yield return (name, Plain(cSharpName));
        }

        foreach (AbiEnum @enum in HasRules ? merged.Models.SelectMany(model => model.Enums) : [])
        {
            foreach (string name in @enum.Name.Length > 0 ? @enum.Enumerators.Select(enumerator => enumerator.Name) : [])
            {
                yield return (name, Plain(EnumeratorsOf(@enum).Of(name)));
            }
        }
    }

    private static string Plain(string name) => name.TrimStart('@');

    private static IEnumerable<(string CName, string Name)> NamesOf(AbiModel model) =>
    [
        .. model.Records.Where(record => record.Name.Length > 0).Select(record => (record.CName, record.Name)),
        .. model.Enums.Where(@enum => @enum.Name.Length > 0).Select(@enum => (@enum.CName, @enum.Name)),
    ];

    /// <summary>What documentation says behind a declaration that could not keep its name; empty for one that did.</summary>
    internal string NoteOf(string cName) => typeNotes.GetValueOrDefault(cName, "");

    /// <summary>The same for a constant.</summary>
    internal string NoteOfConstant(string name) => constants.NoteOf(name);

    /// <summary>Whether a type or the generated code around it has the name: a nested type must not hide it.</summary>
    internal bool IsType(string name) => !typeClaims.IsFree(name);

    /// <summary>The name that the configuration gives; null for none.</summary>
    internal NewName? RenameOf(params ReadOnlySpan<string> keys)
    {
        foreach (string key in rules.Renames.Count == 0 ? [] : keys)
        {
            if (rules.Renames.TryGetValue(key, out NewName? name))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>A name of the headers as it is wanted in C#: without its prefix, in letters of C#.</summary>
    internal string Wanted(string name)
    {
        string identifier = NamePolicy.Identifier(name);
        string prefix = "";
        foreach (string candidate in rules.StripPrefixes)
        {
            if (candidate.Length > prefix.Length && candidate.Length < identifier.Length
                && identifier.StartsWith(candidate, StringComparison.Ordinal))
            {
                prefix = candidate;
            }
        }

        string rest = identifier[prefix.Length..];
        return char.IsAsciiDigit(rest[0]) ? "_" + rest : rest;
    }

    /// <summary>Whether names may be other than the headers'.</summary>
    internal bool HasRules => rules.StripPrefixes.Count + rules.Renames.Count > 0;

    /// <summary>Remembers that something could not keep its name, and gives the sentence that its documentation ends with.</summary>
    internal string Changed(string cName, string cSharpName, SourceLocation location, string reason)
    {
        changes.TryAdd((cName, cSharpName), new NameChange(cName, cSharpName, location, reason));
        return $" Called {XmlDoc.C(cSharpName)} here: {XmlDoc.Escape(reason)}.";
    }

    /// <summary>A name that the configuration gives, or a refusal that says where it does.</summary>
    internal static string Give(NameClaims claims, NewName name, string cName) =>
        claims.WhyNot(name.Text) is { } taken
            ? throw EmitException.NameConflict(name, cName, taken)
            : claims.Claim(name.Text, IsCalledSo(cName));

    /// <summary>Refuses that two declarations have one name once their prefixes are gone.</summary>
    internal EmitException Conflict(string cName, SourceLocation location, string name, string taken) =>
        EmitException.NameConflict(
            $"{location}: {cName} cannot be called \"{name}\" in {@namespace} when \"stripPrefixes\" has taken the prefixes away: {taken}");

    private static ClaimReason IsCalledSo(string cName) => new("", cName, " is called so");

    private void NameTypes(MergedModel merged)
    {
        // C has a name space for tags and one for typedefs: where both have a name, the typedef keeps it.
        List<Declared> all = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (AbiModel model in merged.Models)
        {
            all.AddRange(model.Records.Where(record => record.Name.Length > 0 && seen.Add(record.CName))
                .Select(record => new Declared(record.Name, record.CName, record.HasTag, record.Location)));
            all.AddRange(model.Enums.Where(@enum => @enum.Name.Length > 0 && seen.Add(@enum.CName))
                .Select(@enum => new Declared(@enum.Name, @enum.CName, @enum.HasTag, @enum.Location)));
        }

        Refusals.Each(all, type =>
        {
            NamePolicy.RequireLength(type.Name, type.Location);
            if (RenameOf(type.CName, type.Name) is { } given)
            {
                types[type.CName] = NamePolicy.Type(Give(typeClaims, given, type.CName));
            }
        });

        // Who can keep its name keeps it, whoever comes first.
        List<Declared> rest = [];
        foreach (Declared type in all.Where(type => !types.ContainsKey(type.CName)).OrderBy(type => type.HasTag))
        {
            string wanted = Wanted(type.Name);
            if (wanted == type.Name && typeClaims.Reserve(wanted, IsCalledSo(type.CName)))
            {
                types[type.CName] = NamePolicy.Type(wanted);
            }
            else
            {
                rest.Add(type);
            }
        }

        Refusals.Each(rest, NameType);

        foreach (AbiEnum @enum in merged.Models.SelectMany(model => model.Enums))
        {
            if (!flags.ContainsKey(@enum.CName) && BitPositions.Of(@enum) is { } bits)
            {
                flags[@enum.CName] = NamePolicy.Type(
                    typeClaims.Claim(Wanted(bits.FlagsName), $"the flags of {bits.Prefix}* are called so"));
            }
        }
    }

    private void NameType(Declared type)
    {
        string wanted = Wanted(type.Name);
        string? taken = typeClaims.WhyNot(wanted);
        bool isStripped = wanted != type.Name && wanted != NamePolicy.Identifier(type.Name);
        if (taken is not null && isStripped && !reserved.Types.ContainsKey(wanted))
        {
            throw Conflict(type.CName, type.Location, wanted, taken);
        }

        string name = typeClaims.Claim(wanted, IsCalledSo(type.CName));
        types[type.CName] = NamePolicy.Type(name);
        if (!isStripped || taken is not null)
        {
            typeNotes[type.CName] = Changed(type.CName, name, type.Location, taken ?? ReservedNames.NoIdentifier);
        }
    }

    private EnumNames NameEnumerators(AbiEnum @enum)
    {
        Dictionary<string, string> names = new(@enum.Enumerators.Count, StringComparer.Ordinal);
        Dictionary<string, string> notes = new(StringComparer.Ordinal);
        NameClaims claims = new();
        claims.Reserve(ReservedNames.EnumValue, "every C# enum has a member of that name");
        List<string> rest = [];
        foreach (AbiEnumerator enumerator in @enum.Enumerators)
        {
            string name = enumerator.Name;
            NamePolicy.RequireLength(name, @enum.Location);
            if (RenameOf($"{@enum.CName}.{name}", name) is { } given)
            {
                names[name] = NamePolicy.Member(Give(claims, given, name));
            }
            else if (Wanted(name) == name && claims.Reserve(name, new ClaimReason("", @enum.CName, " has an enumerator of that name")))
            {
                names[name] = NamePolicy.Member(name);
            }
            else
            {
                rest.Add(name);
            }
        }

        foreach (string name in rest)
        {
            string wanted = Wanted(name);
            string? taken = claims.WhyNot(wanted);
            bool isStripped = wanted != name && wanted != NamePolicy.Identifier(name);
            if (taken is not null && isStripped)
            {
                throw Conflict(name, @enum.Location, wanted, taken);
            }

            string free = claims.Claim(wanted, new ClaimReason("", @enum.CName, " has an enumerator of that name"));
            names[name] = NamePolicy.Member(free);
            if (!isStripped)
            {
                notes[name] = Changed($"{@enum.CName}: {name}", free, @enum.Location, taken ?? ReservedNames.NoIdentifier);
            }
        }

        return new EnumNames(names, notes);
    }

    // The record itself, and not another one with the same content.
    private readonly struct RecordKey(AbiRecord record, string cName) : IEquatable<RecordKey>
    {
        private readonly AbiRecord record = record;
        private readonly string cName = cName;

        public bool Equals(RecordKey other) => ReferenceEquals(record, other.record) && cName == other.cName;

        public override bool Equals(object? obj) => obj is RecordKey other && Equals(other);

        public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(cName);
    }

    // A type of the headers.
    private sealed record Declared(string Name, string CName, bool HasTag, SourceLocation Location);
}
