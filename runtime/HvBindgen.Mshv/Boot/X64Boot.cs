using System.Buffers.Binary;
using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Boot;

/// <summary>The three ways an x86_64 guest can start: real mode, flat 32-bit, and long mode.</summary>
public static class X64Boot
{
    private const ulong Cr0ProtectedMode = 1 << 0;
    private const ulong Cr0ExtensionType = 1 << 4;
    private const ulong Cr0NumericError = 1 << 5;
    private const ulong Cr0WriteProtect = 1 << 16;
    private const ulong Cr0Paging = 1UL << 31;
    private const ulong Cr4PhysicalAddressExtension = 1 << 5;
    private const ulong Cr4Fxsr = 1 << 9;
    private const ulong Cr4SimdExceptions = 1 << 10;
    private const ulong EferLongMode = (1 << 8) | (1 << 10); // LME and LMA
    private const ulong RflagsFixed = 1 << 1;

    private const ulong PageTableBytes = 0x1000;
    private const ulong LargePageBytes = 0x20_0000;
    private const ulong GiB = 1 << 30;
    private const ulong MappedByOneTable = 512 * GiB;

    /// <summary>Real mode: 16-bit code, segments of 64 KiB, no paging.</summary>
    /// <param name="entry">Guest-physical address of the first instruction, below 1 MiB. It becomes CS:IP with IP below 16.</param>
    /// <returns>The registers.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The address is not below 1 MiB.</exception>
    public static X64BootState RealMode(ulong entry)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(entry, 0x10_0000UL);

        ushort selector = (ushort)(entry >> 4);
        hv_x64_segment_register data = X64Segment.Register(0, 0, 0xffff, X64Segment.Data16);
        X64BootState state = new X64BootState()
            .Set(hv_register_name.HV_X64_REGISTER_CS, X64Segment.Register(selector, (ulong)selector << 4, 0xffff, X64Segment.Code16))
            .Set(hv_register_name.HV_X64_REGISTER_RIP, entry & 0xf)
            .Set(hv_register_name.HV_X64_REGISTER_RFLAGS, RflagsFixed)
            .Set(hv_register_name.HV_X64_REGISTER_CR0, Cr0ExtensionType);
        return WithData(state, data);
    }

    /// <summary>The state after INIT, for a warm reset: real mode at the reset vector, 16 bytes below 4 GiB. Model-specific and
    /// floating-point registers and the local APIC are not named: the monitor resets the interrupt controller of its platform.</summary>
    /// <returns>The registers.</returns>
    public static X64BootState AfterInit()
    {
        // Intel's manual, volume 3, table "IA-32 processor states following power-up, reset, or INIT".
        const ulong CachesOff = 0b11UL << 29;
        const ulong Signature = 0x600; // RDX: family 6; stepping and model are the guest's to ask by CPUID
        const ulong DebugStatus = 0xffff_0ff0;
        const ulong DebugControl = 0x400;
        X64BootState state = new();
        for (hv_register_name name = hv_register_name.HV_X64_REGISTER_RAX; name <= hv_register_name.HV_X64_REGISTER_R15; name++)
        {
            state.Set(name, name == hv_register_name.HV_X64_REGISTER_RDX ? Signature : 0);
        }

        for (hv_register_name name = hv_register_name.HV_X64_REGISTER_DR0; name <= hv_register_name.HV_X64_REGISTER_DR3; name++)
        {
            state.Set(name, 0);
        }

        // Paging goes before the mode that it needs.
        state
            .Set(hv_register_name.HV_X64_REGISTER_CR0, Cr0ExtensionType | CachesOff)
            .Set(hv_register_name.HV_X64_REGISTER_EFER, 0)
            .Set(hv_register_name.HV_X64_REGISTER_CR4, 0)
            .Set(hv_register_name.HV_X64_REGISTER_CR3, 0)
            .Set(hv_register_name.HV_X64_REGISTER_CR2, 0)
            .Set(hv_register_name.HV_X64_REGISTER_DR6, DebugStatus)
            .Set(hv_register_name.HV_X64_REGISTER_DR7, DebugControl)
            .SetTable(hv_register_name.HV_X64_REGISTER_GDTR, 0, ushort.MaxValue)
            .SetTable(hv_register_name.HV_X64_REGISTER_IDTR, 0, ushort.MaxValue)
            .Set(hv_register_name.HV_X64_REGISTER_LDTR, X64Segment.Register(0, 0, ushort.MaxValue, X64Segment.Ldt))
            .Set(hv_register_name.HV_X64_REGISTER_TR, X64Segment.Register(0, 0, ushort.MaxValue, X64Segment.BusyTss))
            .Set(
                hv_register_name.HV_X64_REGISTER_CS,
                X64Segment.Register(0xf000, 0xffff_0000, ushort.MaxValue, X64Segment.Code16))
            .Set(hv_register_name.HV_X64_REGISTER_RIP, 0xfff0)
            .Set(hv_register_name.HV_X64_REGISTER_RFLAGS, RflagsFixed);
        return WithData(state, X64Segment.Register(0, 0, ushort.MaxValue, X64Segment.Data16));
    }

    /// <summary>Flat 32-bit protected mode without paging, as the PVH boot protocol asks for.</summary>
    /// <param name="memory">Guest memory; the descriptor table is written there.</param>
    /// <param name="entry">Guest-physical address of the first instruction, below 4 GiB.</param>
    /// <param name="tableGpa">Where the descriptor table goes: 32 bytes.</param>
    /// <returns>The registers.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The address is not below 4 GiB.</exception>
    /// <exception cref="GuestImageException">There is no memory for the table.</exception>
    public static X64BootState Flat32(IGuestPhysicalMemory memory, ulong entry, ulong tableGpa = 0x500)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry, uint.MaxValue);

        hv_x64_segment_register code = X64Segment.Register(8, 0, uint.MaxValue, X64Segment.Code32);
        hv_x64_segment_register data = X64Segment.Register(16, 0, uint.MaxValue, X64Segment.Data32);
        return Protected(memory, code, data, entry, tableGpa)
            .Set(hv_register_name.HV_X64_REGISTER_CR0, Cr0ProtectedMode | Cr0ExtensionType)
            .Set(hv_register_name.HV_X64_REGISTER_CR4, 0)
            .Set(hv_register_name.HV_X64_REGISTER_EFER, 0);
    }

    /// <summary>64-bit long mode: the first gigabytes are mapped one to one in pages of 2 MiB, SSE is usable.</summary>
    /// <param name="memory">Guest memory; descriptor table and page tables are written there.</param>
    /// <param name="entry">Guest-physical address of the first instruction, within what is mapped.</param>
    /// <param name="stackTop">First value of RSP.</param>
    /// <param name="mappedBytes">How much is mapped, from address 0 on; rounded up to 1 GiB, at most 512 GiB.</param>
    /// <param name="tableGpa">Where the descriptor table goes: 32 bytes.</param>
    /// <param name="pageTablesGpa">Where the page tables go, a multiple of 4096: two pages and one more for each GiB.</param>
    /// <returns>The registers.</returns>
    /// <exception cref="ArgumentException">An address is not aligned or not mapped, or the size is out of range.</exception>
    /// <exception cref="GuestImageException">There is no memory for the tables.</exception>
    public static X64BootState LongMode(
        IGuestPhysicalMemory memory,
        ulong entry,
        ulong stackTop,
        ulong mappedBytes = 4 * GiB,
        ulong tableGpa = 0x500,
        ulong pageTablesGpa = 0x1000)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfZero(mappedBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mappedBytes, MappedByOneTable);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(entry, (mappedBytes + GiB - 1) / GiB * GiB);
        if (pageTablesGpa % PageTableBytes != 0)
        {
            throw new ArgumentException("Page tables start at a multiple of 4096.", nameof(pageTablesGpa));
        }

        WritePageTables(memory, pageTablesGpa, (mappedBytes + GiB - 1) / GiB);
        hv_x64_segment_register code = X64Segment.Register(8, 0, uint.MaxValue, X64Segment.Code64);
        hv_x64_segment_register data = X64Segment.Register(16, 0, uint.MaxValue, X64Segment.Data32);
        return Protected(memory, code, data, entry, tableGpa)
            .Set(hv_register_name.HV_X64_REGISTER_RSP, stackTop)
            .Set(hv_register_name.HV_X64_REGISTER_CR3, pageTablesGpa)
            .Set(hv_register_name.HV_X64_REGISTER_CR4, Cr4PhysicalAddressExtension | Cr4Fxsr | Cr4SimdExceptions)
            .Set(hv_register_name.HV_X64_REGISTER_EFER, EferLongMode)
            .Set(
                hv_register_name.HV_X64_REGISTER_CR0,
                Cr0ProtectedMode | Cr0ExtensionType | Cr0NumericError | Cr0WriteProtect | Cr0Paging);
    }

    private static X64BootState Protected(
        IGuestPhysicalMemory memory, hv_x64_segment_register code, hv_x64_segment_register data, ulong entry, ulong tableGpa)
    {
        hv_x64_segment_register task = X64Segment.Register(24, 0, 0x67, X64Segment.BusyTss);
        Span<byte> table = stackalloc byte[4 * sizeof(ulong)];
        table.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(table[8..], X64Segment.Descriptor(code));
        BinaryPrimitives.WriteUInt64LittleEndian(table[16..], X64Segment.Descriptor(data));
        BinaryPrimitives.WriteUInt64LittleEndian(table[24..], X64Segment.Descriptor(task));
        memory.Place(tableGpa, table, "global descriptor table");

        X64BootState state = new X64BootState()
            .Set(hv_register_name.HV_X64_REGISTER_CS, code)
            .Set(hv_register_name.HV_X64_REGISTER_TR, task)
            .Set(hv_register_name.HV_X64_REGISTER_LDTR, X64Segment.Register(0, 0, 0, X64Segment.Ldt))
            .SetTable(hv_register_name.HV_X64_REGISTER_GDTR, tableGpa, (ushort)(table.Length - 1))
            .SetTable(hv_register_name.HV_X64_REGISTER_IDTR, 0, 0)
            .Set(hv_register_name.HV_X64_REGISTER_RIP, entry)
            .Set(hv_register_name.HV_X64_REGISTER_RFLAGS, RflagsFixed);
        return WithData(state, data);
    }

    private static X64BootState WithData(X64BootState state, hv_x64_segment_register data) => state
        .Set(hv_register_name.HV_X64_REGISTER_DS, data)
        .Set(hv_register_name.HV_X64_REGISTER_ES, data)
        .Set(hv_register_name.HV_X64_REGISTER_SS, data)
        .Set(hv_register_name.HV_X64_REGISTER_FS, data)
        .Set(hv_register_name.HV_X64_REGISTER_GS, data);

    // One table of the top level, one of the second, and one for each GiB, whose entries are pages of 2 MiB.
    private static void WritePageTables(IGuestPhysicalMemory memory, ulong gpa, ulong gigabytes)
    {
        const ulong PresentWritable = 0b11;
        const ulong LargePage = 1 << 7;
        byte[] tables = new byte[(2 + gigabytes) * PageTableBytes];
        Put(tables, 0, 0, (gpa + PageTableBytes) | PresentWritable);
        for (ulong gigabyte = 0; gigabyte < gigabytes; gigabyte++)
        {
            Put(tables, 1, gigabyte, (gpa + ((2 + gigabyte) * PageTableBytes)) | PresentWritable);
            for (ulong page = 0; page < 512; page++)
            {
                Put(tables, 2 + gigabyte, page, (gigabyte * GiB) + (page * LargePageBytes) | PresentWritable | LargePage);
            }
        }

        memory.Place(gpa, tables, "page tables");
    }

    private static void Put(byte[] tables, ulong table, ulong entry, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(
        tables.AsSpan((int)((table * PageTableBytes) + (entry * sizeof(ulong)))), value);
}
