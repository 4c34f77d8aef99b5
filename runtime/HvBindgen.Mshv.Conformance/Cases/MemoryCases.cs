using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>Guest memory is mapped and unmapped: arguments, overlap, limits.</summary>
internal static unsafe class MemoryCases
{
    private const ulong Page = Probe.PageBytes;
    private const ulong Base = 0x1000000;
    private const MSHV_SET_MEM_FLAGS Writable = MSHV_SET_MEM_FLAGS.WRITABLE;

    internal static IEnumerable<ConformanceCase> All() =>
        [.. Mapping().Cases(), .. Unmapping().Cases(), .. Overlaps(), .. Limits(), .. Order()];

    private static Faults<Argument<mshv_user_mem_region>> Mapping() => new Faults<Argument<mshv_user_mem_region>>(
        "map memory",
        probe =>
        {
            _ = probe.Ram;
            return new(new mshv_user_mem_region
            {
                size = 2 * Page,
                guest_pfn = Base / Page,
                userspace_addr = (ulong)probe.NewLowMemory(4 * Page),
                flags = (byte)Writable,
            });
        },
        (probe, argument) => argument.Try(probe, probe.Partition, Hv.MSHV_SET_GUEST_MEMORY))
        .Add("unreadable", argument => argument.IsUnreadable = true)
        .Add("cut off", argument => argument.IsCutOff = true)
        .Add("size 0", argument => argument.Value.size = 0)
        .Add("size not of pages", argument => argument.Value.size = Page + 1)
        .Add("address not of a page", argument => argument.Value.userspace_addr += 8)
        .Add("unknown flag", argument => argument.Value.flags |= 8)
        .Add("reserved", argument => argument.Value.rsvd[6] = 1)
        .Add("no user address", argument => argument.Value.userspace_addr = 1UL << 62)
        .Add("end beyond user addresses", argument => argument.Value.size = 1UL << 62)
        .Add("nothing mapped there", argument => argument.Value.userspace_addr = Probe.BadAddress & ~(Page - 1))
        .Add("overlap", argument => argument.Value.guest_pfn = 1)
        .Add("more pages than memory", argument => argument.Value.size = 1UL << 46)
        .Add("frame 2^52", argument => argument.Value.guest_pfn = 1UL << 52);

    private static Faults<Argument<mshv_user_mem_region>> Unmapping() => new Faults<Argument<mshv_user_mem_region>>(
        "unmap memory",
        probe =>
        {
            byte* memory = probe.NewMemory(4 * Page);
            Probe.Require(probe.MapGuest(Base, 4 * Page, memory));
            return new(new mshv_user_mem_region
            {
                size = 4 * Page,
                guest_pfn = Base / Page,
                userspace_addr = (ulong)memory,
                flags = (byte)MSHV_SET_MEM_FLAGS.UNMAP,
            });
        },
        (probe, argument) =>
        {
            argument.Try(probe, probe.Partition, Hv.MSHV_SET_GUEST_MEMORY);
            argument.Try(probe, probe.Partition, Hv.MSHV_SET_GUEST_MEMORY);
        })
        .Add("size 0", argument => argument.Value.size = 0)
        .Add("size not of pages", argument => argument.Value.size -= 1)
        .Add("address not of a page", argument => argument.Value.userspace_addr += 8)
        .Add("unknown flag", argument => argument.Value.flags |= 0x80)
        .Add("reserved", argument => argument.Value.rsvd[0] = 1)
        .Add("other flags too", argument => argument.Value.flags |= 3)
        .Add("another address", argument => argument.Value.userspace_addr += Page)
        .Add("a part of it", argument => argument.Value.size -= Page)
        .Add("from its second page", argument => argument.Value.guest_pfn++)
        .Add("nothing there", argument => argument.Value.guest_pfn = 0x900000);

    private static CaseList Overlaps()
    {
        CaseList cases = [];
        (string, long, ulong)[] ranges =
        [
            ("right before", -2, 2), ("over the start", -1, 2), ("from the start", 0, 1), ("within", 1, 1), ("the same", 0, 4),
            ("around", -1, 6), ("over the end", 3, 2), ("right behind", 4, 1),
        ];
        foreach ((string name, long first, ulong pages) in ranges)
        {
            cases.Add($"map memory beside other memory: {name}", probe =>
            {
                byte* memory = probe.NewMemory(8 * Page);
                Probe.Require(probe.MapGuest(Base, 4 * Page, memory));
                probe.Note(probe.MapGuest(Base + (ulong)(first * (long)Page), pages * Page, memory));
            });
        }

        cases.Add("map memory: the same memory twice", probe =>
        {
            byte* memory = probe.NewMemory(Page);
            probe.Note(probe.MapGuest(Base, Page, memory));
            probe.Note(probe.MapGuest(Base + Page, Page, memory));
        });
        cases.Add("map memory: again where other memory was", probe =>
        {
            byte* memory = probe.NewMemory(Page);
            for (int i = 0; i < 3; i++)
            {
                probe.Note(probe.MapGuest(Base, Page, memory));
                probe.Note(probe.MapGuest(probe.Partition, Base, Page, memory, MSHV_SET_MEM_FLAGS.UNMAP));
            }
        });
        cases.Add("map memory: frame and count wrap", probe =>
        {
            byte* memory = probe.NewMemory(2 * Page);
            mshv_user_mem_region region = new() { size = 2 * Page, guest_pfn = ulong.MaxValue, userspace_addr = (ulong)memory, flags = 1 };
            probe.Try(probe.Partition, Hv.MSHV_SET_GUEST_MEMORY, ref region);
        });
        cases.Add("map memory: without a flag", probe => probe.Note(probe.MapGuest(probe.Partition, Base, Page, probe.NewMemory(Page), 0)));
        cases.Add("map memory: before the partition is initialized", probe =>
            probe.Note(probe.MapGuest(probe.NewPartition(), Base, Page, probe.NewMemory(Page), Writable)));
        cases.Add("map memory: two hundred regions", probe =>
        {
            byte* memory = probe.NewMemory(200 * Page);
            for (ulong i = 0; i < 200; i++)
            {
                Probe.Require(probe.MapGuest(Base + (2 * i * Page), Page, memory + (i * Page)));
            }

            probe.Note(probe.MapGuest(Base + (198 * Page), 3 * Page, memory));
            probe.Note(probe.MapGuest(Base + (199 * Page), Page, memory));
        });
        return cases;
    }

    private static CaseList Limits()
    {
        CaseList cases = [];
        cases.Add("map memory: 2^46 bytes over a page", probe =>
            probe.Note(probe.MapGuest(Base, 1UL << 46, probe.NewLowMemory(Page))));

        foreach (int bits in (int[])[28, 40, 51, 52, 63])
        {
            cases.Add($"map memory: at frame 2^{bits}", probe =>
            {
                mshv_user_mem_region region = new()
                {
                    size = Page,
                    guest_pfn = 1UL << bits,
                    userspace_addr = (ulong)probe.NewMemory(Page),
                    flags = (byte)Writable,
                };
                probe.Try(probe.Partition, Hv.MSHV_SET_GUEST_MEMORY, ref region);
            });
        }
        return cases;
    }

    private static CaseList Order()
    {
        CaseList cases = [];
        cases.Add("map memory: a hole behind its first page", probe =>
        {
            byte* memory = probe.NewMemory(16 * Page);
            probe.Unmap(memory + Page, 15 * Page);
            probe.Note(probe.MapGuest(Base, 16 * Page, memory));
        });
        cases.Add("map memory: a hole in place of its first page", probe =>
        {
            byte* memory = probe.NewMemory(16 * Page);
            probe.Unmap(memory, Page);
            probe.Note(probe.MapGuest(Base, 16 * Page, memory));
        });
        cases.Add("unmap memory: an address that nothing is mapped at", probe =>
        {
            byte* memory = probe.NewMemory(Page);
            Probe.Require(probe.MapGuest(Base, Page, memory));
            probe.Unmap(memory, Page);
            probe.Note(probe.MapGuest(probe.Partition, Base, Page, memory, MSHV_SET_MEM_FLAGS.UNMAP));
        });
        cases.Add("unmap memory: before the partition is initialized", probe =>
            probe.Note(probe.MapGuest(probe.NewPartition(), Base, Page, probe.NewMemory(Page), MSHV_SET_MEM_FLAGS.UNMAP)));
        return cases;
    }
}
