using HvBindgen.Generator.Clang;
using Xunit;

namespace HvBindgen.Generator.Tests.Clang;

/// <summary>The order of the search, with a loader made up for the test.</summary>
public sealed class LibClangProbeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> loadable = [];
    private readonly List<string> asked = [];

    private LibClangPackage Package => new("linux-x64", folder["packages"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_newest_name_that_loads_is_taken_and_nothing_is_asked_after_it()
    {
        loadable["libclang-19.so.19"] = "Debian clang version 19.1.7 (3)";
        loadable["libclang-14.so.13"] = "Debian clang version 14.0.6";

        LoadedLibClang found = Probe("/nowhere/*/lib").FindInstalled();

        Assert.Equal(new LoadedLibClang("libclang-19.so.19", "Debian clang version 19.1.7 (3)", 19), found);
        Assert.Equal($"libclang-{LoadedLibClang.NewestTestedMajor}.so.{LoadedLibClang.NewestTestedMajor}", asked[0]);
        Assert.Equal("libclang-19.so.19", asked[^1]);
    }

    [Fact]
    public void The_first_name_is_enough_for_the_newest_version()
    {
        string newest = $"libclang-{LoadedLibClang.NewestTestedMajor}.so.{LoadedLibClang.NewestTestedMajor}";
        loadable[newest] = $"Debian clang version {LoadedLibClang.NewestTestedMajor}.1.0";

        Probe("/nowhere").FindInstalled();

        Assert.Equal([newest], asked);
    }

    [Fact]
    public void Folders_are_searched_newest_version_first_after_the_names()
    {
        string old = AddFile("llvm-9/lib/libclang-9.so.1", "clang version 9.0.1");
        string middle = AddFile("llvm-16/lib/libclang.so.1", "clang version 16.0.6");
        string newest = AddFile("llvm-21/lib/libclang.so.21.1", "clang version 21.1.0");
        AddFile("llvm-21/lib/libclang-cpp.so.21.1", "clang version 21.1.0");
        loadable.Remove(newest);

        LoadedLibClang found = Probe(Path.Combine(folder.Root, "llvm-*/lib")).FindInstalled();

        Assert.Equal(middle, found.Library);
        Assert.Equal([newest, middle], asked.Where(name => name.Contains('/')));
        Assert.DoesNotContain(old, asked);
    }

    [Fact]
    public void A_version_that_was_tested_is_preferred_to_a_newer_one()
    {
        string newer = AddFile("llvm-99/lib/libclang-99.so.99", "clang version 99.1.0");
        string tested = AddFile("llvm-15/lib/libclang-15.so.15", "clang version 15.0.7");
        LibClangProbe probe = Probe(Path.Combine(folder.Root, "llvm-*/lib"));

        Assert.Equal(tested, probe.FindInstalled().Library);

        loadable.Remove(tested);
        LoadedLibClang found = Probe(Path.Combine(folder.Root, "llvm-*/lib")).FindInstalled();

        Assert.Equal(newer, found.Library);
        Assert.True(found.IsUntested);
    }

    [Fact]
    public void A_name_without_a_version_comes_last()
    {
        loadable["libclang.so"] = "clang version 17.0.6";

        Assert.Equal(17, Probe("/nowhere").FindInstalled().Major);
        Assert.Equal("libclang.so", asked[^1]);
    }

    [Fact]
    public void A_library_beside_the_tool_is_preferred_to_every_other()
    {
        loadable["libclang-22.so.22"] = "clang version 22.1.8";
        string beside = AddFile("tool/libclang.so", "clang version 18.1.8");

        Assert.Equal(beside, Probe("/nowhere").FindInstalled().Library);
        Assert.Equal([beside], asked);
    }

    [Fact]
    public void NuGets_packages_are_searched_last_newest_tested_version_first()
    {
        string old = AddFile("packages/libclang.runtime.linux-x64/20.1.2/runtimes/linux-x64/native/libclang.so", "clang version 20.1.2");
        string newest = AddFile("packages/libclang.runtime.linux-x64/22.1.8/runtimes/linux-x64/native/libclang.so", "clang version 22.1.8");
        AddFile("packages/libclang.runtime.linux-x64/99.1.0/runtimes/linux-x64/native/libclang.so", "clang version 99.1.0");
        AddFile("packages/libclang.runtime.linux-arm64/22.1.8/runtimes/linux-arm64/native/libclang.so", "clang version 22.1.8");

        Assert.Equal(newest, Probe("/nowhere").FindInstalled().Library);
        Assert.Equal("libclang.so", asked[^2]);

        loadable.Remove(newest);
        Assert.Equal(old, Probe("/nowhere").FindInstalled().Library);

        loadable["libclang.so"] = "clang version 14.0.6";
        Assert.Equal("libclang.so", Probe("/nowhere").FindInstalled().Library);
    }

    [Theory]
    [InlineData("packages/libclang.runtime.linux-x64")]
    [InlineData("packages/libclang.runtime.linux-x64/22.1.8")]
    [InlineData("packages/libclang.runtime.linux-x64/22.1.8/runtimes/linux-x64/native")]
    public void A_named_package_gives_its_library(string named)
    {
        string file = AddFile("packages/libclang.runtime.linux-x64/22.1.8/runtimes/linux-x64/native/libclang.so", "clang version 22.1.8");

        Assert.Equal(file, Probe("/nowhere").FindNamed(folder[named], "a test").Library);
    }

    [Fact]
    public void An_empty_machine_gives_everything_tried_and_the_way_to_install()
    {
        LibClangNotFoundException error = Assert.Throws<LibClangNotFoundException>(() => Probe("/nowhere").FindInstalled());

        Assert.Equal(asked, error.Attempts.Select(attempt => attempt.Library));
        Assert.Contains("libclang-24.so.24, libclang-24.so.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("libclang-14.so.13", error.Message, StringComparison.Ordinal);
        Assert.Contains("absent", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libclang1-22", error.Message, StringComparison.Ordinal);
        Assert.Contains("HVBINDGEN_LIBCLANG", error.Message, StringComparison.Ordinal);
        Assert.Contains(Package.Command, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("option", "environment", "option", "the libclang option")]
    [InlineData("", "environment", "environment", "the environment variable HVBINDGEN_LIBCLANG")]
    public void A_named_library_that_does_not_load_is_an_error_and_no_other_is_tried(
        string? option,
        string environment,
        string named,
        string origin)
    {
        loadable["libclang-22.so.22"] = "clang version 22.1.8";

        LibClangNotFoundException error = Assert.Throws<LibClangNotFoundException>(
            () => LibClangLocator.Search(Probe("/nowhere"), option, environment));

        Assert.Equal([named], asked);
        Assert.Contains($"{origin}, \"{named}\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_file_is_taken()
    {
        string file = AddFile("mine/anything.so", "clang version 18.1.8");

        Assert.Equal(new LoadedLibClang(file, "clang version 18.1.8", 18), Probe("/nowhere").FindNamed(file, "a test"));
    }

    [Theory]
    [InlineData("llvm-18/lib")]
    [InlineData("llvm-18")]
    public void A_named_folder_gives_the_newest_library_in_it_or_in_its_lib_folder(string named)
    {
        AddFile("llvm-18/lib/libclang-17.so.17", "clang version 17.0.6");
        string newest = AddFile("llvm-18/lib/libclang-18.so.18", "clang version 18.1.8");

        Assert.Equal(newest, Probe("/nowhere").FindNamed(folder[named], "a test").Library);
    }

    [Fact]
    public void A_named_folder_without_a_library_is_an_error()
    {
        LibClangNotFoundException error = Assert.Throws<LibClangNotFoundException>(
            () => Probe("/nowhere").FindNamed(folder.Root, "a test"));

        Assert.Contains("the folder has no libclang", error.Message, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [Theory]
    [InlineData("Debian clang version 13.0.1", "at least version 14 is needed")]
    [InlineData("something else", "at least version 14 is needed")]
    public void A_library_that_is_too_old_is_refused(string version, string reason)
    {
        string file = AddFile("libclang.so", version);

        LibClangNotFoundException error = Assert.Throws<LibClangNotFoundException>(
            () => Probe("/nowhere").FindNamed(file, "a test"));

        Assert.Contains($"is \"{version}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Debian clang version 14.0.6", 14)]
    [InlineData("Ubuntu clang version 18.1.3 (1ubuntu1)", 18)]
    [InlineData("clang version 22.1.8 (Fedora 22.1.8-1.fc45)", 22)]
    [InlineData("clang version 23.0.0git", 23)]
    [InlineData("clang version 100", 100)]
    [InlineData("clang", 0)]
    [InlineData("clang version unknown", 0)]
    public void The_major_version_is_read_from_what_the_library_says(string text, int major) =>
        Assert.Equal(major, LibClangProbe.MajorOf(text));

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/libclang-22.so.22", 22)]
    [InlineData("/usr/lib/x86_64-linux-gnu/libclang-14.so.14.0.6", 14)]
    [InlineData("/usr/lib64/libclang.so.21.1", 21)]
    [InlineData("/usr/lib64/libclang.so.13", 0)]
    [InlineData("/usr/lib/llvm-19/lib/libclang.so.1", 19)]
    [InlineData("/usr/lib/llvm20/lib/libclang.so", 20)]
    [InlineData("/usr/lib/llvm/21/lib64/libclang.so", 21)]
    [InlineData("/opt/homebrew/opt/llvm@20/lib/libclang.dylib", 20)]
    [InlineData("/usr/lib/llvm-13/lib/libclang-13.so.1", 13)]
    [InlineData("/home/someone/.nuget/packages/libclang.runtime.linux-x64/22.1.8/runtimes/linux-x64/native/libclang.so", 22)]
    [InlineData("/usr/lib/libclang.so", 0)]
    public void The_major_version_is_read_from_a_path_where_the_path_tells_it(string path, int major) =>
        Assert.Equal(major, LibClangNames.MajorOf(path));

    private LibClangProbe Probe(string folders) => new(TryLoad, new LibClangPlaces([folder["tool"]], [folders], Package));

    private LibClangImage? TryLoad(string library, out string reason)
    {
        asked.Add(library);
        reason = "absent";
        return loadable.TryGetValue(library, out string? version) ? new LibClangImage(1, version) : null;
    }

    private string AddFile(string relative, string version)
    {
        string path = folder.With(relative, "")[relative];
        loadable[path] = version;
        return path;
    }
}
