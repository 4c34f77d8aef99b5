using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Conformance.Probing;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>A processor's pages in the process.</summary>
internal static unsafe class PageCases
{
    internal static CaseList All()
    {
        CaseList cases = [];
        foreach (long page in (long[])[0, 1, 2, 3, 255, 256, 1L << 32, 1L << 40])
        {
            cases.Add($"page {page} of a processor", probe => probe.TryMapPage(probe.Processor, page * 4096L));
        }

        cases.Add("page of a processor: offset not of a page", probe => probe.TryMapPage(probe.Processor, 100));
        cases.Add("page of a processor: no length", probe => probe.TryMapPage(probe.Processor, 0, 0));
        cases.Add("page of a processor: twice", probe =>
        {
            byte* first = probe.TryMapPage(probe.Processor, 0);
            byte* second = probe.TryMapPage(probe.Processor, 0);
            ((hv_vp_register_page*)first)->rax = 0x1234;
            probe.Note("rax", ((hv_vp_register_page*)second)->rax);
        });
        cases.Add("page of a processor: two pages, each of which is the same", probe =>
        {
            byte* pages = probe.TryMapPage(probe.Processor, 0, 2 * 4096);
            ((hv_vp_register_page*)pages)->rax = 0x1234;
            probe.Note("rax", ((hv_vp_register_page*)(pages + 4096))->rax);
        });
        cases.Add("page of a processor: two pages, the first is given back", probe =>
        {
            byte* pages = probe.TryMapPage(probe.Processor, 0, 2 * 4096);
            ((hv_vp_register_page*)(pages + 4096))->rax = 0x1234;
            probe.Unmap(pages, 4096);
            probe.Note("rax", ((hv_vp_register_page*)(pages + 4096))->rax);
        });
        cases.Add("page of a processor: a private copy", probe =>
        {
            byte* shared = probe.TryMapPage(probe.Processor, 0);
            ((hv_vp_register_page*)shared)->rax = 0x1234;
            byte* own = probe.TryMapPage(probe.Processor, 0, 4096, LinuxFlags.MapPrivate);
            probe.Note("rax", ((hv_vp_register_page*)own)->rax);
            ((hv_vp_register_page*)own)->rax = 0x5678;
            probe.Note("rax", ((hv_vp_register_page*)shared)->rax);
        });
        cases.Add("page of a processor: after its partition is closed", probe =>
        {
            int processor = probe.Processor;
            probe.Close(probe.Partition);
            byte* page = probe.TryMapPage(processor, 0);
            probe.Note("version", ((hv_vp_register_page*)page)->version);
        });
        cases.Add("page of a processor: after its descriptor is closed", probe =>
        {
            int processor = probe.Processor;
            byte* page = probe.TryMapPage(processor, 0);
            probe.Close(processor);
            probe.Note("version", ((hv_vp_register_page*)page)->version);
            _ = probe.TryMapPage(probe.ClosedDescriptor(), 0);
        });
        cases.Add("page of a processor: registers after a run", probe =>
        {
            int processor = GuestCode.Load(probe, [.. GuestCode.Load(0xabcd), .. GuestCode.Leave]);
            hv_vp_register_page* page = (hv_vp_register_page*)probe.TryMapPage(processor, 0);
            probe.Runs.Try(processor);
            probe.Note("version", page->version);
            probe.Note("valid", page->isvalid);
            probe.Note("rax", page->rax);
            probe.Note("rip", page->rip);
        });
        cases.Add("page of a processor: registers changed in it", probe =>
        {
            int processor = GuestCode.Load(probe, [.. GuestCode.Leave, .. GuestCode.Leave]);
            hv_vp_register_page* page = (hv_vp_register_page*)probe.TryMapPage(processor, 0);
            probe.Runs.Try(processor);
            page->rax = 0x77;
            page->rip += 2;
            page->dirty |= (1u << (int)Hv.HV_X64_REGISTER_CLASS_GENERAL) | (1u << (int)Hv.HV_X64_REGISTER_CLASS_IP);
            probe.Runs.Try(processor);
        });
        cases.Add("page of a processor: the message after a run", probe =>
        {
            int processor = GuestCode.Load(probe, GuestCode.Leave);
            hv_message* page = (hv_message*)probe.TryMapPage(processor, 4096);
            probe.Runs.Try(processor);
            probe.Note("type", page->header.message_type);
        });
        cases.Add("page of a processor: the message stays when the argument of the run cannot be written", probe =>
        {
            int processor = GuestCode.Load(probe, GuestCode.Leave);
            hv_message* page = (hv_message*)probe.TryMapPage(processor, 4096);
            probe.Try(processor, Hv.MSHV_RUN_VP, Probe.BadAddress);
            probe.Note("type", page->header.message_type);
            probe.Runs.Try(processor);
        });
        return cases;
    }
}
