using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Configuration;

public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Paths_are_relative_to_the_file_and_multiarch_follows_the_target()
    {
        BindingConfiguration configuration = Read("""
            {
              // Comments and trailing commas are allowed.
              "targets": ["x86_64", "arm64",],
              "sets": [{
                "name": "demo", "headers": ["a/demo.h"], "includePaths": ["inc/{multiarch}", "inc"],
                "defines": ["BOTH"], "targetDefines": { "arm64": ["ONLY_ARM=1"] },
                "csharp": { "namespace": "My.Demo", "output": "out" },
              }]
            }
            """);

        BindingSet set = Assert.Single(configuration.Sets);
        ParseRequest request = set.ToParseRequest(set.Targets[1]);
        Assert.Equal([folder["inc/aarch64-linux-gnu"], folder["inc"]], request.IncludePaths);
        Assert.Equal(["BOTH", "ONLY_ARM=1"], request.Defines);
        Assert.Equal(["BOTH"], set.DefinesFor(set.Targets[0]));
        Assert.Equal(["a/demo.h"], request.OwnHeaders);
        Assert.Equal(folder["out"], set.OutputPath);
        Assert.Equal(folder["abi"], set.SnapshotPath);
        Assert.Equal(folder["headers.lock.json"], configuration.LockPath);
    }

    [Theory]
    [InlineData("""{ "sets": [], "targts": [] }""", ":1:15: unknown key \"targts\"; did you mean \"targets\"?")]
    [InlineData("{\n \"sets\": [ { \"nmae\": \"x\" } ]\n}", ":2:14: unknown key \"nmae\" in sets[0]; did you mean \"name\"?")]
    [InlineData("""{ "sets": [ { "name": "x" } ] }""", ":1:13: sets[0] lacks \"headers\", \"includePaths\"")]
    [InlineData("""{ "sets": "none" }""", ":1:11: sets must be a list, not a string")]
    [InlineData("""{ "sets": [ { "name": 3 } ] }""", ":1:23: sets[0].name must be a string, not a number")]
    [InlineData("""{ "sets": [], "sets": [] }""", ":1:15: \"sets\" is given twice")]
    [InlineData("""{ "sets": [] }""", ":1:11: there is no set")]
    [InlineData("""[1]""", ":1:1: the file must be an object, not a list")]
    [InlineData("{\n \"sets\": [ }", ":2:12: no JSON: ")]
    [InlineData("", ":1:1: no JSON: ")]
    public void A_fault_is_named_with_its_place(string text, string expected)
    {
        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => Read(text));

        Assert.StartsWith(folder["hvbindgen.json"] + expected, fault.Message, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Remedy);
    }

    [Theory]
    [InlineData("\"targets\": [\"x86-64\"]", "unknown target \"x86-64\"; did you mean \"x86_64\"?")]
    [InlineData("\"targets\": [\"arm64\", \"aarch64\"]", "target \"aarch64\" is listed twice")]
    [InlineData("\"targetDefines\": { \"vax\": [] }", "unknown target \"vax\"")]
    public void A_target_must_be_known_and_listed_once(string member, string expected)
    {
        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => Read(Minimal(member)));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Matches(@"hvbindgen\.json:2:\d+: ", fault.Message);
    }

    [Theory]
    [InlineData(
        """
        "requests": { "class": "R", "arguments": { "A": { "memory": [{ "pointer": "p", "size": "s", "use": "borrow" }] } } }
        """,
        "\"borrow\" is nothing that the kernel does with memory")]
    [InlineData("""
        "requests": { "class": "R", "arguments": { "A": { "refuses": "zeros" } } }
        """, "\"zeros\" is no argument to try")]
    [InlineData("""
        "requests": { "class": "1R", "arguments": {} }
        """, "\"1R\" is no C# identifier")]
    [InlineData(
        """
        "messages": { "class": "", "record": "m", "type": "t", "size": "s", "payload": "p", "types": "e", "payloads": {} }
        """,
        "\"\" is no C# identifier")]
    [InlineData(
        """
        "messages": { "record": "m", "type": "t", "size": "s", "payload": "p", "types": "e", "headers": { "x86-64": "h" }, "payloads": {} }
        """,
        "unknown target \"x86-64\"; did you mean \"x86_64\"?")]
    public void What_a_table_is_made_of_is_judged_at_its_place(string member, string expected)
    {
        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => Read(Minimal(member)));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Matches(@"hvbindgen\.json:2:\d+: ", fault.Message);
    }

    [Theory]
    [InlineData("\"output\": \"out\"", "the sets demo and more write to one folder")]
    [InlineData("\"output\": \"more\", \"support\": \"My.Demo\", \"sharedTypes\": \"Other\"", "differ in sharedTypes")]
    [InlineData("\"output\": \"more\", \"support\": \"1\"", "\"1\" is no C# namespace")]
    [InlineData("\"output\": \"more\", \"support\": \"My.event\"", "\"My.event\" is no C# namespace")]
    [InlineData("\"output\": \"more\", \"visibility\": \"private\"", "\"private\" is no visibility")]
    [InlineData("\"output\": \"more\", \"files\": \"one\"", "\"one\" is no way to cut a set into files")]
    [InlineData("\"output\": \"more\", \"language\": 13", "13 is no version of C# that is written")]
    [InlineData("\"output\": \"more\", \"language\": \"15\"", "sets[1].csharp.language must be a number, not a string")]
    [InlineData("\"output\": \"more\", \"support\": \"My.Demo\", \"language\": 15", "differ in language")]
    [InlineData("\"output\": \"more\", \"stripPrefixes\": [\"ok_\", \"a-\"]", "\"a-\" does not begin a C# identifier")]
    [InlineData("\"output\": \"more\", \"renames\": { \"struct a\": \"1a\" }", "\"1a\" is no C# identifier")]
    [InlineData("\"output\": \"more\", \"attributes\": { \"a\": [\"Flags(\"] }", "\"Flags(\" is no C# attribute")]
    [InlineData("\"output\": \"more\", \"attributes\": { \"a\": [\"A] class B; [C\"] }", "is no C# attribute: it is more than that")]
    [InlineData("\"output\": \"more\", \"attributes\": { \"a\": [\"assembly: A\"] }", "is no C# attribute")]
    public void Sets_of_one_assembly_must_fit_together(string csharp, string expected)
    {
        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => Read($$"""
            { "sets": [
              { "name": "demo", "headers": ["a.h"], "includePaths": [], "csharp": { "namespace": "My.Demo", "output": "out" } },
              { "name": "more", "headers": ["b.h"], "includePaths": [], "csharp": { "namespace": "My.More", {{csharp}} } }
            ] }
            """));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Matches(@"hvbindgen\.json:3:\d+: ", fault.Message);
    }

    [Fact]
    public void A_further_argument_must_be_a_type_as_C_spells_it()
    {
        const string Member = "\"alternateArguments\": { \"DEMO\": [\"int\", \"int [\"] }";

        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => Read(Minimal(Member)));

        Assert.Contains("\"int [\" is not a C type: expected ] at character 6", fault.Message, StringComparison.Ordinal);
        Assert.Matches(@"hvbindgen\.json:2:\d+: ", fault.Message);
    }

    [Fact]
    public void A_flag_of_the_compiler_must_be_a_known_one()
    {
        Assert.Equal(["-fms-extensions", "-UX"], Read(Minimal("\"flags\": [\"-fms-extensions\", \"-UX\"]")).Sets[0].Flags);

        ConfigurationException fault = Assert.Throws<ConfigurationException>(
            () => Read(Minimal("\"flags\": [\"-fms-extensions\", \"-fplugin=./x.so\"]")));

        Assert.Contains("\"-fplugin=./x.so\" is no flag that a set may have", fault.Message, StringComparison.Ordinal);
        Assert.Matches(@"hvbindgen\.json:2:\d+: ", fault.Message);
    }

    [Fact]
    public void A_set_is_selected_by_its_name()
    {
        BindingConfiguration configuration = Read(Minimal("\"block\": []"));

        Assert.Equal("demo", Assert.Single(configuration.Select(["demo"])).Name);
        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => configuration.Select(["dmo"]));
        Assert.Contains("did you mean \"demo\"", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_is_found_in_headers_here_or_above()
    {
        folder.With("headers/hvbindgen.json", "").With("src/deep/x", "");

        Assert.Equal(folder["headers/hvbindgen.json"], BindingConfiguration.Find(folder["src/deep"]));
        folder.With("src/hvbindgen.json", "");
        Assert.Equal(folder["src/hvbindgen.json"], BindingConfiguration.Find(folder["src/deep"]));
    }

    private BindingConfiguration Read(string text) => BindingConfiguration.Read(folder.With("hvbindgen.json", text)["hvbindgen.json"]);

    private static string Minimal(string member) => $$"""
        { "sets": [{ "name": "demo", "headers": ["d.h"], "includePaths": ["."], "csharp": { "namespace": "D", "output": "out" },
          {{member}} }] }
        """;
}
