using System.Globalization;

namespace HvBindgen.Cli;

/// <summary>
/// What a guarded child is at, written to a file for the process that watches it: the one that tells of it when the child cannot.
/// </summary>
internal static class RunProgress
{
    /// <summary>Environment variable with the file; set in the child alone.</summary>
    internal const string Variable = "HVBINDGEN_PROGRESS";

    private const int MaxNames = 10;

    private static readonly string? Path = Environment.GetEnvironmentVariable(Variable);
    private static readonly Lock Gate = new();
    private static int Count;

    /// <summary>Whether this process is a guarded child.</summary>
    internal static bool IsChild => Path is not null;

    /// <summary>Words for a parse.</summary>
    internal static string Parsing(string what, string target, IReadOnlyList<string> headers) =>
        $"parsing {what} for {target} ({string.Join(", ", headers.Take(MaxNames))}{(headers.Count > MaxNames ? ", ..." : "")})";

    /// <summary>Does some work of which the watcher knows while it lasts.</summary>
    /// <param name="what">The work, in words behind which "needs more than" makes sense.</param>
    /// <param name="work">The work.</param>
    internal static T During<T>(string what, Func<T> work)
    {
        if (Path is null)
        {
            return work();
        }

        string number = Interlocked.Increment(ref Count).ToString(CultureInfo.InvariantCulture);
        Append($"+{number} {what.ReplaceLineEndings(" ")}\n");
        T result = work();
        Append($"-{number} \n");
        return result;
    }

    /// <summary>The work that a child began and did not finish.</summary>
    /// <param name="path">The child's file.</param>
    internal static string Unfinished(string path)
    {
        List<(string Number, string What)> begun = [];
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && line[0] == '+')
            {
                begun.Add((line[1..space], line[(space + 1)..]));
            }
            else if (space > 0)
            {
                begun.RemoveAll(work => work.Number == line[1..space]);
            }
        }

        return begun.Count == 0 ? "the input" : string.Join("; ", begun.Select(work => work.What).Distinct());
    }

    private static void Append(string line)
    {
        lock (Gate)
        {
            File.AppendAllText(Path!, line);
        }
    }
}
