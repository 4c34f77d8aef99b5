using System.Text;
using HvBindgen.Cli.Starting;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

public sealed class ConfigurationTextTests
{
    [Theory]
    [InlineData("""{ "a": [] }""", """{ "a": [1] }""")]
    [InlineData("""{ "a": [0] }""", """{ "a": [0, 1] }""")]
    [InlineData("""{ "a": [0,] }""", """{ "a": [0, 1] }""")]
    [InlineData("""{ "a": [0 /* , */ ] }""", """{ "a": [0, 1 /* , */ ] }""")]
    [InlineData("{ \"a\": [\n  0\n] }", "{ \"a\": [\n  0,\n  1\n] }")]
    [InlineData("{ \"a\": [\n  0, // ,\n] }", "{ \"a\": [\n  0,\n  1 // ,\n] }")]
    public void An_element_is_added_where_the_others_are(string before, string after)
    {
        ConfigurationText text = new ConfigurationText(Encoding.UTF8.GetBytes(before)).Append("a", "1");

        Assert.Equal(after, Encoding.UTF8.GetString(text.Content));
    }

    [Theory]
    [InlineData("{}", """{"k": 1}""")]
    [InlineData("{\n  \"a\": { \"b\": [0] }\n}", "{\n  \"a\": { \"b\": [0] },\n  \"k\": 1\n}")]
    public void A_key_is_added_behind_the_others(string before, string after)
    {
        ConfigurationText text = new ConfigurationText(Encoding.UTF8.GetBytes(before)).AddKey("", "k", "1");

        Assert.Equal(after, Encoding.UTF8.GetString(text.Content));
    }
}
