using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace HvBindgen.Samples.Tests.Abi;

/// <summary>What a program did.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Ending(int ExitCode, string Out, string Error);

/// <summary>Runs the samples as a person does: as programs, judged by what they print and how they end.</summary>
internal static class SampleProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly string Root = FindRoot();

    /// <summary>Folder of the samples' sources.</summary>
    public static string Folder { get; } = Path.Combine(Root, "samples");

    /// <summary>What a project builds to, in the configuration of the tests.</summary>
    /// <param name="project">Folder of the project in the repository.</param>
    /// <param name="assembly">Name of its assembly.</param>
    public static string PathOf(string project, string assembly)
    {
        // tests/HvBindgen.Samples.Tests/bin/Release/net10.0
        DirectoryInfo output = new(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(Root, project, "bin", output.Parent!.Name, output.Name, $"{assembly}.dll");
    }

    public static async Task<Ending> Run(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new Ending(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        DirectoryInfo? folder = new(File.Exists(thisFile) ? Path.GetDirectoryName(thisFile)! : AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HvBindgen.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("HvBindgen.sln is in no folder above.");
    }
}
