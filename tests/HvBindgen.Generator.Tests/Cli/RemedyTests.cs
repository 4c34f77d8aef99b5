using HvBindgen.Cli.Printing;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary>What a message says to change in the configuration is changed, and then the command that gave the message works.</summary>
public sealed class RemedyTests
{
    private const string Output = "\"output\": \"out\"";
    private const string Paths = "\"includePaths\": [\"inc\"]";
    private const string CSharp = $", \"csharp\": {{ \"namespace\": \"My.Demo\", {Output} }}";
    private const string Base = $$"""
        {
          "targets": ["x86_64"],
          "sets": [{
            "name": "demo", "headers": ["demo.h"], {{Paths}}{{CSharp}}
          }]
        }
        """;

    private const string Complex = "struct a { _Complex double z; };\nstruct b { struct a a; int c; };\n";
    private const string Request = "struct a { int x; };\n#define A_GET (2u << 30 | 4u << 16 | 'a' << 8 | 1)\n";

    // Words of the remedy; what is wrong and what the remedy makes of it, each as a text in place of another one of the base.
    private static readonly Remedy[] Tried =
    [
        new("\"includePaths\"", Paths, Paths, "\"includePaths\": [\"inc\", \"other\"]") { Header = "#include <more.h>\nstruct m n;\n" },
        new("headers or includePaths of the set", Paths, "\"includePaths\": [\"other\"]", "\"includePaths\": [\"other\", \"inc\"]"),
        new("what \"defines\"", Paths, Paths, $"\"defines\": [\"KIND=int\"], {Paths}") { Header = "struct a { KIND x; };\n" },
        new("make two sets of them", "[\"demo.h\"]", "[\"demo.h\", \"rival.h\"]", "[\"demo.h\"]"),
        new("\"block\" of its set", Paths, Paths, $"\"block\": [\"a\", \"b\"], {Paths}")
        {
            Command = "generate --strict", Header = Complex,
        },
        new("\"opaque\"", Paths, Paths, $"\"opaque\": [\"a\"], {Paths}") { Command = "generate --strict", Header = Complex },
        new(
            "\"renames\"", Output, $"{Output}, \"renames\": {{ \"struct demo_point\": \"Constants\" }}",
            $"{Output}, \"renames\": {{ \"struct demo_point\": \"Point\" }}"),
        new(
            "\"constantsClass\"", Output, $"{Output}, \"renames\": {{ \"struct demo_point\": \"Constants\" }}",
            $"{Output}, \"constantsClass\": \"Numbers\", \"renames\": {{ \"struct demo_point\": \"Constants\" }}"),
        new("\"csharp\" with \"namespace\" and \"output\"", CSharp, "", CSharp),
        new("hvbindgen snapshot and diff need none", CSharp, "", "") { Followed = "snapshot" },
        new("a folder of its own", "}]", Second("\"My.More\"", "out"), Second("\"My.More\"", "more")),
        new(
            "a namespace of its own in \"support\"", "}]", Second("\"My.Demo\"", "more", "\"sharedTypes\": \"HvBindgen.Abi\""),
            Second("\"My.Demo\"", "more", "\"sharedTypes\": \"HvBindgen.Abi\", \"support\": \"My.More\"")) { Followed = "snapshot" },
        new(
            "they are in one project", "}]", Second("\"My.Demo\"", "more", "\"language\": 15"),
            Second("\"My.Demo\"", "more", "\"language\": 14, \"constantsClass\": \"Other\"")) { Followed = "snapshot" },
        new("Rename one of them", "}]", Second("\"My.More\"", "more").Replace("\"more\",", "\"demo\",", StringComparison.Ordinal),
            Second("\"My.More\"", "more")),
        new("Use identifiers with dots", "\"My.Demo\"", "\"My Demo\"", "\"My.Demo\""),
        new("letters, digits and '_'", Output, $"{Output}, \"constantsClass\": \"a-b\"", $"{Output}, \"constantsClass\": \"a_b\""),
        new("letters, digits, '-' and '_'", "\"name\": \"demo\"", "\"name\": \"de mo\"", "\"name\": \"de-mo\""),
        new("It is \"public\" or \"internal\"", Output, $"{Output}, \"visibility\": \"secret\"", $"{Output}, \"visibility\": \"internal\""),
        new("\"set\", one for all", Output, $"{Output}, \"files\": \"one\"", $"{Output}, \"files\": \"set\""),
        new("It is 14, or 15", Output, $"{Output}, \"language\": 16", $"{Output}, \"language\": 15"),
        new(
            "with its namespace", Output, $"{Output}, \"attributes\": {{ \"struct demo_point\": [\"[Obsolete]\"] }}",
            $"{Output}, \"attributes\": {{ \"struct demo_point\": [\"System.Obsolete(\\\"text\\\")\"] }}"),
        new("as an #include does", "[\"demo.h\"]", "[\"<demo.h>\"]", "[\"demo.h\"]"),
        new("List at least one", "[\"demo.h\"]", "[]", "[\"demo.h\"]"),
        new("Keep one of them", Paths, $"{Paths}, {Paths}", Paths),
        new("Known targets", "[\"x86_64\"]", "[\"x86\"]", "[\"x86_64\"]"),
        new("Remove one of them", "[\"x86_64\"]", "[\"x86_64\", \"x86_64\"]", "[\"x86_64\"]"),
        new("Write the type as C does", Paths, $"{Paths}, \"alternateArguments\": {{ \"A_GET\": [\"struct\"] }}",
            $"{Paths}, \"alternateArguments\": {{ \"A_GET\": [\"struct a\"] }}") { Header = Request, Followed = "snapshot" },
        new(
            "\"ref struct foo\"", Paths, $"{Paths}, \"ioctls\": {{ \"A_GET\": \"both\" }}",
            $"{Paths}, \"ioctls\": {{ \"A_GET\": \"ref struct a\" }}") { Header = Request, Followed = "snapshot" },
        new("-fms-extensions", Paths, $"{Paths}, \"flags\": [\"-fplugin=x.so\"]", $"{Paths}, \"flags\": [\"-fms-extensions\"]"),
        new("Name a folder of its own", "\"targets\"", "\"tree\": \".\", \"targets\"", "\"tree\": \"fetched\", \"targets\""),
        new("Keep it inside the repository", Output, "\"output\": \"/nowhere/out\"", Output),
        new("hvbindgen.schema.json describes", "\"demo.h\"]", "\"demo.h\"], \"own\": \"demo.h\"", "\"demo.h\"], \"own\": [\"demo.h\"]"),
        new("Known keys are", Paths, $"{Paths}, \"defins\": []", $"{Paths}, \"defines\": []"),
    ];

    public static TheoryData<int, string> Cases => [.. Tried.Select((remedy, index) => (index, remedy.Said))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_message_says_to_write_works(int index, string said)
    {
        Remedy remedy = Tried[index];
        using TemporaryFolder folder = new TemporaryFolder().With("inc/demo.h", remedy.Header)
            .With("inc/rival.h", "typedef int demo_same;\ntypedef long demo_same;\n").With("other/more.h", "struct m { int n; };\n");
        string wrong = Base.Replace(remedy.Old, remedy.Wrong, StringComparison.Ordinal);
        string right = Base.Replace(remedy.Old, remedy.Right, StringComparison.Ordinal);

        Ending refused = CommandLine.Run(folder.With("hvbindgen.json", wrong), remedy.Command.Split(' '));
        string[] again = (remedy.Followed ?? remedy.Command).Split(' ');
        Ending followed = CommandLine.Run(folder.With("hvbindgen.json", right), again);

        Assert.NotEqual((int)ExitCode.Ok, refused.ExitCode);
        Assert.Contains(said, refused.Error, StringComparison.Ordinal);
        Assert.True(followed.ExitCode == (int)ExitCode.Ok, followed.Error);
    }

    // A set more at the end of the sets.
    private static string Second(string @namespace, string output, string more = "\"classPrefix\": \"More\"") => $$"""
        }, {
            "name": "more", "headers": ["more.h"], "includePaths": ["other"],
            "csharp": { "namespace": {{@namespace}}, "output": "{{output}}", {{more}} }
          }]
        """;

    private sealed record Remedy(string Said, string Old, string Wrong, string Right)
    {
        public string Header { get; init; } = CommandLine.Header;

        public string Command { get; init; } = "generate";

        public string? Followed { get; init; }
    }
}
