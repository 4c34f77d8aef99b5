using HvBindgen.Generator.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Headers;

public sealed class HeaderLockTests
{
    internal static HeaderLock Sample { get; } = new(HeaderSourceKind.Debian, "7.3.4",
    [
        new LockedPackage("linux-libc-dev", "7.3.4-1~bpo13+1", "trixie-backports", "aa", "usr/include", "usr/include", 2, "bb",
            [new LockedFile("linux/a.h", "11"), new LockedFile("linux/b.h", "22")]),
        new LockedPackage("linux-headers-7-common", "7.3.4-1~bpo13+1", null, null, "usr/src/x/include/hyperv", "hyperv", 1, "cc",
            [new LockedFile("h.h", "33")]),
    ]);

    [Fact]
    public void A_lock_read_back_is_the_lock_that_was_written()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("lock.json", Sample.ToJson());

        HeaderLock read = HeaderLock.Read(folder["lock.json"]);

        Assert.Equal(Sample.ToJson(), read.ToJson());
        Assert.Equal(["hyperv/h.h", "usr/include/linux/a.h", "usr/include/linux/b.h"], read.Files.Select(file => file.Path));
        Assert.Equal("linux-headers-7-common", read.FindPackageOf("hyperv/h.h")?.Name);
        Assert.Null(read.FindPackageOf("hyperv/other.h"));
    }

    [Fact]
    public void A_lock_has_one_header_a_line_with_unescaped_versions_and_LF()
    {
        string json = Sample.ToJson();

        Assert.Contains("\"version\": \"7.3.4-1~bpo13+1\"", json, StringComparison.Ordinal);
        Assert.Contains("\n        \"linux/a.h\": \"11\",\n        \"linux/b.h\": \"22\"\n", json, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', json);
        Assert.EndsWith("}\n", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"schema\": 2, \"whatever\": 1 }", "schema 2 is not known", "later version")]
    [InlineData("{ \"schema\": 1, \"colour\": 1 }", "lock.json:1: ", "version control")]
    [InlineData("{ \"schema\": 1,\n  \"source\": }", "lock.json:2: ", "version control")]
    [InlineData("{ \"schema\": 1, \"source\": \"debian\" }", "kernel", "version control")]
    [InlineData("[]", "no schema number", "version control")]
    [InlineData(
        "{ \"schema\": 1, \"source\": \"debian\", \"kernel\": \"1\", \"packages\": [ { \"name\": \"n\", \"version\": \"1\", \"folder\": " +
            "\"f\","
        + " \"into\": \"../../etc\", \"treeFiles\": 0, \"treeSha256\": \"\", \"files\": {} } ] }",
        "'../../etc' is not a relative path", "Correct")]
    public void A_damaged_or_later_lock_is_refused_with_place_and_remedy(string text, string message, string remedy)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("lock.json", text);

        HeaderSyncException fault = Assert.Throws<HeaderSyncException>(() => HeaderLock.Read(folder["lock.json"]));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_lock_is_named()
    {
        using TemporaryFolder folder = new();

        HeaderSyncException fault = Assert.Throws<HeaderSyncException>(() => HeaderLock.Read(folder["lock.json"]));

        Assert.Equal($"{folder["lock.json"]}: no such file", fault.Message);
    }
}
