using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed class CacheInstructionTests
{
    private const ulong Unmapped = 0x1_0000_0000;

    [Theory]
    [InlineData(new byte[] { 0x0F, 0xAE, 0x3B })] // clflush [rbx]
    [InlineData(new byte[] { 0x66, 0x0F, 0xAE, 0x3B })] // clflushopt [rbx]
    [InlineData(new byte[] { 0x66, 0x0F, 0xAE, 0x33 })] // clwb [rbx]
    [InlineData(new byte[] { 0x0F, 0x1C, 0x03 })] // cldemote [rbx]
    [InlineData(new byte[] { 0x0F, 0x18, 0x03 })] // prefetchnta [rbx]
    [InlineData(new byte[] { 0x0F, 0x0D, 0x0B })] // prefetchw [rbx]
    [InlineData(new byte[] { 0x0F, 0x09 })] // wbinvd
    public void Cache_control_of_device_memory_does_nothing(byte[] code)
    {
        using X64Machine machine = new(64);
        machine.EnableIdentityPaging();
        machine.State.Gpr[3] = X64Machine.DeviceBase;

        Assert.Equal(EmulationResult.Completed, machine.Step(code).Result);

        Assert.Equal(0x8000u + (uint)code.Length, machine.State.Rip);
        Assert.Empty(machine.Bus.Log);
    }

    [Theory]
    [InlineData(new byte[] { 0x0F, 0xAE, 0x3B }, EmulationResult.Fault)]
    [InlineData(new byte[] { 0x66, 0x0F, 0xAE, 0x33 }, EmulationResult.Fault)]
    [InlineData(new byte[] { 0x0F, 0x18, 0x03 }, EmulationResult.Completed)]
    public void Lines_are_cleaned_where_a_byte_could_be_loaded_and_prefetched_anywhere(byte[] code, EmulationResult expected)
    {
        using X64Machine machine = new(64);
        machine.EnableIdentityPaging();
        machine.State.Gpr[3] = Unmapped;

        EmulationOutcome outcome = machine.Step(code);

        Assert.Equal(expected, outcome.Result);
        Assert.Equal(expected == EmulationResult.Fault ? (14, Unmapped) : (0, 0UL), (outcome.Vector, outcome.FaultAddress));
    }

    [Fact]
    public void Caches_are_written_back_by_the_most_privileged_level_alone()
    {
        using X64Machine machine = new(64);
        machine.State.Segments[X64SegmentFile.Ss].PrivilegeLevel = 3;

        Assert.Equal(13, machine.Step(0x0F, 0x09).Vector); // wbinvd
    }
}
