using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>Generator and runtime meet in generated sources; the command line alone sees both.</summary>
public sealed partial class ProjectReferenceTests
{
    // Each runtime project with those it may use. The emulator stands behind the runtime's system calls, so nothing leads to it.
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["HvBindgen.Abi"] = [],
        ["HvBindgen.Mshv.Abi"] = ["HvBindgen.Abi"],
        ["HvBindgen.Kvm.Abi"] = ["HvBindgen.Abi"],
        ["HvBindgen.Emulation"] = [],
        ["HvBindgen.Mshv"] = ["HvBindgen.Abi", "HvBindgen.Emulation", "HvBindgen.Mshv.Abi"],
        ["HvBindgen.Mshv.Conformance"] = ["HvBindgen.Abi", "HvBindgen.Mshv", "HvBindgen.Mshv.Abi"],
        ["HvBindgen.Mshv.Gdb"] = ["HvBindgen.Abi", "HvBindgen.Emulation", "HvBindgen.Mshv", "HvBindgen.Mshv.Abi"],
        ["HvBindgen.Mshv.Emulator"] = ["HvBindgen.Abi", "HvBindgen.Emulation", "HvBindgen.Kvm.Abi", "HvBindgen.Mshv", "HvBindgen.Mshv.Abi"],
        ["HvBindgen.Mshv.Run"] = ["HvBindgen.Abi", "HvBindgen.Mshv", "HvBindgen.Mshv.Abi", "HvBindgen.Mshv.Emulator"],
    };

    public static TheoryData<string> RuntimeProjects =>
        [.. Directory.GetDirectories(RuntimeFolder).Select(folder => Path.GetFileName(folder))];

    private static string RuntimeFolder => Path.Combine(Repository.Root, "runtime");

    [Theory]
    [MemberData(nameof(RuntimeProjects))]
    public void A_runtime_project_references_only_what_stands_before_it(string name)
    {
        Assert.True(Arrows.ContainsKey(name), $"{name} is new: say in this test what it may use");
        string[] references = [.. ReferencesOf(ProjectIn(Path.Combine(RuntimeFolder, name)))];
        string[] projects = [.. references.Where(reference => reference.EndsWith(".csproj", StringComparison.Ordinal))];

        Assert.Empty(projects.Select(Path.GetFileNameWithoutExtension).Except(Arrows[name]));
        Assert.DoesNotContain(references, reference => reference.Contains("CodeAnalysis", StringComparison.Ordinal));

        // Generated code needs no package either.
        Assert.True(
            !name.EndsWith(".Abi", StringComparison.Ordinal) || references.Length == projects.Length,
            $"{name} references {string.Join(", ", references)}");
    }

    [Theory]
    [MemberData(nameof(RuntimeProjects))]
    public void A_runtime_project_names_only_what_stands_before_it(string name)
    {
        string[] backward =
        [
            .. from file in ProjectSources.In(Path.Combine(RuntimeFolder, name))
               from Match used in ProjectNamespace().Matches(ProjectSources.WithoutComments(File.ReadAllText(file)))
               where used.Value != name && !name.StartsWith(used.Value + ".", StringComparison.Ordinal)
                   && !Arrows[name].Contains(used.Value)
               select $"{Path.GetFileName(file)} uses {used.Value}",
        ];

        Assert.Empty(backward);
    }

    [Theory]
    [InlineData("generator/HvBindgen.Generator")]
    // A compiler loads one assembly: it compiles the sources of the model and of the emission into its own.
    [InlineData("generator/HvBindgen.Uapi")]
    [InlineData("generator/HvBindgen.UapiData", "HvBindgen.Generator")]
    // Its package has the tool in it.
    [InlineData("generator/HvBindgen.Build", "HvBindgen.Cli")]
    // "doctor" probes the device as a monitor does, and asks it every case.
    [InlineData("generator/HvBindgen.Cli", "HvBindgen.Generator", "HvBindgen.Mshv", "HvBindgen.Mshv.Conformance")]
    public void A_generator_project_references_only_what_stands_before_it(string folder, params string[] allowed)
    {
        string[] projects = [.. ReferencesOf(ProjectIn(Path.Combine(Repository.Root, folder)))
            .Where(reference => reference.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension).OfType<string>()];

        Assert.Equal(allowed, projects);
    }

    private static string ProjectIn(string folder) => Directory.GetFiles(folder, "*.csproj").Single();

    private static IEnumerable<string> ReferencesOf(string project) =>
        from element in XDocument.Load(project).Descendants()
        where element.Name.LocalName is "ProjectReference" or "PackageReference"
        let name = element.Attribute("Include")?.Value.Replace('\\', '/')
        where name is not null
        select name;

    [GeneratedRegex(@"\bHvBindgen\.(?:Generator|Cli|Abi|Emulation|Kvm\.Abi|Mshv\.Abi|Mshv\.Emulator|Mshv\.Gdb|Mshv)\b")]
    private static partial Regex ProjectNamespace();
}
