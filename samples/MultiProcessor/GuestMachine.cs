using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Running;

namespace MultiProcessor;

/// <summary>A partition with two processors, each with a thread of its own while it runs.</summary>
internal sealed class GuestMachine : IDisposable
{
    /// <summary>Size of the guest's memory.</summary>
    public const int RamBytes = 0x1_0000;

    private const uint ProcessorCount = 2;
    private readonly GuestMemory ram = GuestMemory.Allocate(RamBytes);

    /// <summary>Makes the machine, with nothing in its memory.</summary>
    /// <param name="device">The device.</param>
    public GuestMachine(MshvDevice device)
    {
        Partition = device.CreatePartition().Build();
        Partition.Memory.Map(0, ram);
        MachineHandlers handlers = new();
        List<RunLoop> loops = [];
        for (uint index = 0; index < ProcessorCount; index++)
        {
            loops.Add(new RunLoop(Partition.CreateVirtualProcessor(index), handlers));
        }

        Machine = new Machine(loops);
        handlers.Ports.Map(GuestProgram.PowerPort, 1, new PowerSwitch(Machine));
    }

    /// <summary>The partition.</summary>
    public Partition Partition { get; }

    /// <summary>The processors' threads.</summary>
    public Machine Machine { get; }

    /// <summary>What the guest has counted in memory so far.</summary>
    public GuestProgram.Counts Counts => GuestProgram.ReadCounts(Partition.Memory);

    /// <summary>What a processor has counted in a register. For a machine that does not run.</summary>
    /// <param name="index">The processor.</param>
    public uint OwnCount(uint index) => (uint)Partition.FindVirtualProcessor(index)!.X64.General.Rbx;

    /// <inheritdoc/>
    public void Dispose()
    {
        Machine.Dispose();
        Partition.Dispose();
        ram.Dispose();
    }

    private sealed class PowerSwitch(Machine machine) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => machine.RequestEnd(RunEnd.PowerOff);
    }
}
