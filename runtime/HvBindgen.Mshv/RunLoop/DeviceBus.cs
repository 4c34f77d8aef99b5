using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Handlers;

namespace HvBindgen.Mshv;

/// <summary>Takes the emulator's accesses to the machine's devices, and remembers whether one of them had no device.</summary>
internal sealed class DeviceBus(MachineHandlers handlers, IGuestPhysicalMemory memory, RunOptions options) : IX64Bus
{
    /// <summary>Whether an access was nobody's and the run is to end for it.</summary>
    internal bool WasUnclaimed { get; private set; }

    internal void Begin() => WasUnclaimed = false;

    public void ReadMemory(ulong gpa, Span<byte> data)
    {
        if (!handlers.Mmio.TryRead(gpa, data))
        {
            WasUnclaimed |= options.Mmio == UnclaimedAccess.EndRun;
        }
    }

    public void WriteMemory(ulong gpa, ReadOnlySpan<byte> data)
    {
        // A write to ROM that no device watches is lost, as on a bare machine.
        if (!handlers.Mmio.TryWrite(gpa, data) && !memory.TryResolve(gpa, out _))
        {
            WasUnclaimed |= options.Mmio == UnclaimedAccess.EndRun;
        }
    }

    public uint ReadPort(ushort port, int sizeBytes)
    {
        if (!handlers.Ports.TryRead(port, sizeBytes, out uint value))
        {
            WasUnclaimed |= options.Ports == UnclaimedAccess.EndRun;
        }

        return value;
    }

    public void WritePort(ushort port, int sizeBytes, uint value)
    {
        if (!handlers.Ports.TryWrite(port, sizeBytes, value))
        {
            WasUnclaimed |= options.Ports == UnclaimedAccess.EndRun;
        }
    }
}
