using System.Diagnostics;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary><c>generate --watch</c>, in a process that gets the signal of Ctrl-C.</summary>
public sealed class WatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_watch_generates_again_survives_faults_and_ends_with_Ctrl_C()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        using Process process = CommandLine.Process("generate", "--watch", "--config", folder["hvbindgen.json"]).Start();
        try
        {
            await Until(process, "watching");
            Assert.Contains("DEMO_LIMIT = 0x1000", Constants(folder), StringComparison.Ordinal);

            folder.With("inc/demo.h", CommandLine.Header.Replace("4096", "8192", StringComparison.Ordinal));
            Assert.Contains("changed: ", await Until(process, "watching"), StringComparison.Ordinal);
            Assert.Contains("DEMO_LIMIT = 0x2000", Constants(folder), StringComparison.Ordinal);

            folder.With("inc/demo.h", "struct broken {");
            Assert.Contains("error: ", await Until(process, "watching"), StringComparison.Ordinal);
            Assert.Contains("DEMO_LIMIT = 0x2000", Constants(folder), StringComparison.Ordinal);

            folder.With("inc/demo.h", CommandLine.Header);
            await Until(process, "watching");
            Assert.Contains("DEMO_LIMIT = 0x1000", Constants(folder), StringComparison.Ordinal);

            ChildProgram.Run("sh", "-c", $"kill -INT {process.Id}");
            string rest = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)
                .WaitAsync(Patience, TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken)
                .WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.Contains("stopped", rest, StringComparison.Ordinal);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static string Constants(TemporaryFolder folder) =>
        string.Concat(Directory.GetFiles(folder["out"], "Constants*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

    // All lines up to the one that starts with a word.
    private static async Task<string> Until(Process process, string word)
    {
        string read = "";
        using CancellationTokenSource end = new(Patience);
        while (await process.StandardError.ReadLineAsync(end.Token) is { } line)
        {
            read += line + "\n";
            if (line.StartsWith(word, StringComparison.Ordinal))
            {
                return read;
            }
        }

        throw new InvalidOperationException($"it ended: {read}");
    }
}
