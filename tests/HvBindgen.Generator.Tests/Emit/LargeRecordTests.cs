using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

/// <summary>Records at the runtime's limit, and above it.</summary>
public sealed class LargeRecordTests
{
    [Theory]
    [InlineData("struct f { char a[134217712]; char b[16]; int z; };", "struct f: a struct of 134217732 bytes")]
    [InlineData("struct f { char a[0x7fffffff]; };", "struct f: a struct of 2147483647 bytes")]
    [InlineData("union f { char a[134217713]; int b; };", "union f: a union of 134217716 bytes")]
    [InlineData("struct f { int n; struct { char a[134217712]; } in; };", "struct f: a struct of 134217716 bytes")]
    public void A_record_that_the_runtime_does_not_load_is_refused_by_name(string header, string expected)
    {
        EmitException refused = Assert.Throws<EmitException>(() => CSharpEmitter.Emit(
            MergedModel.Merge([FixtureHeaders.ParseText(header + "\n").Model]), new EmitOptions("Fixture", "")));

        Assert.EndsWith($"{expected} is larger than the runtime's limit of 134217712", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.IsTooLarge);
    }

    [Fact]
    public void The_largest_record_is_loaded()
    {
        Bindings bindings = Bindings.OfText(
            "struct f { char a[134217696]; int b, c, d; unsigned e:3; };\n", "x86_64");

        Assert.True(bindings.Facts > 0);
    }
}
