using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Conformance.Probing;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>Memory is faulted in when the guest touches it: by chunks of 2 MiB, for writing, all of a chunk or nothing.</summary>
internal static unsafe class FaultingCases
{
    private const ulong Page = Probe.PageBytes;
    private const ulong Chunk = 512 * Page;
    private const uint Base = 0x1000000;
    private const MSHV_SET_MEM_FLAGS Writable = MSHV_SET_MEM_FLAGS.WRITABLE;

    internal static IEnumerable<ConformanceCase> All() =>
        [.. Touched(), .. Permissions(), .. Protected(), .. TakenAway(), .. Replaced(), .. Unmapped()];

    // Name, size of the region, pages of the process that are missing, where the guest reads.
    private static CaseList Touched()
    {
        CaseList cases = [];
        (string, ulong, ulong, ulong, uint)[] holes =
        [
            ("all there", Chunk, 0, 0, 0),
            ("the last page of the chunk is missing, the first is read", Chunk, 511, 1, 0),
            ("the first MiB is there, the rest of 4 MiB is not, page 0 is read", 2 * Chunk, 256, 768, 0),
            ("the second chunk is missing, the first is read", 2 * Chunk, 512, 512, 0),
            ("the second chunk is missing and read", 2 * Chunk, 512, 512, (uint)Chunk),
            ("one page of the second chunk is missing, the first chunk is read", 2 * Chunk, 600, 1, 4096),
            ("one page of the second chunk is missing, the second chunk is read", 2 * Chunk, 600, 1, (uint)Chunk),
            ("the short last chunk has a hole and is read", Chunk + (8 * Page), 515, 1, (uint)Chunk),
            ("the short last chunk is there and read", Chunk + (8 * Page), 0, 0, (uint)Chunk + 4096),
            ("a short region with a hole, before it", 8 * Page, 4, 1, 0),
        ];
        foreach ((string name, ulong size, ulong hole, ulong pages, uint at) in holes)
        {
            foreach (bool isWrite in (bool[])[false, true])
            {
                cases.Add($"faulting, {(isWrite ? "write" : "read")}: {name}", probe =>
                {
                    _ = GuestCode.Load(probe, GuestCode.Leave);
                    byte* memory = probe.NewMemory(size);
                    Cut(probe, memory, hole, pages);
                    probe.Note(probe.MapGuest(Base, size, memory));
                    Touch(probe, Base + at, isWrite);
                });
            }
        }

        cases.Add("faulting: a chunk counts from the region's start, not from the guest's address", probe =>
        {
            byte* memory = probe.NewMemory(2 * Chunk);
            Cut(probe, memory, 512, 1);
            probe.Note(probe.MapGuest(Base + 0x5000, 2 * Chunk, memory));
            Touch(probe, (uint)(Base + 0x5000 + (511 * Page)), isWrite: false);
            Touch(probe, (uint)(Base + 0x5000 + (513 * Page)), isWrite: false);
        });
        cases.Add("faulting: what was missing comes later", probe =>
        {
            byte* memory = probe.NewMemory(Chunk, protection: 0);
            probe.Note(probe.MapGuest(Base, Chunk, memory));
            Touch(probe, Base, isWrite: false);
            Probe.Protect(memory, Chunk, LinuxFlags.ProtRead | LinuxFlags.ProtWrite);
            probe.Runs.Try(probe.Processor);
        });
        return cases;
    }

    private static CaseList Permissions()
    {
        CaseList cases = [];
        (string, MSHV_SET_MEM_FLAGS)[] kinds =
        [
            ("nothing", 0), ("writing", Writable), ("executing", MSHV_SET_MEM_FLAGS.EXECUTABLE),
            ("all", Writable | MSHV_SET_MEM_FLAGS.EXECUTABLE),
        ];
        foreach ((string name, MSHV_SET_MEM_FLAGS flags) in kinds)
        {
            cases.Add($"permissions, {name} allowed: read", probe =>
            {
                Probe.Require(probe.MapGuest(probe.Partition, Base, Chunk, probe.NewMemory(Chunk), flags));
                Touch(probe, Base, isWrite: false);
            });
            cases.Add($"permissions, {name} allowed: write", probe =>
            {
                Probe.Require(probe.MapGuest(probe.Partition, Base, Chunk, probe.NewMemory(Chunk), flags));
                Touch(probe, Base, isWrite: true);
            });
            cases.Add($"permissions, {name} allowed: write after read", probe =>
            {
                Probe.Require(probe.MapGuest(probe.Partition, Base, Chunk, probe.NewMemory(Chunk), flags));
                Touch(probe, Base, isWrite: false);
                Touch(probe, Base, isWrite: true);
            });
            cases.Add($"permissions, {name} allowed: execute", probe =>
            {
                byte* memory = probe.NewMemory(Chunk);
                GuestCode.Leave.CopyTo(new Span<byte>(memory, 2));
                Probe.Require(probe.MapGuest(probe.Partition, Base, Chunk, memory, flags));
                probe.Runs.Try(GuestCode.Load(probe, GuestCode.Jump(Base)));
            });
        }
        return cases;
    }

    private static CaseList Protected()
    {
        CaseList cases = [];
        foreach ((string name, int protection) in ((string, int)[])[("read only", LinuxFlags.ProtRead), ("without access", 0)])
        {
            foreach (bool isWrite in (bool[])[false, true])
            {
                cases.Add($"faulting, {(isWrite ? "write" : "read")}: the process's memory is {name}", probe =>
                {
                    probe.Note(probe.MapGuest(Base, Chunk, probe.NewMemory(Chunk, protection)));
                    Touch(probe, Base, isWrite);
                });
                cases.Add($"faulting, {(isWrite ? "write" : "read")}: one page of the chunk is {name}", probe =>
                {
                    byte* memory = probe.NewMemory(Chunk);
                    Probe.Protect(memory + (17 * Page), Page, protection);
                    probe.Note(probe.MapGuest(Base, Chunk, memory));
                    Touch(probe, Base, isWrite);
                });
            }
        }
        return cases;
    }

    private static CaseList TakenAway()
    {
        CaseList cases = [];
        cases.Add("faulting: the process takes memory away that the guest has used", probe =>
        {
            byte* memory = probe.NewMemory(Chunk);
            Probe.Require(probe.MapGuest(Base, Chunk, memory));
            Touch(probe, Base, isWrite: true);
            probe.Unmap(memory, Chunk);
            Touch(probe, Base, isWrite: false);
        });
        cases.Add("faulting: the process takes one page of a chunk away that the guest has used", probe =>
        {
            byte* memory = probe.NewMemory(Chunk);
            Probe.Require(probe.MapGuest(Base, Chunk, memory));
            Touch(probe, Base, isWrite: true);
            Cut(probe, memory, 3, 1);
            Touch(probe, Base, isWrite: false);
            Touch(probe, (uint)(Base + (3 * Page)), isWrite: false);
        });
        cases.Add("faulting: the process protects memory that the guest has used", probe =>
        {
            byte* memory = probe.NewMemory(Chunk);
            Probe.Require(probe.MapGuest(Base, Chunk, memory));
            Touch(probe, Base, isWrite: true);
            Probe.Protect(memory, Chunk, LinuxFlags.ProtRead);
            Touch(probe, Base, isWrite: false);
            Touch(probe, Base, isWrite: true);
        });
        return cases;
    }

    private static CaseList Replaced()
    {
        const int AnonymousFixed = LinuxFlags.MapPrivate | LinuxFlags.MapAnonymous | 0x10;
        const int DontNeed = 4;
        CaseList cases = [];
        cases.Add("faulting: the process discards memory that the guest has used", probe =>
        {
            byte* memory = Used(probe);
            _ = CLibrary.Madvise(memory, (nuint)Chunk, DontNeed);
            Touch(probe, Base, isWrite: false);
        });
        cases.Add("faulting: the process maps other memory over what the guest has used", probe =>
        {
            byte* memory = Used(probe);
            _ = CLibrary.Mmap(memory, (nuint)Chunk, LinuxFlags.ProtRead | LinuxFlags.ProtWrite, AnonymousFixed, -1, 0);
            *memory = 0x33;
            Touch(probe, Base, isWrite: false);
        });
        foreach (ulong pages in (ulong[])[512, 511])
        {
            cases.Add($"faulting: a file of {pages} pages behind a chunk", probe =>
            {
                int file = probe.Kept(CLibrary.MemFdCreate("guest", 0));
                _ = CLibrary.FTruncate(file, (long)(pages * Page));
                byte* memory = probe.NewMemory(Chunk);
                _ = CLibrary.Mmap(
                    memory, (nuint)Chunk, LinuxFlags.ProtRead | LinuxFlags.ProtWrite, LinuxFlags.MapShared | 0x10, file, 0);
                *memory = 0x44;
                Probe.Require(probe.MapGuest(Base, Chunk, memory));
                Touch(probe, Base, isWrite: false);
            });
        }

        cases.Add("faulting: the guest and the process write to the same page of a file", probe =>
        {
            int file = probe.Kept(CLibrary.MemFdCreate("guest", 0));
            _ = CLibrary.FTruncate(file, (long)Chunk);
            byte* memory = probe.NewMemory(Chunk);
            byte* again = probe.NewMemory(Chunk);
            foreach (nint at in (nint[])[(nint)memory, (nint)again])
            {
                _ = CLibrary.Mmap(
                    (void*)at, (nuint)Chunk, LinuxFlags.ProtRead | LinuxFlags.ProtWrite, LinuxFlags.MapShared | 0x10, file, 0);
            }

            Probe.Require(probe.MapGuest(Base, Chunk, memory));
            again[1] = 0x55;
            probe.Registers.Set(probe.Processor, hv_register_name.HV_X64_REGISTER_RAX, 0x6600);
            Touch(probe, Base + 4, isWrite: true);
            Touch(probe, Base + 1, isWrite: false);
            probe.Note("written", again[5]);
        });
        return cases;

        static byte* Used(Probe probe)
        {
            byte* memory = probe.NewMemory(Chunk);
            *memory = 0x22;
            Probe.Require(probe.MapGuest(Base, Chunk, memory));
            Touch(probe, Base, isWrite: false);
            return memory;
        }
    }

    private static CaseList Unmapped()
    {
        CaseList cases = [];
        cases.Add("unmapped memory: nothing was ever there", probe => Touch(probe, Base, isWrite: false));
        cases.Add("unmapped memory: untouched pages", probe =>
        {
            byte* memory = probe.NewMemory(2 * Chunk);
            Probe.Require(probe.MapGuest(Base, 2 * Chunk, memory));
            Probe.Require(probe.MapGuest(probe.Partition, Base, 2 * Chunk, memory, MSHV_SET_MEM_FLAGS.UNMAP));
            Touch(probe, Base, isWrite: false);
        });
        cases.Add("unmapped memory: touched pages and untouched ones", probe =>
        {
            byte* memory = probe.NewMemory(2 * Chunk);
            Probe.Require(probe.MapGuest(Base, 2 * Chunk, memory));
            Touch(probe, Base, isWrite: false);
            Probe.Require(probe.MapGuest(probe.Partition, Base, 2 * Chunk, memory, MSHV_SET_MEM_FLAGS.UNMAP));
            Touch(probe, Base, isWrite: false);
            Touch(probe, Base + (uint)Chunk, isWrite: false);
        });
        cases.Add("unmapped memory: other memory in its place", probe =>
        {
            byte* memory = probe.NewMemory(Chunk);
            Probe.Require(probe.MapGuest(Base, Chunk, memory));
            Probe.Require(probe.MapGuest(probe.Partition, Base, Chunk, memory, MSHV_SET_MEM_FLAGS.UNMAP));
            byte* other = probe.NewMemory(Chunk);
            *other = 0x5a;
            Probe.Require(probe.MapGuest(Base, Chunk, other));
            Touch(probe, Base, isWrite: false);
        });
        return cases;
    }

    // A guest that accesses memory once and then leaves by a port with what it read.
    private static void Touch(Probe probe, uint gpa, bool isWrite)
    {
        byte[] access = isWrite ? GuestCode.Write(gpa) : GuestCode.Read(gpa);
        probe.Runs.Try(GuestCode.Load(probe, [.. access, .. GuestCode.Leave]));
    }

    private static void Cut(Probe probe, byte* memory, ulong firstPage, ulong pages)
    {
        if (pages != 0)
        {
            probe.Unmap(memory + (firstPage * Page), pages * Page);
        }
    }
}
