using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Processors;
using Xunit;

namespace HvBindgen.Mshv.Tests.Processors;

/// <summary>The processor's layouts that no header of the driver has, held against the header by which the kernel hands them to signal
/// handlers.</summary>
public sealed class XsaveAreaTests
{
    private static readonly string[] Members =
    [
        "fpstate.cwd", "fpstate.swd", "fpstate.twd", "fpstate.fop", "fpstate.rip", "fpstate.rdp", "fpstate.mxcsr", "fpstate.mxcsr_mask",
        "fpstate.st_space", "fpstate.xmm_space", "xstate_hdr.xfeatures", "xstate_hdr.reserved1", "ymmh",
    ];

    [Fact]
    public void Every_member_lies_where_the_kernel_says_it_does()
    {
        Assert.SkipUnless(RuntimeInformation.OSArchitecture == Architecture.X64, "the C header is that of x86-64");
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["offsets.c"], $$"""
            #include <stddef.h>
            #include <stdio.h>
            #include <asm/sigcontext.h>
            int main(void)
            {
                {{string.Join(' ', Members.Select(member => $"printf(\"%zu\\n\", offsetof(struct _xstate, {member}));"))}}
                return 0;
            }
            """);
        Ending compiled = ChildProgram.Run("gcc", "-o", folder["offsets"], folder["offsets.c"]);
        Assert.True(compiled.ExitCode == 0, compiled.Error);

        string[] said = ChildProgram.Run(folder["offsets"]).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        XsaveArea area = default;
        ref FxsaveArea fx = ref area.Legacy;
        Assert.Equal(said.Select(int.Parse),
        [
            OffsetOf(ref area, ref fx.FpControlStatus.fp_control),
            OffsetOf(ref area, ref fx.FpControlStatus.fp_status),
            OffsetOf(ref area, ref fx.FpControlStatus.fp_tag),
            OffsetOf(ref area, ref fx.FpControlStatus.last_fp_op),
            OffsetOf(ref area, ref fx.FpControlStatus.last_fp_rip),
            OffsetOf(ref area, ref fx.XmmControlStatus.last_fp_rdp),
            OffsetOf(ref area, ref fx.XmmControlStatus.xmm_status_control),
            OffsetOf(ref area, ref fx.XmmControlStatus.xmm_status_control_mask),
            OffsetOf(ref area, ref fx.Fp),
            OffsetOf(ref area, ref fx.Xmm),
            OffsetOf(ref area, ref area.Header.Present),
            OffsetOf(ref area, ref area.Header.Format),
            Unsafe.SizeOf<XsaveArea>(),
        ]);
    }

    private static int OffsetOf<T>(ref XsaveArea area, ref T member) =>
        (int)Unsafe.ByteOffset(ref Unsafe.As<XsaveArea, byte>(ref area), ref Unsafe.As<T, byte>(ref member));
}
