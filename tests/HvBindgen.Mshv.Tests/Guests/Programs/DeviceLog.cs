using HvBindgen.Mshv.Handlers;

namespace HvBindgen.Mshv.Tests.Guests.Programs;

/// <summary>
/// A device, and ports, of one processor: what is read follows from the place and from how often anything was read, and every access is
/// noted.
/// </summary>
internal sealed class DeviceLog(ProgramPlace place) : IMmioHandler, IPortIoHandler
{
    private ulong reads;

    /// <summary>Every access, in order.</summary>
    internal List<string> Accesses { get; } = [];

    /// <summary>Puts the device where the processor finds it.</summary>
    internal void Connect(MachineHandlers handlers)
    {
        handlers.Mmio.Map(place.DeviceGpa, ProgramPlace.DeviceBytes, this);
        handlers.Ports.Map(place.FirstPort, ProgramPlace.PortCount, this);
    }

    /// <summary>Forgets what has been accessed.</summary>
    internal void Reset()
    {
        Accesses.Clear();
        reads = 0;
    }

    public ulong Read(uint vpIndex, ulong offset, int sizeBytes)
    {
        ulong value = Answer(offset, sizeBytes);
        Accesses.Add($"read {sizeBytes} at 0x{offset:x}: 0x{value:x}");
        return value;
    }

    public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value) =>
        Accesses.Add($"write {sizeBytes} at 0x{offset:x}: 0x{value:x}");

    uint IPortIoHandler.Read(uint vpIndex, int offset, int sizeBytes)
    {
        uint value = (uint)Answer((ulong)offset, sizeBytes);
        Accesses.Add($"in {sizeBytes} at {offset}: 0x{value:x}");
        return value;
    }

    void IPortIoHandler.Write(uint vpIndex, int offset, int sizeBytes, uint value) =>
        Accesses.Add($"out {sizeBytes} at {offset}: 0x{value:x}");

    private ulong Answer(ulong offset, int sizeBytes)
    {
        ulong value = ((offset + 0x51) * 0x9e3779b97f4a7c15) ^ (++reads * 0xc2b2ae3d27d4eb4f);
        return sizeBytes == sizeof(ulong) ? value : value & ((1UL << (sizeBytes * 8)) - 1);
    }
}
