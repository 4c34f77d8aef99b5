using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

/// <summary>Call codes with the records of their input and output, by name and as the configuration pairs them.</summary>
public sealed class CallTests
{
    private const string Header = """
        #define CALL_MAP 1
        #define CALL_READ 2
        #define CALL_NOTIFY 3
        #define CALL_WIDE 0x10000
        struct in_map { int page; };
        struct out_map { int count; };
        struct read_request { int page; };
        struct in_notify { int vector; };
        struct in_wide { int page; };
        struct empty {};
        """;

    [Fact]
    public void A_call_takes_the_records_that_are_called_as_it_is_and_those_that_it_is_paired_with()
    {
        string emitted = Emit(new() { ["CALL_READ"] = ("read_request", "out_map") });

        Assert.Matches(@"public static CallSignature<in_map, out_map> CALL_MAP => new\(0x0*1\);", emitted);
        Assert.Matches(@"public static CallSignature<read_request, out_map> CALL_READ => new\(0x0*2\);", emitted);
        Assert.Matches(@"public static CallSignature<in_notify> CALL_NOTIFY => new\(0x0*3\);", emitted);
    }

    [Fact]
    public void A_number_that_is_no_call_code_is_a_constant_alone()
    {
        string emitted = Emit([]);

        Assert.DoesNotContain("> CALL_WIDE", emitted, StringComparison.Ordinal);
        Assert.Contains("int CALL_WIDE = ", emitted, StringComparison.Ordinal);
        Assert.DoesNotContain("> CALL_READ", emitted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CALL_GONE", "in_map", "", "CALL_GONE")]
    [InlineData("CALL_READ", "gone", "out_map", "gone")]
    [InlineData("CALL_READ", "in_map", "gone", "gone")]
    [InlineData("CALL_READ", "struct in_map", "", "struct in_map")]
    [InlineData("CALL_READ", "empty", "", "empty")]
    public void A_pair_with_a_name_that_the_headers_do_not_have_is_refused(string code, string input, string output, string missing)
    {
        EmitException refused = Assert.Throws<EmitException>(() => Emit(new() { [code] = (input, output) }));

        Assert.Equal($"\"calls\" of fixture names {missing}, which its headers do not have", refused.Message);
    }

    [Fact]
    public void All_names_that_the_headers_do_not_have_are_told_at_once_also_on_two_targets()
    {
        EmitException refused = Assert.Throws<EmitException>(() => Emit(
            new() { ["CALL_GONE"] = ("lost", ""), ["CALL_READ"] = ("in_map", "far") }, "x86_64", "arm64"));

        Assert.Equal(
            ["CALL_GONE", "lost", "far"],
            refused.Message.Split('\n').Select(line => line.Split(" names ")[1].Split(',')[0]));
    }

    private static string Emit(Dictionary<string, (string Input, string Output)> pairs, params string[] targets)
    {
        IEnumerable<string> all = targets.Length > 0 ? targets : ["x86_64"];
        AbiModel[] models = [.. all.Select(target => FixtureHeaders.ParseText(Header, target).Model)];
        EmitOptions options = new("Fixture", "") { Calls = new CallOptions("Calls", "CALL_", "in_", "out_") { Pairs = pairs } };
        return string.Join('\n', CSharpEmitter.Emit(MergedModel.Merge(models), options).Select(file => file.Text));
    }
}
