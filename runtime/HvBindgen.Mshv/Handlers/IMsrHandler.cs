namespace HvBindgen.Mshv.Handlers;

/// <summary>Answers accesses to model-specific registers that the hypervisor was told to intercept.</summary>
public interface IMsrHandler
{
    /// <summary>The guest reads a register.</summary>
    /// <param name="vpIndex">Processor that reads.</param>
    /// <param name="msr">Number of the register.</param>
    /// <param name="value">Its value.</param>
    /// <returns>False when there is no such register, or it must not be read.</returns>
    bool TryRead(uint vpIndex, uint msr, out ulong value);

    /// <summary>The guest writes a register.</summary>
    /// <param name="vpIndex">Processor that writes.</param>
    /// <param name="msr">Number of the register.</param>
    /// <param name="value">Value.</param>
    /// <returns>False when there is no such register, or it must not be written, or not with this value.</returns>
    bool TryWrite(uint vpIndex, uint msr, ulong value);
}
