using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>A partition of the whole library on the emulated device, with real-mode code to run.</summary>
internal sealed class GuestMachine : IDisposable
{
    internal const ulong CodeGpa = 0x1000;
    internal const ulong RamBytes = 0xa0000;

    private readonly GuestMemory ram;

    internal GuestMachine(ISystemCalls systemCalls, byte[] code, uint processorCount = 1)
    {
        Device = MshvDevice.Open(new MshvDeviceOptions { SystemCalls = systemCalls, Backend = MshvBackend.Device });
        Partition = Device.CreatePartition().WithAllFeatures().Build();
        ram = GuestMemory.Allocate(RamBytes);
        Partition.Memory.Map(0, ram);
        Partition.Memory.Write(CodeGpa, code);
        for (uint index = 0; index < processorCount; index++)
        {
            Processors.Add(Partition.CreateVirtualProcessor(index));
        }

        Processor.Registers.Set(X64Boot.RealMode(CodeGpa).Registers);
    }

    internal MshvDevice Device { get; }

    internal Partition Partition { get; }

    internal List<VirtualProcessor> Processors { get; } = [];

    internal VirtualProcessor Processor => Processors[0];

    /// <summary>The emulated device; skips the test where guests cannot run.</summary>
    internal static MshvEmulator NewEmulator(List<string>? refusals = null)
    {
        Requirement.Emulator();
        List<string> told = refusals ?? [];
        return new MshvEmulator(new MshvEmulatorOptions { OnRefusal = told.Add });
    }

    public void Dispose()
    {
        Partition.Dispose();
        Device.Dispose();
        ram.Dispose();
    }
}
