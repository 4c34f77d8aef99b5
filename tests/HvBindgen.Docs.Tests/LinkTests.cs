using Xunit;

namespace HvBindgen.Docs.Tests;

/// <summary>Every link within the repository points to something that is there.</summary>
public class LinkTests
{
    public static TheoryData<string> AllDocuments => [.. Documents.All];

    [Theory]
    [MemberData(nameof(AllDocuments))]
    public void Every_link_has_a_target(string file)
    {
        string path = Path.Combine(Repository.Root, file);
        MarkdownDocument document = new(path);

        List<string> broken = [];
        foreach (MarkdownDocument.Link link in document.Links.Where(link => !link.Target.Contains("://", StringComparison.Ordinal)))
        {
            string[] parts = link.Target.Split('#', 2);
            string target = parts[0].Length == 0 ? path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, parts[0]));
            bool exists = File.Exists(target) || Directory.Exists(target);
            if (!exists || (parts.Length == 2 && !new MarkdownDocument(target).Anchors.Contains(parts[1])))
            {
                broken.Add($"{file}:{link.Line}: {link.Target}");
            }
        }

        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Fact]
    public void A_package_s_read_me_links_to_nothing_that_is_not_in_it()
    {
        // Where packages are shown, there is no folder around the file.
        List<string> relative = [];
        foreach (string file in Documents.All.Where(IsOfPackage))
        {
            relative.AddRange(new MarkdownDocument(Path.Combine(Repository.Root, file)).Links
                .Where(link => !link.Target.StartsWith("https://", StringComparison.Ordinal) && !link.Target.StartsWith('#'))
                .Select(link => $"{file}:{link.Line}: {link.Target}"));
        }

        Assert.True(Documents.All.Count(IsOfPackage) >= 7);
        Assert.True(relative.Count == 0, string.Join('\n', relative));
    }

    private static bool IsOfPackage(string file) =>
        file.EndsWith("/README.md", StringComparison.Ordinal)
            && (file.StartsWith("runtime/", StringComparison.Ordinal) || file.StartsWith("generator/", StringComparison.Ordinal));

    [Fact]
    public void Documents_are_found() => Assert.Contains("CONTRIBUTING.md", Documents.All);
}
