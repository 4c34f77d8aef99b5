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
        foreach (ParsedHeaders one in parsed)
        {
            headers.UnionWith(HeadersOf(one));
            requests.UnionWith(((IEnumerable<AbiIoctl>)one.Model.Ioctls).Select(ioctl => ioctl.Name));
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
            .. set.IoctlUses.ConfiguredNames.Where(name => !requests.Contains(name))
                .Select(name => $"set {set.Name}: \"ioctls\" has {name}, which is no request of its headers"),
            .. set.NumberRequests.Where(pattern => !requests.Any(name => Glob.MatchesAny([pattern], name)))
                .Select(pattern => $"set {set.Name}: \"numberRequests\" has {pattern}, and no number of its headers has such a name"),
        ];
    }

    private static IEnumerable<string> HeadersOf(ParsedHeaders parsed) =>
    [
        .. HeadersOf(parsed.Model.Records), .. HeadersOf(parsed.Model.Enums), .. HeadersOf(parsed.Model.Constants),
        .. HeadersOf(parsed.Model.Ioctls), .. HeadersOf(parsed.Model.Typedefs), .. HeadersOf(parsed.Model.Macros),
        .. parsed.Omitted.Select(declaration => declaration.Location.Header),
    ];

    private static IEnumerable<string> HeadersOf<T>(EquatableArray<T> declarations)
        where T : IAbiDeclaration =>
        ((IEnumerable<T>)declarations).Select(declaration => declaration.Location.Header);
}
