using System.Text.RegularExpressions;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace HvBindgen.Generator.Tests.Hostile;

/// <summary>
/// What stands in workflows and actions: code of others by its hash alone, no more rights than each needs, and nothing that somebody else
/// may choose where a shell reads a program.
/// </summary>
public sealed partial class WorkflowFileTests
{
    // Who may write what, and nobody else anything.
    private static readonly Dictionary<string, string[]> Writers = new()
    {
        ["abi-comment.yml"] = ["pull-requests", "security-events"],
        ["new-kernel.yml"] = ["contents", "pull-requests"],
        ["release.yml"] = ["attestations", "id-token"],
    };

    // The one workflow that pushes.
    private const string Pushing = "new-kernel.yml";

    public static TheoryData<string> Workflows => [.. Names("workflows", "*.yml")];

    public static TheoryData<string> Files => [.. AllFiles];

    private static string[] AllFiles => [.. Names("workflows", "*.yml"), .. Names("actions", "action.yml")];

    [Fact]
    public void There_are_workflows_and_actions_to_look_at()
    {
        Assert.Contains("workflows/abi.yml", AllFiles);
        Assert.Contains("actions/abi-diff/action.yml", AllFiles);
        Assert.Empty(Directory.GetFiles(Repository.PathOf(".github"), "*.yaml", SearchOption.AllDirectories));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Code_of_others_is_named_by_hash_or_digest(string file)
    {
        foreach (YamlMappingNode mapping in Mappings(Read(file)))
        {
            if (Text(mapping, "uses") is { } uses)
            {
                Assert.True(uses.StartsWith("./", StringComparison.Ordinal) || Pinned().IsMatch(uses), $"uses: {uses}");
            }

            if (Text(mapping, "image") is { } image)
            {
                Assert.Matches("@sha256:[0-9a-f]{64}$", image);
            }

            Assert.False(mapping.Children.ContainsKey("container") && mapping["container"] is YamlScalarNode, "container: by its digest");
        }
    }

    // "${{ }}" is put into the script before a shell reads it: a branch's name would be a program. By way of env it is a value.
    [Theory]
    [MemberData(nameof(Files))]
    public void Scripts_take_values_from_the_environment_alone(string file)
    {
        foreach (YamlMappingNode mapping in Mappings(Read(file)))
        {
            Assert.DoesNotContain("${{", Text(mapping, "run") ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain("${{", Text(mapping, "shell") ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain("github-script", Text(mapping, "uses") ?? "", StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Steps_are_known_kinds_and_checkouts_keep_no_credentials(string file)
    {
        YamlMappingNode[] steps = [.. StepsOf(Read(file))];

        Assert.NotEmpty(steps);
        Assert.All(steps, step =>
        {
            Assert.True(Text(step, "uses") is null != Text(step, "run") is null, $"a step has uses or run: {step}");
            if (file.StartsWith("actions/", StringComparison.Ordinal))
            {
                Assert.True(Text(step, "run") is null || Text(step, "shell") == "bash", $"a step of an action names its shell: {step}");
            }

            if (IsCheckout(step) && !file.EndsWith(Pushing, StringComparison.Ordinal))
            {
                Assert.Equal("false", Text((YamlMappingNode)step["with"], "persist-credentials"));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Workflows_say_what_they_may_and_it_is_what_they_need(string file)
    {
        YamlMappingNode workflow = Read(file);
        string[] writes =
        [
            .. Mappings(workflow).Where(mapping => mapping.Children.ContainsKey("permissions"))
                .SelectMany(mapping => Assert.IsType<YamlMappingNode>(mapping["permissions"]).Children)
                .Select(right => (Name: $"{right.Key}", Value: $"{right.Value}"))
                .Where(right => right.Value != "read")
                .Select(right => right.Name).Distinct().Order(),
        ];

        Assert.True(workflow.Children.ContainsKey("permissions"), "without permissions it has those of the repository");
        Assert.Equal(Writers.GetValueOrDefault(Path.GetFileName(file), []), writes);
        Assert.Equal(writes.Length > 0, Writers.ContainsKey(Path.GetFileName(file)));
        Assert.All(Jobs(workflow), job => Assert.True(int.Parse(Text(job, "timeout-minutes")!) is > 0 and <= 120));
    }

    // With a token that may write, or with secrets, no workflow runs code of a pull request.
    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_pull_request_starts_nothing_that_has_a_token_that_writes_or_a_secret(string file)
    {
        YamlMappingNode workflow = Read(file);
        YamlMappingNode events = Assert.IsType<YamlMappingNode>(workflow["on"]);
        string text = File.ReadAllText(Path.Combine(Repository.PathOf(".github"), file));
        string[] names = [.. events.Children.Keys.Select(key => $"{key}")];

        Assert.Empty(names.Except(["pull_request", "push", "schedule", "workflow_dispatch", "workflow_run"]));
        Assert.False(names.Contains("pull_request") && Writers.ContainsKey(Path.GetFileName(file)));
        Assert.DoesNotContain("secrets.", text, StringComparison.Ordinal);
        if (names.Contains("pull_request"))
        {
            Assert.DoesNotContain("github.token", text, StringComparison.Ordinal);
        }

        if (names.Contains("workflow_run"))
        {
            // The default branch's code, whatever the other run was for: no checkout says another revision.
            Assert.All(StepsOf(workflow).Where(IsCheckout), step => Assert.Null(Text((YamlMappingNode)step["with"], "ref")));
        }
    }

    private static string[] Names(string folder, string pattern)
    {
        string root = Repository.PathOf(".github");
        return
        [
            .. Directory.GetFiles(Path.Combine(root, folder), pattern, SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(root, path)).Order(StringComparer.Ordinal),
        ];
    }

    private static YamlMappingNode Read(string file)
    {
        using StreamReader reader = new(Path.Combine(Repository.PathOf(".github"), file));
        YamlStream stream = [];
        stream.Load(reader);
        return Assert.IsType<YamlMappingNode>(Assert.Single(stream.Documents).RootNode);
    }

    private static IEnumerable<YamlMappingNode> Mappings(YamlNode node) => node.AllNodes.OfType<YamlMappingNode>();

    private static IEnumerable<YamlMappingNode> Jobs(YamlMappingNode workflow) =>
        ((YamlMappingNode)workflow["jobs"]).Children.Values.Cast<YamlMappingNode>();

    private static IEnumerable<YamlMappingNode> StepsOf(YamlMappingNode root) => Mappings(root)
        .Where(mapping => mapping.Children.ContainsKey("steps") && mapping["steps"] is YamlSequenceNode)
        .SelectMany(mapping => ((YamlSequenceNode)mapping["steps"]).Cast<YamlMappingNode>());

    private static bool IsCheckout(YamlMappingNode step) =>
        Text(step, "uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true;

    private static string? Text(YamlMappingNode mapping, string key) =>
        mapping.Children.TryGetValue(key, out YamlNode? value) && value is YamlScalarNode scalar ? scalar.Value : null;

    [GeneratedRegex("^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+@[0-9a-f]{40}$")]
    private static partial Regex Pinned();
}
