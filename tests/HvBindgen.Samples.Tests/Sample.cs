using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using HvBindgen.Mshv.Emulator;
using Xunit;

namespace HvBindgen.Samples.Tests;

/// <summary>A sample's executable, run as a user runs it.</summary>
internal static class Sample
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    /// <summary>Path of a sample's executable, built in the configuration of this test.</summary>
    internal static string PathOf(string name)
    {
        // tests/HvBindgen.Samples.Tests/bin/Release/net10.0
        DirectoryInfo output = new(AppContext.BaseDirectory);
        string repository = Path.GetFullPath(Path.Combine(output.FullName, "../../../../.."));
        string path = Path.Combine(repository, "samples", name, "bin", output.Parent!.Name, output.Name, name);
        Assert.True(File.Exists(path), $"{path} is missing; build the samples first.");
        return path;
    }

    /// <summary>Runs a sample to its end.</summary>
    /// <param name="name">Name.</param>
    /// <param name="arguments">Arguments.</param>
    /// <param name="backend">Which device the sample has to take; null leaves the choice to it.</param>
    /// <param name="input">Its standard input.</param>
    internal static Result Run(string name, string[] arguments, string? backend = null, string input = "")
    {
        ProcessStartInfo start = new(PathOf(name), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        if (backend is not null)
        {
            start.Environment["HVBINDGEN_MSHV"] = backend;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeLimit))
        {
            process.Kill();
            Assert.Fail($"{name} did not end within {TimeLimit}. Output: {output.Result} Errors: {errors.Result}");
        }

        return new Result(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Skips the test where no guest can run; in CI it fails, unless the machine is none that the emulator is for.</summary>
    internal static void RequireHypervisor()
    {
        if (!File.Exists("/dev/mshv") && !MshvEmulator.IsAvailable(out string? reason))
        {
            if (Environment.GetEnvironmentVariable("CI") is "true" or "1" && RuntimeInformation.ProcessArchitecture == Architecture.X64)
            {
                Assert.Fail(reason!);
            }

            Assert.Skip(reason!);
        }
    }

    /// <param name="ExitCode">Exit code.</param>
    /// <param name="Output">Standard output.</param>
    /// <param name="Errors">Standard error.</param>
    internal sealed record Result(int ExitCode, string Output, string Errors);
}
