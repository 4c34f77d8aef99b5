using System.Diagnostics;
using HvBindgen.Cli;
using HvBindgen.Generator.Tests.Headers;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary>What a command line gave.</summary>
internal sealed record CommandResult(int ExitCode, string Out, string Error);

/// <summary>Runs command lines, in this process unless told otherwise, on a small configuration of the test's own.</summary>
internal static class CommandLine
{
    public const string Header = """
        struct demo_point { int x; unsigned char y[4]; };
        enum demo_kind { DEMO_NONE, DEMO_SOME = 5 };
        #define DEMO_LIMIT 4096
        #define DEMO_TWICE(x) ((x) * 2)

        """;

    /// <summary>A folder with <c>hvbindgen.json</c> for one set of one header, <c>inc/demo.h</c>.</summary>
    public static TemporaryFolder Workplace(string header = Header, string members = "\"targets\": [\"x86_64\", \"arm64\"]") => new TemporaryFolder()
        .With("inc/demo.h", header)
        .With("hvbindgen.json", $$"""
            {
              "sets": [{
                "name": "demo", "headers": ["demo.h"], "includePaths": ["inc"],
                "csharp": { "namespace": "My.Demo", "output": "out" },
                {{members}}
              }]
            }
            """);

    public static CommandResult Run(TemporaryFolder folder, params string[] arguments) =>
        Run([.. arguments, "--config", folder["hvbindgen.json"]]);

    public static CommandResult Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int exitCode = Program.Run(arguments, output, error);
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>In a process of its own, for what a process decides once: which libclang it uses.</summary>
    public static CommandResult RunProcess(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "hvbindgen.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandResult(process.ExitCode, output, error.Result);
    }
}
