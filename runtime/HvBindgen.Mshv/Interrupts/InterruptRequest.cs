using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Interrupts;

/// <summary>An interrupt for an x86-64 guest, as a device, an I/O APIC or another processor would send it.</summary>
/// <param name="Type">Delivery mode.</param>
/// <param name="Destination">APIC id, or a set of them when <paramref name="IsLogical"/>.</param>
/// <param name="Vector">Vector; ignored by modes that have none.</param>
/// <param name="IsLevelTriggered">Whether the interrupt is level-triggered: its end is told to an event.</param>
/// <param name="IsLogical">Whether the destination is in the logical mode.</param>
public readonly record struct InterruptRequest(
    hv_interrupt_type Type, ulong Destination, byte Vector = 0, bool IsLevelTriggered = false, bool IsLogical = false)
{
    // Vectors 0 to 15 are exceptions; an APIC takes no interrupt there.
    internal const int FirstVector = 16;

    /// <summary>An ordinary interrupt.</summary>
    /// <param name="destination">APIC id.</param>
    /// <param name="vector">Vector, 16 or more.</param>
    /// <returns>The request.</returns>
    public static InterruptRequest Fixed(ulong destination, byte vector) =>
        new(hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED, destination, vector);

    /// <summary>A non-maskable interrupt.</summary>
    /// <param name="destination">APIC id.</param>
    /// <returns>The request.</returns>
    public static InterruptRequest Nmi(ulong destination) => new(hv_interrupt_type.HV_X64_INTERRUPT_TYPE_NMI, destination);

    /// <summary>Whether the guest's end of the interrupt is told.</summary>
    internal bool HasEnd => IsLevelTriggered
        && Type is (hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED or hv_interrupt_type.HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY);

    internal void Check()
    {
        switch (Type)
        {
            case hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED or hv_interrupt_type.HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY:
                if (Vector < FirstVector)
                {
                    throw new ArgumentOutOfRangeException(
                        nameof(Vector), Vector,
                        $"Vectors below {FirstVector} are exceptions; an interrupt controller takes no interrupt there.");
                }

                break;
            case hv_interrupt_type.HV_X64_INTERRUPT_TYPE_REMOTEREAD:
            case >= hv_interrupt_type.HV_X64_INTERRUPT_TYPE_MAXIMUM:
                throw new ArgumentOutOfRangeException(nameof(Type), Type, "Not a delivery mode that an interrupt can be asserted with.");
            default:
                break;
        }
    }
}
