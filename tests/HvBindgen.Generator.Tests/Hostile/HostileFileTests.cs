using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Headers;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Output;
using HvBindgen.Generator.Tests.Cli;
using HvBindgen.Generator.Tests.Diff;
using HvBindgen.Generator.Tests.Headers;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Generator.Tests.Hostile;

/// <summary>
/// Files of a repository that are none, and names in them that lead elsewhere: nothing outside is read, written or said, and nothing waits.
/// </summary>
public sealed class HostileFileTests : IDisposable
{
    private const string Secret = "hunter2";

    private readonly TemporaryFolder outside = new TemporaryFolder().With("secret", $"{Secret} = 1\n");

    public void Dispose() => outside.Dispose();

    // Whoever knows the process's number knows the name that a file has before it is complete.
    [Fact]
    public void A_link_where_a_file_is_made_is_not_followed()
    {
        using TemporaryFolder folder = new();
        string temporary = folder[$"a.g.cs.hvbindgen-{Environment.ProcessId}"];
        File.CreateSymbolicLink(temporary, outside["secret"]);
        OutputPlan plan = new();
        plan.Add(folder.Root, "a.g.cs", "text");

        plan.Commit();

        Assert.Equal("text", folder.Text("a.g.cs"));
        Assert.Equal($"{Secret} = 1\n", outside.Text("secret"));
        Assert.False(File.Exists(temporary));
    }

    [Fact]
    public async Task A_link_where_the_lock_is_made_is_not_followed()
    {
        using HeaderWorkplace place = new();
        await place.SyncKernelAsync();
        string lockFile = $"{place.Options.LockPath}.new-{Environment.ProcessId}";
        File.CreateSymbolicLink(lockFile, outside["secret"]);
        HeaderAdoption.Adopt(place.Options);
        File.CreateSymbolicLink(lockFile, outside["secret"]);
        await HeaderSync.SyncAsync(
            place.Options with { KernelTree = place.Kernel.Root, Update = true, Refetch = true }, null,
            TestContext.Current.CancellationToken);

        Assert.Equal($"{Secret} = 1\n", outside.Text("secret"));
        Assert.True(place.Tree.Verify(HeaderLock.Read(place.Options.LockPath)).IsClean);
    }

    [Fact]
    public async Task A_header_that_is_a_link_to_elsewhere_is_neither_adopted_nor_taken_from_a_kernel()
    {
        using HeaderWorkplace place = new();
        await place.SyncKernelAsync();
        File.CreateSymbolicLink(place.Tree.FullPath("usr/include/linux/link.h"), outside["secret"]);
        File.CreateSymbolicLink(place.Kernel["include/uapi/linux/link.h"], outside["secret"]);

        HeaderSyncException adopted = Assert.Throws<HeaderSyncException>(() => HeaderAdoption.Adopt(place.Options));
        HeaderSyncException exported = await Assert.ThrowsAsync<HeaderSyncException>(() => place.SyncKernelAsync(update: true));

        Assert.Contains("linux/link.h is a link that leads out of", adopted.Message, StringComparison.Ordinal);
        Assert.Contains("linux/link.h is a link that leads out of", exported.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux-libc-dev", "../../../../tmp/x", "package")]
    [InlineData("linux-libc-dev", "/root/x", "package")]
    [InlineData("7.3.4-1~bpo13+1", "1 -o Dir::Etc=/x", "version")]
    [InlineData("trixie-backports", "sid\\\"; X", "suite")]
    [InlineData("trixie-backports", "../x", "suite")]
    public void Names_of_a_lock_that_are_none_are_refused(string name, string other, string kind)
    {
        using TemporaryFolder folder = new TemporaryFolder().With(
            "lock.json", HeaderLockTests.Sample.ToJson().Replace($"\"{name}\"", $"\"{other}\"", StringComparison.Ordinal));

        HeaderSyncException fault = Assert.Throws<HeaderSyncException>(() => HeaderLock.Read(folder["lock.json"]));

        Assert.Contains($"is no name of a {kind}", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hvbindgen.json", "generate")]
    [InlineData("headers.lock.json", "headers status")]
    [InlineData("sources.json", "headers sync")]
    [InlineData("accepted.json", "diff hvbindgen.json hvbindgen.json --suppressions accepted.json")]
    [InlineData("baseline.json", "lint hvbindgen.json --baseline baseline.json")]
    [InlineData("side", "diff side hvbindgen.json")]
    public void A_pipe_or_a_device_in_the_place_of_a_file_is_refused(string file, string command)
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        foreach (string device in (string[])["", "/dev/zero"])
        {
            File.Delete(folder[file]);
            if (device.Length == 0)
            {
                Assert.Equal(0, ChildProgram.Run("mkfifo", folder[file]).ExitCode);
            }
            else
            {
                File.CreateSymbolicLink(folder[file], device);
            }

            string[] words = GitRepository.Tool.Split(' ');
            Ending result = new ChildProgram(words[0], [.. words[1..], .. command.Split(' '), "--deadline", "30"]) { Folder = folder.Root }
                .Run();

            Assert.NotEqual(0, result.ExitCode);
            Assert.Matches("is no regular file|leads out of", result.Error);
        }
    }

    [Theory]
    [InlineData("__asm__(\".include \\\"SECRET\\\"\");\n", ".include")]
    [InlineData("__asm__(\".pushsection .data; .INCBIN \\\"SECRET\\\"; .popsection\");\n", ".INCBIN")]
    [InlineData("__asm__(\".macro go x\\n.\\\\x \\\"SECRET\\\"\\n.endm\\ngo include\");\n", ".macro")]
    [InlineData("extern int n __asm__(\"a\\n.include \\\"SECRET\\\"\\n\"); static int *user __attribute__((used)) = &n;\n", ".include")]
    [InlineData("int placed __attribute__((section(\".data\\n.include \\\"SECRET\\\"\\n#\"))) = 1;\n", ".include")]
    [InlineData("#ifndef __clang__\nvoid body(void) { __asm__(\".include \\\"SECRET\\\"\"); }\n#endif\n", ".include")]
    public void A_header_does_not_have_the_assembler_read_files(string text, string directive)
    {
        using TemporaryFolder folder = CommandLine.Workplace(
            CommandLine.Header + text.Replace("SECRET", outside["secret"], StringComparison.Ordinal), "\"targets\": [\"x86_64\"]");
        Requirement.Program("gcc", "gcc");

        Ending result = CommandLine.Run(folder, "verify", "--compiler", "gcc");

        Assert.Equal((int)ExitCode.CompilerUnusable, result.ExitCode);
        Assert.Contains($"the assembler's directive {directive}, which could read any file", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, result.Out + result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("__asm__(\".pushsection .data\\n.fill 0x8000000,1,1\\n.popsection\");\n", false)]
    [InlineData("__asm__(\".pushsection .data\\n.org 0x8000000,1\\n.popsection\");\n", false)]
    [InlineData("static char all[] __attribute__((used)) = { [1 << 26] = 1 };\n", false)]
    [InlineData("__asm__(\".pushsection .data\\n.fill 0x8000000,1,1\\n.popsection\");\n", true)]
    public void A_header_does_not_fill_the_disk(string text, bool isClang)
    {
        using TemporaryFolder folder = CommandLine.Workplace(CommandLine.Header + text, "\"targets\": [\"x86_64\"]");
        Compiler? compiler = CompilerFinder.Find(TargetInfo.Find("x86_64")!).FirstOrDefault(one => one.IsClang == isClang);
        if (compiler is null)
        {
            Requirement.SkipOrFail($"there is no {(isClang ? "clang" : "gcc")}");
        }

        Ending result = CommandLine.Run(folder, "verify", "--compiler", compiler!.Name);

        Assert.Equal((int)ExitCode.CompilerUnusable, result.ExitCode);
        Assert.Matches("what .* makes of the headers is larger than 64 MB: it is not kept", result.Error);
    }

    [Fact]
    public void A_header_whose_functions_have_asm_is_verified_as_ever()
    {
        using TemporaryFolder folder = CommandLine.Workplace(
            CommandLine.Header + "static inline int swap(int x) { __asm__(\"bswapl %0\" : \"+r\"(x)); return x; }\n"
                + "__asm__(\".globl demo_label\\ndemo_label:\");\n#define DEMO_TEXT \"see .include\"\n", "\"targets\": [\"x86_64\"]");
        Requirement.Program("gcc", "gcc");

        Ending result = CommandLine.Run(folder, "verify", "--compiler", "gcc");

        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Fact]
    public void Makefiles_are_not_run_of_what_is_not_trusted()
    {
        using GitRepository repository = new(withOutput: false);
        repository.Folder.With("Makefile", $"$(shell touch {outside["run"]})\nheaders_install:\n\ttouch {outside["run"]}\n")
            .With("arch/x86/x", "").With("usr/include/Makefile", $"$(shell touch {outside["run"]})\n");
        repository.Commit("a kernel");

        Ending result = repository.Run(
            "dotnet", [GitRepository.Tool.Split(' ')[1], "check-uapi", "HEAD~1", "HEAD", "--untrusted"], ("ARCH", "x86"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("check-uapi runs the makefiles of both revisions", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(outside["run"]));
    }

    // Attributes of the working tree are the branch's. The base's headers are read as they were committed.
    [Fact]
    public void Attributes_of_a_branch_do_not_change_how_the_base_is_read()
    {
        using GitRepository repository = new(withOutput: false);
        repository.Folder.With(".gitattributes", "*.h working-tree-encoding=UTF-16\n");
        repository.Git("add", ".gitattributes");
        repository.Git("-c", "core.safecrlf=false", "commit", "-q", "-m", "attributes");

        Ending result = repository.AbiDiff("--base", "main", "--drift", "none");

        Assert.True(result.ExitCode == 0, result.Out + result.Error);
    }
}
