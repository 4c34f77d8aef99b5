using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;

namespace AbiReport;

/// <summary>A folder of headers that includes all they need.</summary>
internal static class HeaderFolder
{
    // Two machines on which C lays out alike, and one where a 64-bit member is aligned to 4 bytes.
    private static readonly string[] Targets = ["x86_64", "arm64", "i686"];

    /// <summary>Snapshots of all headers in the folder, one for each target.</summary>
    /// <exception cref="HeaderParseException">clang reports errors; they are listed with file, line and column.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or there are no headers in it.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Snapshot(string folder)
    {
        string[] headers =
        [
            .. Directory.EnumerateFiles(folder, "*.h", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal),
        ];
        if (headers.Length == 0)
        {
            throw new DirectoryNotFoundException($"{folder}: there are no headers (*.h) in the folder");
        }

        return [.. Targets.Select(target => SnapshotWriter.Write(Parse(folder, headers, TargetInfo.Find(target)!)))];
    }

    /// <summary>Models of snapshots. The headers need not be there any more.</summary>
    public static IReadOnlyList<AbiModel> Read(IReadOnlyList<ReadOnlyMemory<byte>> snapshots, string folder) =>
        [.. snapshots.Select(snapshot => SnapshotReader.Read(snapshot, $"snapshot of {folder}"))];

    // Both sides are the same set, "headers": that is what makes them two generations of one thing.
    private static AbiModel Parse(string folder, string[] headers, TargetInfo target) =>
        HeaderParser.Parse(new ParseRequest("headers", target, headers, [folder])).Model;
}
