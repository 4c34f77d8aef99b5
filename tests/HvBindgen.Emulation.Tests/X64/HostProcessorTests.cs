using System.Runtime.InteropServices;
using Iced.Intel;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed class HostProcessorTests
{
    [Fact]
    public void A_mask_hides_what_it_names() => Assert.Equal(["avx2", "movbe"], HostProcessor.ReadMask("avx2, movbe").Order());

    [Fact]
    public void Without_a_mask_nothing_is_hidden() => Assert.Empty(HostProcessor.ReadMask(null));

    [Fact]
    public void A_mask_that_hides_an_unknown_feature_is_refused_by_that_name()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => HostProcessor.ReadMask("avx2,no_such"));

        Assert.Contains("\"no_such\"", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_emulated_encoding_is_one_that_the_processor_can_be_asked_about()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "CPUID is an instruction of x64 processors");
        Code[] emulated = [.. Enum.GetValues<Code>().Where(EmulatedInstructions.IsEmulated)];

        Assert.All(emulated, code => HostProcessor.Has(code));
        Assert.Contains(emulated, HostProcessor.Has);
    }
}
