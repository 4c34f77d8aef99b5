using HvBindgen.Emulation.X64.Processor;

namespace HvBindgen.Emulation.Tests.X64.Processor;

/// <summary>What a processor is given that runs programs of no privilege: no registers of the model, no interrupts, and no time.</summary>
internal sealed class NoSurroundings : IX64Surroundings
{
    public ulong TimestampCounter => 0;

    public uint TimestampAux => 0;

    public ulong NextRandom() => 0;

    public X64Identification Identify(uint function, uint index) => default;

    public MsrAnswer ReadMsr(uint index, out ulong value)
    {
        value = 0;
        return MsrAnswer.Fault;
    }

    public MsrAnswer WriteMsr(uint index, ulong value) => MsrAnswer.Fault;

    public void OnTaskPriority()
    {
    }

    public bool TryTakeInterrupt(out byte vector)
    {
        vector = 0;
        return false;
    }
}
