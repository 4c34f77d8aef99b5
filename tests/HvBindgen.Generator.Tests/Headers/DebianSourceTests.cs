using HvBindgen.Generator.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Headers;

public sealed class DebianSourceTests
{
    [Fact]
    public async Task The_newest_version_of_the_first_suite_is_taken_and_links_become_files()
    {
        using HeaderWorkplace place = new();
        using FakeDebianArchive archive = new FakeDebianArchive().WithRelease("new", "7.3.9-1").WithRelease("new", "7.3.10-1")
            .WithRelease("old", "8.0-1");

        HeaderSyncReport report = await SyncAsync(place, archive);

        Assert.Equal("7.3.10", report.Lock.KernelVersion);
        Assert.Equal(["new"], archive.Asked);
        Assert.Equal("headers-7.3.10-1-common", report.Lock.Packages[1].Name);
        Assert.Equal("usr/src/headers-7.3.10-1-common/include/internal", report.Lock.Packages[1].PackageFolder);
        Assert.Equal("new", report.Lock.Packages[0].Suite);
        FileInfo asm = new(place.Tree.FullPath("usr/include/x86_64-linux-gnux32/asm/types.h"));
        Assert.Null(asm.LinkTarget);
        Assert.Equal("typedef int t;\n", File.ReadAllText(asm.FullName));
        Assert.False(Directory.Exists(place.Tree.FullPath("usr/share")));
    }

    [Fact]
    public async Task The_locked_version_is_preferred_to_newer_ones()
    {
        using HeaderWorkplace place = new();
        using FakeDebianArchive archive = new FakeDebianArchive().WithRelease("new", "7.3-1");
        await SyncAsync(place, archive);
        archive.WithRelease("new", "7.4-1", "changed\n");

        HeaderSyncReport report = await SyncAsync(place, archive, refetch: true);

        Assert.Equal(HeaderSyncOutcome.Fetched, report.Outcome);
        Assert.Equal("7.3-1", report.Origin.Content.Packages[0].Version);
        Assert.Empty(report.Notes);
    }

    [Fact]
    public async Task A_version_that_is_gone_is_replaced_when_the_pinned_content_is_the_same()
    {
        using HeaderWorkplace place = new();
        using FakeDebianArchive before = new FakeDebianArchive().WithRelease("new", "7.3-1");
        using FakeDebianArchive after = new FakeDebianArchive().WithRelease("new", "7.4-1").WithRelease("old", "7.2-1");
        await SyncAsync(place, before);
        string lockBefore = place.Folder.Text("headers.lock.json");

        HeaderSyncReport report = await SyncAsync(place, after, refetch: true);

        Assert.Equal(HeaderSyncOutcome.Fetched, report.Outcome);
        Assert.Equal("7.3", report.Lock.KernelVersion);
        Assert.Equal("7.4-1", report.Origin.Content.Packages[0].Version);
        Assert.Contains("libc-dev 7.3-1 is no longer in the suites; the newest is 7.4-1 (new)", report.Notes);
        Assert.Equal(lockBefore, place.Folder.Text("headers.lock.json"));

        // From then on the folder is complete: nobody is asked for anything.
        using FakeDebianArchive down = new();
        Assert.Equal(HeaderSyncOutcome.UpToDate, (await SyncAsync(place, down)).Outcome);
        Assert.Empty(down.Asked);
    }

    [Fact]
    public async Task A_locked_version_that_left_the_suites_comes_from_the_archive_of_past_packages()
    {
        using HeaderWorkplace place = new();
        using FakeDebianArchive archive = new FakeDebianArchive().WithRelease("new", "7.3-1");
        await SyncAsync(place, archive);
        archive.Leave("new").WithRelease("new", "7.4-1", "typedef short t;\n");

        HeaderSyncReport report = await SyncAsync(place, archive, refetch: true);

        Assert.Equal(HeaderSyncOutcome.Fetched, report.Outcome);
        Assert.Equal("7.3-1", report.Origin.Content.Packages[0].Version);
        Assert.Empty(report.Notes);
    }

    [Fact]
    public async Task A_version_can_be_named_and_one_that_is_nowhere_names_those_that_are()
    {
        using HeaderWorkplace place = new();
        using FakeDebianArchive archive = new FakeDebianArchive().WithRelease("new", "7.4-1").WithRelease("old", "7.2-1");

        HeaderSyncReport report = await SyncAsync(place, archive, update: true, version: "7.2-1");
        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(
            () => SyncAsync(place, archive, update: true, version: "7.3-1"));

        Assert.Equal(("7.2", "old"), (report.Lock.KernelVersion, report.Lock.Packages[0].Suite));
        Assert.Contains("7.4-1 (new), 7.2-1 (old)", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"result":[{"architecture":"all","hash":"0123456789abcdef0123456789abcdef01234567"}]}""", true)]
    [InlineData("""{"result":[{"hash":"../../etc/passwd"}]}""", false)]
    [InlineData("""{"result":[]}""", false)]
    [InlineData("""{"other":1}""", false)]
    [InlineData("<html>", false)]
    public void The_archive_s_answer_names_a_file_or_nothing(string json, bool isFile) =>
        Assert.Equal(isFile, AptArchive.PastFile(System.Text.Encoding.UTF8.GetBytes(json)) is not null);

    [Fact]
    public async Task A_replacement_with_other_content_is_refused_until_update_takes_it()
    {
        using HeaderWorkplace place = new();
        using FakeDebianArchive before = new FakeDebianArchive().WithRelease("new", "7.3-1");
        using FakeDebianArchive after = new FakeDebianArchive().WithRelease("new", "7.4-1", "typedef short t;\n");
        await SyncAsync(place, before);

        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(() => SyncAsync(place, after, refetch: true));
        HeaderSyncReport report = await SyncAsync(place, after, update: true);

        Assert.Contains("libc-dev 7.3-1 is no longer in the suites", fault.Message, StringComparison.Ordinal);
        Assert.Contains("changed usr/include/x86_64-linux-gnu/asm/types.h", fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("hvbindgen headers sync --update takes", fault.Remedy, StringComparison.Ordinal);
        Assert.Equal("7.4", HeaderLock.Read(place.Options.LockPath).KernelVersion);
        Assert.Single(report.Changes);
    }

    [Fact]
    public async Task A_different_file_under_the_locked_version_is_refused()
    {
        using HeaderWorkplace place = new();
        using FakeDebianArchive before = new FakeDebianArchive().WithRelease("new", "7.3-1");
        using FakeDebianArchive forged = new FakeDebianArchive().WithRelease("new", "7.3-1", "typedef short t;\n");
        await SyncAsync(place, before);

        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(() => SyncAsync(place, forged, refetch: true));

        Assert.Contains("libc-dev 7.3-1: the mirror's file has SHA-256", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suite_that_is_down_gives_way_to_the_next()
    {
        using HeaderWorkplace place = new();
        using FakeDebianArchive archive = new FakeDebianArchive().WithRelease("old", "7.2-1");
        archive.Broken.Add("new");

        HeaderSyncReport report = await SyncAsync(place, archive);

        Assert.Equal("old", report.Lock.Packages[0].Suite);
        Assert.Equal(["new", "old"], archive.Asked);
    }

    [Fact]
    public async Task When_no_suite_answers_apt_is_quoted()
    {
        using HeaderWorkplace place = new();
        using FakeDebianArchive archive = new();
        archive.Broken.UnionWith(["new", "old"]);

        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(() => SyncAsync(place, archive));

        Assert.Contains("apt says: new is down\napt says: old is down", fault.Message, StringComparison.Ordinal);
        Assert.Equal("Check the network.", fault.Remedy);
        Assert.Equal(["sources.json"], place.Folder.Entries());
    }

    [Fact]
    public async Task A_version_without_its_companion_is_passed_over()
    {
        using HeaderWorkplace place = new();
        using FakeDebianArchive archive = new FakeDebianArchive().WithRelease("new", "7.3-1")
            .With("new", "libc-dev", "7.4-1", ("usr/include/x.h", ""));

        HeaderSyncReport report = await SyncAsync(place, archive);

        Assert.Equal("7.3-1", report.Lock.Packages[0].Version);
    }

    [Fact]
    public async Task Missing_asm_headers_come_from_the_cross_package_or_are_an_error()
    {
        using HeaderWorkplace place = new();
        using FakeDebianArchive archive = new FakeDebianArchive().WithRelease("new", "7.3-1", hasArm64: false);

        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(() => SyncAsync(place, archive));
        archive.With("new", "libc-dev-arm64-cross", "6.1-1cross1", ("usr/aarch64-linux-gnu/include/asm/types.h", "/* cross */\n"),
            ("usr/aarch64-linux-gnu/include/stdio.h", ""));
        HeaderSyncReport report = await SyncAsync(place, archive);

        Assert.Contains("libc-dev-arm64-cross", fault.Message, StringComparison.Ordinal);
        Assert.Equal("6.1-1cross1", report.Lock.Packages[2].Version);
        Assert.Equal("/* cross */\n", File.ReadAllText(place.Tree.FullPath("usr/include/aarch64-linux-gnu/asm/types.h")));
        Assert.False(File.Exists(place.Tree.FullPath("usr/include/aarch64-linux-gnu/stdio.h")));
    }

    [Fact]
    public void Lines_of_apt_cache_madison_give_names_and_versions()
    {
        const string Output = """
            linux-libc-dev | 7.3.4-1~bpo13+1 | http://mirror.example/debian trixie-backports/main amd64 Packages
            linux-libc-dev |   7.2.12-1 | http://mirror.example/debian trixie-backports/main Sources
            N: some remark
            """;

        Assert.Equal([new AvailablePackage("linux-libc-dev", "7.3.4-1~bpo13+1")], AptArchive.ParseMadison(Output));
    }

    private static Task<HeaderSyncReport> SyncAsync(
        HeaderWorkplace place, FakeDebianArchive archive, bool refetch = false, bool update = false, string? version = null) =>
        HeaderSync.SyncAsync(
            place.Options with { Refetch = refetch, Update = update, Version = version },
            new DebianSource(archive),
            null,
            TestContext.Current.CancellationToken);
}
