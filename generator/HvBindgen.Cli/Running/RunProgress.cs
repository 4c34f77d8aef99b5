using System.Globalization;

namespace HvBindgen.Cli.Running;

/// <summary>
/// What a guarded child is at, written to a file for the process that watches it: the one that tells of it when the child cannot.
/// </summary>
internal static class RunProgress
{
    /// <summary>Environment variable with the file; set in the child alone.</summary>
    internal const string Variable = "HVBINDGEN_PROGRESS";

    /// <summary>Environment variable with the file of what earlier children could not do, and this one leaves out.</summary>
    internal const string AsideVariable = "HVBINDGEN_SET_ASIDE";

    private const int MaxNames = 10;

    // A line of the file: no work, but how it is to be watched.
    private const string Each = "!each";

    // How the line of a piece of work begins.
    private const char Whole = '+';
    private const char Divisible = '*';
    private const char Done = '-';

    private static readonly string? Path = Environment.GetEnvironmentVariable(Variable);
    private static readonly Lazy<Dictionary<string, string>> Aside = new(ReadAside);
    private static readonly Lock Gate = new();
    private static int Count;
    private static readonly List<string> Here = [];

    /// <summary>Whether this process is a guarded child.</summary>
    internal static bool IsChild => Path is not null;

    /// <summary>Whether this process watches itself, and has to know what it is at.</summary>
    internal static bool IsWatchedHere { get; set; }

    /// <summary>What this process is at, in words, where it watches itself.</summary>
    internal static string WorkHere
    {
        get
        {
            lock (Gate)
            {
                return Here.Count > 0 ? string.Join(" and ", Here.Distinct()) : ChildWork.AnyInput;
            }
        }
    }

    /// <summary>Whether one piece of work is to be done after the other, so that it is known which one does not end well.</summary>
    internal static bool IsSerial => Aside.Value.Count > 0;

    /// <summary>Why an earlier child did not come to an end with some work; null for work that is to be done.</summary>
    /// <param name="what">The work, in the words of <see cref="During"/>.</param>
    internal static string? SetAside(string what) => Aside.Value.GetValueOrDefault(what.ReplaceLineEndings(" "));

    /// <summary>Has each piece of work watched by itself: there may be a thousand, and one that does not end is left out.</summary>
    internal static void DeadlineIsForEach()
    {
        if (Path is not null)
        {
            Append($"{Each} {Now}\n");
        }
    }

    /// <summary>Words for a parse.</summary>
    internal static string Parsing(string what, string target, IReadOnlyList<string> headers) =>
        $"parsing {what} for {target} ({string.Join(", ", headers.Take(MaxNames))}{(headers.Count > MaxNames ? ", ..." : "")})";

    /// <summary>Does some work of which the watcher knows while it lasts.</summary>
    /// <param name="what">The work, in words behind which "needs more than" makes sense.</param>
    /// <param name="work">The work.</param>
    /// <param name="hasParts">Whether a next child can do parts of it, to find the one that does not end well.</param>
    internal static T During<T>(string what, Func<T> work, bool hasParts = false)
    {
        if (Path is null)
        {
            return IsWatchedHere ? DuringHere(what, work) : work();
        }

        string number = Interlocked.Increment(ref Count).ToString(CultureInfo.InvariantCulture);
        Append($"{(hasParts ? Divisible : Whole)}{number} {Now} {what.ReplaceLineEndings(" ")}\n");
        try
        {
            return work();
        }
        finally
        {
            Append($"{Done}{number} {Now}\n");
        }
    }

    /// <summary>What a child is at, as its file tells.</summary>
    /// <param name="path">The child's file.</param>
    internal static ChildWork Read(string path)
    {
        List<(string Number, long Since, string What, bool HasParts)> begun = [];
        bool isEach = false;
        long idleSince = Environment.TickCount64;
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            string[] parts = line.Split(' ', 3);
            if (parts[0] == Each)
            {
                (isEach, idleSince) = (true, TickOf(parts));
            }
            else if (parts.Length == 3 && parts[0][0] is Whole or Divisible)
            {
                begun.Add((parts[0][1..], TickOf(parts), parts[2], line[0] == Divisible));
            }
            else if (line.StartsWith(Done))
            {
                begun.RemoveAll(work => work.Number == parts[0][1..]);
                idleSince = TickOf(parts);
            }
        }

        return new ChildWork(
            [.. begun.Select(work => work.What).Distinct()],
            begun.Count > 0 ? begun.Min(work => work.Since) : idleSince,
            isEach,
            begun.Any(work => work.HasParts));
    }

    private static T DuringHere<T>(string what, Func<T> work)
    {
        lock (Gate)
        {
            Here.Add(what);
        }

        try
        {
            return work();
        }
        finally
        {
            lock (Gate)
            {
                Here.Remove(what);
            }
        }
    }

    // A line that is just being written may end early.
    private static long TickOf(string[] parts) =>
        parts.Length > 1 && long.TryParse(parts[1], CultureInfo.InvariantCulture, out long tick) ? tick : Environment.TickCount64;

    private static string Now => Environment.TickCount64.ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, string> ReadAside()
    {
        Dictionary<string, string> aside = new(StringComparer.Ordinal);
        foreach (string line in Environment.GetEnvironmentVariable(AsideVariable) is { } file ? File.ReadLines(file) : [])
        {
            string[] parts = line.Split('\t', 2);
            aside[parts[1]] = parts[0];
        }

        return aside;
    }

    private static void Append(string line)
    {
        lock (Gate)
        {
            File.AppendAllText(Path!, line);
        }
    }
}

/// <summary>What a child began and did not finish.</summary>
/// <param name="Unfinished">The pieces of work, in words.</param>
/// <param name="Since">
/// When the oldest of them began or, where there is none, the last one ended, by <see cref="Environment.TickCount64"/>.
/// </param>
/// <param name="IsEach">Whether the deadline is that of each piece.</param>
/// <param name="HasParts">Whether some of the work can be done in parts, to find the one that does not end well.</param>
internal sealed record ChildWork(IReadOnlyList<string> Unfinished, long Since, bool IsEach, bool HasParts)
{
    /// <summary>Words for work that nobody told of.</summary>
    internal const string AnyInput = "the input";

    /// <summary>All of it, in words.</summary>
    internal string Words => Unfinished.Count == 0 ? AnyInput : string.Join("; ", Unfinished);
}
