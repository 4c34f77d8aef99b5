using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Running;

namespace SerialConsole;

/// <summary>A port that switches the machine off, whatever is written to it.</summary>
internal sealed class PowerSwitch(Machine machine) : IPortIoHandler
{
    public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

    public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => machine.RequestEnd(RunEnd.PowerOff);
}
