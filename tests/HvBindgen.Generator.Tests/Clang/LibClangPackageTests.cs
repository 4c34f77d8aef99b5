using System.IO.Compression;
using HvBindgen.Generator.Clang;
using Xunit;

namespace HvBindgen.Generator.Tests.Clang;

/// <summary>The command that gets libclang from NuGet, run on a source of the test's own.</summary>
public sealed class LibClangPackageTests
{
    [Theory]
    [InlineData("packages")]
    [InlineData("a folder with 'quotes' and $signs")]
    public void What_the_command_gets_from_the_users_own_sources_is_found(string cache)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("nuget.config", """
            <configuration>
              <packageSources>
                <clear />
                <add key="own" value="feed" />
              </packageSources>
            </configuration>
            """);
        LibClangPackage package = new("linux-x64", folder[cache]);
        Pack(folder, package);
        LibClangNotFoundException missing = Assert.Throws<LibClangNotFoundException>(() => Probe(package).FindInstalled());
        Assert.Contains(package.Command, missing.Message, StringComparison.Ordinal);

        Ending ending = new ChildProgram("sh", "-c", package.Command) { Folder = folder.Root }.Run();

        Assert.True(ending.ExitCode == 0, ending.Out + ending.Error);
        LoadedLibClang found = Probe(package).FindInstalled();
        Assert.Equal(22, found.Major);
        Assert.Equal("library of the package", File.ReadAllText(found.Library));
    }

    [Theory]
    [InlineData("/fast/packages", "/fast/packages")]
    [InlineData("", "/home/someone/.nuget/packages")]
    [InlineData(null, "/home/someone/.nuget/packages")]
    public void The_folder_is_NuGets_own_unless_the_user_chose_another(string? chosen, string expected) =>
        Assert.Equal(expected, LibClangPackage.CacheIn("/home/someone", chosen));

    private static LibClangProbe Probe(LibClangPackage package) => new(TryLoad, new LibClangPlaces([], [], package));

    private static LibClangImage? TryLoad(string library, out string reason)
    {
        reason = "absent";
        return File.Exists(library) ? new LibClangImage(1, "clang version 22.1.8") : null;
    }

    // A package is a zip file with a description.
    private static void Pack(TemporaryFolder folder, LibClangPackage package)
    {
        folder.With($"content/{package.NativeFolder}/libclang.so", "library of the package");
        folder.With($"content/{package.Id}.nuspec", $"""
            <?xml version="1.0"?>
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata>
                <id>{package.Id}</id>
                <version>{LibClangPackage.Version}</version>
                <authors>a test</authors>
                <description>Stands for the package.</description>
              </metadata>
            </package>
            """);
        Directory.CreateDirectory(folder["feed"]);
        ZipFile.CreateFromDirectory(folder["content"], folder[$"feed/{package.Id}.{LibClangPackage.Version}.nupkg"]);
    }
}
