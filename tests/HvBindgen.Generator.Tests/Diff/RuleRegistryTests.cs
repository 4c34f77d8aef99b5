using HvBindgen.Generator.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

public sealed class RuleRegistryTests
{
    [Fact]
    public void Every_file_of_the_rules_folder_is_a_registered_rule()
    {
        string folder = Path.Combine(Repository.Root, "generator", "HvBindgen.Generator", "Diff", "Rules");
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)!);

        Assert.Equal(
            files.Order(StringComparer.Ordinal), RuleSet.Registered.Select(rule => rule.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ids_are_unique_and_rise()
    {
        string[] ids = [.. RuleSet.All.Select(rule => rule.Id)];

        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void Every_rule_says_what_happened_why_it_matters_and_what_to_do()
    {
        Assert.All(RuleSet.All, rule =>
        {
            Assert.Matches("^HV[1-6][0-9]{3}$", rule.Id);
            Assert.NotEmpty(rule.Title);
            Assert.EndsWith(".", rule.Explanation, StringComparison.Ordinal);
            Assert.EndsWith(".", rule.Remedy, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Mirrors_are_rules_and_mirror_back()
    {
        Assert.All(RuleSet.All, rule => Assert.All(rule.Mirrors, id =>
        {
            RuleInfo mirror = RuleSet.All.Find(id)!;
            Assert.Contains(rule.Id, mirror.Mirrors.Count == 0 ? [mirror.Id] : mirror.Mirrors);
        }));
    }

    [Fact]
    public void Explain_prints_the_rule_whatever_the_case_of_its_id()
    {
        string text = RuleSet.All.Find("hv1004")!.Explain();

        Assert.StartsWith("HV1004: field moved", text, StringComparison.Ordinal);
        Assert.Contains("What to do", text, StringComparison.Ordinal);
        Assert.Null(RuleSet.All.Find("HV9999"));
    }

    [Fact]
    public void Every_rule_has_a_pair_of_fixtures_and_every_pair_its_rule()
    {
        Assert.Equal(
            RuleSet.Registered.Select(rule => rule.GetType().Name).Order(StringComparer.Ordinal),
            FixturePair.AllFolders().Select(folder => Path.GetFileName(folder)!));
    }
}
