using System.Diagnostics;
using HvBindgen.Mshv;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Benchmarks;

/// <summary>The same guest through the whole library on the emulated device: what remains beside KVM's own exit is the emulator's share.</summary>
internal sealed class EmulatorShare : IPortIoHandler
{
    private const ulong CodeGpa = 0x1000;

    private readonly RunLoop loop;
    private long left;

    internal EmulatorShare()
    {
        Partition partition = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = new MshvEmulator(), Backend = MshvBackend.Device })
            .CreatePartition().WithAllFeatures().Build();
        partition.Memory.Map(0, GuestMemory.Allocate(0x10000));
        partition.Memory.Write(CodeGpa, [0xe6, 0x80, 0xeb, 0xfc]);
        VirtualProcessor processor = partition.CreateVirtualProcessor(0);
        processor.Registers.Set(X64Boot.RealMode(CodeGpa).Registers);
        MachineHandlers handlers = new();
        handlers.Ports.Map(0x80, 1, this);
        loop = new RunLoop(processor, handlers);
    }

    internal double Measure(long count)
    {
        left = count;
        long started = Stopwatch.GetTimestamp();
        RunResult result = loop.Run();
        return result.End == RunEnd.Requested
            ? Stopwatch.GetElapsedTime(started).TotalNanoseconds / count
            : throw new InvalidOperationException(result.ToString());
    }

    public uint Read(int offset, int sizeBytes) => 0;

    public void Write(int offset, int sizeBytes, uint value)
    {
        if (--left == 0)
        {
            loop.RequestEnd(RunEnd.Requested);
        }
    }
}
