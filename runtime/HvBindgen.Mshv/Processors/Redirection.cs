namespace HvBindgen.Mshv.Processors;

/// <summary>
/// Whether somebody has said where a processor goes on since its last exit. What the exit's instruction would still change is void then.
/// </summary>
internal sealed class Redirection
{
    /// <summary>The instruction pointer has been written, by a handler or between two runs.</summary>
    internal bool IsSet { get; private set; }

    internal void Set() => IsSet = true;

    internal void Clear() => IsSet = false;

    /// <summary>Takes note of registers that are written.</summary>
    internal void Note(ReadOnlySpan<uint> names, GuestArchitecture architecture)
    {
        uint pointer = architecture == GuestArchitecture.X64
            ? (uint)Abi.X64.hv_register_name.HV_X64_REGISTER_RIP
            : (uint)Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_PC;
        IsSet |= names.Contains(pointer);
    }
}
