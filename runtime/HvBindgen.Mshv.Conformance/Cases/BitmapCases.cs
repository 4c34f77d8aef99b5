using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>Which pages the guest has written.</summary>
internal static unsafe class BitmapCases
{
    private const uint Base = 0x1000000;
    private const int Pages = 16;

    internal static IEnumerable<ConformanceCase> All() => [.. Arguments().Cases(), .. Sizes(), .. Written()];

    private static Faults<Argument<mshv_gpap_access_bitmap>> Arguments() => new Faults<Argument<mshv_gpap_access_bitmap>>(
        "access bitmap",
        probe =>
        {
            _ = probe.Ram;
            HypercallCases.SetProperty(
                probe, probe.Partition, hv_partition_property_code.HV_PARTITION_PROPERTY_GPA_PAGE_ACCESS_TRACKING, 1);
            return new(new mshv_gpap_access_bitmap
            {
                access_type = (byte)Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY,
                access_op = (byte)Hv.MSHV_GPAP_ACCESS_OP_CLEAR,
                page_count = Pages,
                bitmap_ptr = (ulong)probe.NewMemory(Probe.PageBytes),
            });
        },
        (probe, argument) => argument.Try(probe, probe.Partition, Hv.MSHV_GET_GPAP_ACCESS_BITMAP))
        .Add("unreadable", argument => argument.IsUnreadable = true)
        .Add("cut off", argument => argument.IsCutOff = true)
        .Add("unknown type", argument => argument.Value.access_type = 2)
        .Add("unknown operation", argument => argument.Value.access_op = 3)
        .Add("reserved", argument => argument.Value.rsvd[5] = 1)
        .Add("no pages", argument => argument.Value.page_count = 0)
        .Add("no bitmap", argument => argument.Value.bitmap_ptr = 0)
        .Add("bitmap not writable", argument => argument.Value.bitmap_ptr = Probe.BadAddress)
        .Add("2^40 pages", argument => argument.Value.page_count = 1UL << 40)
        .Add("most pages", argument => argument.Value.page_count = ulong.MaxValue)
        .Add("no tracking", (probe, _) => HypercallCases.SetProperty(
            probe, probe.Partition, hv_partition_property_code.HV_PARTITION_PROPERTY_GPA_PAGE_ACCESS_TRACKING, 0));

    private static CaseList Sizes()
    {
        CaseList cases = [];
        foreach (ulong pages in (ulong[])[1, 7, 8, 9, 511, 512, 513, 4095, 4096, 8190, 10000])
        {
            cases.Add($"access bitmap: {pages} pages, of which none is mapped", probe =>
            {
                Track(probe, on: true);
                byte* bitmap = probe.NewMemory(Probe.PageBytes);
                new Span<byte>(bitmap, (int)Probe.PageBytes).Fill(0xff);
                probe.Note(Get(probe, 0x500000, pages, Hv.MSHV_GPAP_ACCESS_OP_CLEAR, bitmap));
                probe.Note("bytes", (ulong)new ReadOnlySpan<byte>(bitmap, (int)Probe.PageBytes).IndexOf((byte)0xff));
            });
        }
        return cases;
    }

    private static CaseList Written()
    {
        CaseList cases = [];
        cases.Add("access bitmap: everything counts as written at first", probe =>
        {
            byte* bitmap = Prepared(probe);
            probe.Note(Get(probe, Base >> 12, Pages, Hv.MSHV_GPAP_ACCESS_OP_CLEAR, bitmap));
            probe.Note("bits", *(ushort*)bitmap);
        });
        (string, uint)[] operations =
        [
            ("cleared", Hv.MSHV_GPAP_ACCESS_OP_CLEAR), ("set", Hv.MSHV_GPAP_ACCESS_OP_SET),
            ("left, which sets", Hv.MSHV_GPAP_ACCESS_OP_NOOP),
        ];
        foreach ((string name, uint operation) in operations)
        {
            cases.Add($"access bitmap: a written page, and then it is {name}", probe =>
            {
                byte* bitmap = Prepared(probe);
                Probe.Require(Get(probe, Base >> 12, Pages, Hv.MSHV_GPAP_ACCESS_OP_CLEAR, bitmap));
                byte[] code = [.. GuestCode.Write(Base + 0x3000), .. GuestCode.Read(Base + 0x5000), .. GuestCode.Leave];
                probe.Runs.Try(GuestCode.Load(probe, code));
                probe.Note(Get(probe, Base >> 12, Pages, operation, bitmap));
                probe.Note("bits", *(ushort*)bitmap);
                probe.Note(Get(probe, Base >> 12, Pages, Hv.MSHV_GPAP_ACCESS_OP_CLEAR, bitmap));
                probe.Note("bits", *(ushort*)bitmap);
            });
        }

        cases.Add("access bitmap: bits behind the last page are zero", probe =>
        {
            byte* bitmap = Prepared(probe);
            *(ushort*)bitmap = 0xffff;
            probe.Note(Get(probe, Base >> 12, 3, Hv.MSHV_GPAP_ACCESS_OP_CLEAR, bitmap));
            probe.Note("bits", *(ushort*)bitmap);
        });
        cases.Add("access bitmap: accesses of any kind", probe =>
        {
            byte* bitmap = Prepared(probe);
            mshv_gpap_access_bitmap argument = new()
            {
                access_type = (byte)Hv.MSHV_GPAP_ACCESS_TYPE_ACCESSED,
                access_op = (byte)Hv.MSHV_GPAP_ACCESS_OP_CLEAR,
                page_count = Pages,
                gpap_base = Base >> 12,
                bitmap_ptr = (ulong)bitmap,
            };
            probe.Try(probe.Partition, Hv.MSHV_GET_GPAP_ACCESS_BITMAP, ref argument);
        });
        return cases;
    }

    private static byte* Prepared(Probe probe)
    {
        byte* memory = probe.NewMemory(Pages * Probe.PageBytes);
        Probe.Require(probe.MapGuest(Base, Pages * Probe.PageBytes, memory));
        probe.Runs.Try(GuestCode.Load(probe, [.. GuestCode.Read(Base), .. GuestCode.Leave]));
        Track(probe, on: true);
        return probe.NewMemory(Probe.PageBytes);
    }

    private static void Track(Probe probe, bool on) => HypercallCases.SetProperty(
        probe, probe.Partition, hv_partition_property_code.HV_PARTITION_PROPERTY_GPA_PAGE_ACCESS_TRACKING, on ? 1UL : 0);

    private static IoctlResult Get(Probe probe, ulong firstPage, ulong pages, uint operation, byte* bitmap)
    {
        mshv_gpap_access_bitmap argument = new()
        {
            access_type = (byte)Hv.MSHV_GPAP_ACCESS_TYPE_DIRTY,
            access_op = (byte)operation,
            page_count = pages,
            gpap_base = firstPage,
            bitmap_ptr = (ulong)bitmap,
        };
        return probe.Request(probe.Partition, Hv.MSHV_GET_GPAP_ACCESS_BITMAP, ref argument);
    }
}
