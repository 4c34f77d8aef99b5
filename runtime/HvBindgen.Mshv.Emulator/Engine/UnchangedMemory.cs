using HvBindgen.Emulation;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Guest memory that can only be read: what would be written there is given to the bus, as a write to a device is.</summary>
internal sealed class UnchangedMemory(IGuestPhysicalMemory memory) : IGuestPhysicalMemory
{
    public bool TryResolve(ulong gpa, out HostRange range)
    {
        bool isBacked = memory.TryResolve(gpa, out range);
        range = range with { IsWritable = false };
        return isBacked;
    }
}
