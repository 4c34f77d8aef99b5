using HvBindgen.Generator.Tests.Cli;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>
/// A real repository of a user: one header of its own, a configuration, committed snapshots and bindings, a branch to work on.
/// </summary>
internal sealed class GitRepository : IDisposable
{
    public const string Header = "headers/uapi/demo.h";
    public const string Configuration = "headers/hvbindgen.json";

    private const string Text = """
        #ifndef _DEMO_H
        #define _DEMO_H
        #include "uapi.h"

        struct demo_region {
        	__u64 address;
        	__u32 flags;
        	__u32 rsvd;
        };

        enum demo_bits { DEMO_BIT_A, DEMO_BIT_B, DEMO_BIT_COUNT };

        #define DEMO_MAP _IOW(0xD0, 1, struct demo_region)
        #define DEMO_ASK _IOR(0xD0, 2, __u32)
        #endif

        """;

    /// <summary>The repository on its branch <c>work</c>, which is where <c>main</c> is.</summary>
    /// <param name="withOutput">Whether snapshots and bindings are made and committed.</param>
    public GitRepository(bool withOutput = true)
    {
        Requirement.Program("git", "git");
        Folder.With(Header, Text).With("headers/uapi/uapi.h", File.ReadAllText(Path.Combine(FixturePair.Folder, "uapi.h")));
        Folder.With(Configuration, ConfigurationOf("\"x86_64\", \"i686\""));
        Git("init", "-q", "-b", "main");
        Git("config", "user.name", "t");
        Git("config", "user.email", "t@example.org");
        if (withOutput)
        {
            Generate();
        }

        Commit("first");
        Git("checkout", "-q", "-b", "work");
    }

    public TemporaryFolder Folder { get; } = new();

    public static string Tool { get; } = $"dotnet {Path.Combine(AppContext.BaseDirectory, "hvbindgen.dll")}";

    public static string Action { get; } = Path.Combine(Repository.Root, ".github", "actions", "abi-diff");

    public static string ConfigurationOf(string targets, string more = "") => $$"""
        {
          "targets": [{{targets}}],
          "sets": [{
            "name": "demo", "headers": ["demo.h"], "includePaths": ["uapi"], {{more}}
            "csharp": { "namespace": "Demo.Abi", "output": "../src" }
          }]
        }
        """;

    /// <summary>Edits the header.</summary>
    public void Change(string old, string now)
    {
        string text = Folder.Text(Header);
        Assert.Contains(old, text, StringComparison.Ordinal);
        Folder.With(Header, text.Replace(old, now, StringComparison.Ordinal));
    }

    public void Generate() => Assert.Equal(0, CommandLine.Run("generate", "--config", Folder[Configuration]).ExitCode);

    public void Commit(string message)
    {
        Git("add", "-A");
        Git("commit", "-q", "-m", message);
    }

    public string Git(params string[] arguments)
    {
        Ending result = Run("git", arguments);
        Assert.True(result.ExitCode == 0, $"git {string.Join(' ', arguments)}: {result.Out}{result.Error}");
        return result.Out;
    }

    /// <summary>Runs the script of the pull-request workflow.</summary>
    public Ending AbiDiff(params string[] arguments) => Run(Path.Combine(Action, "abi-diff.sh"), arguments);

    /// <summary>Runs a program in the repository.</summary>
    public Ending Run(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        Dictionary<string, string?> variables = new()
        {
            ["HVBINDGEN"] = Tool,
            ["GITHUB_OUTPUT"] = null,
            ["GITHUB_STEP_SUMMARY"] = null,
            ["GIT_DIR"] = null,
            ["GIT_INDEX_FILE"] = null,
        };
        foreach ((string name, string value) in environment)
        {
            variables[name] = value;
        }

        return new ChildProgram(program, arguments) { Folder = Folder.Root, Environment = variables }.Run();
    }

    public void Dispose() => Folder.Dispose();
}
