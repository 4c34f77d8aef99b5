using HvBindgen.Generator.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Headers;

/// <summary>A repository's header folder with its <c>sources.json</c>, and a kernel tree beside it.</summary>
internal sealed class HeaderWorkplace : IDisposable
{
    public const string Sources = """
        {
          "schema": 1,
          "suites": ["new", "old"],
          "multiarch": ["x86_64-linux-gnu", "aarch64-linux-gnu"],
          "packages": [
            { "name": "libc-dev", "folder": "usr/include", "into": "usr/include" },
            { "name": "headers-*-common", "folder": "usr/src/headers-*-common/include/internal",
                "into": "internal", "kernelFolder": "include/internal" },
            { "name": "libc-dev-arm64-cross", "folder": "usr/aarch64-linux-gnu/include/asm",
                "into": "usr/include/aarch64-linux-gnu/asm", "onlyWhenMissing": true }
          ],
          "roots": ["internal/in.h", "usr/include/linux/dev.h"]
        }
        """;

    private readonly TemporaryFolder headers = new();

    public HeaderWorkplace()
    {
        headers.With("sources.json", Sources);
        Kernel
            .With("Makefile", "# top\nVERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\nEXTRAVERSION = -rc2\nNAME = x\n")
            .With("include/uapi/linux/dev.h", "#include <linux/types.h>\nstruct d { int a; } __packed;\n")
            .With("include/uapi/linux/types.h", "#include <asm/types.h>\n")
            .With("include/uapi/linux/unrelated.h", "int unrelated;\n")
            .With("include/uapi/asm-generic/types.h", "typedef int t;\n")
            .With("include/uapi/asm-generic/Kbuild", "mandatory-y += types.h\n")
            .With("arch/x86/include/uapi/asm/kvm.h", "int kvm;\n")
            .With("arch/arm64/include/uapi/asm/types.h", "typedef long t;\n")
            .With("include/internal/in.h", "#include <linux/types.h>\n");
    }

    public TemporaryFolder Kernel { get; } = new();

    public TemporaryFolder Folder => headers;

    public HeaderTree Tree => new(headers["downloaded"]);

    public HeaderSyncOptions Options => new()
    {
        SourcesPath = headers["sources.json"],
        LockPath = headers["headers.lock.json"],
        TreePath = headers["downloaded"],
    };

    public Task<HeaderSyncReport> SyncKernelAsync(bool update = false) => HeaderSync.SyncAsync(
        Options with { KernelTree = Kernel.Root, Update = update }, null, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        headers.Dispose();
        Kernel.Dispose();
    }
}
