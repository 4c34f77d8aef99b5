using System.Text;
using HvBindgen.Generator.Clang;
using Xunit;

namespace HvBindgen.Generator.Tests.Clang;

/// <summary>What the loader is not asked for is what it would not find.</summary>
public sealed class LoaderNamesTests
{
    [Fact]
    public void Names_of_the_cache_and_files_of_the_folders_may_be_found_and_no_others()
    {
        using TemporaryFolder folder = new();
        LoaderNames names = new(
            Encoding.UTF8.GetBytes("glibc-ld.so.cache\0libclang-88.so.13\0/usr/lib/libclang-88.so.13\0libclang-cpp.so.87\0libz.so.1\0"),
            [folder.With("libclang-77.so.77", "")["."]]);

        Assert.True(names.MayFind("libclang-88.so.13"));
        Assert.True(names.MayFind("libclang-77.so.77"));
        Assert.False(names.MayFind("libclang-88.so.1"));
        Assert.False(names.MayFind("libclang-99.so.99"));
    }

    [Fact]
    public void Names_that_the_loader_of_this_machine_opens_are_worth_asking_for()
    {
        foreach (string name in LibClangNames.Versioned().Concat(LibClangNames.Unversioned))
        {
            Assert.True(LoaderNames.IsWorthAsking(name) || !System.Runtime.InteropServices.NativeLibrary.TryLoad(name, out _), name);
        }
    }

    [Fact]
    public void The_folders_of_the_loader_have_the_C_library()
    {
        Assert.SkipWhen(LoaderNames.OfThisMachine is null, "this C library has another loader than the GNU one, or no cache");

        Assert.Contains(LoaderNames.OfThisMachine.Folders, folder => File.Exists(Path.Combine(folder, "libc.so.6")));
        Assert.False(LoaderNames.IsWorthAsking("libclang-0.so.0"));
    }
}
