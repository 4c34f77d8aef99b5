extern alias uapi;

using System.Text;
using System.Text.Json;
using Xunit;
using Own = uapi::HvBindgen.Uapi.Polyfills;

namespace HvBindgen.Uapi.Tests;

/// <summary>The generator's reader of JSON takes what .NET's takes, and refuses what that refuses.</summary>
public sealed class JsonTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData(" [ ] \r\n\t")]
    [InlineData("[1, -0, 0.5, 1e3, -2.5E-7, 18446744073709551615]")]
    [InlineData("{\"a\": [true, false, null], \"b\": {\"c\": \"\"}, \"a\": 2}")]
    [InlineData("\"\\u0041\\n\\\\\\\"\\/\\b\\f\\r\\t \u00e9\ud83d\ude00\"")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("[1 2]")]
    [InlineData("[1]]")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("-")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("tru")]
    [InlineData("True")]
    [InlineData("NaN")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"open")]
    [InlineData("// no comment\n1")]
    public void A_text_is_read_as_dotnet_reads_it(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal(Dotnet(bytes), Ours(bytes));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void What_is_deeper_than_allowed_is_refused(int depth, bool isTaken)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
        Own.JsonDocumentOptions options = new() { MaxDepth = 5 };

        Assert.Equal(isTaken, Record.Exception(() => Own.JsonDocument.Parse(bytes, options)) is null);
    }

    [Fact]
    public void A_fault_has_its_line_and_column()
    {
        Own.JsonException fault = Assert.Throws<Own.JsonException>(
            () => Own.JsonDocument.Parse("{\n  \"a\": !\n}"u8.ToArray(), new Own.JsonDocumentOptions { MaxDepth = 5 }));

        Assert.Equal((1, 7), (fault.LineNumber, fault.BytePositionInLine));
    }

    private static string Dotnet(byte[] bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return Describe(document.RootElement);
        }
        catch (JsonException)
        {
            return "refused";
        }
    }

    private static string Ours(byte[] bytes)
    {
        try
        {
            using Own.JsonDocument document = Own.JsonDocument.Parse(bytes, new Own.JsonDocumentOptions { MaxDepth = 64 });
            return Describe(document.RootElement);
        }
        catch (Own.JsonException)
        {
            return "refused";
        }
    }

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join(", ", element.EnumerateArray().Select(Describe))}]",
        JsonValueKind.Object => $"object {Has(element, "a")} {Has(element, "b")}",
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Number => $"{element.GetRawText()} {element.GetDouble()} {element.TryGetInt64(out long whole)} {whole}",
        _ => $"{element.ValueKind}",
    };

    private static string Describe(Own.JsonElement element) => element.ValueKind switch
    {
        Own.JsonValueKind.Array => $"[{string.Join(", ", element.EnumerateArray().Select(Describe))}]",
        Own.JsonValueKind.Object => $"object {Has(element, "a")} {Has(element, "b")}",
        Own.JsonValueKind.String => element.GetString()!,
        Own.JsonValueKind.Number => $"{element.GetRawText()} {element.GetDouble()} {element.TryGetInt64(out long whole)} {whole}",
        _ => $"{element.ValueKind}",
    };

    private static string Has(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? Describe(value) : "nothing";

    private static string Has(Own.JsonElement element, string name) =>
        element.TryGetProperty(name, out Own.JsonElement value) ? Describe(value) : "nothing";
}
