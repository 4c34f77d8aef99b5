using System.Text.Json;
using Xunit;

namespace HvBindgen.Docs.Tests;

/// <summary>The lines for bash do what the guide says, and the header folder's page tells every key of its files.</summary>
public class CompletionTests
{
    [Theory]
    [InlineData("hvbindgen deco", "decode")]
    [InlineData("hvbindgen show mshv_root", "mshv_root_hvcall")]
    [InlineData("hvbindgen explain HV100", "HV1004")]
    [InlineData("hvbindgen diff a b --target ar", "arm64")]
    public void Words_are_completed_in_bash(string line, string word)
    {
        using TemporaryFolder folder = new();
        string guide = File.ReadAllText(Path.Combine(Repository.Root, "generator/looking-things-up.md"));
        string script = guide.Split("```bash\n")[1].Split("```")[0];
        string tool = Path.GetDirectoryName(OutputTests.ToolScript(folder))!;

        Ending ending = new ChildProgram(
            "bash", "-c", $"{script}\nCOMP_LINE='{line}' COMP_POINT={line.Length}; _hvbindgen; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
        {
            Folder = folder.Root,
            Environment = new Dictionary<string, string?> { ["PATH"] = $"{tool}:{Environment.GetEnvironmentVariable("PATH")}" },
        }.Run();

        Assert.Contains(word, ending.Out.Split('\n'));
        Assert.True(ending.Out.Split('\n').Length < 250);
    }

    [Fact]
    public void Every_key_of_the_sources_is_told()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "headers/README.md"));
        using JsonDocument sources = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "headers/sources.json")));
        string[] keys =
        [
            .. sources.RootElement.EnumerateObject().Select(key => key.Name),
            .. sources.RootElement.GetProperty("packages").EnumerateArray().SelectMany(one => one.EnumerateObject())
                .Select(key => $"packages[].{key.Name}").Distinct(),
        ];

        Assert.Equal(10, keys.Length);
        Assert.All(keys, key => Assert.Contains($"| `{key}` |", page, StringComparison.Ordinal));
    }
}
