using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Boot;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Guests.Systems;

/// <summary>A random program for the system's part of a processor: memory and registers that it begins with.</summary>
/// <remarks>
/// It is made of slots: short pieces of code of equal length, in one row for each width of code. Transfers lead to later slots alone, and
/// a handler to the next one, so that a program comes to its end, at the last slot or by a triple fault.
/// </remarks>
internal sealed class SystemProgram
{
    private const ulong ProtectedMode = 0x31;
    private const ulong Paging = 1UL << 31;
    private const ulong WriteProtect = 1 << 16;
    private const ulong LongMode = 0x500;
    private const ulong SystemCalls = 1;
    private const ulong NoExecute = 0x800;
    private const ulong PhysicalAddressExtension = 0x20;
    private const ulong SseAndMachineCheck = 0x640; // what a KVM shows its guest of the last stays its own
    private const ulong Trap = 0x100;
    private const ulong ClearedBySystemCalls = 0x4FD5; // all status flags too, which QEMU's processor loses in any case

    private readonly Random random;
    private readonly bool isUser;

    internal SystemProgram(int seed)
    {
        random = new Random(seed);
        Mode = random.Next(8) switch
        {
            0 => SystemMode.Real,
            1 => SystemMode.Protected16,
            2 => SystemMode.Protected32,
            3 => SystemMode.Paged32,
            4 => SystemMode.Pae,
            5 => SystemMode.Compatibility,
            _ => SystemMode.Long,
        };
        isUser = Mode != SystemMode.Real && random.Next(3) == 0;
        SystemLayout.WriteTables(Image, random);
        SystemHandlers.Write(Image);
        WriteCode();
    }

    internal SystemMode Mode { get; }

    internal SystemImage Image { get; } = new();

    private bool IsLong => Mode is SystemMode.Long or SystemMode.Compatibility;

    private int Bits => Mode switch
    {
        SystemMode.Real or SystemMode.Protected16 => 16,
        SystemMode.Long => 64,
        _ => 32,
    };

    /// <summary>The registers it begins with.</summary>
    internal X64BootState Registers()
    {
        X64BootState state = new();
        Random values = new(random.Next());
        for (Name name = Name.HV_X64_REGISTER_RAX; name <= Name.HV_X64_REGISTER_R15; name++)
        {
            state.Set(name, SystemLayout.RandomPages + (ulong)values.Next(SystemLayout.RandomPageCount * 0x1000));
        }

        state.Set(Name.HV_X64_REGISTER_RSP, SystemLayout.StackTop);
        SetControl(state);
        SetSegments(state);
        SetModelRegisters(state);
        return state
            .Set(Name.HV_X64_REGISTER_RIP, SystemLayout.OffsetOf(Bits, 0))
            .Set(Name.HV_X64_REGISTER_RFLAGS, 2 | (values.Next(8) == 0 ? Trap : 0) | ((ulong)values.Next(4) << 12));
    }

    private void SetControl(X64BootState state)
    {
        bool hasPaging = IsLong || Mode is SystemMode.Paged32 or SystemMode.Pae;
        ulong cr3 = Mode switch
        {
            SystemMode.Paged32 => SystemLayout.Level2,
            SystemMode.Pae => SystemLayout.PaePointers,
            _ => SystemLayout.Level4,
        };
        bool hasWideTables = IsLong || Mode == SystemMode.Pae;

        // Paging goes before the mode that it needs.
        state
            .Set(Name.HV_X64_REGISTER_CR4, SseAndMachineCheck | (hasWideTables ? PhysicalAddressExtension : 0))
            .Set(Name.HV_X64_REGISTER_CR3, cr3)
            .Set(Name.HV_X64_REGISTER_CR2, 0)
            .Set(Name.HV_X64_REGISTER_CR8, 0)
            .Set(Name.HV_X64_REGISTER_DR6, 0xFFFF_0FF0)
            .Set(Name.HV_X64_REGISTER_DR7, 0x400)
            .Set(Name.HV_X64_REGISTER_EFER, SystemCalls | NoExecute | (IsLong ? LongMode : 0))
            .Set(Name.HV_X64_REGISTER_CR0, ProtectedMode | (hasPaging ? Paging | WriteProtect : 0));
        (ulong table, ushort limit) = IsLong
            ? (SystemLayout.Idt64, (ushort)((SystemLayout.Vectors * 16) - 1))
            : (SystemLayout.Idt32, (ushort)((SystemLayout.Vectors * 8) - 1));
        state
            .SetTable(Name.HV_X64_REGISTER_IDTR, table, limit)
            .SetTable(Name.HV_X64_REGISTER_GDTR, SystemLayout.Gdt, SystemLayout.TableLimit);
    }

    private void SetSegments(X64BootState state)
    {
        bool is16 = Bits == 16;
        ushort rights = Bits switch { 16 => 0x009B, 32 => 0xC09B, _ => 0xA09B };
        state.Set(
            Name.HV_X64_REGISTER_CS,
            Segment(
                SystemLayout.CodeOf(Bits, false), is16 ? SystemLayout.Code16 : 0, is16 ? ushort.MaxValue : uint.MaxValue, rights));
        hv_x64_segment_register data = Segment(
            is16 ? SystemLayout.Data16 : SystemLayout.Data, 0, uint.MaxValue, (ushort)(is16 ? 0x8093 : 0xC093));
        foreach (Name name in (ReadOnlySpan<Name>)[
            Name.HV_X64_REGISTER_DS, Name.HV_X64_REGISTER_ES, Name.HV_X64_REGISTER_SS, Name.HV_X64_REGISTER_FS,
            Name.HV_X64_REGISTER_GS])
        {
            state.Set(name, data);
        }

        state
            .Set(Name.HV_X64_REGISTER_TR, IsLong
                ? Segment(SystemLayout.TaskOfLongMode, SystemLayout.Task64, SystemLayout.TaskLimit, 0x8B)
                : Segment(SystemLayout.TaskOfProtectedMode, SystemLayout.Task32, SystemLayout.TaskLimit, 0x8B))
            .Set(Name.HV_X64_REGISTER_LDTR, Segment(SystemLayout.LocalTable, SystemLayout.Ldt, 0x3F, 0x82));
    }

    // System calls arrive in 64-bit code, but for SYSENTER outside of long mode.
    private static void SetModelRegisters(X64BootState state)
    {
        ulong target = SystemLayout.OffsetOf(64, SystemLayout.CallSlot);
        state
            .Set(Name.HV_X64_REGISTER_STAR, ((ulong)SystemLayout.SystemReturn << 48) | ((ulong)SystemLayout.Flat64 << 32))
            .Set(Name.HV_X64_REGISTER_LSTAR, target)
            .Set(Name.HV_X64_REGISTER_CSTAR, target)
            .Set(Name.HV_X64_REGISTER_SFMASK, ClearedBySystemCalls)
            .Set(Name.HV_X64_REGISTER_KERNEL_GS_BASE, SystemLayout.RandomPages)
            .Set(Name.HV_X64_REGISTER_SYSENTER_CS, SystemLayout.Flat32)
            .Set(Name.HV_X64_REGISTER_SYSENTER_ESP, SystemLayout.StackTop)
            .Set(Name.HV_X64_REGISTER_SYSENTER_EIP, SystemLayout.OffsetOf(32, SystemLayout.CallSlot));
    }

    private static hv_x64_segment_register Segment(ushort selector, ulong @base, uint limit, ushort attributes) =>
        new() { selector = selector, @base = @base, limit = limit, attributes = attributes };

    private void WriteCode()
    {
        Image.Bytes.AsSpan((int)SystemLayout.Code16, (int)(SystemLayout.Handlers - SystemLayout.Code16)).Fill(0x90);
        Image.Bytes.AsSpan((int)SystemLayout.RandomPages).Fill(0xC3);
        WriteTablePointer(0, 0, 0x3FF);
        WriteTablePointer(1, SystemLayout.Idt32, (ushort)((SystemLayout.Vectors * 8) - 1));
        WriteTablePointer(2, SystemLayout.Idt64, (ushort)((SystemLayout.Vectors * 16) - 1));
        WriteTablePointer(3, SystemLayout.Gdt, SystemLayout.TableLimit);
        SystemSteps steps = new(random, Image, Mode);
        WriteBeginning();
        foreach (int bits in (ReadOnlySpan<int>)[16, 32, 64])
        {
            WriteRow(steps, bits, SystemLayout.PlaceOf(bits, 0));
        }

        // Real mode and virtual-8086 mode have selectors and a limit of their own.
        WriteRow(new SystemSteps(random, Image, SystemMode.Real), 16, SystemLayout.RealCode);
    }

    private void WriteRow(SystemSteps steps, int bits, ulong place)
    {
        for (int slot = SystemLayout.FirstSlot; slot < SystemLayout.Slots - 1; slot++)
        {
            Image.Write(place + (uint)(slot * SystemLayout.SlotBytes), steps.Assemble(bits, slot));
        }

        Image.Write(
            place + ((SystemLayout.Slots - 1) * SystemLayout.SlotBytes),
            RunningGuest.Assemble(bits, a => a.@out((byte)RunningGuest.EndPort, al)));
    }

    // The task's register is loaded by the program itself: QEMU's processor comes to an end by the state that KVM gives it for that.
    private void WriteBeginning()
    {
        Image.Write(SystemLayout.PlaceOf(Bits, 0), RunningGuest.Assemble(Bits, a =>
        {
            // The tables of the program before are another's.
            ReloadTables(a);
            a.mov(ax, (short)(IsLong ? SystemLayout.TaskOfLongMode : SystemLayout.TaskOfProtectedMode));
            a.ltr(ax);
        }));
        Action<Assembler> leave = Mode == SystemMode.Real ? a => SystemRegisterSteps.EnterRealMode(a, SystemLayout.FirstSlot)
            : isUser ? a => new SystemTransfers(random, Image, Mode).EnterUser(a, Bits, SystemLayout.FirstSlot)
            : a => a.nop();
        Image.Write(SystemLayout.PlaceOf(Bits, 1), RunningGuest.Assemble(Bits, leave));
    }

    private void ReloadTables(Assembler a)
    {
        bool is64 = Bits == 64;
        Register general = is64 ? Register.RAX : Register.EAX;
        a.AddInstruction(Instruction.Create(is64 ? Code.Mov_r64_cr : Code.Mov_r32_cr, general, Register.CR3));
        a.AddInstruction(Instruction.Create(is64 ? Code.Mov_cr_r64 : Code.Mov_cr_r32, Register.CR3, general));
    }

    private void WriteTablePointer(uint index, ulong @base, ushort limit)
    {
        Image.Write(SystemLayout.TablePointers + (index * 16), limit);
        Image.Write(SystemLayout.TablePointers + (index * 16) + 2, @base);
    }
}

/// <summary>A mode that a program begins in.</summary>
internal enum SystemMode
{
    /// <summary>Real mode.</summary>
    Real,

    /// <summary>16-bit code of protected mode, without paging.</summary>
    Protected16,

    /// <summary>32-bit code without paging.</summary>
    Protected32,

    /// <summary>32-bit code with tables of two levels.</summary>
    Paged32,

    /// <summary>32-bit code with the tables of PAE.</summary>
    Pae,

    /// <summary>32-bit code in long mode.</summary>
    Compatibility,

    /// <summary>64-bit code.</summary>
    Long,
}
