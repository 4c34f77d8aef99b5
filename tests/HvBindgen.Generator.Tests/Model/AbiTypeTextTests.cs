using CsCheck;
using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Generator.Tests.Model;

public sealed class AbiTypeTextTests
{
    [Fact]
    public void A_type_reads_back_as_the_type_that_was_written() =>
        RandomModels.Type.Sample(type => AbiTypeText.Read(AbiTypeText.Write(type)).Equals(type), iter: 20_000);

    [Theory]
    [InlineData("int")]
    [InlineData("unsigned long long")]
    [InlineData("struct foo *[4]")]
    [InlineData("int (*)(void *, unsigned long)")]
    [InlineData("int (*(*[3])(void))[2][5]")]
    [InlineData("void (*)(const_t, ...)")]
    [InlineData("__u8[]")]
    public void The_text_is_what_C_calls_an_abstract_declarator(string text) =>
        Assert.Equal(text, AbiTypeText.Write(AbiTypeText.Read(text)));

    [Theory]
    [InlineData("int", "int name")]
    [InlineData("struct foo *[4]", "struct foo *name[4]")]
    [InlineData("char[2][3]", "char name[2][3]")]
    [InlineData("int (*)(void)", "int (*name)(void)")]
    [InlineData("int (*(*)(void))(char)", "int (*(*name)(void))(char)")]
    [InlineData("int (*(*[3])(void))[2][5]", "int (*(*name[3])(void))[2][5]")]
    public void A_declaration_has_the_name_where_C_has_it(string type, string declaration) =>
        Assert.Equal(declaration, AbiTypeText.Declare(AbiTypeText.Read(type), "name"));

    [Theory]
    [InlineData("")]
    [InlineData("struct")]
    [InlineData("int [")]
    [InlineData("int[4")]
    [InlineData("int (*")]
    [InlineData("int (*)(")]
    [InlineData("int (*)(void")]
    [InlineData("int x y")]
    [InlineData("*int")]
    [InlineData("int[99999999999999999999]")]
    public void What_is_no_type_is_a_format_fault(string text)
    {
        Assert.Throws<FormatException>(() => AbiTypeText.Read(text));
    }

    [Fact]
    public void Any_text_is_a_type_or_a_format_fault() =>
        Gen.String[Gen.Char["int*()[]4, ._sruc"], 0, 24].Sample(
            text =>
            {
                try
                {
                    AbiTypeText.Read(text);
                }
                catch (FormatException)
                {
                    // The only fault that its callers expect.
                }
            },
            iter: 20_000);
}
