using HvBindgen.Cli.Printing;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary>What a configuration says of requests applies to something, or a note tells that it does not.</summary>
public sealed class ConfiguredRequestTests
{
    [Fact]
    public void Requests_and_types_that_a_configuration_speaks_of_are_looked_for()
    {
        const string header = "#include <linux/ioctl.h>\nstruct known { int a; };\n"
            + "#define LEN(len) _IOC(_IOC_READ, 1, 2, len)\n#define ONE _IO(1, 3)\n#define TWO _IO(1, 4)\n";
        const string uses = """
            "ioctls": { "LEN": "out char", "ONE": "in struct nosuch", "TWO": "in struct known", "GONE": "none" }
            """;
        using TemporaryFolder folder = CommandLine.Workplace(header, uses);
        folder.With(
            "hvbindgen.json",
            folder.Text("hvbindgen.json").Replace("\"inc\"", $"\"inc\", \"{FixtureFolders.Includes}\"", StringComparison.Ordinal));

        Ending result = CommandLine.Run(folder, "generate");

        Assert.Equal((int)ExitCode.Ok, result.ExitCode);
        Assert.Equal(
            [
                "note: set demo: \"ioctls\" has GONE, which is no request of its headers",
                "note: set demo: \"ioctls\" has ONE with struct nosuch, which its headers do not declare: the argument is an address of "
                    + "anything",
            ],
            result.Error.Split('\n').Where(line => line.Contains("\"ioctls\"", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }
}
