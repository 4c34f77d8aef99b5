using System.Diagnostics;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Calls;
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
    private const int SeriesLength = 100;

    private readonly MshvEmulator emulator = new();
    private readonly VirtualProcessor processor;
    private readonly RunLoop loop;
    private long left;

    internal EmulatorShare()
    {
        Partition partition = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = emulator, Backend = MshvBackend.Device })
            .CreatePartition().WithAllFeatures().Build();
        partition.Memory.Map(0, GuestMemory.Allocate(0x10000));
        partition.Memory.Write(CodeGpa, [0xe6, 0x80, 0xeb, 0xfc]);
        processor = partition.CreateVirtualProcessor(0);
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

    /// <summary>How long one series of registers takes to be set: general, system and vector registers, and model-specific ones.</summary>
    /// <param name="count">Number of series.</param>
    /// <param name="registers">How many registers are in one.</param>
    internal double MeasureRegisters(long count, out int registers)
    {
        hv_register_name[] names =
        [
            .. Names(hv_register_name.HV_X64_REGISTER_RAX, hv_register_name.HV_X64_REGISTER_RFLAGS),
            .. Names(hv_register_name.HV_X64_REGISTER_XMM0, hv_register_name.HV_X64_REGISTER_XMM_CONTROL_STATUS),
            .. Names(hv_register_name.HV_X64_REGISTER_CR0, hv_register_name.HV_X64_REGISTER_CR8),
            .. Names(hv_register_name.HV_X64_REGISTER_DR0, hv_register_name.HV_X64_REGISTER_DR7),
            .. Names(hv_register_name.HV_X64_REGISTER_ES, hv_register_name.HV_X64_REGISTER_GDTR),
            .. Names(hv_register_name.HV_X64_REGISTER_EFER, hv_register_name.HV_X64_REGISTER_SFMASK),
            .. Names(
                hv_register_name.HV_X64_REGISTER_MSR_MTRR_PHYS_BASE0, hv_register_name.HV_X64_REGISTER_MSR_MTRR_FIX4KF8000),
        ];
        hv_register_name[] there = [.. names.Where(IsThere).Take(SeriesLength)];
        hv_register_value[] values = new hv_register_value[there.Length];
        processor.Registers.Get(there, values);
        registers = there.Length;
        long started = Stopwatch.GetTimestamp();
        for (long i = 0; i < count; i++)
        {
            processor.Registers.Set(there, values);
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / count;
    }

    private static IEnumerable<hv_register_name> Names(hv_register_name first, hv_register_name last) =>
        Enum.GetValues<hv_register_name>().Where(name => name >= first && name <= last);

    private bool IsThere(hv_register_name name)
    {
        try
        {
            processor.Registers.Set(name, processor.Registers.Get(name));
            return true;
        }
        catch (HypervisorException)
        {
            return false;
        }
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
