using System.Text.RegularExpressions;
using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Tests.Inspect;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary>Each command that a message names is run as the message says, where the message came up, and works.</summary>
public sealed partial class HintTests
{
    // What a message says; the command line that brings it up, with what has to be so before; and the hinted one with its words filled in.
    // FOLDER is the folder of the case, which has a configuration of its own; CONFIG the committed one.
    private static readonly Hint[] Tried =
    [
        new("hvbindgen snapshot", "show demo_point --config FOLDER/hvbindgen.json", "snapshot --config FOLDER/hvbindgen.json"),
        new("hvbindgen snapshot", "snapshot --check --config FOLDER/hvbindgen.json", "snapshot --config FOLDER/hvbindgen.json"),
        new("hvbindgen generate", "generate --check --config FOLDER/hvbindgen.json", "generate --config FOLDER/hvbindgen.json"),
        new("hvbindgen init", "generate --config FOLDER/gone.json", "init FOLDER/new --header linux/vfio.h --namespace Vfio"),
        new(
            "hvbindgen init", "generate --config FOLDER/empty.json", "init FOLDER/new --header linux/vfio.h --namespace Vfio",
            folder => folder.With("empty.json", "{\"sets\": []}")),
        new(
            "hvbindgen generate --config", "init FOLDER/new --header linux/vfio.h --namespace Vfio",
            "generate --config FOLDER/new/hvbindgen.json"),
        new("hvbindgen show '*part*'", "show qqqqqqqqqqqqqqqqqqqqqqqq --config CONFIG", "show *message* --config CONFIG"),
        new("hvbindgen explain", "explain HV0000", "explain"),
        new(
            "hvbindgen explain", "diff CONFIG CONFIG --config CONFIG --suppressions FOLDER/s.json", "explain",
            folder => folder.With("s.json", Suppression.Replace("RULE", "HV0000", StringComparison.Ordinal))),
        new(
            "hvbindgen explain", "lint --config FOLDER/hvbindgen.json --baseline FOLDER/b.json", "explain",
            folder => folder.With("b.json", "{\"accepted\": [{\"rule\": \"HV7999\", \"symbol\": \"x\", \"reason\": \"y\"}]}")),
        new(
            "hvbindgen show NAME", "decode --config CONFIG --message FOLDER/bytes --record HVMSG_NONE", "show HVMSG_NONE --config CONFIG",
            folder => folder.With("bytes", "00 00 00 00")),
        new("hvbindgen --help", "--no-such-option", "--help"),
        new("--namespace", "init FOLDER/new --header linux/vfio.h", "init FOLDER/new --header linux/vfio.h --namespace Vfio"),
        new(
            "--include", "init FOLDER/new --header demo.h --namespace Demo",
            "init FOLDER/new --header demo.h --namespace Demo --include FOLDER/inc"),
        new("--name", "init FOLDER/two --header linux/vfio.h", "init FOLDER/two --name one --header linux/vfio.h", TwoSets),
        new(
            "--allow-path", "generate --config FOLDER/inside/hvbindgen.json",
            "generate --config FOLDER/inside/hvbindgen.json --allow-path FOLDER", Outside),
        new(
            "hvbindgen headers adopt", "generate --config FOLDER/tree/hvbindgen.json", "headers adopt --config FOLDER/tree/hvbindgen.json",
            folder => Fetched(folder).With("tree/downloaded/usr/include/linux/dev.h", "struct d { int b; };\n")),
        new(
            "hvbindgen headers status", "doctor --config FOLDER/tree/hvbindgen.json", "headers status --config FOLDER/tree/hvbindgen.json",
            folder => Fetched(folder).With("tree/downloaded/usr/include/linux/dev.h", "struct d { int b; };\n")) { FollowedCode = 1 },
        new(
            "hvbindgen headers sync", "generate --config FOLDER/tree/hvbindgen.json",
            "headers sync --kernel FOLDER/kernel --config FOLDER/tree/hvbindgen.json",
            folder => Without(Fetched(folder), "tree/downloaded")),
        new(
            "hvbindgen headers sync", "doctor --config FOLDER/tree/hvbindgen.json",
            "headers sync --kernel FOLDER/kernel --config FOLDER/tree/hvbindgen.json",
            folder => Without(Fetched(folder), "tree/downloaded")),
        new(
            "hvbindgen headers sync --refetch", "generate --config FOLDER/tree/hvbindgen.json",
            "headers sync --refetch --kernel FOLDER/kernel --config FOLDER/tree/hvbindgen.json",
            folder => Fetched(folder).With("tree/downloaded/usr/include/linux/dev.h", "struct d { int b; };\n")),
        new(
            "--force", "init FOLDER --header demo.h --namespace Demo --name demo --include FOLDER/inc",
            "init FOLDER --header demo.h --namespace Demo --name demo --include FOLDER/inc --force"),
        new(
            "--name", "init FOLDER --header demo.h --namespace Demo --name demo --include FOLDER/inc",
            "init FOLDER --header demo.h --namespace Demo --name other --include FOLDER/inc"),
        new(
            "Leave --namespace out", "init FOLDER --header demo.h --namespace Demo --name demo --include FOLDER/inc",
            "init FOLDER --header demo.h --name demo --include FOLDER/inc"),
        new(
            "init adds, and replaces nothing", "init FOLDER/new --header linux/vfio.h --class-prefix B",
            "init FOLDER/new --header linux/vfio.h --class-prefix A", Prefixed),
        new(
            "--rename 'struct name=Text'", "init FOLDER/new --header linux/vfio.h --rename A",
            "init FOLDER/new --header linux/vfio.h --rename A=B", Prefixed),
        new(
            "--details", "diff FOLDER/old FOLDER/new", "diff FOLDER/old FOLDER/new --details",
            folder => folder.With("old/demo.h", Many("int")).With("new/demo.h", Many("long long"))) { FollowedCode = 4 },
        new(
            "hvbindgen headers sync --update", "headers sync --kernel FOLDER/kernel --config FOLDER/tree/hvbindgen.json",
            "headers sync --update --kernel FOLDER/kernel --config FOLDER/tree/hvbindgen.json",
            folder => Fetched(folder).With("kernel/include/uapi/linux/dev.h", "struct d { int c; };\n")),
    ];

    // Commands in messages that no case above runs, and why.
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["hvbindgen headers sync --kernel DIR"] = "the case of --update runs it",
        ["hvbindgen lint"] = "LintCommandTests; in a comment on a pull request, where no shell is",
        ["hvbindgen generate what"] = "words of a sentence about sync",
    };

    private const string Suppression =
        "{\"suppressions\": [{\"rule\": \"RULE\", \"symbol\": \"x\", \"reason\": \"y\", \"expires\": \"2100-01-01\"}]}";

    public static TheoryData<int, string> Cases => [.. Tried.Select((hint, index) => (index, hint.Command))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_message_hints_at_works(int index, string command)
    {
        Hint hint = Tried[index];
        using TemporaryFolder folder = CommandLine.Workplace();
        hint.Prepare?.Invoke(folder);

        Ending provoked = Run(hint.Provoked, folder);
        Assert.True(
            (provoked.Out + provoked.Error).Contains(command, StringComparison.Ordinal),
            $"{hint.Provoked} does not say {command}: {provoked.Out}{provoked.Error}");

        Ending followed = Run(hint.Followed, folder);
        Assert.True(followed.ExitCode == hint.FollowedCode, $"{hint.Followed}: {followed.ExitCode}: {followed.Error}");
    }

    [Fact]
    public void Every_command_in_a_message_is_tried_or_says_where()
    {
        SortedSet<string> named = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "generator"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)))
        {
            foreach (string line in File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            {
                named.UnionWith(Named().Matches(line).Select(match => match.Value));
            }
        }

        HashSet<string> known = [.. Tried.Select(hint => hint.Command), .. Elsewhere.Keys];
        Assert.DoesNotContain(named, command => !known.Contains(command));
        Assert.Empty(Elsewhere.Keys.Except(named));
    }

    private static Ending Run(string line, TemporaryFolder folder) => CommandLine.Run(
        [.. line.Split(' ').Select(word => word.Replace("FOLDER", folder.Root, StringComparison.Ordinal)
            .Replace("CONFIG", Sets.ConfigurationPath, StringComparison.Ordinal))]);

    private static TemporaryFolder TwoSets(TemporaryFolder folder)
    {
        foreach (string name in (string[])["one", "other"])
        {
            Assert.Equal(0, Run($"init FOLDER/two --header linux/random.h --namespace {name} --name {name}", folder).ExitCode);
        }

        return folder;
    }

    // More changes than one screen has lines.
    private static string Many(string type) =>
        string.Concat(Enumerable.Range(0, 60).Select(number => $"struct demo_{number} {{ {type} a; int b; }};\n"));

    private static TemporaryFolder Prefixed(TemporaryFolder folder)
    {
        Assert.Equal(0, Run("init FOLDER/new --header linux/random.h --namespace One --class-prefix A", folder).ExitCode);
        return folder;
    }

    private static TemporaryFolder Without(TemporaryFolder folder, string part)
    {
        Directory.Delete(folder[part], recursive: true);
        return folder;
    }

    private static TemporaryFolder Outside(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder["inside/.git"]);
        string inside = folder.Text("hvbindgen.json").Replace("\"inc\"", "\"../inc\"", StringComparison.Ordinal);
        return folder.With("inside/hvbindgen.json", inside);
    }

    // Headers that were taken from the sources of a kernel, and a lock that pins them.
    private static TemporaryFolder Fetched(TemporaryFolder folder)
    {
        folder
            .With("kernel/Makefile", "VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\nEXTRAVERSION =\nNAME = x\n")
            .With("kernel/include/uapi/linux/dev.h", "struct d { int a; };\n")
            .With("kernel/include/uapi/asm-generic/Kbuild", "mandatory-y += types.h\n")
            .With("kernel/include/uapi/asm-generic/types.h", "typedef int t;\n")
            .With("kernel/arch/x86/include/uapi/asm/kvm.h", "int kvm;\n")
            .With("kernel/arch/arm64/include/uapi/asm/types.h", "typedef long t;\n")
            .With("tree/sources.json", """
                {
                  "schema": 1, "suites": ["sid"], "multiarch": ["x86_64-linux-gnu", "aarch64-linux-gnu"],
                  "packages": [{ "name": "linux-libc-dev", "folder": "usr/include", "into": "usr/include" }],
                  "roots": ["usr/include/linux/dev.h"]
                }
                """)
            .With("tree/hvbindgen.json", """
                {
                  "targets": ["x86_64"],
                  "sets": [{
                    "name": "dev", "headers": ["linux/dev.h"], "includePaths": ["downloaded/usr/include"],
                    "csharp": { "namespace": "Dev", "output": "out" }
                  }]
                }
                """);
        Ending synced = Run("headers sync --update --kernel FOLDER/kernel --config FOLDER/tree/hvbindgen.json", folder);
        Assert.True(synced.ExitCode == 0, synced.Error);
        return folder;
    }

    [GeneratedRegex(
        @"(?<=[ :""])hvbindgen (?:headers )?(?:--help|[a-z]+\b)(?: --(?:refetch|update|config)\b| --kernel DIR| NAME| '\*part\*'| what)?")]
    private static partial Regex Named();

    private sealed record Hint(string Command, string Provoked, string Followed, Func<TemporaryFolder, TemporaryFolder>? Prepare = null)
    {
        /// <summary>What the hinted command ends with, where its answer is a difference.</summary>
        public int FollowedCode { get; init; } = (int)ExitCode.Ok;
    }
}
