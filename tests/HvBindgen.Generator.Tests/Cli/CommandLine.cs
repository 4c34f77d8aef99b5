using HvBindgen.Cli;

namespace HvBindgen.Generator.Tests.Cli;

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
    public static TemporaryFolder Workplace(
        string header = Header, string members = "\"targets\": [\"x86_64\", \"arm64\"]") => new TemporaryFolder()
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

    public static Ending Run(TemporaryFolder folder, params string[] arguments) =>
        Run([.. arguments, "--config", folder["hvbindgen.json"]]);

    public static Ending Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int exitCode = Program.Run(arguments, output, error);
        return new Ending(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>In a process of its own, for what a process decides once: which libclang it uses.</summary>
    public static Ending RunProcess(params string[] arguments) => Process(arguments).Run();

    /// <summary>A command line that a test starts itself, in a process of its own.</summary>
    public static ChildProgram Process(params string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "hvbindgen.dll"), .. arguments]);
}
