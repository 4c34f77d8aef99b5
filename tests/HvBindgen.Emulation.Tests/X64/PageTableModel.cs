using System.Buffers.Binary;
using HvBindgen.Emulation.X64;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>
/// Paging written a second time, from the tables of the SDM (volume 3, chapter 4) and as plainly as possible: one row per level of each
/// mode, the path collected first, the rules applied to it afterwards.
/// </summary>
internal static class PageTableModel
{
    /// <summary>
    /// A level: the linear-address bits it takes, and whether an entry may map a page, points to rights, or has PS reserved.
    /// </summary>
    private sealed record Level(int Lowest, int Count, bool MapsLarge, bool HasRights, bool SizeBitIsReserved);

    private static readonly Level[] TwoLevels = [new(22, 10, true, true, false), new(12, 10, true, true, false)];

    private static readonly Level[] ThreeLevels =
        [new(30, 2, false, false, false), new(21, 9, true, true, false), new(12, 9, true, true, false)];

    private static readonly Level[] FourLevels =
        [new(39, 9, false, true, true), new(30, 9, true, true, false), new(21, 9, true, true, false), new(12, 9, true, true, false)];

    private static readonly Level[] FiveLevels = [new(48, 9, false, true, true), .. FourLevels];

    /// <summary>What the processor makes of an access: an address, a page fault, or a table outside memory.</summary>
    public static (TranslationStatus Status, ulong Value) Translate(
        PagingState paging, Span<byte> memory, ulong gva, AccessKind access, AccessPrivilege privilege)
    {
        if ((paging.Cr0 >> 31 & 1) == 0)
        {
            return (TranslationStatus.Success, gva);
        }

        bool lma = (paging.Efer >> 10 & 1) == 1;
        bool pae = (paging.Cr4 >> 5 & 1) == 1;
        bool pse = (paging.Cr4 >> 4 & 1) == 1;
        bool nxe = (paging.Efer >> 11 & 1) == 1 && (lma || pae);
        bool smep = (paging.Cr4 >> 20 & 1) == 1;
        Level[] levels = lma ? (paging.Cr4 >> 12 & 1) == 1 ? FiveLevels : FourLevels : pae ? ThreeLevels : TwoLevels;
        int entryBytes = levels == TwoLevels ? 4 : 8;
        int width = paging.PhysicalAddressBits;
        ulong table = levels == TwoLevels ? paging.Cr3 & 0xFFFF_F000
            : levels == ThreeLevels ? paging.Cr3 & 0xFFFF_FFE0
            : paging.Cr3 & Range(12, width);

        uint code = (access == AccessKind.Write ? 2u : 0) | (privilege == AccessPrivilege.User ? 4u : 0)
            | (access == AccessKind.Execute && (nxe || smep) ? 16u : 0);
        List<ulong> withRights = [];

        for (int depth = 0; ; depth++)
        {
            Level level = levels[depth];
            ulong index = (gva & Range(level.Lowest, level.Lowest + level.Count)) >> level.Lowest;
            ulong at = table + (index * (uint)entryBytes);

            if (at + (uint)entryBytes > (ulong)memory.Length)
            {
                return (TranslationStatus.TableNotBacked, at);
            }

            ulong entry = entryBytes == 4
                ? BinaryPrimitives.ReadUInt32LittleEndian(memory[(int)at..])
                : BinaryPrimitives.ReadUInt64LittleEndian(memory[(int)at..]);

            if ((entry & 1) == 0)
            {
                return (TranslationStatus.PageFault, code);
            }

            bool last = depth == levels.Length - 1;
            bool sizeBit = (entry >> 7 & 1) == 1;
            bool large = !last && sizeBit && level.MapsLarge && (levels != TwoLevels || pse);

            if (IsReserved(levels, level, entry, large, width, nxe))
            {
                return (TranslationStatus.PageFault, code | 9);
            }

            if (level.HasRights)
            {
                withRights.Add(entry);
            }

            if (last || large)
            {
                return Allowed(paging, withRights, nxe, access, privilege)
                    ? (TranslationStatus.Success, PageAddress(levels, level, entry, large, width) | (gva & Range(0, level.Lowest)))
                    : (TranslationStatus.PageFault, code | 1);
            }

            table = levels == TwoLevels ? entry & 0xFFFF_F000 : entry & Range(12, width);
        }
    }

    // Bits from the first up to, but not including, the second.
    private static ulong Range(int from, int to) => to >= 64 ? ulong.MaxValue << from : ((1UL << to) - 1) & ~((1UL << from) - 1);

    private static bool IsReserved(Level[] levels, Level level, ulong entry, bool large, int width, bool nxe)
    {
        if (levels == TwoLevels)
        {
            ulong beyond = width < 40 ? Range(13 + width - 32, 21) : 0;
            return large && (entry & (Range(21, 22) | beyond)) != 0;
        }

        ulong reserved = levels == ThreeLevels ? Range(width, 63) : Range(width, 52);
        reserved |= nxe ? 0 : Range(63, 64);
        reserved |= level.SizeBitIsReserved ? Range(7, 8) : 0;
        reserved |= large ? Range(13, level.Lowest) : 0;

        // The root of PAE is looked at when it is loaded.
        return level.HasRights && (entry & reserved) != 0;
    }

    private static ulong PageAddress(Level[] levels, Level level, ulong entry, bool large, int width)
    {
        if (levels != TwoLevels)
        {
            return entry & Range(level.Lowest, width);
        }

        return large ? (entry & Range(22, 32)) | ((entry & Range(13, 21)) << 19) : entry & Range(12, 32);
    }

    private static bool Allowed(PagingState paging, List<ulong> path, bool nxe, AccessKind access, AccessPrivilege privilege)
    {
        bool userPage = path.TrueForAll(entry => (entry & 4) != 0);
        bool writable = path.TrueForAll(entry => (entry & 2) != 0);
        bool noExecute = nxe && path.Exists(entry => (entry >> 63) != 0);
        bool wp = (paging.Cr0 >> 16 & 1) == 1;
        bool smep = (paging.Cr4 >> 20 & 1) == 1;
        bool smap = (paging.Cr4 >> 21 & 1) == 1;
        bool ac = (paging.Rflags >> 18 & 1) == 1;
        bool smapForbids = smap && userPage && !(privilege == AccessPrivilege.Supervisor && ac);

        return (privilege == AccessPrivilege.User, access) switch
        {
            (true, AccessKind.Read) => userPage,
            (true, AccessKind.Write) => userPage && writable,
            (true, _) => userPage && !noExecute,
            (false, AccessKind.Read) => !smapForbids,
            (false, AccessKind.Write) => !smapForbids && (writable || !wp),
            (false, _) => !noExecute && !(smep && userPage),
        };
    }
}
