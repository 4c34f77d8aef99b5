using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>An access that leaves the processor.</summary>
/// <param name="IsPort">Whether to a port, not to memory.</param>
/// <param name="Address">Port or guest-physical address.</param>
/// <param name="SizeBytes">Size.</param>
/// <param name="IsWrite">Direction.</param>
internal readonly record struct DeviceAccess(bool IsPort, ulong Address, int SizeBytes, bool IsWrite);

/// <summary>Answers no access to a device, and keeps the first: there the instruction is abandoned.</summary>
internal sealed class FirstAccess(IGuestPhysicalMemory memory) : IX64Bus
{
    /// <summary>The access, null where there was none.</summary>
    internal DeviceAccess? Found { get; private set; }

    /// <summary>Forgets it, before another instruction.</summary>
    internal void Clear() => Found = null;

    public bool TryReadMemory(ulong gpa, Span<byte> data) => Refuse(isPort: false, gpa, data.Length, isWrite: false);

    // What is meant for memory comes here too where that is not to be changed.
    public bool TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data) =>
        (memory.TryResolve(gpa, out HostRange range) && range.IsWritable) || Refuse(isPort: false, gpa, data.Length, isWrite: true);

    public bool TryReadPort(ushort port, int sizeBytes, out uint value)
    {
        value = 0;
        return Refuse(isPort: true, port, sizeBytes, isWrite: false);
    }

    public bool TryWritePort(ushort port, int sizeBytes, uint value) => Refuse(isPort: true, port, sizeBytes, isWrite: true);

    private bool Refuse(bool isPort, ulong address, int sizeBytes, bool isWrite)
    {
        Found ??= new DeviceAccess(isPort, address, sizeBytes, isWrite);
        return false;
    }
}
