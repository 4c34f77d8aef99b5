using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Registers of a stopped processor that every engine keeps at hand, in the hypervisor's terms.</summary>
/// <remarks>An engine loads it when it stops and writes back what is marked as changed before it goes on.</remarks>
internal sealed class ProcessorState
{
    internal const int Rax = 0;
    internal const int Rcx = 1;
    internal const int Rdx = 2;
    internal const int Rbx = 3;
    internal const int Rsp = 4;
    internal const int Rsi = 6;
    internal const int Rdi = 7;
    internal const int R8 = 8;
    internal const int Es = 0;
    internal const int Cs = 1;
    internal const int Ss = 2;
    internal const int Ds = 3;
    internal const int Fs = 4;
    internal const int Gs = 5;
    internal const int Ldtr = 6;
    internal const int Tr = 7;

    /// <summary>General registers in the order of their hardware numbers: RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15.</summary>
    internal Array16<ulong> General;

    /// <summary>ES, CS, SS, DS, FS, GS, LDTR, TR: the order of the register names from <c>HV_X64_REGISTER_ES</c> on.</summary>
    internal Array8<hv_x64_segment_register> Segments;

    internal ulong Rip;
    internal ulong Rflags;
    internal hv_x64_table_register Idtr;
    internal hv_x64_table_register Gdtr;
    internal ulong Cr0;
    internal ulong Cr2;
    internal ulong Cr3;
    internal ulong Cr4;
    internal ulong Cr8;
    internal ulong Efer;
    internal ulong ApicBase;
    internal ProcessorEvents Events;

    /// <summary>How often an engine has loaded it: what was read of memory for an earlier stop may have changed.</summary>
    internal ulong StopCount;

    /// <summary>Whether general registers, RIP or RFLAGS were changed since the engine stopped.</summary>
    internal bool GeneralChanged;

    /// <summary>Whether segments, tables, control registers, EFER or the APIC base were changed.</summary>
    internal bool SystemChanged;

    /// <summary>Whether <see cref="Events"/> was changed.</summary>
    internal bool EventsChanged;

    /// <summary>Whether 64-bit code runs: long mode active and a 64-bit code segment.</summary>
    internal bool Is64BitCode => IsLongMode && Segments[Cs]._long != 0;

    /// <summary>EFER.LMA.</summary>
    internal bool IsLongMode => (Efer & (1UL << 10)) != 0;

    /// <summary>Width of code in bits: 16, 32 or 64.</summary>
    internal int CodeBits => Is64BitCode ? 64 : Segments[Cs]._default != 0 && (Cr0 & X64Bits.Cr0Pe) != 0 ? 32 : 16;

    /// <summary>Current privilege level.</summary>
    internal int Cpl => (Cr0 & X64Bits.Cr0Pe) == 0 ? 0 : (Rflags & X64Bits.FlagVm) != 0 ? 3 : Segments[Ss].descriptor_privilege_level;

    /// <summary>An offset in the code segment, in the width of code.</summary>
    internal ulong CodeOffset(ulong offset) => CodeBits switch
    {
        64 => offset,
        32 => (uint)offset,
        _ => (ushort)offset,
    };

    /// <summary>Keeps what an instruction may change.</summary>
    internal RegisterSnapshot Save() => new()
    {
        General = General,
        Rip = Rip,
        Rflags = Rflags,
        Cr2 = Cr2,
        Events = Events,
    };

    /// <summary>Puts back what was kept before an instruction that shall not have happened.</summary>
    internal void Restore(in RegisterSnapshot snapshot)
    {
        General = snapshot.General;
        Rip = snapshot.Rip;
        Rflags = snapshot.Rflags;
        GeneralChanged = true;

        // The instruction may have faulted; that fault never happened.
        if (Events.ExceptionInjected != snapshot.Events.ExceptionInjected)
        {
            Events = snapshot.Events;
            EventsChanged = true;
        }

        if (Cr2 != snapshot.Cr2)
        {
            Cr2 = snapshot.Cr2;
            SystemChanged = true;
        }
    }

    /// <summary>What a reset makes of a processor: it begins 16 bytes below 4 GiB.</summary>
    /// <param name="isFirst">Whether it is the one that starts the machine.</param>
    internal void Reset(bool isFirst)
    {
        const ulong ApicAfterReset = 0xfee0_0800;
        const ulong FirstProcessor = 0x100;
        StartAt(0);
        Rip = 0xfff0;
        Segments[Cs].@base = 0xffff_0000;
        Segments[Cs].selector = 0xf000;
        Cr0 |= 0x6000_0000; // CD, NW
        ApicBase = ApicAfterReset | (isFirst ? FirstProcessor : 0);
    }

    /// <summary>What a hypercall that starts a processor makes of one that waits: what the caller says, and zeros.</summary>
    internal void StartWith(in hv_init_vp_context context)
    {
        StartAt(0);
        General = default;
        General[Rsp] = context.rsp;
        Rip = context.rip;
        Rflags = context.rflags | 2;
        Segments[Es] = context.es;
        Segments[Cs] = context.cs;
        Segments[Ss] = context.ss;
        Segments[Ds] = context.ds;
        Segments[Fs] = context.fs;
        Segments[Gs] = context.gs;
        Segments[Ldtr] = context.ldtr;
        Segments[Tr] = context.tr;
        Idtr = context.idtr;
        Gdtr = context.gdtr;
        Cr0 = context.cr0;
        Cr3 = context.cr3;
        Cr4 = context.cr4;
        Efer = context.efer;
    }

    /// <summary>What a startup interrupt makes of a processor that waits for one: real mode, at a page below 1 MiB.</summary>
    internal void StartAt(byte page)
    {
        General = default;
        General[Rdx] = 0x600; // family 6, as after any reset
        Rip = 0;
        Rflags = 2;
        for (int segment = Es; segment <= Gs; segment++)
        {
            Segments[segment] = new() { limit = 0xffff, attributes = 0x93 };
        }

        Segments[Cs] = new() { @base = (ulong)page << 12, limit = 0xffff, selector = (ushort)(page << 8), attributes = 0x9b };
        Segments[Ldtr] = new() { limit = 0xffff, attributes = 0x82 };
        Segments[Tr] = new() { limit = 0xffff, attributes = 0x8b };
        Idtr = new() { limit = 0xffff };
        Gdtr = new() { limit = 0xffff };
        Cr0 = 0x10; // ET
        Cr2 = Cr3 = Cr4 = Cr8 = Efer = 0;
        Events = default;
        GeneralChanged = SystemChanged = EventsChanged = true;
    }
}

/// <summary>What of a processor's registers an instruction may change.</summary>
internal struct RegisterSnapshot
{
    internal Array16<ulong> General;
    internal ulong Rip;
    internal ulong Rflags;
    internal ulong Cr2;
    internal ProcessorEvents Events;
}

/// <summary>Events on their way into a processor, and what holds them up.</summary>
internal struct ProcessorEvents
{
    internal bool ExceptionInjected;
    internal byte ExceptionVector;
    internal bool ExceptionHasErrorCode;
    internal uint ExceptionErrorCode;
    internal bool InterruptInjected;
    internal byte InterruptVector;
    internal bool InterruptIsSoft;
    internal bool NmiInjected;
    internal bool NmiPending;
    internal bool NmiMasked;
    internal bool InterruptShadow;

    /// <summary>Whether an event delivery was cut short by the exit.</summary>
    internal readonly bool IsInterruptionPending => ExceptionInjected || InterruptInjected || NmiInjected;

    /// <summary>Makes an exception the next thing that happens.</summary>
    /// <param name="vector">Its vector.</param>
    /// <param name="errorCode">Its error code, if it has one.</param>
    internal void InjectException(byte vector, uint? errorCode)
    {
        ExceptionInjected = true;
        ExceptionVector = vector;
        ExceptionHasErrorCode = errorCode is not null;
        ExceptionErrorCode = errorCode ?? 0;
    }
}
