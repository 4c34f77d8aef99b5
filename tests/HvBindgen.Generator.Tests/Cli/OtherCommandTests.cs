using System.Text.Json;
using HvBindgen.Cli.Printing;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

public sealed class OtherCommandTests
{
    [Fact]
    public void Doctor_names_what_it_found_and_what_is_missing()
    {
        using TemporaryFolder folder = CommandLine.Workplace();

        Ending healthy = CommandLine.Run(folder, "doctor");
        File.Delete(folder["inc/demo.h"]);
        Ending ill = CommandLine.Run(folder, "doctor", "--json");

        Assert.Equal((int)ExitCode.Ok, healthy.ExitCode);
        Assert.Matches(@"found +libclang +\S+: .*clang version", healthy.Out);
        Assert.Contains("/dev/mshv", healthy.Out, StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.Difference, ill.ExitCode);
        using JsonDocument json = JsonDocument.Parse(ill.Out);
        JsonElement finding = Assert.Single(
            json.RootElement.GetProperty("findings").EnumerateArray(), row => row.GetProperty("state").GetString() == "missing");
        Assert.Equal("headers of demo", finding.GetProperty("subject").GetString());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("show", "--help")]
    [InlineData("explain", "--help")]
    public void Help_fits_a_terminal_and_does_not_list_every_completion(params string[] arguments)
    {
        Ending help = CommandLine.Run(arguments);

        Assert.All(help.Out.Split('\n'), line => Assert.True(line.Length < 200, line));
    }

    [Fact]
    public void Help_lists_every_exit_code()
    {
        Ending help = CommandLine.Run("--help");

        Assert.Equal(0, help.ExitCode);
        Assert.All(Enum.GetValues<ExitCode>(), code => Assert.Matches($@"(?m)^ +{(int)code}\b", help.Out));
    }

    [Fact]
    public void Version_is_three_numbers()
    {
        Ending version = CommandLine.Run("--version");

        Assert.Matches(@"^\d+\.\d+\.\d+\r?\n$", version.Out);
    }

    [Fact]
    public void Words_are_completed_for_the_shell()
    {
        Ending commands = CommandLine.Run("[suggest]", "");
        Ending targets = CommandLine.Run("[suggest:27]", "generate --target r");

        Assert.Contains("generate", commands.Out, StringComparison.Ordinal);
        Assert.Contains("riscv64", targets.Out, StringComparison.Ordinal);
    }
}
