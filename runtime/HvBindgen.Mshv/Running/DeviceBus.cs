using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Diagnostics;
using HvBindgen.Mshv.Handlers;

namespace HvBindgen.Mshv.Running;

/// <summary>
/// Takes the emulator's accesses to the machine's devices. Those that nobody claims and that end the run are not answered.
/// </summary>
internal sealed class DeviceBus(
    uint vpIndex, MachineHandlers handlers, IGuestPhysicalMemory memory, RunOptions options, UnclaimedLog log) : IX64Bus
{
    private ulong unclaimedAt;
    private bool unclaimedIsPort;

    /// <summary>What the last access was for that was not answered.</summary>
    internal string Unclaimed =>
        unclaimedIsPort ? $"no device has port 0x{unclaimedAt:x}" : $"no device and no memory is at 0x{unclaimedAt:x}";

    public bool TryReadMemory(ulong gpa, Span<byte> data) =>
        handlers.Mmio.TryRead(vpIndex, gpa, data) || MayGoOn(options.Mmio, UnclaimedKind.Memory, gpa, isWrite: false);

    // A write to ROM that no device watches is lost, as on a bare machine.
    public bool TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data) =>
        handlers.Mmio.TryWrite(vpIndex, gpa, data) || memory.TryResolve(gpa, out _)
        || MayGoOn(options.Mmio, UnclaimedKind.Memory, gpa, isWrite: true);

    public bool TryReadPort(ushort port, int sizeBytes, out uint value) =>
        handlers.Ports.TryRead(vpIndex, port, sizeBytes, out value)
        || MayGoOn(options.Ports, UnclaimedKind.Port, port, isWrite: false);

    public bool TryWritePort(ushort port, int sizeBytes, uint value) =>
        handlers.Ports.TryWrite(vpIndex, port, sizeBytes, value)
        || MayGoOn(options.Ports, UnclaimedKind.Port, port, isWrite: true);

    public bool WillAnswerMemory(ulong gpa, int sizeBytes, bool isWrite) =>
        options.Mmio != UnclaimedAccess.EndRun || handlers.Mmio.Has(gpa, sizeBytes) || (isWrite && memory.TryResolve(gpa, out _))
        || IsMissing(UnclaimedKind.Memory, gpa);

    public bool WillAnswerPort(ushort port, int sizeBytes, bool isWrite) =>
        options.Ports != UnclaimedAccess.EndRun || handlers.Ports.Has(port, sizeBytes) || IsMissing(UnclaimedKind.Port, port);

    // Nobody's: as on a bare machine reads have given ones and writes are lost, unless the run is to end.
    private bool MayGoOn(UnclaimedAccess policy, UnclaimedKind kind, ulong at, bool isWrite)
    {
        if (policy != UnclaimedAccess.EndRun)
        {
            log.Note(kind, at, isWrite);
            return true;
        }

        return IsMissing(kind, at);
    }

    private bool IsMissing(UnclaimedKind kind, ulong at)
    {
        unclaimedAt = at;
        unclaimedIsPort = kind == UnclaimedKind.Port;
        return false;
    }
}
