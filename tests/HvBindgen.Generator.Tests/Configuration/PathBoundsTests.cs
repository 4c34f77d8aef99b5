using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Files;
using Xunit;

namespace HvBindgen.Generator.Tests.Configuration;

/// <summary>What a repository's configuration may name: nothing outside the repository, whatever links say.</summary>
public sealed class PathBoundsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public PathBoundsTests() => folder.With("repo/.git/config", "token").With("repo/headers/uapi/d.h", "").With("outside/d.h", "");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("\"sources\": \"../../outside/sources.json\"", "\"../../outside/sources.json\" leads out of ")]
    [InlineData("\"lock\": \"/tmp/lock\"", "\"/tmp/lock\" leads out of ")]
    [InlineData("\"lock\": \"../.git/config\"", "\"../.git/config\" leads out of ")]
    [InlineData("\"tree\": \"../../outside\"", "\"../../outside\" leads out of ")]
    [InlineData("\"tree\": \".\"", "\".\" holds more than fetched headers")]
    [InlineData("\"tree\": \"..\"", "\"..\" holds more than fetched headers")]
    [InlineData("\"tree\": \"/usr/include\"", "\"/usr/include\" leads out of ")]
    [InlineData("\"snapshots\": \"out\"", "\"out\" leads out of ")]
    [InlineData("\"snapshots\": \"loop\"", "\"loop\" is no path: ")]
    [InlineData("\"snapshots\": \"a\\u0000b\"", "is no path: ")]
    [InlineData("\"libclang\": \"./evil.so\"", "unknown key \"libclang\"")]
    public void A_path_that_leads_out_is_refused_with_its_place(string member, string expected)
    {
        File.CreateSymbolicLink(folder["repo/headers/out"], "../../outside");
        File.CreateSymbolicLink(folder["repo/headers/loop"], "loop");

        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => Read($"{member},\n"));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Matches(@"hvbindgen\.json:2:\d+: ", fault.Message);
    }

    [Theory]
    [InlineData("includePaths", "[\"../../outside\"]")]
    [InlineData("includePaths", "[\"/etc\"]")]
    [InlineData("includePaths", "[\"/usr/local/include\"]")]
    [InlineData("includePaths", "[\"../.git\"]")]
    [InlineData("snapshots", "\"../../outside\"")]
    [InlineData("csharp", "{ \"namespace\": \"D\", \"output\": \"../../outside\" }")]
    public void So_is_one_of_a_set(string key, string value)
    {
        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => Read("", key, value));

        Assert.Contains("leads out of", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--allow-path", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[\"uapi\", \"/usr/include/{multiarch}\", \"/usr/include\"]")]
    [InlineData("[\"inside\", \"not/there/yet\"]")]
    public void What_is_inside_or_the_distribution_s_may_be_read(string includePaths)
    {
        Directory.CreateSymbolicLink(folder["repo/headers/inside"], "uapi");

        Assert.Single(Read("", "includePaths", includePaths).Sets);
    }

    [Fact]
    public void The_user_may_allow_more_than_the_repository()
    {
        PathBounds bounds = PathBounds.Around(folder["repo/headers/hvbindgen.json"], [folder["outside"]]);

        BindingConfiguration configuration = Read("\"lock\": \"../../outside/lock\",\n", "includePaths", "[\"../../outside\"]", bounds);

        Assert.Equal([folder["outside"]], configuration.Sets[0].IncludePaths);
    }

    [Fact]
    public void The_search_stops_at_the_top_of_the_repository()
    {
        folder.With("hvbindgen.json", "").With("headers/hvbindgen.json", "").With("repo/src/x", "");

        Assert.Null(BindingConfiguration.Find(folder["repo/src"]));
        folder.With("repo/headers/hvbindgen.json", "");
        Assert.Equal(folder["repo/headers/hvbindgen.json"], BindingConfiguration.Find(folder["repo/src"]));
    }

    [Fact]
    public void A_folder_of_another_user_is_trusted_only_by_who_starts_in_one_of_his()
    {
        uint mine = FileStatus.Of(folder.Root)!.Owner;

        Assert.True(FileStatus.IsTrusted(folder.Root, null));
        Assert.Equal(0u, FileStatus.Of("/")?.Owner);
        Assert.Null(FileStatus.Of(folder["nowhere"]));
        Assert.SkipUnless(mine == 0, "only root can give a folder to another user");
        Assert.Equal(0, new ChildProgram("chown", ["12345", folder["repo"]]).Run().ExitCode);
        Assert.False(FileStatus.IsTrusted(folder["repo"], mine));
        Assert.True(FileStatus.IsTrusted(folder["repo"], 12345));
        folder.With("repo/hvbindgen.json", "").With("repo/headers/deep/x", "");
        Directory.Delete(folder["repo/.git"], recursive: true);
        Assert.Null(BindingConfiguration.Find(folder["repo/headers/deep"]));
    }

    private BindingConfiguration Read(string members, string key = "block", string value = "[]", PathBounds? bounds = null)
    {
        string includes = key == "includePaths" ? "" : "\"includePaths\": [\"uapi\"],";
        string csharp = key == "csharp" ? "" : "\"csharp\": { \"namespace\": \"D\", \"output\": \"../src\" },";
        folder.With("repo/headers/hvbindgen.json", $$"""
            {
              {{members}} "sets": [{ "name": "demo", "headers": ["d.h"], {{includes}} {{csharp}} "{{key}}": {{value}} }]
            }
            """);
        return BindingConfiguration.Read(folder["repo/headers/hvbindgen.json"], bounds);
    }
}
