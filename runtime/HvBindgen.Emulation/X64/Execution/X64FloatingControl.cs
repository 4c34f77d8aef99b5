using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>MXCSR during one instruction: how it rounds, and the exceptions that it leaves or raises.</summary>
internal sealed class X64FloatingControl(X64Context context, X64AddressSpace space, X64VectorOperands vectors)
{
    private uint mxcsr;

    /// <summary>Reads it for an instruction of vectors.</summary>
    internal bool TryBegin(out NumberEnvironment environment)
    {
        environment = default;

        if (!vectors.TryUseControl())
        {
            return false;
        }

        environment = Read();
        return true;
    }

    /// <summary>Whether it can be read.</summary>
    internal bool IsKnown => vectors.HasControl;

    /// <summary>Reads it once it is known that it may be used.</summary>
    internal NumberEnvironment Read()
    {
        mxcsr = vectors.ReadControl();
        return NumberEnvironment.FromMxcsr(mxcsr);
    }

    /// <summary>Notes exceptions, and raises one without a mask: then nothing else is written.</summary>
    internal bool TryFinish(in NumberEnvironment environment)
    {
        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        NumberExceptions raised = environment.Raised;
        NumberExceptions unmasked = raised & ~environment.Masks;

        // Elements whose operands are refused keep all others from a result.
        raised &= (unmasked & NumberExceptions.BeforeResult) != 0 ? NumberExceptions.BeforeResult : NumberExceptions.All;
        raised |= environment.Completed;

        if (((uint)raised & ~mxcsr) != 0 && !vectors.TryWriteControl(mxcsr | (uint)raised))
        {
            return false;
        }

        return unmasked == NumberExceptions.None || context.Fault(
            (context.State.Cr4 & X64Bits.Cr4Osxmmexcpt) != 0 ? X64Bits.VectorXm : X64Bits.VectorUd);
    }
}
