using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Processes;

namespace HvBindgen.Cli.Running;

/// <summary>
/// Runs a command line in a child process, with a deadline and a memory limit: what a stranger wrote may make the compiler's library
/// overflow its stack or never end, and there must be an answer all the same.
/// </summary>
/// <param name="deadline">Time after which the child is killed.</param>
/// <param name="memoryBytes">Resident memory above which the child is killed.</param>
internal sealed class GuardedRun(TimeSpan deadline, long memoryBytes)
{
    internal const string Remedy = "Such input is not judged. Where it is trusted, allow more with --deadline and --memory-limit.";

    private const int LookEveryMilliseconds = 10;
    private const int LookIntoEveryMilliseconds = 250;

    // Work that is set aside: more than this and the input is not worth it.
    private const int MaxChildren = 20;

    // Exit codes above that of Ctrl-C are signals: 128 and the signal's number.
    private const int FirstSignal = (int)ExitCode.Cancelled + 1;

    // Nothing that the child reads has a use for what these allow.
    private static readonly string[] Tokens =
        ["GH_TOKEN", "GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"];

    private long nextLook;
    private long nextLookAround = Environment.TickCount64 + LookIntoEveryMilliseconds;

    /// <summary>The words for what a deadline ended.</summary>
    internal static string NotDoneWithin(TimeSpan deadline) =>
        string.Create(CultureInfo.InvariantCulture, $"not done within {deadline.TotalSeconds} seconds");

    /// <summary>The words for what the memory limit ended.</summary>
    internal static string NeedsMoreThan(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"needs more than {bytes >> 20} MB of memory");

    /// <summary>Runs the command line to its end.</summary>
    /// <param name="arguments">The same arguments as of this process.</param>
    /// <param name="terminal">Receives the message when the child does not come to an end.</param>
    /// <returns>The child's exit code; null when it was stopped or crashed, and that has been said.</returns>
    internal int? Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hvbindgen-run-");
        try
        {
            string aside = Path.Combine(folder.FullName, "aside");
            for (int number = 1; ; number++)
            {
                string progress = Path.Combine(folder.FullName, $"progress{number}");
                using Process child = Start(arguments, progress, File.Exists(aside) ? aside : null);
                using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(
                    PosixSignal.SIGINT, signal => signal.Cancel = true);
                bool isEnding = false;
                using PosixSignalRegistration end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ =>
                {
                    isEnding = true;
                    child.Kill(entireProcessTree: true);
                });
                string? stopped = Watch(child, progress);
                if (stopped is null && child.ExitCode < FirstSignal)
                {
                    return child.ExitCode;
                }

                string reason =
                    stopped ?? $"the process that reads it died (signal {(child.ExitCode - 128).ToString(CultureInfo.InvariantCulture)})";
                ChildWork work = RunProgress.Read(progress);
                bool isWorthAnother = work.IsEach ? work.Unfinished.Count > 0 && number < MaxChildren : work.HasParts && number == 1;
                if (isWorthAnother && !isEnding)
                {
                    SetAside(aside, work, reason);
                    continue;
                }

                terminal.Fail($"{work.Words}: {reason}", Remedy);
                return null;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Of pieces that are watched each, one that was alone at work is left out from then on; where several were, the next child does one
    // after the other. What has parts is done in parts.
    private static void SetAside(string file, ChildWork work, string reason) => File.AppendAllLines(
        file, work is { IsEach: true, Unfinished.Count: > 1 } ? [$"{reason}\t"] : work.Unfinished.Select(one => $"{reason}\t{one}"));

    private static Process Start(IReadOnlyList<string> arguments, string progress, string? aside)
    {
        // The program itself or, where it runs on the .NET host, the host with the program's assembly.
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        Dictionary<string, string?> environment = Tokens.ToDictionary(token => token, _ => (string?)null);
        environment[RunProgress.Variable] = progress;
        environment[RunProgress.AsideVariable] = aside;

        // Without the runtime's socket for debuggers, which a process that is killed would leave behind.
        environment["DOTNET_EnableDiagnostics_IPC"] = "0";
        return new ChildProcess(
            program, isHost ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments)
        { Environment = environment }
            .StartAttached();
    }

    private string? Watch(Process child, string progress)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!child.WaitForExit(LookEveryMilliseconds))
        {
            string? reason = watch.Elapsed > deadline && IsOverdue(progress)
                ? NotDoneWithin(deadline)
                : ResidentBytes(child.Id) > memoryBytes || (IsTimeToLookAround() && FamilyBytes(child.Id) > memoryBytes)
                    ? NeedsMoreThan(memoryBytes)
                    : null;
            if (reason is not null)
            {
                child.Kill(entireProcessTree: true);
                child.WaitForExit();
                return reason;
            }
        }

        return null;
    }

    private bool IsOverdue(string progress)
    {
        if (Environment.TickCount64 < nextLook)
        {
            return false;
        }

        nextLook = Environment.TickCount64 + LookIntoEveryMilliseconds;
        ChildWork work = RunProgress.Read(progress);
        return !work.IsEach || TimeSpan.FromMilliseconds(Environment.TickCount64 - work.Since) > deadline;
    }

    private bool IsTimeToLookAround()
    {
        bool isTime = Environment.TickCount64 >= nextLookAround;
        nextLookAround = isTime ? Environment.TickCount64 + LookIntoEveryMilliseconds : nextLookAround;
        return isTime;
    }

    // What the child has started, compilers above all, reads the same input. proc(5), /proc/PID/stat: behind the name, which may hold
    // anything, stand the state and the parent.
    private static long FamilyBytes(int process)
    {
        Dictionary<int, int> parents = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id))
                {
                    string stat = File.ReadAllText($"{folder}/stat");
                    string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
                    parents[id] = int.Parse(fields[1], CultureInfo.InvariantCulture);
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // It has just ended.
            }
        }

        return parents.Keys.Where(id => IsWithin(id)).Sum(ResidentBytes);

        bool IsWithin(int id)
        {
            for (int steps = 0; id != process; steps++)
            {
                if (!parents.TryGetValue(id, out id) || steps > parents.Count)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Resident memory of a process; 0 for one that has just ended.</summary>
    internal static long ResidentBytes(int process)
    {
        try
        {
            // proc(5), /proc/PID/statm: the second number is resident pages.
            string[] numbers = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/statm").Split(' ');
            return numbers.Length > 1 && long.TryParse(numbers[1], CultureInfo.InvariantCulture, out long pages)
                ? pages * Environment.SystemPageSize
                : 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
