namespace HvBindgen.Mshv.Processors;

/// <summary>How a run of a virtual processor ended.</summary>
public enum RunOutcomeKind
{
    /// <summary>The guest did something that the monitor has to deal with; the message says what.</summary>
    Intercepted,

    /// <summary>A signal ended the run, maybe one that was meant for something else. There is no message.</summary>
    Interrupted,

    /// <summary>The kernel refused; the error number says why.</summary>
    Failed,
}

/// <summary>How a run of a virtual processor ended.</summary>
/// <param name="Kind">How.</param>
/// <param name="Errno">Error number; 0 unless the run failed or was interrupted.</param>
public readonly record struct RunOutcome(RunOutcomeKind Kind, int Errno)
{
    /// <summary>The guest did something that the monitor has to deal with.</summary>
    public static RunOutcome Intercepted => new(RunOutcomeKind.Intercepted, 0);
}
