using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Boot;

/// <summary>Segment registers as they are after a processor has loaded them, and the descriptors they come from.</summary>
internal static class X64Segment
{
    // Access byte and flags of a descriptor: bits 0-7 type, S, DPL, P; bits 12-15 AVL, L, D/B, G.
    internal const ushort Code32 = 0xc09b;
    internal const ushort Data32 = 0xc093;
    internal const ushort Code64 = 0xa09b;
    internal const ushort Code16 = 0x009b;
    internal const ushort Data16 = 0x0093;
    internal const ushort BusyTss = 0x008b;
    internal const ushort Ldt = 0x0082;

    /// <summary>A segment register.</summary>
    /// <param name="selector">Selector, 0 for none.</param>
    /// <param name="baseAddress">Linear address of the segment's first byte.</param>
    /// <param name="limit">Last offset within the segment, in bytes.</param>
    /// <param name="attributes">Access byte and flags, as a descriptor holds them.</param>
    /// <returns>The register's value.</returns>
    internal static hv_x64_segment_register Register(ushort selector, ulong baseAddress, uint limit, ushort attributes) =>
        new() { selector = selector, @base = baseAddress, limit = limit, attributes = attributes };

    /// <summary>The eight bytes in a descriptor table that a segment register would be loaded from.</summary>
    /// <param name="segment">Register.</param>
    /// <returns>The descriptor, its lowest byte first.</returns>
    internal static ulong Descriptor(in hv_x64_segment_register segment)
    {
        bool inPages = (segment.attributes & 0x8000) != 0;
        ulong limit = inPages ? segment.limit >> 12 : segment.limit;
        ulong baseAddress = segment.@base;
        return (limit & 0xffff)
            | ((baseAddress & 0xff_ffff) << 16)
            | ((ulong)(segment.attributes & 0xff) << 40)
            | (((limit >> 16) & 0xf) << 48)
            | ((ulong)(segment.attributes >> 12) << 52)
            | (((baseAddress >> 24) & 0xff) << 56);
    }
}
