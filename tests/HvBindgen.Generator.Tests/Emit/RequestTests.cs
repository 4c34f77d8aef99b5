using HvBindgen.Generator.Emit;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class RequestTests
{
    private static readonly Dictionary<string, RequestFacts> Facts = new()
    {
        ["DEMO_MAKE"] = new()
        {
            Creates = "file",
            Descriptors = ["fd"],
            Longer = new LongerFacts("struct demo_make_long", "flags", "DEMO_BIT_LONG", "DEMO_FLAGS_MASK"),
            RefusesOnes = true,
        },
        ["DEMO_TABLE"] = new() { Elements = ("entries", "count") },
        ["DEMO_COPY"] = new()
        {
            Memory =
            [
                new MemoryFacts("from", "from_size", "read", "byte"),
                new MemoryFacts("to", "to_count", "write", "struct demo_entry"),
            ],
        },
        ["DEMO_START"] = new(),
        ["DEMO_POINT"] = new()
        {
            Memory = [new MemoryFacts("to", null, "write", "byte"), new MemoryFacts("count", null, "readwrite", "byte")],
        },
    };

    [Fact]
    public void The_table_has_every_request_with_what_it_does_beyond_its_argument()
    {
        Bindings bindings = Of(Facts, use: null, ["x86_64", "arm64"]);

        string[] lines = bindings.Declarations.Split('\n');
        Verifier.Verify(string.Join('\n', lines.SkipWhile(line => line != "// requests/Requests.g.cs")
            .TakeWhile(line => line == "// requests/Requests.g.cs" || !line.StartsWith("// ", StringComparison.Ordinal))), "cs");
    }

    [Fact]
    public void A_request_is_found_by_its_number_and_the_kind_of_its_descriptor()
    {
        Bindings bindings = Of(Facts, """
            return $"{Requests.All.Find(DescriptorKind.Device, Constants.DEMO_MAKE)} "
                + $"{Requests.All.Find(DescriptorKind.File, Constants.DEMO_MAKE)} "
                + $"{Requests.All.Rows.Count} {Requests.KindOf("/dev/demo")} {Requests.KindOf("/dev/other")}";
            """);

        Assert.Equal("DEMO_MAKE  5 Device ", bindings.Result);
    }

    [Fact]
    public void A_request_that_is_not_spoken_of_is_refused() => Refuse(
        "does not speak of DEMO_START", Facts.Where(pair => pair.Key != "DEMO_START"));

    [Fact]
    public void A_request_that_the_headers_do_not_have_is_refused() => Refuse(
        "names DEMO_GONE, which its headers do not have", Facts.Append(new("DEMO_GONE", new())));

    [Theory]
    [InlineData("gone", "from_size", "byte", "member gone of the argument of DEMO_COPY")]
    [InlineData("from", "gone", "byte", "member gone of the argument of DEMO_COPY")]
    [InlineData("from", "from_size", "struct gone", "struct gone")]
    public void A_member_or_record_that_the_headers_do_not_have_is_refused(
        string pointer, string size, string unit, string complaint) => Refuse(
        $"names {complaint}, which its headers for x86_64 do not have",
        Facts.Where(pair => pair.Key != "DEMO_COPY")
            .Append(new("DEMO_COPY", new() { Memory = [new MemoryFacts(pointer, size, "read", unit)] })));

    [Fact]
    public void Memory_whose_size_neither_the_configuration_nor_the_pointer_says_is_refused() => Refuse(
        "give the size of what from of the argument of DEMO_COPY points to",
        Facts.Where(pair => pair.Key != "DEMO_COPY")
            .Append(new("DEMO_COPY", new() { Memory = [new MemoryFacts("from", null, "read", "byte")] })));

    [Fact]
    public void A_kind_of_descriptor_without_requests_is_refused() => Refuse(
        "names \"socket\", a kind of descriptor that takes no request",
        Facts.Where(pair => pair.Key != "DEMO_START").Append(new("DEMO_START", new() { Creates = "socket" })));

    [Fact]
    public void All_that_is_wrong_is_told_in_one_run_and_once()
    {
        Dictionary<string, RequestFacts> facts = Facts.Where(pair => pair.Key is not ("DEMO_START" or "DEMO_TABLE")).ToDictionary();

        EmitException refused = Assert.Throws<EmitException>(() => Of(facts, targets: ["x86_64", "arm64"]));

        Assert.Equal(
            ["DEMO_START", "DEMO_TABLE"],
            refused.Message.Split('\n').Select(line => line.Split("does not speak of ")[1].Split(':')[0]).Order(StringComparer.Ordinal));
    }

    private static void Refuse(string complaint, IEnumerable<KeyValuePair<string, RequestFacts>> facts)
    {
        EmitException refused = Assert.Throws<EmitException>(() => Of(facts.ToDictionary()));

        Assert.Contains(complaint, refused.Message, StringComparison.Ordinal);
    }

    private static Bindings Of(Dictionary<string, RequestFacts> facts, string? use = null, string[]? targets = null) => Bindings.Of(
        "requests.h",
        use,
        targets: targets,
        parse: request => request with
        {
            Descriptors = new Dictionary<string,
            IReadOnlyList<string>>
            { ["device"] = ["DEMO_MAKE", "DEMO_TABLE"], ["file"] = ["DEMO_COPY", "DEMO_START", "DEMO_POINT"] },
        },
        emit: options => options with
        {
            Requests = new RequestOptions(
                "Requests")
            { Nodes = new Dictionary<string, string> { ["device"] = "/dev/demo" }, Arguments = facts },
        });
}
