using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

public sealed class TargetTests
{
    [Fact]
    public void What_is_the_same_on_all_targets_is_one_type()
    {
        Bindings bindings = Bindings.Of("targets-shared.h", targets: ["x86_64", "arm64"]);

        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void What_differs_has_a_namespace_for_each_target()
    {
        Bindings bindings = Bindings.Of("targets-differing.h", targets: ["x86_64", "arm64"], use: """
            return $"{sizeof(X64.frame)} {sizeof(Arm64.frame)} {sizeof(X64.holder)} {sizeof(Arm64.holder)} {sizeof(same)}";
            """);

        Assert.Equal("16 256 24 264 4", bindings.Result);
        Verifier.Verify(bindings.Declarations, "cs");
    }

    [Fact]
    public void Headers_whose_names_become_one_identifier_are_both_checked()
    {
        Bindings bindings = Bindings.Of("layout-twin.h", parse: request => request with
        {
            Headers = ["layout-twin.h", "layout_twin.h"],
            OwnHeaders = ["layout-twin.h", "layout_twin.h"],
        });

        // A size for each record, and an offset and a size for each of the three members.
        Assert.Equal(8, bindings.Facts);
    }

    [Fact]
    public void Constants_as_wide_as_a_pointer_differ_between_32_and_64_bits()
    {
        Bindings bindings = Bindings.Of("targets-long.h", targets: ["x86_64", "i686"]);

        Verifier.Verify(bindings.Declarations, "cs");
    }
}
