using System.Globalization;

namespace HvBindgen.Benchmarks;

/// <summary>A C program that does the same, compiled with optimization and run in a process of its own.</summary>
internal sealed class Peer : IDisposable
{
    private readonly TemporaryFolder folder = new();

    internal Peer(string source)
    {
        string compiler = Environment.GetEnvironmentVariable("CC") ?? "gcc";
        _ = Run(compiler, "-O2", "-pthread", "-o", folder["peer"], Path.Combine(AppContext.BaseDirectory, "Peers", source));
    }

    /// <summary>One measurement: nanoseconds for each of a number of operations.</summary>
    internal double Measure(long count) =>
        double.Parse(Run(folder["peer"], count.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    public void Dispose() => folder.Dispose();

    private static string Run(string file, params string[] arguments)
    {
        Ending ending = ChildProgram.Run(file, arguments);
        return ending.ExitCode == 0
            ? ending.Out.Trim()
            : throw new InvalidOperationException($"{file} failed with exit code {ending.ExitCode}: {ending.Error}");
    }
}
