namespace HvBindgen.Mshv.Tests.Guests.Programs;

/// <summary>Where a processor's program and all that it touches are: each has its own, but for a counter that they share.</summary>
/// <param name="Processor">Index of the processor.</param>
internal readonly record struct ProgramPlace(int Processor)
{
    internal const ulong DataBytes = 0x800;
    internal const ulong DeviceBytes = 0x8000;
    internal const ulong StackBytes = 0x400;
    internal const ushort PortCount = 8;

    /// <summary>A counter that every processor adds to.</summary>
    internal const ulong SharedGpa = RunningGuest.DataGpa + 0x8000;

    /// <summary>Where memory ends and the first processor's device begins.</summary>
    internal const ulong EdgeGpa = RunningGuest.DeviceGpa;

    internal ulong CodeGpa => RunningGuest.CodeGpa + ((ulong)Processor * 0x8000);

    /// <summary>In one page with the data of the others.</summary>
    internal ulong DataGpa => RunningGuest.DataGpa + ((ulong)Processor * DataBytes);

    internal ulong DeviceGpa => RunningGuest.DeviceGpa + ((ulong)Processor * DeviceBytes);

    internal ulong StackTop => RunningGuest.StackTop - ((ulong)Processor * StackBytes);

    internal ushort FirstPort => (ushort)(0xc0 + (PortCount * Processor));

    /// <summary>A byte written there ends the program.</summary>
    internal ushort EndPort => (ushort)(0xe0 + Processor);
}
