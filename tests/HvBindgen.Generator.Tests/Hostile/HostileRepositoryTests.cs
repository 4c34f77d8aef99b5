using System.Security.Cryptography;
using System.Text;
using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Tests.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Hostile;

/// <summary>
/// A stranger's pull request run through the action's script, the hook and the commands: each attack is refused in its own words, nothing
/// outside the repository changes, and nothing of what lies there is in any output.
/// </summary>
public sealed class HostileRepositoryTests : IDisposable
{
    private const string Secret = "AUTHORIZATION-basic-hunter2";

    private readonly TemporaryFolder outside = new TemporaryFolder().With("secret", $"{Secret}\n").With("folder/keep.txt", Secret);
    private readonly GitRepository repository = new();

    public HostileRepositoryTests() => repository.Git("config", "http.extraheader", Secret);

    public void Dispose()
    {
        repository.Dispose();
        outside.Dispose();
    }

    // Older versions of clang end by it; what newer ones make of it the reader refuses by name.
    private const string DeepType = "died (signal|around each other is not supported";

    public static TheoryData<string, int, string> Attacks => new()
    {
        { "a library named by the configuration", 2, "unknown key \"libclang\"" },
        { "an include of what git keeps", 2, "outside of the include folders" },
        { "an include of a link to a secret", 2, "outside of the include folders" },
        { "a header that is a device", 2, "outside of the include folders" },
        { "snapshots outside", 2, "leads out of" },
        { "an include folder outside", 2, "leads out of" },
        { "a lock outside", 2, "leads out of" },
        { "an output outside", 2, "leads out of" },
        { "a tree that is the repository", 2, "holds more than fetched headers" },
        { "a suite that is a command", 2, "is no name of a suite" },
        { "macros that multiply", 2, "macro A9 expands to more than" },
        { "a type that breaks the parser", 2, DeepType },
        { "records that double", 2, "has more than 1000000 members" },
        { "reports that are a link", 2, "abi-diff is a link" },
        { "a define that selects an old copy", 4, "Set demo has other defines." },
        { "an include folder that selects an old copy", 4, "Set demo has other include paths." },
        { "a break that accepts itself", 4, "Accepted changes in accepted.json are new and not applied." },
        { "a set that is not compared", 1, "Set other is new and is not compared." },
        { "a policy of its own", 4, "Set demo has other policies." },
        { "a snapshot that is a link to a secret", 1, "Generated files are stale" },
        { "words that steer", 4, "\\x1b[31m" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Script_of_the_action_refuses(string attack, int exitCode, string expected)
    {
        Mount(attack);
        string before = HashOf(outside.Root);
        string config = repository.Folder.Text(".git/config");

        Ending result = repository.Run(
            Path.Combine(GitRepository.Action, "abi-diff.sh"),
            ["--base", "main", "--suppressions", "accepted.json", .. SyncOf(attack)],
            ("GITHUB_ACTIONS", "true"), ("GH_TOKEN", Secret));

        string comment = Directory.Exists(repository.Folder["abi-diff"]) && File.Exists(repository.Folder["abi-diff/comment.md"])
            ? repository.Folder.Text("abi-diff/comment.md")
            : "";
        string said = result.Out + result.Error + comment;
        Assert.True(exitCode == result.ExitCode, $"{result.ExitCode}: {said}");
        RequireOneOf(expected, said);
        Assert.Equal(before, HashOf(outside.Root));
        Assert.Equal(config, repository.Folder.Text(".git/config"));
        Assert.True(comment.Length <= 65_536);
        RequireHarmless(said);
        foreach (string file in exitCode == 2 && comment.Length == 0 ? [] : Directory.GetFiles(repository.Folder["abi-diff"]))
        {
            RequireHarmless(File.ReadAllText(file));
        }

        Assert.False(Path.Exists("/tmp/hvbindgen-attack"));
    }

    [Theory]
    [InlineData("an include of what git keeps", 2, "'../../.git/config' file not found")]
    [InlineData("macros that multiply", 2, "expands to more than")]
    [InlineData("a type that breaks the parser", 2, DeepType)]
    public void Hook_refuses(string attack, int exitCode, string expected)
    {
        Mount(attack, commits: false);
        string before = HashOf(outside.Root);
        repository.Git("add", "-A");

        Ending result = repository.Run(Path.Combine(GitRepository.Action, "pre-commit"), []);

        Assert.Equal(exitCode, result.ExitCode);
        RequireOneOf(expected, result.Out + result.Error);
        RequireHarmless(result.Out + result.Error);
        Assert.Equal(before, HashOf(outside.Root));
    }

    [Theory]
    [InlineData("generate", 13)]
    [InlineData("generate --check", 13)]
    [InlineData("snapshot --check", 13)]
    [InlineData("verify", 13)]
    [InlineData("snapshot", 13)]
    [InlineData("lint headers/hvbindgen.json", 2)]
    [InlineData("diff git:main headers/hvbindgen.json", 2)]
    [InlineData("history demo_region git:main headers/hvbindgen.json", 2)]
    public void Each_command_refuses_in_the_same_words(string command, int exitCode)
    {
        Mount("an include of what git keeps");
        string before = HashOf(outside.Root) + HashOf(repository.Folder.Root);

        Ending result = Tool(command);

        Assert.Equal(before, HashOf(outside.Root) + HashOf(repository.Folder.Root));

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(
            "\"../../.git/config\" is not included: it is outside of the include folders", result.Error, StringComparison.Ordinal);
        RequireHarmless(result.Out + result.Error);
    }

    [Theory]
    [InlineData("generate --untrusted", (int)ExitCode.LimitExceeded, (int)ExitCode.CannotEmit)]
    [InlineData("diff git:main headers/hvbindgen.json", 2, 2)]
    public void What_kills_the_parser_is_an_error_with_the_header_s_name(string command, int killed, int refused)
    {
        Mount("a type that breaks the parser");

        Ending result = Tool(command);

        bool isKilled = result.Error.Contains("died (signal", StringComparison.Ordinal);
        Assert.Equal(isKilled ? killed : refused, result.ExitCode);
        string words = isKilled ? "error: parsing set demo for " : "error: demo does not parse for ";
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.Contains("demo.h", result.Error, StringComparison.Ordinal);
        RequireOneOf(DeepType, result.Error);
    }

    [Fact]
    public void What_takes_too_long_or_too_much_is_stopped()
    {
        Ending slow = Tool("diff git:main headers/hvbindgen.json --deadline 0");
        Ending large = Tool("generate --check --untrusted --memory-limit 8");

        Assert.Equal((2, 22), (slow.ExitCode, large.ExitCode));
        Assert.Contains("not done within 0 seconds", slow.Error, StringComparison.Ordinal);
        Assert.Contains("needs more than 8 MB of memory", large.Error, StringComparison.Ordinal);
        Assert.Equal(0, Tool("generate --check --untrusted").ExitCode);
    }

    [Fact]
    public void A_configuration_beside_that_of_the_base_is_not_the_one_that_judges()
    {
        repository.Git("mv", "headers/hvbindgen.json", "hvbindgen.json");
        repository.Folder.With(
            "hvbindgen.json", GitRepository.ConfigurationOf("\"x86_64\"").Replace("\"uapi\"", "\"headers/uapi\"", StringComparison.Ordinal)
            .Replace("../src", "src", StringComparison.Ordinal));
        repository.Commit("configuration at the top");
        repository.Git("branch", "-f", "main");
        repository.Folder.With(GitRepository.Configuration, GitRepository.ConfigurationOf("\"x86_64\""));
        repository.Change("__u32 flags;", "__u64 flags;");
        repository.Commit("another, and a break");

        Ending found = repository.AbiDiff("--base", "main", "--drift", "none");
        Ending named = repository.AbiDiff("--base", "main", "--drift", "none", "--headers", GitRepository.Configuration);

        Assert.Equal((4, 2), (found.ExitCode, named.ExitCode));
        Assert.Contains("headers/hvbindgen.json would be found before hvbindgen.json.", found.Out, StringComparison.Ordinal);
        Assert.Contains("A branch does not choose what it is judged by.", named.Error, StringComparison.Ordinal);
    }

    // More names than a pipe holds: whoever stops reading at the first that matters would make git fail.
    [Fact]
    public void A_configuration_in_a_large_repository_is_seen_whatever_it_is_called_there()
    {
        repository.Git("mv", "headers", "h\u00e4\"ders");
        foreach (int number in Enumerable.Range(0, 2500))
        {
            repository.Folder.With($"zz/{number}-{new string('z', 60)}", "");
        }

        repository.Commit("many files");
        repository.Git("branch", "-f", "main");
        repository.Folder.With(GitRepository.Configuration, GitRepository.ConfigurationOf("\"x86_64\""));
        repository.Folder.With(GitRepository.Header, "struct mine { int x; };\n");
        repository.Git("add", "-A");

        Ending hook = repository.Run(Path.Combine(GitRepository.Action, "pre-commit"), []);
        repository.Git("commit", "-q", "-m", "a configuration of its own");
        Ending judged = repository.AbiDiff("--base", "main", "--drift", "none");

        Assert.Equal((2, 2), (hook.ExitCode, judged.ExitCode));
        Assert.Contains("is configured by h\u00e4\"ders/hvbindgen.json", hook.Error, StringComparison.Ordinal);
        Assert.Contains("is configured by h\u00e4\"ders/hvbindgen.json", judged.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Hook_looks_at_headers_wherever_they_are_and_by_the_configuration_of_the_last_commit()
    {
        repository.Folder.With(GitRepository.Configuration, GitRepository.ConfigurationOf("\"x86_64\", \"i686\"").Replace(
            "\"uapi\"", "\"../include\"", StringComparison.Ordinal));
        repository.Git("mv", "headers/uapi", "include");
        repository.Generate();
        repository.Commit("headers beside the configuration");
        string header = repository.Folder.Text("include/demo.h");
        repository.Folder.With("include/demo.h", header.Replace("__u32 flags;", "__u64 flags;", StringComparison.Ordinal));
        repository.Git("add", "-A");

        Ending result = repository.Run(Path.Combine(GitRepository.Action, "pre-commit"), []);

        Assert.Equal(4, result.ExitCode);
    }

    private void Mount(string attack, bool commits = true)
    {
        const string Header = GitRepository.Header;
        const string Configuration = GitRepository.Configuration;
        void Configure(string member) => repository.Folder.With(
            Configuration, repository.Folder.Text(Configuration).Replace("\"sets\"", $"{member}\n  \"sets\"", StringComparison.Ordinal));
        void ConfigureSet(string member) =>
            repository.Folder.With(Configuration, GitRepository.ConfigurationOf("\"x86_64\", \"i686\"", member));
        void Break() => repository.Change("_IOR(0xD0, 2,", "_IOWR(0xD0, 2,");
        void Append(string text) => repository.Change("#define DEMO_MAP", $"{text}\n#define DEMO_MAP");
        switch (attack)
        {
            case "a library named by the configuration":
                Configure("\"libclang\": \"./evil.so\",");
                break;
            case "an include of what git keeps":
                Append("#include \"../../.git/config\"");
                break;
            case "an include of a link to a secret":
                File.CreateSymbolicLink(repository.Folder["headers/uapi/link.h"], outside["secret"]);
                Append("#include \"link.h\"");
                break;
            case "a header that is a device":
                File.CreateSymbolicLink(repository.Folder["headers/uapi/zero.h"], "/dev/zero");
                Append("#include <zero.h>");
                break;
            case "snapshots outside":
                ConfigureSet($"\"own\": [\"*\"], \"snapshots\": \"{outside["folder"]}\",");
                break;
            case "an include folder outside":
                repository.Folder.With(
                    Configuration, repository.Folder.Text(Configuration)
                        .Replace("[\"uapi\"]", $"[\"uapi\", \"{outside.Root}\"]", StringComparison.Ordinal));
                break;
            case "a lock outside":
                Configure($"\"lock\": \"{outside["secret"]}\",");
                break;
            case "an output outside":
                Directory.Delete(repository.Folder["src"], recursive: true);
                Directory.CreateSymbolicLink(repository.Folder["src"], outside["folder"]);
                break;
            case "a tree that is the repository":
                Configure("\"tree\": \"..\",");
                break;
            case "a suite that is a command":
                repository.Folder.With("headers/sources.json", """
                    { "schema": 1, "suites": ["sid\"; APT::Update::Pre-Invoke {\"touch /tmp/hvbindgen-attack\";}; #"], "multiarch": [],
                      "packages": [{ "name": "linux-libc-dev", "folder": "usr/include", "into": "usr/include" }],
                        "roots": ["usr/include/linux/kvm.h"] }
                    """);
                break;
            case "macros that multiply":
                Append("#define A0 1\n" + string.Concat(
                    Enumerable.Range(1, 12).Select(n => $"#define A{n} A{n - 1}+A{n - 1}+A{n - 1}+A{n - 1}\n")));
                break;
            case "a type that breaks the parser":
                // What stands in the text itself is refused before the parser sees it.
                Append($"#define MANY {new string('*', 200)}\nstruct deep {{ int{string.Concat(Enumerable.Repeat(" MANY", 1500))} p; }};");
                break;
            case "records that double":
                Append("struct s0 { int x; };\n" + string.Concat(
                    Enumerable.Range(1, 40).Select(n => $"struct s{n} {{ struct s{n - 1} a, b; }};\n")));
                break;
            case "reports that are a link":
                Directory.CreateSymbolicLink(repository.Folder["abi-diff"], outside["folder"]);
                break;
            case "a define that selects an old copy":
                string old = repository.Folder.Text(Header);
                Break();
                repository.Folder.With(Header, $"#ifdef OLD\n{old}#else\n{repository.Folder.Text(Header)}#endif\n");
                ConfigureSet("\"defines\": [\"OLD\"],");
                repository.Generate();
                break;
            case "an include folder that selects an old copy":
                repository.Folder.With("headers/old/demo.h", repository.Folder.Text(Header));
                Break();
                repository.Folder.With(
                    Configuration, repository.Folder.Text(Configuration)
                        .Replace("[\"uapi\"]", "[\"old\", \"uapi\"]", StringComparison.Ordinal));
                repository.Generate();
                break;
            case "a break that accepts itself":
                Break();
                repository.Folder.With(
                    "accepted.json",
                    """{"suppressions": [{"rule": "HV4004", "symbol": "DEMO_ASK", "reason": "mine", "expires": "2999-12-31"}]}""");
                repository.Generate();
                break;
            case "a set that is not compared":
                repository.Folder.With(Configuration, repository.Folder.Text(Configuration).Replace("\"sets\": [{", """
                    "sets": [{ "name": "other", "headers": ["uapi.h"], "includePaths": ["uapi"],
                      "csharp": { "namespace": "Other", "output": "../other" } }, {
                    """, StringComparison.Ordinal));
                repository.Generate();
                break;
            case "a policy of its own":
                ConfigureSet("\"policies\": { \"hypervisor\": [\"*\"] },");
                Break();
                repository.Generate();
                break;
            case "a snapshot that is a link to a secret":
                File.Delete(repository.Folder["headers/abi/demo.x86_64.json"]);
                File.CreateSymbolicLink(repository.Folder["headers/abi/demo.x86_64.json"], outside["secret"]);
                break;
            case "words that steer":
                Break();
                Append("#define DEMO_TEXT \"\\x1b[31m\\n::set-output name=x::y\\n##[group]\\u202e | `<img src=x>` @everyone\"");
                repository.Generate();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(attack), attack, "no such attack");
        }

        if (commits)
        {
            repository.Commit("innocent change");
        }
    }

    private Ending Tool(string command)
    {
        string[] words = GitRepository.Tool.Split(' ');
        return repository.Run(words[0], [.. words[1..], .. command.Split(' ')]);
    }

    private static void RequireHarmless(string text)
    {
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, letter => letter is not '\n' and not '\t' && VisibleText.IsHidden(letter));
        bool isStopped = false;
        string? token = null;
        foreach (string line in text.Split('\n'))
        {
            if (token is null && line.StartsWith("::stop-commands::", StringComparison.Ordinal))
            {
                token = line["::stop-commands::".Length..];
                isStopped = true;
            }
            else if (isStopped && line == $"::{token}::")
            {
                (isStopped, token) = (false, null);
            }
            else
            {
                Assert.True(isStopped || !line.TrimStart().StartsWith("::", StringComparison.Ordinal), line);
            }
        }
    }

    private static string HashOf(string folder)
    {
        StringBuilder all = new();
        foreach (string path in Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string content = File.Exists(path) ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))) : "folder";
            all.Append(path).Append(' ').Append(content).Append('\n');
        }

        return all.ToString();
    }

    private static string[] SyncOf(string attack) =>
        attack.Contains("tree", StringComparison.Ordinal) || attack.Contains("suite", StringComparison.Ordinal) ? ["--sync", "1"] : [];

    private static void RequireOneOf(string alternatives, string said) =>
        Assert.True(
            alternatives.Split('|').Any(words => said.Contains(words, StringComparison.Ordinal)), $"none of \"{alternatives}\" in: {said}");
}
