using System.Xml.Linq;
using HvBindgen.Generator.Tests.Verification;
using Xunit;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>Generator and runtime meet in generated sources alone.</summary>
public sealed class ProjectReferenceTests
{
    [Theory]
    [InlineData("runtime/HvBindgen.Mshv.Abi")]
    [InlineData("runtime/HvBindgen.Kvm.Abi")]
    public void Generated_projects_reference_nothing(string folder)
    {
        string project = Directory.GetFiles(Path.Combine(RepositoryFolders.Root, folder), "*.csproj").Single();

        Assert.Empty(ReferencesOf(project));
    }

    [Fact]
    public void Nothing_at_run_time_references_the_generator()
    {
        string[] backward =
        [
            .. from project in Directory.GetFiles(Path.Combine(RepositoryFolders.Root, "runtime"), "*.csproj", SearchOption.AllDirectories)
               from reference in ReferencesOf(project)
               where reference.Contains("generator/", StringComparison.Ordinal) || reference.Contains("CodeAnalysis", StringComparison.Ordinal)
               select $"{Path.GetFileName(project)} references {reference}",
        ];

        Assert.Empty(backward);
    }

    [Fact]
    public void The_library_references_no_other_project()
    {
        string[] references =
            [.. ReferencesOf(Path.Combine(RepositoryFolders.Root, "generator/HvBindgen.Generator/HvBindgen.Generator.csproj"))];

        Assert.DoesNotContain(references, reference => reference.EndsWith(".csproj", StringComparison.Ordinal));
    }

    private static IEnumerable<string> ReferencesOf(string project) =>
        from element in XDocument.Load(project).Descendants()
        where element.Name.LocalName is "ProjectReference" or "PackageReference"
        let name = element.Attribute("Include")?.Value.Replace('\\', '/')
        where name is not null
        select name;
}
