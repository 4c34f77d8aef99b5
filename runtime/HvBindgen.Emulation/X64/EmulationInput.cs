namespace HvBindgen.Emulation.X64;

/// <summary>What is known about an instruction beside the state of its processor.</summary>
public readonly ref struct EmulationInput
{
    /// <summary>The instruction, from RIP on, as far as the hypervisor has delivered it; empty: fetched through the page tables.</summary>
    public ReadOnlySpan<byte> InstructionBytes { get; init; }

    /// <summary>Whether <see cref="KnownGva"/> and <see cref="KnownGpa"/> belong together, as the message's valid bit says.</summary>
    public bool HasKnownTranslation { get; init; }

    /// <summary>Whether the known translation was made for a write. One made for a read is not used for a write.</summary>
    public bool KnownTranslationIsForWrite { get; init; }

    /// <summary>Linear address of the intercepted access.</summary>
    public ulong KnownGva { get; init; }

    /// <summary>
    /// Guest-physical address of it. Only its page is used: some hosts report no more; the offset comes from the linear address.
    /// </summary>
    public ulong KnownGpa { get; init; }

    /// <summary>Whether the processor has already allowed this port access (it has, when it reported the intercept).</summary>
    /// <remarks>
    /// Otherwise an access above the I/O privilege level is refused with #GP: the task segment's bitmap is not looked at.
    /// </remarks>
    public bool PortAccessIsGranted { get; init; }

    /// <summary>Most iterations of a repeated string instruction in one call; 0 means <see cref="DefaultMaxIterations"/>.</summary>
    public int MaxIterations { get; init; }

    /// <summary>
    /// Asked between two iterations of a repeated string instruction: whether it is to be left for the next call. Null: never.
    /// </summary>
    public Func<bool>? IsInterrupted { get; init; }

    /// <summary>Iterations in one call unless the caller says otherwise.</summary>
    public const int DefaultMaxIterations = 1024;
}
