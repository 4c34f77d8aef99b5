namespace HvBindgen.Generator.Diff.Matching;

/// <summary>
/// Values of kernel headers that no program sends to the kernel or takes from it, which the headers tell by comments alone. A name is
/// here only where a released kernel changed its value.
/// </summary>
internal static class UnsentValues
{
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        // asm/auxvec.h: how many entries the kernel itself adds.
        ["AT_VECTOR_SIZE_ARCH"] = "programs read the auxiliary vector until AT_NULL",

        // linux/nl80211.h: stands behind the list, and is invalid in a message.
        ["NL80211_AUTHTYPE_AUTOMATIC"] = "programs leave the attribute out in its place",

        // linux/pci_regs.h: counts registers of the PCIe specification.
        ["PCI_CAP_EXP_ENDPOINT_SIZEOF_V2"] = "programs hold the size against the device and not against the kernel",
    };

    /// <summary>The condition under which a change is safe; null for all other names.</summary>
    internal static string? ReasonOf(string name) => Reasons.GetValueOrDefault(name);
}
