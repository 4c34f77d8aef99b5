namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>The word by which a guest says what it calls and how (<c>hvgdk_mini.h</c>, <c>HV_HYPERCALL_*</c>).</summary>
internal readonly record struct GuestCallControl(ulong Word)
{
    internal ushort Code => (ushort)Word;

    /// <summary>Whether registers have the input, and not memory.</summary>
    internal bool IsFast => (Word & Hv.HV_HYPERCALL_FAST_BIT) != 0;

    /// <summary>Length of what follows the fixed part of the input, in units of 8 bytes.</summary>
    internal int HeaderWords => (int)((Word & Hv.HV_HYPERCALL_VARHEAD_MASK) >> Hv.HV_HYPERCALL_VARHEAD_OFFSET);

    /// <summary>Number of the list's elements.</summary>
    internal int Reps => (int)((Word & Hv.HV_HYPERCALL_REP_COMP_MASK) >> Hv.HV_HYPERCALL_REP_COMP_OFFSET);

    /// <summary>The first element to do.</summary>
    internal int FirstRep => (int)((Word & Hv.HV_HYPERCALL_REP_START_MASK) >> Hv.HV_HYPERCALL_REP_START_OFFSET);

    /// <summary>Whether bits are set that must be clear; a nested hypervisor's calls are among them.</summary>
    internal bool HasReserved => (Word & Hv.HV_HYPERCALL_RSVD_MASK) != 0;
}
