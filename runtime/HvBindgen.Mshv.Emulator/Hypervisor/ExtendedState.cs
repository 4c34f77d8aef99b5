using System.Runtime.InteropServices;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>
/// The extended state between its standard form, which the engine has, and the compacted one, which the hypervisor gives.
/// </summary>
internal static unsafe class ExtendedState
{
    private const ulong LegacyComponents = XsaveHeader.X87 | XsaveHeader.Sse;
    private const uint StateLeaf = 0xd;

    /// <summary>Turns the standard form into the compacted one, in place.</summary>
    /// <returns>False when the area is too small for what it says it holds.</returns>
    internal static bool Compact(Span<byte> area, ReadOnlySpan<CpuidEntry> cpuid)
    {
        byte[] standard = area.ToArray();
        ref XsaveHeader header = ref HeaderOf(area);
        ulong present = header.Present;
        area[sizeof(XsaveArea)..].Clear();
        header.Format = present | LegacyComponents | XsaveHeader.IsCompacted;
        return Move(standard, area, present, cpuid, compact: true);
    }

    /// <summary>Turns the compacted form into the standard one, in place; the standard form stays as it is.</summary>
    /// <returns>False when the area is not one that a processor could have written.</returns>
    internal static bool Expand(Span<byte> area, ReadOnlySpan<CpuidEntry> cpuid)
    {
        ref XsaveHeader header = ref HeaderOf(area);
        if ((header.Format & XsaveHeader.IsCompacted) == 0)
        {
            return header.Format == 0;
        }

        ulong layout = header.Format & ~XsaveHeader.IsCompacted;
        if ((header.Present & ~layout) != 0)
        {
            return false;
        }

        byte[] compacted = area.ToArray();
        area[sizeof(XsaveArea)..].Clear();
        header.Format = 0;
        return Move(compacted, area, layout, cpuid, compact: false);
    }

    private static ref XsaveHeader HeaderOf(Span<byte> area) => ref MemoryMarshal.AsRef<XsaveArea>(area).Header;

    private static bool Move(ReadOnlySpan<byte> from, Span<byte> to, ulong components, ReadOnlySpan<CpuidEntry> cpuid, bool compact)
    {
        int compactedOffset = sizeof(XsaveArea);
        for (uint component = 2; component < 63; component++)
        {
            if ((components >> (int)component & 1) == 0)
            {
                continue;
            }

            CpuidEntry description = Describe(cpuid, component);
            int sizeBytes = (int)description.Eax;
            int standardOffset = (int)description.Ebx;
            bool isAligned = (description.Ecx & 2) != 0;
            compactedOffset = isAligned ? (compactedOffset + 63) & ~63 : compactedOffset;
            if (sizeBytes == 0 || standardOffset < sizeof(XsaveArea) || standardOffset + sizeBytes > to.Length
                || compactedOffset + sizeBytes > to.Length)
            {
                return false;
            }

            int source = compact ? standardOffset : compactedOffset;
            int destination = compact ? compactedOffset : standardOffset;
            from.Slice(source, sizeBytes).CopyTo(to[destination..]);
            compactedOffset += sizeBytes;
        }

        return true;
    }

    private static CpuidEntry Describe(ReadOnlySpan<CpuidEntry> cpuid, uint component)
    {
        foreach (CpuidEntry entry in cpuid)
        {
            if (entry.Function == StateLeaf && entry.Index == component)
            {
                return entry;
            }
        }

        return default;
    }
}
