using HvBindgen.Cli.Printing;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary>An option that would do nothing is refused, and says what it needs.</summary>
public sealed class OptionRulesTests
{
    [Theory]
    [InlineData("generate --check --depfile out.d", "--depfile and --check do not go together")]
    [InlineData("generate --target arm64 --compile", "--compile does nothing here")]
    [InlineData("generate --memory-limit 100", "--memory-limit does nothing here")]
    [InlineData("snapshot --text a.json --check", "--text and --check do not go together")]
    [InlineData("snapshot --text a.json --output x", "--text and --output do not go together")]
    [InlineData("snapshot --text a.json --set demo", "--text and --set do not go together")]
    [InlineData("snapshot --text a.json --target arm64", "--text and --target do not go together")]
    [InlineData("lint --write-baseline a.json --baseline b.json", "--write-baseline and --baseline do not go together")]
    [InlineData("lint --write-baseline a.json --json", "--write-baseline and --json do not go together")]
    [InlineData("lint --write-baseline a.json --fail-on note", "--write-baseline and --fail-on do not go together")]
    [InlineData("lint --include inc", "--include does nothing here")]
    [InlineData("lint -D X=1", "--define does nothing here")]
    [InlineData("diff a b --header-root inc", "--header-root does nothing here")]
    [InlineData("diff a b --header-root inc --output r.json", "--header-root does nothing here")]
    [InlineData("diff a b --details --format json", "--details does nothing here")]
    [InlineData("diff a b --details --output r.md", "--details does nothing here")]
    [InlineData("diff a b --suggest-version 1.0.0 --output r.sarif", "--suggest-version does nothing here")]
    [InlineData("decode 0xb800 --record hv_message", "--record does nothing here")]
    [InlineData("doctor --json --conformance answers.txt", "--conformance and --json do not go together")]
    [InlineData("headers sync --kernel a --sysroot b", "--kernel and --sysroot do not go together")]
    [InlineData("headers sync --kernel a --mirror b", "--kernel and --mirror do not go together")]
    [InlineData("headers sync --sysroot a --mirror b", "--sysroot and --mirror do not go together")]
    [InlineData("headers sync --version 7.3.4-1", "--version does nothing here")]
    [InlineData("headers sync --update --kernel a --version 7.3.4-1", "--version does nothing here")]
    [InlineData("check-uapi v7.2 v7.3 --base v7.3", "--base and AFTER do not go together")]
    [InlineData("check-uapi v7.2 --past v7.1", "--past and BEFORE do not go together")]
    [InlineData("check-uapi --quiet --verbose", "--quiet and --verbose do not go together")]
    [InlineData("init --header a.h --namespace A --config other.json", "--config does nothing here")]
    public void An_option_that_would_do_nothing_is_refused(string line, string reason)
    {
        Ending ending = CommandLine.Run(line.Split(' '));

        Assert.Equal((int)ExitCode.BadConfiguration, ending.ExitCode);
        Assert.Contains(reason, ending.Error, StringComparison.Ordinal);
        Assert.Empty(ending.Out);
    }

    [Fact]
    public void A_refused_depfile_leaves_an_old_one_as_it_was()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        Assert.Equal(0, CommandLine.Run(folder, "generate", "--depfile", folder["out.d"]).ExitCode);
        string before = File.ReadAllText(folder["out.d"]);
        File.AppendAllText(folder["inc/demo.h"], "#define DEMO_MORE 1\n");

        Ending checkedOnly = CommandLine.Run(folder, "generate", "--check", "--depfile", folder["out.d"]);

        Assert.Equal((int)ExitCode.BadConfiguration, checkedOnly.ExitCode);
        Assert.Equal(before, File.ReadAllText(folder["out.d"]));
        Assert.Equal((int)ExitCode.Difference, CommandLine.Run(folder, "generate", "--check").ExitCode);
    }

    // Where one of several reports has a use for it, it does something.
    [Theory]
    [InlineData("--header-root inc --output {0}/r.json --output {0}/r.sarif")]
    [InlineData("--details --output {0}/r.md --output {0}/r.txt")]
    [InlineData("--details")]
    [InlineData("--suggest-version 1.0.0 --output {0}/r.sarif --output {0}/r.md")]
    [InlineData("--header-root inc --format sarif")]
    [InlineData("--fail-on break --details")]
    public void An_option_that_one_of_the_reports_needs_is_taken(string options)
    {
        using TemporaryFolder folder = CommandLine.Workplace().With("old/a.h", "#define A 1\n").With("new/a.h", "#define A 1\n");

        Ending ending = CommandLine.Run(
            ["diff", folder["old"], folder["new"], .. options.Replace("{0}", folder.Root, StringComparison.Ordinal).Split(' ')]);

        Assert.Equal(0, ending.ExitCode);
    }

    [Fact]
    public void Options_for_another_kind_of_side_are_refused()
    {
        using TemporaryFolder folder = CommandLine.Workplace().With("old/a.h", "#define A 1\n").With("new/a.h", "#define A 1\n");
        string configuration = folder["hvbindgen.json"];

        Ending included = CommandLine.Run("diff", configuration, configuration, "--include", folder["inc"]);
        Ending defined = CommandLine.Run("lint", configuration, "--define", "X=1");
        Ending selected = CommandLine.Run("diff", folder["old"], folder["new"], "--set", "demo");
        Ending told = CommandLine.Run("history", "A", folder["old/a.h"], folder["new/a.h"], "--set", "demo");

        Assert.All((Ending[])[included, defined, selected, told], ending => Assert.Equal(2, ending.ExitCode));
        Assert.Contains("--include and --define do nothing here", included.Error, StringComparison.Ordinal);
        Assert.Contains("--include and --define do nothing here", defined.Error, StringComparison.Ordinal);
        Assert.Contains("--set does nothing here", selected.Error, StringComparison.Ordinal);
        Assert.Contains("--set does nothing here", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_for_a_header_that_is_not_there_is_told()
    {
        using TemporaryFolder folder = CommandLine.Workplace();
        string configuration = folder["hvbindgen.json"];

        Ending mistyped = CommandLine.Run("diff", configuration, configuration, "--policy", "dmeo*=hypervisor");
        Ending right = CommandLine.Run("diff", configuration, configuration, "--policy", "demo*=hypervisor");

        Assert.Equal((0, 0), (mistyped.ExitCode, right.ExitCode));
        Assert.Contains("note: --policy dmeo*: no header of either side is called so", mistyped.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--policy", right.Error, StringComparison.Ordinal);
    }
}
