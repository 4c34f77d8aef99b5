using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Processors;

/// <summary>A register and its value.</summary>
/// <param name="Name">Number of the register on its architecture.</param>
/// <param name="Value">Value; 64-bit registers are its low part.</param>
public readonly record struct VpRegisterValue(uint Name, hv_u128 Value);

/// <summary>All of a virtual processor's state: registers and components. Can be stored and restored on another partition.</summary>
/// <remarks>
/// <para>What the hypervisor did not give is listed, not passed over: see <see cref="AbsentRegisters"/> and
/// <see cref="AbsentComponents"/>.</para>
/// <para>x86-64: general, segment, table, control and debug registers, XCR0 and XSS, the model-specific registers of the partition's
/// features, pending events, the XSAVE state and, if the partition has one, the local APIC. Both: the pages and timers of the
/// synthetic interrupt controller.</para>
/// <para>arm64: X0 to X30, both stack pointers, PC, PSTATE, the vector registers Q0 to Q31, the system registers of EL1 that a kernel
/// keeps its state in, pointer authentication keys, the virtual timer, the place of the redistributor and pending events. The driver
/// has no state component for the rest of a processor: the interrupt controller (pending and active interrupts, priorities), SVE
/// registers beyond Q0 to Q31, performance counters, the physical timer, breakpoints and watchpoints are not saved. So a guest of arm64
/// can be saved and restored within its partition, where the hypervisor keeps them, but not be moved to another one while it uses
/// them.</para>
/// </remarks>
public sealed class VpState
{
    // mshv.h has no state component for the first, and hvgdk_mini.h no registers for the others that a root partition may read.
    private static readonly string[] UnreachableOnArm64 =
    [
        "the interrupt controller: pending and active interrupts, priorities and enables of distributor and redistributor",
        "SVE registers beyond Q0 to Q31",
        "performance counters",
        "the physical timer",
        "breakpoints and watchpoints",
    ];

    internal VpState(
        GuestArchitecture architecture,
        IReadOnlyList<VpRegisterValue> registers,
        IReadOnlyDictionary<VpStateComponent, ReadOnlyMemory<byte>> components,
        IReadOnlyList<uint> absentRegisters,
        IReadOnlyList<VpStateComponent> absentComponents)
    {
        Architecture = architecture;
        Registers = registers;
        Components = components;
        AbsentRegisters = absentRegisters;
        AbsentComponents = absentComponents;
    }

    /// <summary>Architecture, which decides what the registers' numbers mean.</summary>
    public GuestArchitecture Architecture { get; }

    /// <summary>Registers in the order to restore them.</summary>
    public IReadOnlyList<VpRegisterValue> Registers { get; }

    /// <summary>Components and their bytes.</summary>
    public IReadOnlyDictionary<VpStateComponent, ReadOnlyMemory<byte>> Components { get; }

    /// <summary>Registers that depend on features, and that the hypervisor refused to give. Known after saving only; not stored.</summary>
    public IReadOnlyList<uint> AbsentRegisters { get; }

    /// <summary>Components that the hypervisor refused to give because the partition has none. Known after saving only; not
    /// stored.</summary>
    public IReadOnlyList<VpStateComponent> AbsentComponents { get; }

    /// <summary>Parts of a processor of this architecture that no request gives, in words; empty for x86-64. A guest that uses them can go
    /// on in its own partition, where the hypervisor keeps them, and not in another one.</summary>
    public IReadOnlyList<string> UnreachableParts => Architecture == GuestArchitecture.X64 ? [] : UnreachableOnArm64;

    /// <summary>The value of a register.</summary>
    /// <param name="name">Number of the register.</param>
    /// <param name="value">Its value.</param>
    /// <returns>False when the state does not have it.</returns>
    public bool TryGetRegister(uint name, out hv_u128 value)
    {
        foreach (VpRegisterValue register in Registers)
        {
            if (register.Name == name)
            {
                value = register.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The state as bytes, with a version and a checksum.</summary>
    /// <returns>A new array.</returns>
    public byte[] ToArray() => VpStateFormat.Write(this);

    /// <summary>Writes the state with a version and a checksum.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(VpStateFormat.Write(this));
    }

    /// <summary>Reads a state that <see cref="ToArray"/> gave. Safe for bytes from anywhere.</summary>
    /// <param name="bytes">All bytes of the state, and no more.</param>
    /// <returns>The state.</returns>
    /// <exception cref="VpStateFormatException">The bytes are no state, are damaged, or have a version that this library does not
    /// know.</exception>
    public static VpState Parse(ReadOnlySpan<byte> bytes) => VpStateFormat.Read(bytes);

    /// <summary>Reads a state that <see cref="WriteTo"/> wrote. Safe for bytes from anywhere.</summary>
    /// <param name="stream">Where from; it stays open, at the first byte after the state.</param>
    /// <returns>The state.</returns>
    /// <exception cref="VpStateFormatException">The bytes are no state, are damaged, or have a version that this library does not
    /// know.</exception>
    public static VpState ReadFrom(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return VpStateFormat.Read(stream);
    }
}
