using System.Diagnostics;
using System.Globalization;

namespace HvBindgen.Benchmarks;

/// <summary>A C program that does the same, compiled with optimization and run in a process of its own.</summary>
internal sealed class Peer : IDisposable
{
    private readonly string program = Path.Combine(Path.GetTempPath(), $"hvbindgen-peer-{Guid.NewGuid():n}");

    internal Peer(string source)
    {
        string compiler = Environment.GetEnvironmentVariable("CC") ?? "gcc";
        _ = Run(compiler, "-O2", "-pthread", "-o", program, Path.Combine(AppContext.BaseDirectory, "Peers", source));
    }

    /// <summary>One measurement: nanoseconds for each of a number of operations.</summary>
    internal double Measure(long count) =>
        double.Parse(Run(program, count.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    public void Dispose() => File.Delete(program);

    private static string Run(string file, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{file} cannot be started.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{file} failed with exit code {process.ExitCode}.");
    }
}
