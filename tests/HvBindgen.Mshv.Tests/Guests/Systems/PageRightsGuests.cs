using HvBindgen.Mshv.Emulator;
using Xunit;

namespace HvBindgen.Mshv.Tests.Guests.Systems;

/// <summary>Every combination of bits in page tables, of what an access does, and of the registers that decide about it.</summary>
public sealed class PageRightsGuests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Kvm")]
    [InlineData("Software")]
    public void An_access_is_allowed_or_faults_as_the_manual_says(string engine)
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        MshvEngine chosen = Enum.Parse<MshvEngine>(engine);
        if (chosen == MshvEngine.Kvm)
        {
            Requirement.Emulator();
            Assert.SkipWhen(Requirement.IsSoftware, "guests run in software here");
        }
        else
        {
            Requirement.Software();
        }

        using PageRightsMachine machine = new(chosen);
        List<string> differences = [];
        int accesses = 0;
        for (int bits = 0; bits < 64; bits++)
        {
            PageRules rules = new(Bit(0), Bit(1), Bit(2), Bit(3), Bit(4), Bit(5));
            if (!machine.Takes(rules))
            {
                continue;
            }

            foreach (PageAccess access in Enum.GetValues<PageAccess>())
            {
                differences.AddRange(machine.Check(rules, access));
                accesses += machine.PageCount;
            }

            bool Bit(int index) => (bits >> index & 1) != 0;
        }

        output.WriteLine($"{accesses} accesses, {differences.Count} differ");
        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(20)));
        Assert.NotEqual(0, accesses);
    }
}
