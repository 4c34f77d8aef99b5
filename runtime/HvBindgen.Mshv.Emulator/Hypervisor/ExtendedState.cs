using System.Buffers.Binary;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>
/// The extended state between its standard form, which the engine has, and the compacted one, which the hypervisor gives.
/// </summary>
internal static class ExtendedState
{
    // SDM volume 1, 13.4: the legacy area, the header, then the components.
    private const int HeaderOffset = 512;
    private const int CompactionOffset = HeaderOffset + 8;
    private const int ComponentsOffset = 576;
    private const ulong CompactedForm = 1UL << 63;
    private const ulong LegacyComponents = 3;
    private const uint StateLeaf = 0xd;

    /// <summary>Turns the standard form into the compacted one, in place.</summary>
    /// <returns>False when the area is too small for what it says it holds.</returns>
    internal static bool Compact(Span<byte> area, ReadOnlySpan<CpuidEntry> cpuid)
    {
        byte[] standard = area.ToArray();
        ulong present = BinaryPrimitives.ReadUInt64LittleEndian(standard.AsSpan(HeaderOffset));
        area[ComponentsOffset..].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(area[CompactionOffset..], present | LegacyComponents | CompactedForm);
        return Move(standard, area, present, cpuid, compact: true);
    }

    /// <summary>Turns the compacted form into the standard one, in place; the standard form stays as it is.</summary>
    /// <returns>False when the area is not one that a processor could have written.</returns>
    internal static bool Expand(Span<byte> area, ReadOnlySpan<CpuidEntry> cpuid)
    {
        ulong compaction = BinaryPrimitives.ReadUInt64LittleEndian(area[CompactionOffset..]);
        if ((compaction & CompactedForm) == 0)
        {
            return compaction == 0;
        }

        ulong present = BinaryPrimitives.ReadUInt64LittleEndian(area[HeaderOffset..]);
        ulong layout = compaction & ~CompactedForm;
        if ((present & ~layout) != 0)
        {
            return false;
        }

        byte[] compacted = area.ToArray();
        area[ComponentsOffset..].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(area[CompactionOffset..], 0);
        return Move(compacted, area, layout, cpuid, compact: false);
    }

    private static bool Move(ReadOnlySpan<byte> from, Span<byte> to, ulong components, ReadOnlySpan<CpuidEntry> cpuid, bool compact)
    {
        int compactedOffset = ComponentsOffset;
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
            if (sizeBytes == 0 || standardOffset < ComponentsOffset || standardOffset + sizeBytes > to.Length
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
