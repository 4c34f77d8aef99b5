using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Conformance.Probing;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>A processor's state in a buffer: sizes, what is pinned of the buffer, what is written back.</summary>
internal static unsafe class StateCases
{
    private const ulong Page = Probe.PageBytes;
    private const int MostPages = 507;

    private static readonly (string Name, uint Type)[] Types =
    [
        ("APIC", Hv.MSHV_VP_STATE_LAPIC), ("XSAVE", Hv.MSHV_VP_STATE_XSAVE), ("SIMP", Hv.MSHV_VP_STATE_SIMP),
        ("SIEFP", Hv.MSHV_VP_STATE_SIEFP), ("timers", Hv.MSHV_VP_STATE_SYNTHETIC_TIMERS),
    ];

    internal static IEnumerable<ConformanceCase> All() =>
    [
        .. Arguments("get", Hv.MSHV_GET_VP_STATE).Cases(), .. Arguments("set", Hv.MSHV_SET_VP_STATE).Cases(),
        .. Types.SelectMany(type => Buffers(type.Name, type.Type)),
    ];

    private static Faults<Argument<mshv_get_set_vp_state>> Arguments(string way, uint request) =>
        new Faults<Argument<mshv_get_set_vp_state>>(
        $"state, {way}",
        probe => new(new mshv_get_set_vp_state
        {
            type = (byte)Hv.MSHV_VP_STATE_SIMP,
            buf_sz = (uint)Page,
            buf_ptr = (ulong)probe.NewMemory(2 * Page),
        }),
        (probe, argument) =>
        {
            argument.Try(probe, probe.Processor, request);
            probe.Note("size", argument.Value.buf_sz);
        })
        .Add("unreadable", argument => argument.IsUnreadable = true)
        .Add("cut off", argument => argument.IsCutOff = true)
        .Add("not writable", argument => argument.IsReadOnly = true)
        .Add("unknown type", argument => argument.Value.type = 5)
        .Add("reserved", argument => argument.Value.rsvd[2] = 1)
        .Add("size 0", argument => argument.Value.buf_sz = 0)
        .Add("size not of pages", argument => argument.Value.buf_sz = 100)
        .Add("address not of a page", argument => argument.Value.buf_ptr += 8)
        .Add("no user address", argument => argument.Value.buf_ptr = 1UL << 62)
        .Add("address 0", argument => argument.Value.buf_ptr = 0)
        .Add("most pages there can be", argument => argument.Value.buf_sz = uint.MaxValue & ~0xfffU);

    private static CaseList Buffers(string name, uint type)
    {
        CaseList cases = [];
        foreach ((string way, uint request) in ((string, uint)[])[("get", Hv.MSHV_GET_VP_STATE), ("set", Hv.MSHV_SET_VP_STATE)])
        {
            cases.Add($"state of {name}, {way}: nothing mapped", probe =>
                Try(probe, request, type, (byte*)Probe.FreeAddress, 4));
            cases.Add($"state of {name}, {way}: read only", probe =>
                Try(probe, request, type, probe.NewMemory(4 * Page, LinuxFlags.ProtRead), 4));
            cases.Add($"state of {name}, {way}: a hole behind what is needed", probe =>
            {
                byte* memory = probe.NewMemory(8 * Page);
                probe.Unmap(memory + (7 * Page), Page);
                Try(probe, request, type, memory, 8);
            });
            foreach (int pages in (int[])[MostPages, MostPages + 1, 512, 513])
            {
                cases.Add($"state of {name}, {way}: {pages} pages", probe =>
                {
                    byte* memory = probe.NewMemory((ulong)pages * Page);
                    if (request == Hv.MSHV_SET_VP_STATE)
                    {
                        Probe.Require(Make(probe, Hv.MSHV_GET_VP_STATE, type, memory, 4, out _));
                    }

                    Try(probe, request, type, memory, pages);
                });
            }
        }
        return cases;
    }

    private static void Try(Probe probe, uint request, uint type, byte* memory, int pages)
    {
        probe.Note(Make(probe, request, type, memory, pages, out uint size));

        // The size of extended state is the machine's.
        probe.Note(type == Hv.MSHV_VP_STATE_XSAVE ? $"size was {(size == pages * (int)Page ? "not " : "")}written" : $"size={size:x}");
    }

    private static IoctlResult Make(Probe probe, uint request, uint type, byte* memory, int pages, out uint size)
    {
        mshv_get_set_vp_state argument = new() { type = (byte)type, buf_sz = (uint)(pages * (int)Page), buf_ptr = (ulong)memory };
        IoctlResult result = probe.Request(probe.Processor, request, ref argument);
        size = argument.buf_sz;
        return result;
    }
}
