using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

/// <summary>A request that takes other arguments in another branch is asked for those of the definition in force.</summary>
public sealed class BranchRequestTests
{
    private const string Header =
        "#include <linux/ioctl.h>\n#ifdef __x86_64__\n#define RQ(len) _IOC(1, 2, 1, len)\n#else\n#define RQ(nr, len) _IOC(1, 2, nr, len)\n"
        + "#endif\n#define CALLS(len) RQ(len)\n";

    public BranchRequestTests() => LibClangLocator.Load();

    [Theory]
    [InlineData("x86_64", "(len)", 3)]
    [InlineData("arm64", "(nr, len)", 5)]
    public void Each_machine_has_its_own_samples(string target, string parameters, int samples)
    {
        AbiMacro macro = Macro(Header, "RQ", target);

        Assert.Equal((parameters, samples), (macro.Parameters, macro.Samples.Count));
    }

    [Theory]
    [InlineData("x86_64", 3)]
    [InlineData("arm64", 0)]
    public void Who_calls_it_is_a_request_where_the_arguments_fit(string target, int samples) =>
        Assert.Equal(samples, Macro(Header, "CALLS", target).Samples.Count);

    [Fact]
    public void A_definition_in_force_that_is_no_request_has_no_samples() =>
        Assert.Empty((IEnumerable<uint>)Macro(Header + "#undef RQ\n#define RQ(a, b, c) ((a) + (b) + (c))\n", "RQ", "x86_64").Samples);

    private static AbiMacro Macro(string header, string name, string target) =>
        FixtureHeaders.ParseText(header, target).Model.Macros.Single(macro => macro.Name == name);
}
