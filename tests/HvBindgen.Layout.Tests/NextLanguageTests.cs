using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Layout.Tests;

/// <summary>
/// The committed sets written in C# 15, compiled by the released toolset that knows its rules for memory, against .NET 10 and against
/// .NET 11, whose own members say <c>unsafe</c> by them.
/// </summary>
public sealed class NextLanguageTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <LangVersion>preview</LangVersion>
            <Features>$(Features);updated-memory-safety-rules</Features>
            <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <GenerateDocumentationFile>true</GenerateDocumentationFile>
            <DisableImplicitFrameworkReferences>$(AgainstNext)</DisableImplicitFrameworkReferences>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Microsoft.Net.Compilers.Toolset" Version="5.12.0" PrivateAssets="all" />
            <PackageDownload Include="Microsoft.NETCore.App.Ref" Version="[11.0.0]" />
          </ItemGroup>
          <ItemGroup Condition="'$(AgainstNext)' == 'true'">
            <Reference Include="$(NuGetPackageRoot)microsoft.netcore.app.ref/11.0.0/ref/net11.0/*.dll" />
          </ItemGroup>
        </Project>
        """;

    [Theory]
    [InlineData("mshv", "MSHV_SET_GUEST_MEMORY", "MSHV_CREATE_VP")]
    [InlineData("kvm", "KVM_GET_DIRTY_LOG", "KVM_SET_PIT2")]
    public void A_set_in_the_next_language_compiles_with_its_own_toolset(string set, string overAddresses, string overNumbers)
    {
        using TemporaryFolder folder = new();
        folder.With("next.csproj", Project);

        // Nothing of this repository's settings is the project's.
        folder.With("Directory.Build.props", "<Project />");
        folder.With("Directory.Packages.props", "<Project />");
        Ending restored = Build(folder, "restore");
        if (restored.ExitCode != 0)
        {
            Requirement.SkipOrFail($"the toolset of C# 15 cannot be restored: {restored.Out}{restored.Error}");
        }

        IReadOnlyList<EmittedFile> files = Emit(set);
        foreach (EmittedFile file in files)
        {
            folder.With(file.Path, file.Text);
        }

        string text = string.Concat(files.Select(file => file.Text));
        Assert.Contains(
            $"public static unsafe IoctlResult {overAddresses}<TDescriptor>(TDescriptor fd, in ", text, StringComparison.Ordinal);
        Assert.Contains($"public static safe IoctlResult {overNumbers}<TDescriptor>(TDescriptor fd, in ", text, StringComparison.Ordinal);
        foreach (string next in (ReadOnlySpan<string>)["false", "true"])
        {
            Ending built = Build(folder, "build", "--no-restore", "--no-incremental", "-v", "quiet", "-nologo", $"-p:AgainstNext={next}");
            Assert.True(built.ExitCode == 0, $"AgainstNext={next}: {built.Out}{built.Error}");
        }
    }

    private static IReadOnlyList<EmittedFile> Emit(string name)
    {
        Repository.DownloadedHeaders();
        HeaderSets.LoadLibClang();
        BindingSet set = BindingConfiguration.Read(Repository.PathOf("headers/hvbindgen.json")).Select([name])[0];
        MergedModel merged = MergedModel.Merge([.. set.Targets.Select(target => HeaderParser.Parse(set.ToParseRequest(target)).Model)]);
        return CSharpEmitter.Emit(
            merged, set.ToEmitOptions("test", "", "") with { Language = CSharpLanguage.CSharp15, SharedNamespace = null });
    }

    private static Ending Build(TemporaryFolder folder, params string[] arguments) =>
        new ChildProgram("dotnet", [.. arguments, "--disable-build-servers"]) { Folder = folder.Root }.Run();
}
