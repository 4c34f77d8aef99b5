using HvBindgen.Generator.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Headers;

public sealed class IncludeScanTests
{
    [Fact]
    public void The_closure_holds_quoted_and_angle_includes_of_every_target()
    {
        using TemporaryFolder tree = new TemporaryFolder()
            .With("hv/a.h", "#include \"b.h\"\n  #  include <linux/types.h> /* why */\n#include <linux/absent.h>\n")
            .With("hv/b.h", "#include \"a.h\"\n#include \"linux/quoted.h\"\n")
            .With("hv/unused.h", "")
            .With("usr/include/linux/quoted.h", "")
            .With("usr/include/linux/types.h", "#include <asm/types.h>\n// #include <linux/commented.h>\n")
            .With("usr/include/linux/commented.h", "")
            .With("usr/include/x86_64-linux-gnu/asm/types.h", "#include <asm-generic/types.h>\n")
            .With("usr/include/aarch64-linux-gnu/asm/types.h", "")
            .With("usr/include/s390x-linux-gnu/asm/types.h", "")
            .With("usr/include/asm-generic/types.h", "#include \"../linux/up.h\"\n")
            .With("usr/include/linux/up.h", "");

        IReadOnlySet<string> found = new IncludeScan(tree.Root, ["x86_64-linux-gnu", "aarch64-linux-gnu"]).Closure(["hv/a.h", "hv/none.h"]);

        Assert.Equal(
            [
                "hv/a.h",
                "hv/b.h",
                "usr/include/aarch64-linux-gnu/asm/types.h",
                "usr/include/asm-generic/types.h",
                "usr/include/linux/quoted.h",
                "usr/include/linux/types.h",
                "usr/include/linux/up.h",
                "usr/include/x86_64-linux-gnu/asm/types.h",
            ],
            found);
    }
}
