using System.Buffers.Binary;
using HvBindgen.Mshv.Boot;
using Xunit;

namespace HvBindgen.Mshv.Tests.Boot;

public class FirmwareTablesTests
{
    [Fact]
    public void Every_ACPI_table_sums_to_zero_and_is_reached_from_the_root_pointer()
    {
        using RamBlock ram = new(0x10_0000);

        ulong root = AcpiTables.Write(ram, processors: 3, hasIoApic: true);

        Assert.Equal("RSD PTR "u8, ram.At(root, 8));
        Assert.Equal(0, Sum(ram.At(root, 20)));
        Assert.Equal(0, Sum(ram.At(root, 36)));
        ulong xsdt = U64(root + 24);
        ReadOnlySpan<byte> pointers = Table(xsdt, "XSDT")[36..];
        ulong fadt = BinaryPrimitives.ReadUInt64LittleEndian(pointers);
        Assert.Equal(276, Table(fadt, "FACP").Length);
        Assert.Equal(36, Table(U64(fadt + 140), "DSDT").Length);
        ReadOnlySpan<byte> madt = Table(BinaryPrimitives.ReadUInt64LittleEndian(pointers[8..]), "APIC")[44..];
        for (byte processor = 0; processor < 3; processor++)
        {
            Assert.Equal([0, 8, processor, processor, 1, 0, 0, 0], madt[..8].ToArray());
            madt = madt[8..];
        }

        Assert.Equal([1, 12, 0, 0, 0, 0, 0xc0, 0xfe, 0, 0, 0, 0], madt.ToArray());

        ReadOnlySpan<byte> Table(ulong gpa, string signature)
        {
            Assert.Equal(signature, System.Text.Encoding.ASCII.GetString(ram.At(gpa, 4)));
            Span<byte> table = ram.At(gpa, (int)BinaryPrimitives.ReadUInt32LittleEndian(ram.At(gpa + 4, 4)));
            Assert.Equal(0, Sum(table));
            return table;
        }

        ulong U64(ulong gpa) => BinaryPrimitives.ReadUInt64LittleEndian(ram.At(gpa, 8));
    }

    [Fact]
    public void Definitions_of_devices_are_in_the_DSDT_and_the_sleep_registers_in_the_FADT()
    {
        using RamBlock ram = new(0x10_0000);
        AcpiDevices devices = new() { Definitions = new byte[] { 1, 2, 3 }, SleepPort = 0x604 };

        AcpiTables.Write(ram, processors: 1, hasIoApic: true, devices: devices);

        Span<byte> tables = ram.At(0xe_0000, 0x2_0000);
        Span<byte> dsdt = tables[tables.IndexOf("DSDT"u8)..];
        Assert.Equal((39u, 0), (BinaryPrimitives.ReadUInt32LittleEndian(dsdt[4..]), Sum(dsdt[..39])));
        Assert.Equal([1, 2, 3], dsdt[36..39].ToArray());
        Span<byte> fadt = tables.Slice(tables.IndexOf("FACP"u8), 276);
        Assert.Equal(0, Sum(fadt));
        Assert.Equal([1, 8, 0, 1, 4, 6, 0, 0, 0, 0, 0, 0, 1, 8, 0, 1, 5, 6, 0, 0, 0, 0, 0, 0], fadt[244..268].ToArray());
    }

    [Fact]
    public void Ids_that_the_short_entry_cannot_hold_get_the_long_one()
    {
        using RamBlock ram = new(0x10_0000);

        AcpiTables.Write(ram, processors: 256, hasIoApic: false);

        Assert.NotEqual(-1, ram.At(0xe_0000, 0x2_0000).IndexOf((ReadOnlySpan<byte>)[9, 16, 0, 0, 255, 0, 0, 0, 1, 0, 0, 0, 255, 0, 0, 0]));
    }

    [Fact]
    public void The_MP_table_counts_its_entries_and_sums_to_zero()
    {
        using RamBlock ram = new(0x10_0000);

        MpTable.Write(ram, processors: 2);

        Assert.Equal("_MP_"u8, ram.At(MpTable.DefaultGpa, 4));
        Assert.Equal(0, Sum(ram.At(MpTable.DefaultGpa, 16)));
        ulong table = BinaryPrimitives.ReadUInt32LittleEndian(ram.At(MpTable.DefaultGpa + 4, 4));
        int sizeBytes = BinaryPrimitives.ReadUInt16LittleEndian(ram.At(table + 4, 2));
        Span<byte> bytes = ram.At(table, sizeBytes);
        Assert.Equal(0, Sum(bytes));

        int entries = 0;
        for (int at = 44; at < sizeBytes; at += bytes[at] == 0 ? 20 : 8)
        {
            entries++;
        }

        Assert.Equal(BinaryPrimitives.ReadUInt16LittleEndian(bytes[34..]), entries);
    }

    [Fact]
    public void The_largest_MP_table_stays_within_its_KiB()
    {
        using RamBlock ram = new(0xa_0000);

        MpTable.Write(ram, processors: 16);
    }

    [Theory]
    [InlineData(0x10_0000, 1)]
    [InlineData(0x8000_0000, 2)]
    [InlineData(0x1_2000_0000, 3)]
    public void A_memory_map_has_as_much_RAM_as_the_guest_was_given(ulong ramBytes, int ranges)
    {
        IReadOnlyList<MemoryMapEntry> map = MemoryMap.ForPc(ramBytes);

        Assert.Equal(ranges, map.Count);
        ulong firstHole = MemoryMap.StartOfHighMemory - MemoryMap.EndOfLowMemory;
        Assert.Equal(ramBytes - firstHole, map.Aggregate(0UL, (sum, entry) => sum + entry.SizeBytes));
    }

    private static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }

        return sum;
    }
}
