using Xunit;

namespace HvBindgen.Testing.Tests;

public sealed class RepositoryTests
{
    [Theory]
    [InlineData("/_/tests/HvBindgen.Generator.Tests/Emit/RecordTests.cs")]
    [InlineData("/home/someone/tests/HvBindgen.checkout/tests/HvBindgen.Generator.Tests/Emit/RecordTests.cs")]
    [InlineData("C:\\checkout\\tests\\HvBindgen.Generator.Tests\\Emit\\RecordTests.cs")]
    public void Sources_are_found_in_this_checkout_wherever_they_were_compiled(string sourceFile) =>
        Assert.Equal(Repository.PathOf("tests/HvBindgen.Generator.Tests/Emit/RecordTests.cs"), Repository.Locate(sourceFile));

    [Fact]
    public void Sources_that_are_no_tests_are_refused() =>
        Assert.Throws<ArgumentException>(() => Repository.Locate("/elsewhere/RecordTests.cs"));

    [Fact]
    public void What_was_not_built_is_named() =>
        Assert.Contains(
            "samples/Nothing", Assert.Throws<FileNotFoundException>(() => Repository.Built("samples/Nothing", "Nothing")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_sample_is_run_from_what_the_scripts_have_built()
    {
        Ending ending = ChildProgram.Run("dotnet", "msbuild", Repository.PathOf("samples/HelloGuest"), "-getProperty:Configuration");

        Assert.Equal(new Ending(0, "Release\n", ""), ending);
    }
}
