using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;
using Xunit;

namespace HvBindgen.Generator.Tests.Hostile;

/// <summary>Short inputs that would cost minutes, gigabytes or the process: refused with their place, or done in time.</summary>
public sealed class CostlyInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public CostlyInputTests() => LibClangLocator.Load();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Macros_that_multiply_are_refused_where_they_become_too_many()
    {
        string header = "#define A0 1+1+1+1\n" + string.Concat(
            Enumerable.Range(1, 8).Select(n => $"#define A{n} A{n - 1}+A{n - 1}+A{n - 1}+A{n - 1}\n"));

        HeaderParseException fault = Assert.Throws<HeaderParseException>(() => Parse(header));

        Assert.Contains("demo.h:9:1: error: macro A8 expands to more than 100000 words", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_macros_and_one_that_names_itself_are_no_multiplication()
    {
        string header = "#define B0 7\n#define SELF SELF\n#define LEFT RIGHT\n#define RIGHT LEFT\n"
            + string.Concat(Enumerable.Range(1, 3000).Select(n => $"#define B{n} B{n - 1}\n"));

        AbiModel model = Parse(header).Model;

        Assert.Contains(
            model.Constants, constant => constant.Name == "B3000" && constant.Value is IntegerValue { Value: var value } && value == 7);
    }

    [Fact]
    public void A_type_deeper_than_compilers_bear_is_refused_with_its_place()
    {
        HeaderParseException fault = Assert.Throws<HeaderParseException>(
            () => Parse($"#define MANY {new string('*', 200)}\nstruct s {{\n\tint MANY MANY p;\n}};\n"));

        Assert.Contains("demo.h:3:", fault.Message, StringComparison.Ordinal);
        Assert.Contains("a type of more than 256 pointers", fault.Message, StringComparison.Ordinal);
        Assert.Single(Parse($"struct s {{ int {new string('*', 200)}p; }};\n").Model.Records);
    }

    [Fact]
    public void Parentheses_deeper_than_every_version_of_clang_bears_are_refused_with_their_place()
    {
        string deep = $"{new string('(', 3000)}1{new string(')', 3000)}";

        HeaderParseException fault = Assert.Throws<HeaderParseException>(() => Parse($"struct s {{\n\tint x[{deep}];\n}};\n"));

        Assert.Contains("demo.h:2:", fault.Message, StringComparison.Ordinal);
        Assert.Contains("bracket nesting level exceeded maximum of 256", fault.Message, StringComparison.Ordinal);
        Assert.Contains(
            Parse($"struct s {{ int x; }};\n#define DEEP {deep}\n").Omitted,
            macro => macro.Name == "DEEP" && macro.Reason.Contains("bracket nesting level", StringComparison.Ordinal));
        Assert.Single(Parse($"struct s {{ int x[{new string('(', 200)}1{new string(')', 200)}]; }};\n").Model.Records);
    }

    [Theory]
    [InlineData("x[", "- ", "1]", 2)]
    [InlineData("x[", "!", "1]", 2)]
    [InlineData("x[", "(int)", "1]", 2)]
    [InlineData("x[", "-(int)+", "1]", 2)]
    [InlineData("x[", "sizeof ", "1]", 2)]
    [InlineData("x[", "1 ? 1 : ", "1]", 2)]
    [InlineData("x[sizeof(", "y = ", "1)]", 2)]
    [InlineData("", "*", "x", 2)]
    [InlineData("x", "[1]", "", 2)]
    [InlineData("x[", "-\n/* a comment; */", "1]", 258)]
    [InlineData("x[", "-\n#define MACRO 1\n", "1]", 514)]
    [InlineData("x[", "- \\\n", "1]", 258)]
    [InlineData("x[", "siz\\\neof ", "1]", 259)]
    [InlineData("x[", "/* *\\ \r\n/ - ", "1]", 259)]
    public void What_stands_in_itself_more_often_than_compilers_bear_is_refused_with_its_place(
        string start, string part, string end, int line)
    {
        string Header(int count) => $"extern int y;\nextern int {start}{string.Concat(Enumerable.Repeat(part, count))}{end};\n";

        // The compiler would end the process: it is not asked where that is not found.
        Assert.Equal(line, NestingScan.FindTooDeep(Encoding.ASCII.GetBytes(Header(20_000))));
        HeaderParseException fault = Assert.Throws<HeaderParseException>(() => Parse(Header(20_000)));

        Assert.Contains(
            $"demo.h:{line}:1: error: more than 256 operators, casts, conditions or bounds of arrays", fault.Message,
            StringComparison.Ordinal);
        _ = Parse(Header(80));
    }

    [Fact]
    public void Long_lists_are_not_deep()
    {
        StringBuilder header = new("enum e {\n");
        for (int n = 0; n < 3000; n++)
        {
            header.Append(CultureInfo.InvariantCulture, $"\tE{n} = -(1 ? {n} : 2) + (int)+{n}, /* ((( - - \" */\n#define M{n} (-{n})\n");
        }

        header.Append("};\nstruct s {\n");
        for (int n = 0; n < 3000; n++)
        {
            header.Append(CultureInfo.InvariantCulture, $"\tint *a{n}[2][3] __attribute__((aligned(16)));\n#define OPEN{n} ((({n}\n");
        }

        header.Append("};\n#define SUM (").Insert(header.Length, "(1) | -2 + (int)3 | ", 3000)
            .Insert(header.Length, "F(1) * sizeof (int) + x[2] - sizeof(struct s) + ", 3000).Append("1)\n");

        Assert.Null(NestingScan.FindTooDeep(Encoding.ASCII.GetBytes(header.ToString())));
    }

    [Fact]
    public void Records_of_records_of_records_are_measured_or_refused_in_seconds()
    {
        Stopwatch watch = Stopwatch.StartNew();

        HeaderParseException fault = Assert.Throws<HeaderParseException>(() => Parse(Doubled(40, "int")));

        Assert.Contains("\"struct s19\" has more than 1000000 members", fault.Message, StringComparison.Ordinal);
        Assert.Equal(19, Parse(Doubled(18, "int")).Model.Records.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    [Fact]
    public void Records_nested_as_deep_as_C_allows_are_read_back_from_their_snapshot()
    {
        string body = "int x;";
        for (int level = 0; level < 63; level++)
        {
            body = $"struct {{ {body} }} m{level};";
        }

        AbiModel model = Parse($"struct top {{ {body} }};\n").Model;

        Assert.Equal(model.Records, SnapshotReader.Read(SnapshotWriter.Write(model), "deep").Records);
    }

    [Fact]
    public void A_chain_of_thousands_of_records_is_compared_in_seconds()
    {
        Stopwatch watch = Stopwatch.StartNew();

        AbiDiff diff = AbiDiffer.Compare([Chain(3000, "int")], [Chain(3000, "long")]);

        AbiChange change = Assert.Single(diff.Changes);
        Assert.Equal(101, change.Reach.Count);
        Assert.Equal("and 2899 more uses", change.Reach[100]);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("int (*", ")(void)")]
    [InlineData("int *", "")]
    [InlineData("int[3]", "")]
    [InlineData("void (*)(", ")")]
    public void A_snapshot_s_type_of_too_many_parts_is_refused(string open, string close)
    {
        StringBuilder text = new();
        if (open is "int (*" or "void (*)(")
        {
            text.Insert(0, open == "int (*" ? "(*" : open, 20_000).Insert(0, open == "int (*" ? "int " : "")
                .Insert(text.Length, close, 20_000);
        }
        else
        {
            text.Append("int").Insert(text.Length, open[3..], 20_000);
        }

        FormatException fault = Assert.Throws<FormatException>(() => AbiTypeText.Read(text.ToString()));

        Assert.Contains("a type of more than 1024", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_that_services_take_have_a_bounded_number_of_findings_and_say_so()
    {
        AbiModel before = Constants(6_000, 1);
        AbiComparison comparison = AbiComparison.Of([before], [Constants(6_000, 2)]);

        string sarif = SarifReport.Write(comparison);
        string html = HtmlReport.Write(comparison);

        using JsonDocument json = JsonDocument.Parse(sarif);
        JsonElement run = json.RootElement.GetProperty("runs")[0];
        Assert.Equal(SarifReport.MaximumResults, run.GetProperty("results").GetArrayLength());
        Assert.Equal(
            "6000 findings, of which the gravest 5000 are here; the JSON report has all of them.",
            run.GetProperty("invocations")[0].GetProperty("toolExecutionNotifications")[0].GetProperty("message")
                .GetProperty("text").GetString());
        Assert.Equal(HtmlReport.MaximumEntries, html.Split("<details").Length - 1);
        Assert.Contains("6000 changes, of which the first 2000 are here", html, StringComparison.Ordinal);
        Assert.True(MarkdownReport.Write(comparison).Length < 65_536);
        Assert.DoesNotContain("invocations", SarifReport.Write(AbiComparison.Of([before], [before])), StringComparison.Ordinal);
    }

    private static string Doubled(int levels, string first) =>
        $"struct s0 {{ {first} x; }};\n" + string.Concat(
            Enumerable.Range(1, levels).Select(n => $"struct s{n} {{ struct s{n - 1} a, b; }};\n"));

    private static AbiModel Chain(int count, string first)
    {
        SourceLocation place = new("demo.h");
        PrimitiveKind kind = first == "int" ? PrimitiveKind.Int : PrimitiveKind.Long;
        int size = first == "int" ? 4 : 8;
        AbiRecord[] records =
        [
            new("s0", RecordKind.Struct, true, size, size, [new AbiField("x", new AbiPrimitive(kind), 0, size * 8)], place),
            .. Enumerable.Range(1, count - 1).Select(n => new AbiRecord(
                $"s{n}", RecordKind.Struct, true, size, size,
                [new AbiField("a", new AbiRecordRef(RecordKind.Struct, $"s{n - 1}"), 0, size * 8)], place)),
        ];
        return new AbiModel("demo", TargetInfo.Find("x86_64")!, EquatableArray.From(records), [], [], [], [], []);
    }

    private static AbiModel Constants(int count, int value) => new(
        "demo", TargetInfo.Find("x86_64")!, [], [],
        EquatableArray.From(
            Enumerable.Range(0, count).Select(
                n => new AbiConstant($"C{n}", new AbiPrimitive(PrimitiveKind.Int), new IntegerValue(value), new SourceLocation("demo.h")))),
        [], [], []);

    private ParsedHeaders Parse(string header) => HeaderParser.Parse(
        new ParseRequest("demo", TargetInfo.Find("x86_64")!, ["demo.h"], [folder.With("demo.h", header).Root]));
}
