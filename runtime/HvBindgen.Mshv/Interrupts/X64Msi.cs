using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Interrupts;

/// <summary>Message-signalled interrupts of x86-64, as the driver reads them.</summary>
internal static class X64Msi
{
    // Every processor's interrupt controller listens at 0xfeexxxxx.
    private const uint BaseAddress = 0xfee00000;
    private const uint BaseMask = 0xfff00000;

    // Bits 5 to 11: where some hypervisors extend the destination to 15 bits. This driver reads 8 bits and would drop them.
    private const uint ExtendedDestinationMask = 0xfe0;

    internal static bool IsLevelTriggered(MsiMessage message) => new hv_msi_data_register { as_uint32 = message.Data }.trigger_mode != 0;

    internal static byte Vector(MsiMessage message) => (byte)new hv_msi_data_register { as_uint32 = message.Data }.vector;

    /// <summary>Throws for what the driver would misread, or follow to a processor that does not exist.</summary>
    internal static void Check(uint gsi, MsiMessage message, Func<uint, bool> isProcessor)
    {
        hv_msi_address_register address = new() { as_uint32 = (uint)message.Address };
        if ((message.Address & BaseMask) != BaseAddress)
        {
            throw new ArgumentException($"Route {gsi}: 0x{message.Address:x} is not an address of interrupt controllers (0xfeexxxxx).");
        }

        if ((message.Address & ExtendedDestinationMask) != 0)
        {
            throw new ArgumentException(
                $"Route {gsi}: 0x{message.Address:x} has a destination of more than 8 bits, of which the driver reads 8. "
                    + "Route to a processor with APIC id below 256.");
        }

        if (address.destination_mode == 0 && !isProcessor(address.destination_id))
        {
            throw new ArgumentException(
                $"Route {gsi}: there is no virtual processor {address.destination_id} yet. The driver looks the destination up without "
                    + "a check; create the processor first.");
        }
    }
}
