using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Pointers with tags in them, and pages with protection keys. The machine that runs the oracle may have neither.</summary>
public sealed class TaggedAddressTests
{
    private const ulong LamU57 = 1UL << 61;
    private const ulong LamU48 = 1UL << 62;
    private const ulong LamSup = 1UL << 28;
    private const ulong HighHalf = 0xFFFF_8000_0000_0000;

    [Theory]
    [InlineData(0x7E00_0000_0000_9000, LamU57, 0, true)]
    [InlineData(0x7E00_0000_0000_9000, LamU48, 0, true)]
    [InlineData(0x7FFF_0000_0000_9000, LamU48, 0, true)]
    [InlineData(0x01FF_0000_0000_9000, LamU57, 0, false)] // bits 56 to 48 are none of the tag
    [InlineData(0x7E00_8000_0000_9000, LamU48, 0, false)] // bit 47 says that it is the other half's
    [InlineData(0x7E00_0000_0000_9000, 0, LamSup, false)]
    [InlineData(0x7E00_0000_0000_9000, 0, 0, false)]
    [InlineData(0xA5A5_8000_0000_9000, 0, LamSup, true)]
    [InlineData(0xA5A5_8000_0000_9000, LamU48 | LamU57, 0, false)]
    [InlineData(0xA5A5_0000_0000_9000, 0, LamSup, false)]
    [InlineData(HighHalf | 0x9000, 0, 0, true)]
    public void A_tag_is_ignored_where_masking_is_enabled_for_the_half_of_its_pointer(ulong pointer, ulong cr3, ulong cr4, bool isAllowed)
    {
        using X64Machine machine = Machine();
        machine.State.Cr3 |= cr3;
        machine.State.Cr4 |= cr4;
        machine.State.Gpr[3] = pointer;

        EmulationOutcome outcome = machine.Step(0x8B, 0x03); // mov eax, [rbx]

        Assert.Equal(isAllowed ? EmulationResult.Completed : EmulationResult.Fault, outcome.Result);
        Assert.Equal(isAllowed ? 0 : 13, outcome.Vector);
        Assert.Equal(isAllowed ? 0x1234_5678u : 0, machine.State.Gpr[0]);
    }

    [Fact]
    public void With_five_levels_the_tag_is_shorter()
    {
        using X64Machine machine = Machine();
        machine.Memory.Words[0x8000 / 8] = 0x1007;
        machine.State.Cr3 = 0x8000;
        machine.State.Cr4 |= LamSup | (1 << 12);
        machine.State.Gpr[3] = 0x80FF_0000_0000_9000; // bit 56 is clear
        Assert.Equal(13, machine.Step(0x8B, 0x03).Vector);

        // Bit 56 is set, and with it all above.
        machine.Memory.Words[(0x8000 / 8) + 511] = 0x1007;
        machine.State.Gpr[3] = 0x81FF_0000_0000_9000;
        Assert.Equal(EmulationResult.Completed, machine.Step(0x8B, 0x03).Result);
    }

    [Theory]
    [InlineData(1 << 22, EmulationResult.Unsupported)] // PKE
    [InlineData(1 << 24, EmulationResult.Completed)] // PKS, which is not for user pages
    [InlineData(0, EmulationResult.Completed)]
    public void A_page_with_a_protection_key_is_refused_where_keys_count(ulong cr4, EmulationResult expected)
    {
        using X64Machine machine = Machine();
        ProtectDevices(machine);
        machine.State.Cr4 |= cr4;
        machine.State.Gpr[3] = X64Machine.DeviceBase;

        EmulationOutcome outcome = machine.Step(0x8B, 0x03); // mov eax, [rbx]

        Assert.Equal(expected, outcome.Result);
        Assert.Equal(expected == EmulationResult.Completed ? EmulationLimit.None : EmulationLimit.ProtectionKey, outcome.Limit);
        Assert.Equal(expected == EmulationResult.Completed ? 1 : 0, machine.Bus.Log.Count);
    }

    [Fact]
    public void What_the_hypervisor_has_translated_is_not_asked_again()
    {
        using X64Machine machine = Machine();
        ProtectDevices(machine);
        machine.State.Cr4 |= 1 << 22;
        machine.State.Gpr[3] = X64Machine.DeviceBase;
        EmulationInput input = new()
        {
            InstructionBytes = [0x8B, 0x03],
            HasKnownTranslation = true,
            KnownGva = X64Machine.DeviceBase,
            KnownGpa = X64Machine.DeviceBase,
        };

        Assert.Equal(EmulationResult.Completed, machine.Emulator.Execute(ref machine.State, input).Result);
    }

    // Both halves of linear addresses have the same pages.
    private static X64Machine Machine()
    {
        X64Machine machine = new(64);
        machine.EnableIdentityPaging();
        machine.Memory.Words[512 + 256] = 0x2007;
        machine.Memory.Words[512] = 0x2007;
        machine.Memory.Words[0x9000 / 8] = 0x1234_5678;
        machine.State.Cr4 |= 1 << 5;
        return machine;
    }

    private static void ProtectDevices(X64Machine machine) =>
        machine.Memory.Words[1536 + (int)(X64Machine.DeviceBase >> 21)] |= 3UL << 59;
}
