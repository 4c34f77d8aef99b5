using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Generator.Configuration;

/// <summary>Finds what a set's configuration says and its headers have nothing for: mostly a slip of the pen.</summary>
public static class UnusedEntries
{
    /// <summary>Compares a set with what its headers declare.</summary>
    /// <param name="set">The set.</param>
    /// <param name="parsed">What was parsed, one result for each target.</param>
    /// <returns>A sentence for each entry that applies to nothing on any of the targets.</returns>
    public static IReadOnlyList<string> Find(BindingSet set, IReadOnlyList<ParsedHeaders> parsed)
    {
        HashSet<string> headers = new(StringComparer.Ordinal);
        HashSet<string> requests = new(StringComparer.Ordinal);
        HashSet<string> functions = new(StringComparer.Ordinal);
        foreach (ParsedHeaders one in parsed)
        {
            headers.UnionWith(HeadersOf(one));
            requests.UnionWith(((IEnumerable<AbiIoctl>)one.Model.Ioctls).Select(ioctl => ioctl.Name));
            functions.UnionWith(one.Model.Index.FunctionRequests.Select(request => request.Macro.Name));
        }

        return
        [
            .. set.Own.Except(set.Headers).Where(pattern => !headers.Any(header => Glob.MatchesAny([pattern], header)))
                .Select(pattern => $"set {set.Name}: \"own\" has {pattern}, and no header of that name declares anything"),
            .. set.Headers.Where(header => Glob.MatchesAny(set.Own, header) && !headers.Contains(header))
                .Select(header => $"set {set.Name}: {header} declares nothing that bindings could have; "
                    + "headers that it includes count only where \"own\" names them"),
            .. set.AlternateArguments.Keys.Where(name => !requests.Contains(name))
                .Select(name => $"set {set.Name}: \"alternateArguments\" has {name}, which is no request of its headers"),
            .. set.IoctlUses.Configured.Keys.Where(name => !requests.Contains(name) && !functions.Contains(name))
                .Select(name => $"set {set.Name}: \"ioctls\" has {name}, which is no request of its headers"),
            .. set.IoctlUses.Configured.Where(use => use.Value.Argument is { } type && !parsed.Any(one => IsKnown(type, one.Model)))
                .Select(use => $"set {set.Name}: \"ioctls\" has {use.Key} with {AbiTypeText.Write(use.Value.Argument!)}, "
                    + "which its headers do not declare: the argument is an address of anything"),
            .. set.Opaque.Where(pattern => !parsed.Any(one => one.Model.Records.Any(record => Glob.MatchesAny([pattern], record.Name))))
                .Select(pattern => $"set {set.Name}: \"opaque\" has {pattern}, and no record of its headers has such a name"),
            .. set.NumberRequests.Where(pattern => !requests.Any(name => Glob.MatchesAny([pattern], name)))
                .Select(pattern => $"set {set.Name}: \"numberRequests\" has {pattern}, and no number of its headers has such a name"),
            .. UnusedNames(set, parsed),
        ];
    }

    private static bool IsKnown(AbiType type, AbiModel model) =>
        type is AbiPrimitive { Kind: PrimitiveKind.Void } || model.Index.SizeBytesOf(type) is not null;

    private static IEnumerable<string> UnusedNames(BindingSet set, IReadOnlyList<ParsedHeaders> parsed)
    {
        if (set.Names.Renames.Count + set.Attributes.Count + set.Names.StripPrefixes.Count == 0)
        {
            return [];
        }

        HashSet<string> names = [.. parsed.SelectMany(one => NamesOf(one.Model))];
        return
        [
            .. set.Names.Renames.Keys.Where(name => !names.Contains(Outermost(name)))
                .Select(name => $"set {set.Name}: \"renames\" has {name}, which its headers do not declare"),
            .. set.Attributes.Keys.Where(name => !names.Contains(Outermost(name)))
                .Select(name => $"set {set.Name}: \"attributes\" has {name}, which its headers do not declare"),
            .. set.Names.StripPrefixes.Where(prefix => !names.Any(name => name.StartsWith(prefix, StringComparison.Ordinal)))
                .Select(prefix => $"set {set.Name}: \"stripPrefixes\" has {prefix}, and no name begins with it"),
        ];
    }

    // Of members inside of members only the outer one is looked for.
    private static string Outermost(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        int second = dot < 0 ? -1 : name.IndexOf('.', dot + 1);
        return second < 0 ? name : name[..second];
    }

    private static List<string> NamesOf(AbiModel model)
    {
        List<string> names = [];
        foreach (AbiRecord record in model.Records)
        {
            names.AddRange([record.Name, record.CName]);
            names.AddRange(record.HoistedFields().SelectMany(
                field => (IEnumerable<string>)[$"{record.Name}.{field.Name}", $"{record.CName}.{field.Name}"]));
        }

        foreach (AbiEnum @enum in model.Enums)
        {
            names.AddRange([@enum.Name, @enum.CName]);
            names.AddRange(((IEnumerable<AbiEnumerator>)@enum.Enumerators).SelectMany(
                enumerator => (IEnumerable<string>)[enumerator.Name, $"{@enum.CName}.{enumerator.Name}"]));
        }

        names.AddRange(((IEnumerable<AbiConstant>)model.Constants).Select(constant => constant.Name));
        names.AddRange(((IEnumerable<AbiIoctl>)model.Ioctls).Select(ioctl => ioctl.Name));
        return names;
    }

    private static IEnumerable<string> HeadersOf(ParsedHeaders parsed) =>
    [
        .. parsed.Model.Declarations.Select(declaration => declaration.Location.Header),
        .. parsed.Omitted.Select(declaration => declaration.Location.Header),
    ];
}
