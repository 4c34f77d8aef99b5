using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary>A small repository that installs headers as the kernel's does.</summary>
public sealed class CheckUapiTests : IDisposable
{
    private const string Ring = "struct ring {\n\tint first;\n\tint second;\n};\n";

    private readonly TemporaryFolder folder = new();

    public CheckUapiTests()
    {
        Requirement.Program("git", "git");
        Requirement.Program("make", "make");
        folder.With("Makefile", """
            headers_install:
            	mkdir -p $(INSTALL_HDR_PATH)/include
            	cp -r include/uapi/. arch/$(ARCH)/include/uapi/. $(INSTALL_HDR_PATH)/include
            """ + "\n");
        folder.With(
            "usr/include/Makefile", "no-header-test += linux/kernelish.h\nifeq ($(SRCARCH),x86)\nno-header-test += asm/part-%\nendif\n");
        folder.With("include/uapi/linux/ring.h", Ring).With("include/uapi/linux/same.h", "not C at all\n");
        folder.With("include/uapi/linux/kernelish.h", "what is this\n").With("arch/x86/include/uapi/asm/part-one.h", "nor this\n");
        folder.With("include/uapi/asm-generic/nobody.h", "nobody t\n").With("arch/x86/include/uapi/asm/machine.h", "#define MACHINE 1\n");
        Git("init", "-q", "-b", "main");
        Git("config", "user.name", "t");
        Git("config", "user.email", "t@example.org");
        Commit("first");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Nothing_changed_in_the_headers_is_compatible()
    {
        folder.With("kernel/sched.c", "int x;\n");
        Commit("second");

        Ending result = Check();

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("no uapi header differs between HEAD^1 and HEAD", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Addition_is_compatible_and_told_on_request()
    {
        folder.With("include/uapi/linux/ring.h", Ring + "#define RING_MORE 1\n")
            .With("include/uapi/linux/new.h", "struct fresh { int a; };\n");
        Commit("second");

        Ending plain = Check();
        Ending verbose = Check("-v");

        Assert.True(plain.ExitCode == 0, plain.Error);
        Assert.DoesNotContain("linux/ring.h", plain.Out, StringComparison.Ordinal);
        Assert.Contains("linux/ring.h: additive", verbose.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("struct ring {\n\tlong long first;\n\tint second;\n};\n", "linux/ring.h:2:", 1, 1)]
    [InlineData("struct ring {\n\tint first;\n\tint second, third;\n};\n", "record grew", 1, 0)]
    [InlineData("struct ring {\n\tint a b;\n};\n", "does not compile for x86_64: linux/ring.h:2:", 1, 1)]
    public void What_is_not_compatible_fails_with_the_header_and_its_line(string now, string expected, int exitCode, int ignoring)
    {
        folder.With("include/uapi/linux/ring.h", now);
        Commit("second");

        Ending result = Check("-l", folder["failures.txt"]);

        Assert.Equal((exitCode, ignoring), (result.ExitCode, Check("-i").ExitCode));
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Contains("error: 1 of ", result.Error, StringComparison.Ordinal);
        Assert.Contains(expected, folder.Text("failures.txt"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HV1010", "ring", "2099-12-31", 0, " uapi headers of x86 are compatible between HEAD^1 and HEAD; 1 differ")]
    [InlineData("HV1010", "ring", "2020-01-01", 2, "expired on 2020-01-01")]
    [InlineData("HV1010", "other", "2099-12-31", 2, "matches no change any more")]
    public void Accepted_change_passes_and_one_that_is_accepted_no_more_is_said(
        string rule, string symbol, string expires, int exitCode, string expected)
    {
        folder.With("include/uapi/linux/ring.h", Ring.Replace("second;", "second, third;", StringComparison.Ordinal))
            .With("accepted.json", $$"""
                {"suppressions": [{"rule": "{{rule}}", "symbol": "{{symbol}}", "reason": "both sizes are taken", "expires": "{{expires}}"}]}
                """);
        Commit("second");

        Ending result = Check("--suppressions", "accepted.json");

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(expected, result.Out + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Accepted_change_leaves_the_others_as_they_are()
    {
        folder.With("include/uapi/linux/ring.h", Ring.Replace("second;", "second, third;", StringComparison.Ordinal))
            .With("arch/x86/include/uapi/asm/machine.h", "#define MACHINE 2\n")
            .With("accepted.json", """
                {"suppressions": [{"rule": "HV1010", "symbol": "ring", "reason": "both sizes are taken", "expires": "2099-12-31"}]}
                """);
        Commit("second");

        Ending result = Check("--suppressions", "accepted.json");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("asm/machine.h", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("linux/ring.h", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Header_that_is_gone_always_fails()
    {
        Git("rm", "-q", "include/uapi/linux/ring.h");
        Commit("second");

        Ending result = Check("-i");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("linux/ring.h: the header is gone", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_working_tree_is_compared_with_head()
    {
        folder.With("include/uapi/linux/ring.h", Ring.Replace("int first", "long long first", StringComparison.Ordinal));

        Ending result = Check();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("between HEAD and the working tree", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Revisions_are_named_by_position_or_by_the_script_s_options()
    {
        folder.With("include/uapi/linux/ring.h", Ring.Replace("int first", "long long first", StringComparison.Ordinal));
        Commit("second");
        folder.With("readme", "more\n");
        Commit("third");

        Assert.Equal(
            (0, 1, 1, 1), (Check().ExitCode, Check("HEAD~2").ExitCode, Check("HEAD~2", "HEAD~1").ExitCode, Check("-b", "HEAD~1").ExitCode));
        Assert.Equal(1, Check("-p", "HEAD~2", "-b", "HEAD").ExitCode);
    }

    [Fact]
    public void Quiet_says_nothing_and_answers_by_its_exit_code()
    {
        folder.With("include/uapi/linux/ring.h", Ring.Replace("int first", "long long first", StringComparison.Ordinal));
        Commit("second");

        Ending result = Check("-q");

        Assert.Equal((1, "", ""), (result.ExitCode, result.Out, result.Error));
    }

    [Theory]
    [InlineData("nowhere", "the revision \"nowhere\" is not known here")]
    [InlineData("HEAD", "are the same commit")]
    [InlineData("side", "is no ancestor of HEAD")]
    public void What_cannot_be_checked_is_said_with_exit_code_2(string past, string expected)
    {
        Git("branch", "side");
        folder.With("other", "x");
        Git("checkout", "-q", "side");
        Commit("aside");
        Git("checkout", "-q", "main");

        Ending result = Check("-p", past, "-b", "HEAD");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Machine_that_the_tree_does_not_have_is_refused()
    {
        Ending result = Tool([], ("ARCH", "arm64"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("there is no arch/arm64 in ", result.Error, StringComparison.Ordinal);
    }

    private Ending Check(params string[] arguments) => Tool(arguments, ("ARCH", "x86"));

    private Ending Tool(string[] arguments, params (string Name, string Value)[] environment) =>
        new ChildProgram("dotnet", [Path.Combine(AppContext.BaseDirectory, "hvbindgen.dll"), "check-uapi", .. arguments])
        {
            Folder = folder.Root,
            Environment = environment.ToDictionary(pair => pair.Name, string? (pair) => pair.Value),
        }.Run();

    private void Commit(string message)
    {
        Git("add", "-A");
        Git("commit", "-q", "-m", message);
    }

    private void Git(params string[] arguments)
    {
        Ending ending = new ChildProgram("git", arguments) { Folder = folder.Root }.Run();
        Assert.True(ending.ExitCode == 0, ending.Error);
    }
}
