using HvBindgen.Generator.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Headers;

public sealed class SysrootSourceTests
{
    [Theory]
    [InlineData("internal/in.h")]
    [InlineData("usr/include/internal/in.h")]
    [InlineData("usr/src/headers-7.3.4-common/include/internal/in.h")]
    public async Task Internal_headers_are_found_beside_usr_include_or_in_usr_src(string internalHeader)
    {
        using HeaderWorkplace place = new();
        using TemporaryFolder sysroot = Sysroot().With(internalHeader, "#include <linux/types.h>\n")
            .With("usr/include/x86_64-linux-gnu/asm/types.h", "").With("usr/aarch64-linux-gnu/include/asm/types.h", "/* cross */\n");

        HeaderSyncReport report = await SyncAsync(place, sysroot);

        Assert.Equal("7.3.4", report.Lock.KernelVersion);
        Assert.Empty(report.Notes);
        Assert.Equal("/* cross */\n", File.ReadAllText(place.Tree.FullPath("usr/include/aarch64-linux-gnu/asm/types.h")));
        Assert.True(File.Exists(place.Tree.FullPath("internal/in.h")));
        Assert.False(File.Exists(place.Tree.FullPath("usr/include/stdio.h")));
    }

    [Fact]
    public async Task A_system_of_one_architecture_gives_its_own_asm_and_a_note()
    {
        using HeaderWorkplace place = new();
        using TemporaryFolder sysroot = Sysroot().With("internal/in.h", "").With("usr/include/asm/types.h", "")
            .With("usr/include/asm/ldt.h", "");

        HeaderSyncReport report = await SyncAsync(place, sysroot);

        Assert.True(File.Exists(place.Tree.FullPath("usr/include/x86_64-linux-gnu/asm/types.h")));
        Assert.Contains("no asm headers for aarch64-linux-gnu", Assert.Single(report.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_headers_is_refused_with_what_was_tried()
    {
        using HeaderWorkplace place = new();
        using TemporaryFolder empty = new();
        using TemporaryFolder sysroot = Sysroot();

        HeaderSyncException noHeaders = await Assert.ThrowsAsync<HeaderSyncException>(() => SyncAsync(place, empty));
        HeaderSyncException noInternal = await Assert.ThrowsAsync<HeaderSyncException>(() => SyncAsync(place, sysroot));

        Assert.Contains("usr/include/linux/version.h", noHeaders.Message, StringComparison.Ordinal);
        Assert.Contains("internal, usr/include/internal", noInternal.Message, StringComparison.Ordinal);
    }

    private static TemporaryFolder Sysroot() => new TemporaryFolder()
        .With("usr/include/stdio.h", "")
        .With("usr/include/linux/version.h", "#define LINUX_VERSION_CODE 459524\n")
        .With("usr/include/linux/types.h", "#include <asm/types.h>\n")
        .With("usr/include/linux/dev.h", "");

    private static Task<HeaderSyncReport> SyncAsync(HeaderWorkplace place, TemporaryFolder sysroot) => HeaderSync.SyncAsync(
        place.Options with { Sysroot = sysroot.Root }, null, TestContext.Current.CancellationToken);
}
