namespace HvBindgen.UapiData;

/// <summary>Reads the list of headers that cannot be parsed, each with its reason.</summary>
internal static class LeftOutHeaders
{
    /// <summary>The headers, as <c>target header</c>.</summary>
    internal static IEnumerable<string> Read(string path) =>
        File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(": ")[0]);
}
