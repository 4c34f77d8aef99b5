using HvBindgen.Emulation.X64.Processor;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64.Processor;

public sealed class ProcessorFuzzTests
{
    private const int Programs = 400;
    private const int CodeBytes = 512;
    private const int TableBytes = 0x3000;

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void No_program_throws_hangs_or_leaves_its_memory(int bits)
    {
        Random random = new(bits);
        HashSet<ProcessorStop> stops = [];

        for (int program = 0; program < Programs; program++)
        {
            using ProcessorRig rig = new(bits);
            random.NextBytes(rig.Memory.Bytes.Slice((int)ProcessorRig.Code, CodeBytes));

            // Tables of descriptors, gates and tasks, some of them damaged, some of them whole.
            for (int damage = random.Next(8); damage > 0; damage--)
            {
                rig.Memory.Bytes[(int)ProcessorRig.Gdt + random.Next(TableBytes)] = (byte)random.Next(256);
                rig.Memory.Bytes[0x1000 + random.Next(TableBytes)] ^= (byte)(1 << random.Next(8));
            }

            for (int register = 0; register < 16; register++)
            {
                rig.State.Gpr[register] = random.Next(2) == 0 ? (ulong)random.Next(X64Machine.RamBytes) : (ulong)random.NextInt64();
            }

            rig.Bus.Patience = random.Next(4);
            rig.Interrupts.Enqueue((byte)random.Next(256));
            rig.Processor.NoticeInterrupt();
            stops.Add(rig.Processor.Run(2000));

            Assert.True(rig.Memory.IsIntact);
        }

        Assert.Contains(ProcessorStop.Shutdown, stops);
        Assert.Contains(ProcessorStop.Unanswered, stops);
    }
}
