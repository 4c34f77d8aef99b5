using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Processors;

/// <summary>A part of a processor's state that is no register.</summary>
public enum VpStateComponent
{
    /// <summary>Local interrupt controller.</summary>
    LocalApic = Constants.MSHV_VP_STATE_LAPIC,

    /// <summary>Floating-point and vector registers, in the compacted XSAVE format.</summary>
    Xsave = Constants.MSHV_VP_STATE_XSAVE,

    /// <summary>Page of messages of the synthetic interrupt controller.</summary>
    MessagePage = Constants.MSHV_VP_STATE_SIMP,

    /// <summary>Page of event flags of the synthetic interrupt controller.</summary>
    EventFlagsPage = Constants.MSHV_VP_STATE_SIEFP,

    /// <summary>Synthetic timers.</summary>
    SyntheticTimers = Constants.MSHV_VP_STATE_SYNTHETIC_TIMERS,
}
