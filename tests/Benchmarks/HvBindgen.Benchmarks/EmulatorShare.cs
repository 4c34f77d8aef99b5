using System.Diagnostics;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Benchmarks;

/// <summary>
/// The same guest through the whole library on the emulated device: what remains beside KVM's own exit is the emulator's share.
/// </summary>
internal sealed class EmulatorShare : IPortIoHandler, IDisposable
{
    private const ulong CodeGpa = 0x1000;

    private readonly MshvEmulator emulator = new();
    private readonly RunLoop loop;
    private long left;

    internal EmulatorShare()
    {
        Partition partition = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = emulator, Backend = MshvBackend.Device })
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

    /// <summary>Where the time of an exit goes, by the emulator's own count, which itself takes some.</summary>
    internal string Breakdown(long count)
    {
        emulator.Statistics.IsOn = true;
        double whole = Measure(count);
        emulator.Statistics.IsOn = false;
        double ran = PerExit(emulator.Statistics.RunTime);
        double engine = PerExit(emulator.Statistics.EngineTime);
        double page = PerExit(emulator.Statistics.RegisterPageTime);
        return $"{engine:f0} ns in KVM ({(double)emulator.Statistics.EngineEntries / count:f1} entries), {page:f0} ns filling the " +
            $"register page, "
            + $"{ran - engine - page:f0} ns the rest of the emulator, {whole - ran:f0} ns run loop and device";

        double PerExit(long ticks) => Stopwatch.GetElapsedTime(0, ticks).TotalNanoseconds / count;
    }

    public void Dispose() => emulator.Dispose();

    public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

    public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
    {
        if (--left == 0)
        {
            loop.RequestEnd(RunEnd.Requested);
        }
    }
}
