using System.Text.Json;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;
using Xunit;

namespace HvBindgen.Generator.Tests.Hostile;

public sealed class VisibleTextTests
{
    private static JsonSerializerOptions Options { get; } = new() { Encoder = VisibleJsonEncoder.Instance };

    [Theory]
    [InlineData("plain \u00e9 \u4e2d 'quoted' <x>", "plain \u00e9 \u4e2d 'quoted' <x>")]
    [InlineData("\u001b[31mred\u0007", "\\x1b[31mred\\x07")]
    [InlineData("a\nb\r\tc", "a\\nb\\r\\tc")]
    [InlineData("c1 \u0085 \u009b del \u007f", "c1 \\x85 \\x9b del \\x7f")]
    [InlineData("\u202eevil\u2066x\u2069", "\\u202eevil\\u2066x\\u2069")]
    [InlineData("soft\u00adhyphen \u061c \u200f \u2028 \u2029 \ufeff", "soft\\xadhyphen \\u061c \\u200f \\u2028 \\u2029 \\ufeff")]
    [InlineData("filler \u3164 selector \ufe0f \ud83d\ude00", "filler \\u3164 selector \\ufe0f \ud83d\ude00")]
    [InlineData("tag \udb40\udc41", "tag \\udb40\\udc41")]
    public void What_steers_a_terminal_or_reorders_a_line_becomes_visible(string text, string expected) =>
        Assert.Equal(expected, VisibleText.Of(text));

    [Fact]
    public void Text_of_several_lines_keeps_them() => Assert.Equal("a\n\tb\\x1b", VisibleText.OfLines("a\n\tb\u001b"));

    // A file's name may hold a line feed, and messages quote it.
    [Theory]
    [InlineData("a\n::set-output name=x::y", "a\n\\x3a:set-output name=x::y")]
    [InlineData("::stop", "\\x3a:stop")]
    [InlineData("a\n \t ::stop\nb", "a\n \t \\x3a:stop\nb")]
    [InlineData("git::b and std::c", "git::b and std::c")]
    public void A_line_of_text_does_not_begin_like_a_command_of_a_workflow(string text, string expected) =>
        Assert.Equal(expected, VisibleText.OfLines(text));

    // C11 takes U+202E for a part of a name. In a comment or literal it is text, which is shown as an escape.
    [Fact]
    public void Name_with_a_letter_that_nobody_sees_is_refused_and_a_comment_is_not()
    {
        LibClangLocator.Load();
        using TemporaryFolder folder = new();
        folder.With("bad.h", "/* \u202e */\n#define FIRST 1\n#define SEC\u202eOND 2\n")
            .With("good.h", "/* \u202e */ // \u202e\n#define TEXT \"\u202e\"\n#define \u00c4 1\nstruct \u00e9\u00df\u207f { int x; };\n");

        HeaderParseException fault = Assert.Throws<HeaderParseException>(() => Parse("bad.h"));
        AbiModel read = SnapshotReader.Read(SnapshotWriter.Write(Parse("good.h")), "good");

        Assert.EndsWith(
            "bad.h:3:1: error: U+202E is not seen and changes how what is beside it is seen: names do not have it",
            fault.Message,
            StringComparison.Ordinal);
        Assert.Equal("\u00e9\u00df\u207f", Assert.Single(read.Records).Name);

        AbiModel Parse(string header) =>
            HeaderParser.Parse(new ParseRequest("demo", TargetInfo.Find("x86_64")!, [header], [folder.Root])).Model;
    }

    [Fact]
    public void Text_that_hides_nothing_is_not_copied()
    {
        string text = new('x', 10);

        Assert.Same(text, VisibleText.Of(text));
    }

    [Theory]
    [InlineData("int (*)(struct a *) <->&'+ \u00e9", "\"int (*)(struct a *) <->&'+ \u00e9\"")]
    [InlineData("x\u202ey \u009b\n\u001b\"\\", "\"x\\u202Ey \\u009B\\n\\u001B\\\"\\\\\"")]
    [InlineData("\ud83d\ude00", "\"\\uD83D\\uDE00\"")]
    public void Json_stays_legible_and_holds_nothing_hidden(string text, string expected)
    {
        string written = JsonSerializer.Serialize(text, Options);

        Assert.Equal(expected, written);
        Assert.Equal(text, JsonSerializer.Deserialize<string>(written));
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Encoder = VisibleJsonEncoder.Instance }))
        {
            writer.WriteStringValue(System.Text.Encoding.UTF8.GetBytes(text));
        }

        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }
}
