using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Tests.Boot;
using HvBindgen.Mshv.Tests.Processors;
using Xunit;

namespace HvBindgen.Mshv.Tests.Hostile;

/// <summary>Kernels and processor states made wrong at random, from a seed that a failure names.</summary>
public sealed class DamagedImageTests
{
    private const int RamBytes = 0x40_0000;

    public static TheoryData<int> Seeds => [.. FuzzRounds.Seeds];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Images_are_loaded_or_refused_and_never_leave_the_guest_s_memory(int seed)
    {
        byte[][] kernels = [ElfImageTests.Kernel(), LinuxKernelImageTests.Kernel(), Arm64KernelImageTests.Header()];
        LinuxBootData data = new("console=ttyS0", "disk"u8.ToArray(), MemoryMap.ForPc(RamBytes));
        FuzzRounds.Repeat(seed, 300, 100_000, random =>
        {
            // RamBlock notices what is written beside it.
            using RamBlock ram = new(RamBytes, gpa: random.Next(8) == 0 ? 0x1000u : 0);
            byte[] kernel = DamagedBytes.Of(random, kernels[random.Next(kernels.Length)]);
            try
            {
                Load(random.Next(4), ram, kernel, data);
            }
            catch (GuestImageException refusal)
            {
                Assert.NotEmpty(refusal.Message);
            }
        }, TestContext.Current.TestOutputHelper!.WriteLine);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Processor_states_with_a_right_checksum_are_read_or_refused(int seed)
    {
        byte[] whole = VpStateTests.SavedState();
        FuzzRounds.Repeat(seed, 300, 100_000, random =>
        {
            byte[] damaged = DamagedBytes.Of(random, whole[..^sizeof(uint)]);
            byte[] state = [.. damaged, .. BitConverter.GetBytes(Crc32.Of(damaged))];
            try
            {
                VpState parsed = VpState.Parse(state);

                // What is taken is a state, and a state is written as it was read.
                Assert.Equal(state, parsed.ToArray());
            }
            catch (VpStateFormatException refusal)
            {
                Assert.NotEmpty(refusal.Message);
            }
        }, TestContext.Current.TestOutputHelper!.WriteLine);
    }

    private static void Load(int loader, RamBlock ram, byte[] kernel, LinuxBootData data)
    {
        switch (loader)
        {
            case 0:
                ElfImage.Load(ram, kernel, TestContext.Current.CancellationToken);
                break;
            case 1:
                PvhBoot.Load(ram, kernel, data, TestContext.Current.CancellationToken);
                break;
            case 2:
                LinuxKernelImage.Load(ram, kernel, data);
                break;
            default:
                Arm64KernelImage.Load(ram, Arm64KernelImage.Place(kernel, 0, RamBytes, 4), kernel, "tree"u8, "disk"u8);
                break;
        }
    }
}
