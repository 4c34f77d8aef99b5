using HvBindgen.Generator.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

public sealed class VersionSuggestionTests
{
    [Theory]
    [InlineData("FieldRemoved", VersionStep.Major, "1.4.2", "2.0.0")]
    [InlineData("FieldRenamed", VersionStep.Major, "0.4.2", "0.5.0")]
    [InlineData("HoleFilled", VersionStep.Minor, "1.4.2", "1.5.0")]
    [InlineData("EnumAdded", VersionStep.Minor, "1.4.2", "1.5.0")]
    public void Step_follows_what_users_of_the_package_notice(string name, VersionStep step, string current, string next)
    {
        VersionSuggestion suggestion = VersionSuggestion.For([Compare(name)], Version.Parse(current));

        Assert.Equal(step, suggestion.Step);
        Assert.Equal(Version.Parse(next), suggestion.Next);
    }

    [Fact]
    public void Nothing_changed_is_a_patch()
    {
        AbiDiff nothing = FixturePair.Compare("struct a { int b; };", "struct a { int b; };");

        Assert.Equal(new Version(1, 0, 1), VersionSuggestion.For([nothing], new Version(1, 0, 0)).Next);
    }

    [Fact]
    public void Changelog_entry_sorts_changes_by_what_they_ask_of_the_reader()
    {
        string entry = VersionSuggestion.For([Compare("FieldInserted")], new Version(1, 0, 0)).ChangelogEntry;

        Assert.Equal(
            """
            ## 2.0.0

            ### Breaking

            - `reported.new_one`: field inserted (`__u32, before b`)

            ### Changed

            - `spared`: record grew (`8 bytes -> 12 bytes`)

            """.ReplaceLineEndings("\n"),
            entry);
    }

    private static AbiDiff Compare(string name) => FixturePair.Read(Path.Combine(FixturePair.Folder, name)).Compare();
}
