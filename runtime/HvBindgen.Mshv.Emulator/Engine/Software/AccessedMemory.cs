using HvBindgen.Emulation;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>A machine's memory as its processors access it: what they find counts as accessed.</summary>
internal sealed class AccessedMemory(SoftwareMemory memory) : IGuestPhysicalMemory
{
    public bool TryResolve(ulong gpa, out HostRange range) => memory.TryAccess(gpa, out range);

    public void NoteWrite(ulong gpa, ulong sizeBytes) => memory.NoteWrite(gpa, sizeBytes);
}
