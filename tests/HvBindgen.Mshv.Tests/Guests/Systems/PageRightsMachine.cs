using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Emulator;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Guests.Systems;

/// <summary>A guest in long mode that accesses a page behind every combination of bits in two levels of tables, and behind every one of a
/// large page; it notes each fault.</summary>
internal sealed class PageRightsMachine : IDisposable
{
    private const int Kinds = 16;
    private const int Directories = 8;
    private const int LargeFirst = 16;
    private const ulong Level4 = 0x1000;
    private const ulong Level3 = 0x2000;
    private const ulong Level2 = 0x3000;
    private const ulong OwnTable = 0x4000;
    private const ulong FirstTable = 0x5000;
    private const ulong AfterTables = 0xD000;
    private const ulong Gdt = 0xD000;
    private const ulong Idt = 0xE000;
    private const ulong Task = 0xF000;
    private const ulong Code = 0x1_0000;
    private const ulong Handlers = 0x1_1000;
    private const ulong InnerStackTop = 0x1_2F00;
    private const ulong StackTop = 0x1_3F00;
    private const ulong Log = 0x1_4000;
    private const ulong List = 0x1_5000;
    private const ulong Target = 0x1_6000;
    private const ulong Prologue = 0x1_7000;
    private const ulong Template = 0x2_0000;
    private const int DataOffset = 8;
    private const ulong Present = 1;
    private const ulong Writable = 2;
    private const ulong User = 4;
    private const ulong Large = 0x80;
    private const uint NoFault = 0xFFFF;
    private const byte PageFault = 14;

    private readonly MshvEmulator emulator;
    private readonly RunningGuest guest;
    private readonly List<(ulong Address, ulong[] Entries, ulong[] Places)> pages = [];

    internal PageRightsMachine(MshvEngine engine)
    {
        emulator = new MshvEmulator(new MshvEmulatorOptions { Engine = engine });
        guest = new RunningGuest(emulator: emulator);
        ulong upper = Present | Writable | User;
        for (int kind = 0; kind < Directories; kind++)
        {
            ulong table = FirstTable + (0x1000UL * (uint)kind);
            ulong directory = table | Bits((kind << 1) | 1);
            Put(Level2 + (8UL * (uint)(kind + 1)), directory);
            for (int bits = 0; bits < Kinds; bits++)
            {
                ulong entry = Target | Bits(bits);
                Put(table + (8UL * (uint)bits), entry);
                pages.Add((
                    ((ulong)(kind + 1) << 21) | ((ulong)bits << 12),
                    [directory, entry],
                    [Level2 + (8UL * (uint)(kind + 1)), table + (8UL * (uint)bits)]));
            }
        }

        for (int bits = 0; bits < Kinds; bits++)
        {
            ulong place = Level2 + (8UL * (uint)(LargeFirst + bits));
            Put(place, Large | Bits(bits));
            pages.Add((((ulong)(LargeFirst + bits) << 21) + Target, [Large | Bits(bits)], [place]));
        }

        Put(Level2, OwnTable | upper);
        guest.Partition.Memory.Write(Level4, Level3 | upper);
        guest.Partition.Memory.Write(Level3, Level2 | upper);
    }

    /// <summary>Whether the processor takes bits of CR4.</summary>
    internal bool Takes(PageRules rules)
    {
        try
        {
            X64Boot.LongMode(guest.Partition.Memory, Code, StackTop, pageTablesGpa: 0x10_0000)
                .Set(Name.HV_X64_REGISTER_CR4, Cr4(rules)).ApplyTo(guest.Processor);
            return true;
        }
        catch (HypervisorException)
        {
            return false;
        }
    }

    /// <summary>Runs the guest, and tells what was not as it must be.</summary>
    internal List<string> Check(PageRules rules, PageAccess access)
    {
        WriteTables(rules.IsUser);
        WriteCode(rules, access);
        X64Boot.LongMode(guest.Partition.Memory, Prologue, StackTop, pageTablesGpa: 0x10_0000)
            .Set(Name.HV_X64_REGISTER_CR0, 0x8000_0031 | (rules.WriteProtect ? 1u << 16 : 0))
            .Set(Name.HV_X64_REGISTER_CR3, Level4)
            .Set(Name.HV_X64_REGISTER_CR4, Cr4(rules))
            .Set(Name.HV_X64_REGISTER_EFER, 0x500 | (rules.NoExecute ? 1u << 11 : 0))
            .Set(Name.HV_X64_REGISTER_RSP, InnerStackTop)
            .SetTable(Name.HV_X64_REGISTER_GDTR, Gdt, 0x3F)
            .SetTable(Name.HV_X64_REGISTER_IDTR, Idt, 0xFFF)
            .Set(Name.HV_X64_REGISTER_TR, new hv_x64_segment_register { selector = 0x28, @base = Task, limit = 0x67, attributes = 0x8B })
            .ApplyTo(guest.Processor);
        guest.RunToEnd();
        List<string> differences = [];
        for (int index = 0; index < pages.Count; index++)
        {
            string? difference = Compare(rules, access, index);
            if (difference is not null)
            {
                string entries = string.Join(' ', pages[index].Entries.Select(each => $"{each:x}"));
                differences.Add($"{rules} {access} {pages[index].Address:x} by {entries}: {difference}");
            }
        }

        return differences;
    }

    /// <summary>How many pages there are.</summary>
    internal int PageCount => pages.Count;

    public void Dispose()
    {
        guest.Dispose();
        emulator.Dispose();
    }

    private string? Compare(PageRules rules, PageAccess access, int index)
    {
        const ulong Accessed = 0x20;
        const ulong Dirty = 0x40;
        (ulong address, ulong[] entries, ulong[] places) = pages[index];
        uint expected = rules.ErrorCode(access, entries) ?? NoFault;
        ulong code = guest.Partition.Memory.Read<ulong>(Log + (16UL * (uint)index));
        ulong faulted = guest.Partition.Memory.Read<ulong>(Log + (16UL * (uint)index) + 8);
        if (code != expected)
        {
            return $"error code {code:x}, not {expected:x}";
        }

        ulong accessed = address + (access == PageAccess.Execute ? 0UL : DataOffset);
        if (expected != NoFault && faulted != accessed)
        {
            return $"CR2 {faulted:x}";
        }

        // What a walk that ends in a fault leaves in the tables above is the processor's choice.
        ulong last = guest.Partition.Memory.Read<ulong>(places[^1]);
        ulong marks = expected != NoFault ? 0 : Accessed | (access == PageAccess.Write ? Dirty : 0);
        ulong mask = expected != NoFault ? Dirty : Accessed | Dirty;
        return (last & mask) == marks ? null : $"the entry is {last:x} afterwards";
    }

    private static ulong Cr4(PageRules rules) => 0x620UL | (rules.Smep ? 1UL << 20 : 0) | (rules.Smap ? 1UL << 21 : 0);

    // Present, writable, of user, not executable.
    private static ulong Bits(int bits) => ((ulong)(uint)bits & 7) | ((ulong)(uint)(bits >> 3) << 63);

    // What the guest copies to where its tables are: a KVM with tables of its own must see it write.
    private void Put(ulong place, ulong entry) => guest.Partition.Memory.Write(Template + place - Level2, entry);

    private void WriteTables(bool isUser)
    {
        for (ulong page = 0; page < 0x40; page++)
        {
            ulong gpa = page << 12;
            bool isOfProgram = isUser && gpa is Code or (StackTop & ~0xFFFUL) or Log or List;
            Put(OwnTable + (8 * page), gpa | Present | Writable | (isOfProgram && isUser ? User : 0));
            guest.Partition.Memory.Write(OwnTable + (8 * page), gpa | Present | Writable | (isOfProgram && isUser ? User : 0));
        }

        guest.Partition.Memory.Write(Level2, OwnTable | Present | Writable | User);
        ReadOnlySpan<ulong> segments =
        [
            0, 0x00AF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x00CF_F300_0000_FFFF, 0x00AF_FB00_0000_FFFF,
            0x0000_8B00_0000_0067 | (Task << 16), 0,
        ];
        for (int index = 0; index < segments.Length; index++)
        {
            guest.Partition.Memory.Write(Gdt + (8UL * (uint)index), segments[index]);
        }

        guest.Partition.Memory.Write(Task + 4, InnerStackTop);
        for (uint vector = 0; vector < 32; vector++)
        {
            ulong handler = Handlers + (vector == PageFault ? 0UL : 0x100);
            guest.Partition.Memory.Write(Idt + (16 * vector), (handler & 0xFFFF) | (8UL << 16) | (0x8EUL << 40) | ((handler >> 16) << 48));
            guest.Partition.Memory.Write(Idt + (16 * vector) + 8, 0UL);
        }

        for (int index = 0; index < pages.Count; index++)
        {
            guest.Partition.Memory.Write(List + (8UL * (uint)index), pages[index].Address);
        }
    }

    private void WriteCode(PageRules rules, PageAccess access)
    {
        const int WordBytes = 8;
        Write(Target, a => a.ret());
        Write(Handlers, a =>
        {
            a.pop(r12);
            a.mov(r11, cr2);
            a.mov(__qword_ptr[rsp], r14);
            a.iretq();
        });
        Write(Handlers + 0x100, a =>
        {
            a.mov(al, 0xEE);
            a.@out((byte)RunningGuest.ReportPort, al);
            a.@out((byte)RunningGuest.EndPort, al);
        });
        Write(Prologue, a =>
        {
            a.cld();
            a.mov(esi, (int)Template);
            a.mov(edi, (int)Level2);
            a.mov(ecx, (int)(AfterTables - Level2) / WordBytes);
            a.rep.movsq();
            a.mov(rax, cr3);
            a.mov(cr3, rax);
            a.push(rules.IsUser ? 0x1B : 0x10);
            a.push((int)StackTop);
            a.push(0x3002 | (rules.Ac ? 1 << 18 : 0));
            a.push(rules.IsUser ? 0x23 : 8);
            a.push((int)Code);
            a.iretq();
        });
        Write(Code, a =>
        {
            Label again = a.CreateLabel();
            Label next = a.CreateLabel();
            a.xor(ebx, ebx);
            a.Label(ref again);
            a.mov(rsi, __qword_ptr[(rbx * WordBytes) + (long)List]);
            a.mov(r12d, NoFault);
            a.xor(r11d, r11d);
            a.lea(r14, __[next]);
            a.mov(r13, rsp);
            switch (access)
            {
                case PageAccess.Read:
                    a.mov(al, __byte_ptr[rsi + DataOffset]);
                    break;
                case PageAccess.Write:
                    a.mov(__byte_ptr[rsi + DataOffset], al);
                    break;
                default:
                    a.call(rsi);
                    break;
            }

            a.Label(ref next);
            a.mov(rsp, r13);
            a.mov(edx, ebx);
            a.shl(edx, 4);
            a.mov(__qword_ptr[rdx + (long)Log], r12);
            a.mov(__qword_ptr[rdx + (long)Log + WordBytes], r11);
            a.inc(ebx);
            a.cmp(ebx, pages.Count);
            a.jb(again);
            a.@out((byte)RunningGuest.EndPort, al);
        });
    }

    private void Write(ulong gpa, Action<Assembler> write) => guest.Partition.Memory.Write(gpa, RunningGuest.Assemble(64, write, gpa));
}
