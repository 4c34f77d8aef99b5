using HvBindgen.Generator.Model;

namespace HvBindgen.UapiData;

/// <summary>Reads the list of headers that cannot be parsed, each with its reason.</summary>
internal static class LeftOutHeaders
{
    private const string OnAll = "* ";

    /// <summary>The headers, as <c>target header</c>.</summary>
    internal static IEnumerable<string> Read(string path, IEnumerable<TargetInfo> targets) =>
        File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(": ")[0]).SelectMany(entry =>
            entry.StartsWith(OnAll, StringComparison.Ordinal)
                ? targets.Select(target => $"{target.Name} {entry[OnAll.Length..]}")
                : [entry]);
}
