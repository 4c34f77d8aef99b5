using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>Which interrupt a number raises.</summary>
internal static unsafe class RouteCases
{
    private const int MostRoutes = 4096;
    private const uint LevelTriggered = 1 << 15;

    internal static IEnumerable<ConformanceCase> All() => [.. Tables().Cases(), .. Replacing()];

    internal static mshv_user_irq_entry Entry(uint gsi, uint vector, bool isLevel = false) =>
        new() { gsi = gsi, address_lo = 0xfee00000, data = vector | (isLevel ? LevelTriggered : 0) };

    /// <summary>Replaces the table; the answer belongs to the outcome.</summary>
    internal static IoctlResult Set(Probe probe, int partition, ReadOnlySpan<mshv_user_irq_entry> entries)
    {
        byte[] table = new byte[mshv_user_irq_table.AllocationSize(entries.Length)];
        fixed (byte* pointer = table)
        {
            ((mshv_user_irq_table*)pointer)->nr = (uint)entries.Length;
            entries.CopyTo(mshv_user_irq_table.entries(table));
            return probe.Try(partition, Hv.MSHV_SET_MSI_ROUTING, (ulong)pointer);
        }
    }

    /// <summary>A table of two routes, while it is being spoiled.</summary>
    private sealed class Table(byte* memory)
    {
        internal mshv_user_irq_table* Header => (mshv_user_irq_table*)memory;

        internal mshv_user_irq_entry* Entries => (mshv_user_irq_entry*)(memory + mshv_user_irq_table.entries_offset);

        internal ulong Address { get; set; } = (ulong)memory;
    }

    private static Faults<Table> Tables() => new Faults<Table>(
        "routes",
        probe =>
        {
            Table table = new(probe.NewMemory(32 * Probe.PageBytes));
            table.Header->nr = 2;
            table.Entries[0] = Entry(5, 0x40);
            table.Entries[1] = Entry(6, 0x41);
            return table;
        },
        (probe, table) => probe.Try(probe.Partition, Hv.MSHV_SET_MSI_ROUTING, table.Address))
        .Add("unreadable", table => table.Address = Probe.BadAddress)
        .Add("4097 of them", table => table.Header->nr = MostRoutes + 1)
        .Add("most there can be", table => table.Header->nr = uint.MaxValue)
        .Add("reserved", table => table.Header->rsvd = 1)
        .Add("none", table => table.Header->nr = 0)
        .Add("number 4096", table => table.Entries[1].gsi = MostRoutes)
        .Add("upper address", table => table.Entries[0].address_hi = 1)
        .Add("twice the same", table => table.Entries[1].gsi = table.Entries[0].gsi);

    private static CaseList Replacing()
    {
        CaseList cases = [];
        cases.Add("routes: entries that cannot be read", probe =>
        {
            byte* memory = probe.NewMemory(2 * Probe.PageBytes);
            probe.Unmap(memory + Probe.PageBytes, Probe.PageBytes);
            mshv_user_irq_table* table = (mshv_user_irq_table*)(memory + Probe.PageBytes - sizeof(mshv_user_irq_table));
            table->nr = 1;
            probe.Try(probe.Partition, Hv.MSHV_SET_MSI_ROUTING, (ulong)table);
        });
        cases.Add("routes: 4096 of them", probe => Set(
            probe, probe.Partition, [.. Enumerable.Range(0, MostRoutes).Select(gsi => Entry((uint)gsi, 0x40))]));
        cases.Add("routes: to processors that are not there", probe =>
            Set(probe, probe.Partition, [new() { gsi = 1, address_lo = 0xfee00000 | (200 << 12), data = 0x40 }]));
        cases.Add("routes: vector 0", probe => Set(probe, probe.Partition, [Entry(1, 0)]));
        cases.Add("routes: before the partition is initialized", probe => Set(probe, probe.NewPartition(), [Entry(1, 0x40)]));
        cases.Add("routes: those before stay when new ones are refused", probe =>
        {
            Set(probe, probe.Partition, [Entry(5, 0x40, isLevel: true)]);
            Set(probe, probe.Partition, [Entry(5, 0x40), Entry(5, 0x41)]);
            mshv_user_irqfd argument = new()
            {
                fd = probe.NewEvent(),
                resamplefd = probe.NewEvent(),
                gsi = 5,
                flags = (uint)MSHV_IRQFD_FLAGS.RESAMPLE,
            };
            probe.Try(probe.Partition, Hv.MSHV_IRQFD, ref argument);
        });
        return cases;
    }
}
