using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Gdb.Debugging;

/// <summary>Why the machine stands.</summary>
internal enum StopReason
{
    /// <summary>The debugger asked for it.</summary>
    Interrupt,

    /// <summary>INT3 of the debugger.</summary>
    SoftwareBreakpoint,

    /// <summary>A debug register.</summary>
    HardwareBreakpoint,

    /// <summary>An instruction has been stepped over.</summary>
    Step,

    /// <summary>The machine has ended.</summary>
    End,
}

/// <summary>The machine stands.</summary>
/// <param name="Reason">Why.</param>
/// <param name="VpIndex">The processor that it is about.</param>
/// <param name="Watch">The watched place, for a debug register.</param>
/// <param name="End">How the machine ended, if it did.</param>
internal readonly record struct Stop(StopReason Reason, uint VpIndex = 0, Watch? Watch = null, MachineResult? End = null);

/// <summary>What a processor does when the machine goes on.</summary>
internal enum ProcessorAction
{
    /// <summary>It stands.</summary>
    Stay,

    /// <summary>It runs.</summary>
    Continue,

    /// <summary>It carries out one instruction.</summary>
    Step,
}
