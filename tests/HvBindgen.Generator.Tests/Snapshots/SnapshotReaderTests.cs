using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using HvBindgen.Generator.Snapshots;
using Xunit;

namespace HvBindgen.Generator.Tests.Snapshots;

public sealed partial class SnapshotReaderTests
{
    private static readonly string[] Headers =
        ["bitfield-union.h", "enum-kinds.h", "constant-texts-and-floats.h", "ioctl-kinds.h", "record-pointers.h"];

    [Fact]
    public void A_newer_schema_asks_for_a_newer_tool()
    {
        SnapshotException fault = Refuse(Valid().Replace("\"schema\": 2", "\"schema\": 3", StringComparison.Ordinal));

        Assert.Equal("test.json: schema 3 is newer than this tool, which reads schemas 1 to 2: use a newer hvbindgen", fault.Message);
    }

    [Fact]
    public void An_older_schema_asks_to_write_the_snapshot_again()
    {
        SnapshotException fault = Refuse(Valid().Replace("\"schema\": 2", "\"schema\": 0", StringComparison.Ordinal));

        Assert.Equal("test.json: schema 0 is older than this tool, which reads schemas 1 to 2: write the snapshot again", fault.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"schema\": \"1\"}")]
    [InlineData("{\"schema\": 1}")]
    [InlineData("{\"schema\": 1, \"set\": 2}")]
    [InlineData("{\"schema\": 99999999999}")]
    public void Other_JSON_is_refused(string text) => Refuse(text);

    [Fact]
    public void An_unknown_target_is_named()
    {
        SnapshotException fault = Refuse(Valid().Replace("x86_64", "vax", StringComparison.Ordinal));

        Assert.Contains("\"vax\"", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_cut_off_anywhere_is_refused()
    {
        byte[] whole = Encoding.UTF8.GetBytes(SnapshotText.Of("ioctl-kinds.h").TrimEnd('\n'));
        for (int length = 0; length < whole.Length; length += 7)
        {
            Assert.Throws<SnapshotException>(() => SnapshotReader.Read(whole.AsMemory(0, length), "test.json"));
        }
    }

    // Each value of each snapshot in turn becomes one of another kind.
    [Theory]
    [InlineData("null")]
    [InlineData("-1.5")]
    [InlineData("\"?\"")]
    [InlineData("{}")]
    [InlineData("[7]")]
    public void A_value_of_another_kind_is_refused_or_read_but_never_another_fault(string other)
    {
        foreach (string text in Headers.Select(SnapshotText.Of))
        {
            foreach (Match value in Value().Matches(text))
            {
                ReadOrRefuse(text[..value.Groups[1].Index] + other + text[(value.Groups[1].Index + value.Groups[1].Length)..]);
            }
        }
    }

    [Fact]
    public void Random_damage_is_refused_or_read_but_never_another_fault()
    {
        string[] texts = [.. Headers.Select(SnapshotText.Of)];
        Gen.Select(Gen.Int[0, texts.Length - 1], Gen.Int[0, 1_000_000], Gen.Char["\"{}[],:0-9etx\0 \u00e9"]).Sample(
            (which, position, character) =>
            {
                char[] damaged = texts[which].ToCharArray();
                damaged[position % damaged.Length] = character;
                ReadOrRefuse(new string(damaged));
            },
            iter: 5_000);
    }

    private static string Valid() => SnapshotText.Of("record-plain.h");

    private static SnapshotException Refuse(string text) =>
        Assert.Throws<SnapshotException>(() => SnapshotReader.Read(Encoding.UTF8.GetBytes(text), "test.json"));

    private static void ReadOrRefuse(string text)
    {
        try
        {
            SnapshotReader.Read(Encoding.UTF8.GetBytes(text), "test.json");
        }
        catch (SnapshotException fault)
        {
            Assert.StartsWith("test.json", fault.Message, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("\"[a-z_]+\": ?(\"[^\"\\\\]*\"|-?[0-9]+|true|\\[)")]
    private static partial Regex Value();
}
