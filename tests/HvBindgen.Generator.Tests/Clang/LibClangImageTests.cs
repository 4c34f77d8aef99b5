using HvBindgen.Generator.Clang;
using Xunit;

namespace HvBindgen.Generator.Tests.Clang;

/// <summary>What the system's own loader says of things that are no libclang.</summary>
public sealed class LibClangImageTests
{
    [Fact]
    public void A_name_that_the_loader_does_not_know_is_refused() =>
        AssertRefused("libclang-0.so.0", "not known to the dynamic loader");

    [Fact]
    public void A_missing_file_is_refused_in_the_loaders_words() =>
        AssertRefused("/nonexistent/libclang.so", "/nonexistent/libclang.so: cannot open shared object file");

    [Fact]
    public void A_file_that_is_no_library_is_refused_in_the_loaders_words()
    {
        using TemporaryFolder folder = new();

        AssertRefused(folder.With("libclang.so", new string('x', 4096))["libclang.so"], "invalid ELF header");
    }

    [Fact]
    public void A_library_that_is_no_libclang_is_refused() =>
        AssertRefused("libc.so.6", "not a libclang");

    private static void AssertRefused(string library, string reason)
    {
        Assert.Null(LibClangImage.TryLoad(library, out string actual));
        Assert.Contains(reason, actual, StringComparison.Ordinal);
    }
}
