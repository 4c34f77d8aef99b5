using HvBindgen.Generator.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Headers;

public sealed class HeaderSyncTests
{
    [Fact]
    public async Task A_kernel_tree_is_exported_and_what_the_roots_include_is_pinned()
    {
        using HeaderWorkplace place = new();

        HeaderSyncReport report = await place.SyncKernelAsync();

        Assert.Equal(HeaderSyncOutcome.LockRewritten, report.Outcome);
        Assert.Equal("7.3.4-rc2", report.Lock.KernelVersion);
        Assert.Equal(
            [
                "internal/in.h",
                "usr/include/aarch64-linux-gnu/asm/types.h",
                "usr/include/asm-generic/types.h",
                "usr/include/linux/dev.h",
                "usr/include/linux/types.h",
                "usr/include/x86_64-linux-gnu/asm/types.h",
            ],
            HeaderLock.Read(place.Options.LockPath).Files.Select(file => file.Path));
        Assert.Contains(
            "__attribute__((packed))", File.ReadAllText(place.Tree.FullPath("usr/include/linux/dev.h")), StringComparison.Ordinal);
        Assert.Equal(
            "#include <asm-generic/types.h>\n", File.ReadAllText(place.Tree.FullPath("usr/include/x86_64-linux-gnu/asm/types.h")));
        Assert.True(File.Exists(place.Tree.FullPath("usr/include/x86_64-linux-gnu/asm/kvm.h")));
        Assert.Equal(["downloaded", "headers.lock.json", "sources.json"], place.Folder.Entries());
    }

    [Fact]
    public async Task An_installed_header_folder_of_a_kernel_tree_is_preferred_to_its_sources()
    {
        using HeaderWorkplace place = new();
        place.Kernel.With("usr/include/linux/types.h", "/* installed */\n").With("usr/include/linux/dev.h", "")
            .With("usr/include/asm/types.h", "/* one target's */\n").With("usr/include/asm-generic/types.h", "");

        await place.SyncKernelAsync();

        Assert.Equal("/* installed */\n", File.ReadAllText(place.Tree.FullPath("usr/include/linux/types.h")));
        Assert.False(Directory.Exists(place.Tree.FullPath("usr/include/asm")));
        Assert.Equal("typedef long t;\n", File.ReadAllText(place.Tree.FullPath("usr/include/aarch64-linux-gnu/asm/types.h")));
    }

    [Fact]
    public async Task A_complete_folder_needs_no_source()
    {
        using HeaderWorkplace place = new();
        await place.SyncKernelAsync();

        HeaderSyncReport report = await HeaderSync.SyncAsync(place.Options, new NoSource(), null, TestContext.Current.CancellationToken);

        Assert.Equal(HeaderSyncOutcome.UpToDate, report.Outcome);
    }

    [Fact]
    public async Task Changed_headers_are_named_and_the_folder_and_the_lock_stay_as_they_were()
    {
        using HeaderWorkplace place = new();
        await place.SyncKernelAsync();
        string lockBefore = place.Folder.Text("headers.lock.json");
        place.Kernel.With("include/uapi/linux/types.h", "#include <asm/types.h>\n#include <linux/more.h>\n")
            .With("include/uapi/linux/more.h", "").With("include/uapi/linux/unrelated.h", "int other;\n");

        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(() => place.SyncKernelAsync());

        Assert.Contains("2 pinned headers", fault.Message, StringComparison.Ordinal);
        Assert.Contains("new     usr/include/linux/more.h", fault.Message, StringComparison.Ordinal);
        Assert.Contains("changed usr/include/linux/types.h", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("unrelated", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"hvbindgen headers sync --update --kernel {place.Kernel.Root}", fault.Remedy, StringComparison.Ordinal);
        Assert.Equal(lockBefore, place.Folder.Text("headers.lock.json"));
        Assert.True(place.Tree.Verify(HeaderLock.Read(place.Options.LockPath)).IsClean);
        Assert.Equal(["downloaded", "headers.lock.json", "sources.json"], place.Folder.Entries());
    }

    [Fact]
    public async Task Update_takes_changed_headers_and_rewrites_the_lock()
    {
        using HeaderWorkplace place = new();
        await place.SyncKernelAsync();
        place.Kernel.With("include/internal/in.h", "int in;\n");

        HeaderSyncReport report = await place.SyncKernelAsync(update: true);

        Assert.Equal(HeaderSyncOutcome.LockRewritten, report.Outcome);
        Assert.Equal([new HeaderChange("internal/in.h", HeaderChangeKind.Changed)], report.Changes);
        Assert.True(place.Tree.Verify(HeaderLock.Read(place.Options.LockPath)).IsClean);
    }

    [Theory]
    [InlineData("usr/include/linux/types.h", "changed")]
    [InlineData("usr/include/linux/unrelated.h", "changed")]
    [InlineData("usr/include/linux/mine.h", "added")]
    public async Task What_a_person_changed_in_the_folder_is_replaced_only_when_told_so(string header, string word)
    {
        using HeaderWorkplace place = new();
        await place.SyncKernelAsync();
        place.Folder.With($"downloaded/{header}", "#include <asm/types.h>\nint mine;\n");
        place.Kernel.With("include/internal/in.h", "int in;\n");

        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(() => place.SyncKernelAsync(update: true));
        string kept = place.Folder.Text($"downloaded/{header}");
        await HeaderSync.SyncAsync(
            place.Options with { KernelTree = place.Kernel.Root, Update = true, Refetch = true },
            null,
            TestContext.Current.CancellationToken);

        Assert.Contains($"{word} {header}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("hvbindgen headers adopt", fault.Remedy, StringComparison.Ordinal);
        Assert.Contains("int mine;", kept, StringComparison.Ordinal);
        Assert.Empty(place.Tree.FindEdits());
    }

    [Fact]
    public async Task The_folder_can_be_adopted_as_it_is()
    {
        using HeaderWorkplace place = new();
        await place.SyncKernelAsync();
        place.Folder.With("downloaded/usr/include/linux/types.h", "#include <asm/types.h>\n#include <linux/mine.h>\n")
            .With("downloaded/usr/include/linux/mine.h", "int mine;\n");

        HeaderSyncReport report = HeaderAdoption.Adopt(place.Options);

        HeaderLock now = HeaderLock.Read(place.Options.LockPath);
        Assert.Equal(["usr/include/linux/mine.h", "usr/include/linux/types.h"], report.Changes.Select(change => change.Path).Order());
        Assert.True(place.Tree.Verify(now).IsClean);
        Assert.Empty(place.Tree.FindEdits());
        Assert.Equal(["downloaded", "headers.lock.json", "sources.json"], place.Folder.Entries());
    }

    [Fact]
    public async Task A_folder_without_a_header_that_is_wanted_is_not_adopted()
    {
        using HeaderWorkplace place = new();
        await place.SyncKernelAsync();
        File.Delete(place.Tree.FullPath("internal/in.h"));

        HeaderSyncException fault = Assert.Throws<HeaderSyncException>(() => HeaderAdoption.Adopt(place.Options));

        Assert.Contains("internal/in.h", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_fails_half_way_leaves_the_old_folder()
    {
        using HeaderWorkplace place = new();
        await place.SyncKernelAsync();
        HeaderSyncOptions refetch = place.Options with { Refetch = true };

        await Assert.ThrowsAsync<HeaderSyncException>(
            () => HeaderSync.SyncAsync(refetch, new BreakingSource(), null, TestContext.Current.CancellationToken));

        Assert.True(place.Tree.Verify(HeaderLock.Read(place.Options.LockPath)).IsClean);
        Assert.Equal(["downloaded", "headers.lock.json", "sources.json"], place.Folder.Entries());
    }

    [Fact]
    public async Task Folders_that_a_killed_run_left_are_removed()
    {
        using HeaderWorkplace place = new();
        place.Folder.With("downloaded.new-1/tree/a.h", "").With("downloaded.new-2/tree/a.h", "");
        Directory.SetLastWriteTimeUtc(place.Folder["downloaded.new-1"], DateTime.UtcNow.AddDays(-1));

        await place.SyncKernelAsync();

        Assert.Equal(["downloaded", "downloaded.new-2", "headers.lock.json", "sources.json"], place.Folder.Entries());
    }

    [Fact]
    public async Task Folders_of_others_that_are_named_alike_stay()
    {
        using HeaderWorkplace place = new();
        place.Folder.With("downloaded.old-photos/a.jpg", "").With("downloaded.old-7/mine.txt", "");
        Directory.SetLastWriteTimeUtc(place.Folder["downloaded.old-photos"], DateTime.UtcNow.AddDays(-1));
        Directory.SetLastWriteTimeUtc(place.Folder["downloaded.old-7"], DateTime.UtcNow.AddDays(-1));

        await place.SyncKernelAsync();

        Assert.True(File.Exists(place.Folder["downloaded.old-photos/a.jpg"]));
        Assert.True(File.Exists(place.Folder["downloaded.old-7/mine.txt"]));
    }

    [Fact]
    public async Task A_folder_that_no_sync_has_made_is_never_replaced()
    {
        using HeaderWorkplace place = new();
        place.Folder.With("downloaded/thesis.tex", "years of work");

        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(() => place.SyncKernelAsync());

        Assert.Contains("is there and holds no fetched headers", fault.Message, StringComparison.Ordinal);
        Assert.Equal("years of work", place.Folder.Text("downloaded/thesis.tex"));
        Assert.Equal(["downloaded", "sources.json"], place.Folder.Entries());
    }

    [Theory]
    [InlineData(
        "\"new\", \"old\"", "\"sid\\\"; APT::Update::Pre-Invoke {\\\"touch /tmp/x\\\";}; #\"",
        "'sid\"; APT::Update::Pre-Invoke {\"touch /tmp/x\";}; #' is no name of a suite")]
    [InlineData("\"new\"", "\"sid\\nTrusted: yes\"", "'sid\\nTrusted: yes' is no name of a suite")]
    [InlineData("\"new\"", "\"../../x\"", "'../../x' is no name of a suite")]
    [InlineData("\"name\": \"libc-dev\"", "\"name\": \"-oDebug::NoLocking=1\"", "'-oDebug::NoLocking=1' is no name of a package")]
    [InlineData("\"name\": \"libc-dev\"", "\"name\": \"a/../b\"", "'a/../b' is no name of a package")]
    [InlineData("\"x86_64-linux-gnu\"", "\"../x\"", "'../x' is no name of a multiarch folder")]
    public async Task A_name_that_would_say_more_to_apt_than_a_name_is_refused(string old, string now, string expected)
    {
        using HeaderWorkplace place = new();
        place.Folder.With("sources.json", HeaderWorkplace.Sources.Replace(old, now, StringComparison.Ordinal));

        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(() => place.SyncKernelAsync());

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Equal(["sources.json"], place.Folder.Entries());
    }

    [Theory]
    [InlineData("http://deb.debian.org/debian", true)]
    [InlineData("mirror+file:///etc/apt/mirrors.txt", true)]
    [InlineData("file:/srv/mirror", true)]
    [InlineData("http://host/debian\nTrusted: yes", false)]
    [InlineData("http://host/debian [trusted=yes] x", false)]
    [InlineData("copy:/etc", false)]
    public void A_mirror_is_an_address_and_nothing_else(string mirror, bool isOne) =>
        Assert.Equal(isOne, SourceNames.Mirror().IsMatch(mirror));

    [Fact]
    public void A_folder_that_apt_s_configuration_cannot_quote_is_refused() => Assert.Contains(
        "a quotation mark", Assert.Throws<HeaderSyncException>(() => AptArchive.RequireQuotable("/x\"; Dir \"/")).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_lock_that_cannot_be_written_leaves_the_old_folder()
    {
        using HeaderWorkplace place = new();
        await place.SyncKernelAsync();
        HeaderLock before = HeaderLock.Read(place.Options.LockPath);
        place.Kernel.With("include/internal/in.h", "int in;\n");

        // A folder where the lock should be: it can neither be read as a file nor replaced by one.
        string blocked = Directory.CreateDirectory(place.Folder["blocked.json"]).FullName;
        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(() => HeaderSync.SyncAsync(
            place.Options with { KernelTree = place.Kernel.Root, LockPath = blocked }, null, TestContext.Current.CancellationToken));

        Assert.Contains("cannot be written", fault.Message, StringComparison.Ordinal);
        Assert.True(place.Tree.Verify(before).IsClean);
        Assert.Equal(["blocked.json", "downloaded", "headers.lock.json", "sources.json"], place.Folder.Entries());
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_named_with_a_remedy()
    {
        using HeaderWorkplace place = new();
        place.Folder.With("file", "");

        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(() => HeaderSync.SyncAsync(
            place.Options with { KernelTree = place.Kernel.Root, TreePath = place.Folder["file/below"] }, null,
            TestContext.Current.CancellationToken));

        Assert.Contains(place.Folder["file/below"], fault.Message, StringComparison.Ordinal);
        Assert.Contains("writable", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Makefile", "no kernel's Makefile")]
    [InlineData("include/internal/in.h", "internal")]
    [InlineData("include/uapi/linux/dev.h", "does not have: usr/include/linux/dev.h")]
    public async Task An_incomplete_kernel_tree_is_refused(string without, string message)
    {
        using HeaderWorkplace place = new();
        File.Delete(place.Kernel[without]);

        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(() => place.SyncKernelAsync());

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(["sources.json"], place.Folder.Entries());
    }

    [Fact]
    public async Task Status_tells_missing_changed_and_foreign_files()
    {
        using HeaderWorkplace place = new();
        HeaderSyncReport report = await place.SyncKernelAsync();
        File.AppendAllText(place.Tree.FullPath("usr/include/linux/dev.h"), "int x;\n");
        File.AppendAllText(place.Tree.FullPath("usr/include/x86_64-linux-gnu/asm/kvm.h"), "int x;\n");
        File.Delete(place.Tree.FullPath("internal/in.h"));
        File.Delete(place.Tree.FullPath("usr/include/linux/unrelated.h"));
        File.WriteAllText(place.Tree.FullPath("usr/include/linux/mine.h"), "");

        HeaderTreeStatus status = place.Tree.Status(report.Lock);
        HeaderTreeStatus full = place.Tree.Verify(report.Lock);

        Assert.False(status.IsUsable);
        Assert.Equal(
            [
                new HeaderFileStatus("internal/in.h", true, HeaderFileState.Missing),
                new HeaderFileStatus("usr/include/linux/dev.h", true, HeaderFileState.Changed),
                new HeaderFileStatus("usr/include/linux/mine.h", false, HeaderFileState.Foreign),
                new HeaderFileStatus("usr/include/linux/unrelated.h", false, HeaderFileState.Missing),
            ],
            status.Files.Where(file => file.State != HeaderFileState.Present));
        Assert.Contains(new HeaderFileStatus("usr/include/x86_64-linux-gnu/asm/kvm.h", false, HeaderFileState.Changed), full.Files);
        Assert.Equal(["internal/in.h", "usr/include/linux/dev.h"], place.Tree.FindPinnedFaults(report.Lock).Select(file => file.Path));
    }

    [Fact]
    public async Task Nothing_downloaded_is_not_usable()
    {
        using HeaderWorkplace place = new();
        HeaderSyncReport report = await place.SyncKernelAsync();
        HeaderTree nowhere = new(place.Folder["nowhere"]);

        HeaderTreeStatus status = nowhere.Status(report.Lock);

        Assert.Null(status.Origin);
        Assert.False(status.IsUsable);
        Assert.Equal(6, status.Count(HeaderFileState.Missing));
    }

    private sealed class NoSource : IHeaderSource
    {
        public Task<CollectedHeaders> CollectAsync(CollectRequest request, IProgress<string>? progress, CancellationToken cancellation) =>
            throw new InvalidOperationException("the source was asked");
    }

    private sealed class BreakingSource : IHeaderSource
    {
        public Task<CollectedHeaders> CollectAsync(CollectRequest request, IProgress<string>? progress, CancellationToken cancellation)
        {
            File.WriteAllText(Path.Combine(request.TreeFolder, "half.h"), "");
            throw new IOException("No space left on device");
        }
    }
}
