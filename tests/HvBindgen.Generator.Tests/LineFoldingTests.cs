using Xunit;

namespace HvBindgen.Generator.Tests;

public sealed class LineFoldingTests
{
    [Theory]
    [InlineData("short enough", "short enough")]
    [InlineData("words that go on behind the end", "words that go on\nbehind the end")]
    [InlineData("  a line further in goes on there", "  a line further in\n    goes on there")]
    [InlineData("name    what it is about, in words", "name    what it is\n        about, in\n        words")]
    [InlineData("one\nwords that go on behind it\n", "one\nwords that go on\nbehind it\n")]
    [InlineData("    a_name_that_fills_it", "    a_name_that_fills_it")]
    [InlineData("  in a_name_that_fills_it", "  in\na_name_that_fills_it")]
    [InlineData("in a_name_that_is_wider_than_all at", "in\na_name_that_is_wider_than_all\nat")]
    public void Lines_break_between_words_and_go_on_below_their_text(string text, string folded) =>
        Assert.Equal(folded, LineFolding.Fold(text, 20));

    [Fact]
    public void Colours_take_no_room()
    {
        Assert.Equal("\e[1mtwelve\e[0m and six", LineFolding.Fold("\e[1mtwelve\e[0m and six", 15));
        Assert.Equal("\e[1mtwelve\e[0m and\nsix", LineFolding.Fold("\e[1mtwelve\e[0m and six", 13));
    }
}
