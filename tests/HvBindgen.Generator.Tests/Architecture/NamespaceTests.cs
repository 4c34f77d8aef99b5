using System.Text.RegularExpressions;
using Xunit;

namespace HvBindgen.Generator.Tests.Architecture;

/// <summary>A file's folder is its namespace, so that either is found by the other.</summary>
public sealed partial class NamespaceTests
{
    // Source-compatible with ClangSharp.Interop, which can take its place.
    private const string Binding = "HvBindgen.Generator/Clang/Interop/";

    // What a compiler asks for, it asks for by its own names.
    private const string CompilerTypes = "HvBindgen.Uapi/Polyfills/CompilerTypes.cs";

    public static TheoryData<string> Projects =>
    [
        .. from project in ProjectsBelow("generator").Concat(ProjectsBelow("runtime"))
           select Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(project)!),
    ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_is_a_namespace(string project)
    {
        string above = Path.GetDirectoryName(Path.Combine(Repository.Root, project))!;

        // The configuration says where generated types are.
        Assert.Empty(
            from file in ProjectSources.In(Path.Combine(Repository.Root, project))
            where !file.Contains("/Generated/", StringComparison.Ordinal)
            from declared in Elsewhere(Path.GetRelativePath(above, file), File.ReadAllText(file))
            select declared);
    }

    [Theory]
    [InlineData("HvBindgen.Mshv/Running/Machine.cs", "HvBindgen.Mshv.Running", true)]
    [InlineData("HvBindgen.Mshv/Running/Machine.cs", "HvBindgen.Mshv", false)]
    [InlineData("HvBindgen.Mshv/GuestArchitecture.cs", "HvBindgen.Mshv", true)]
    [InlineData(Binding + "CXCursor.cs", "ClangSharp.Interop", true)]
    [InlineData(Binding + "CXCursor.cs", "HvBindgen.Generator.Clang.Interop", false)]
    [InlineData(CompilerTypes, "System.Runtime.CompilerServices", true)]
    [InlineData(CompilerTypes, "HvBindgen.Uapi", false)]
    public void A_type_that_is_elsewhere_is_seen(string file, string name, bool isRight) =>
        Assert.Equal(isRight, !Elsewhere(file, $"using System;\n\nnamespace {name};\n").Any());

    private static string[] ProjectsBelow(string folder) =>
        Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories);

    private static IEnumerable<string> Elsewhere(string file, string source)
    {
        string right = file.StartsWith(Binding, StringComparison.Ordinal)
            ? "ClangSharp.Interop"
            : Path.GetDirectoryName(file)!.Replace('/', '.');
        return from Match declared in Declaration().Matches(source)
               let name = declared.Groups[1].Value
               where file == CompilerTypes ? name.Split('.')[0] != "System" : name != right
               select $"{file} is in {name}";
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
