using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>
/// Registers that KVM and the emulator share in the run area: KVM's records there, the hypervisor's terms in <see cref="State"/>.
/// </summary>
internal sealed unsafe class VcpuRegisters
{
    private readonly Fd fd;
    private readonly kvm_run* area;

    internal VcpuRegisters(Fd fd, kvm_run* area)
    {
        this.fd = fd;
        this.area = area; // mapped as long as its owner, the vcpu, is
        area->kvm_valid_regs = KvmX64.KVM_SYNC_X86_VALID_FIELDS;
        Fetch();
    }

    internal ProcessorState State { get; } = new();

    /// <summary>Takes what KVM left in the area when it stopped.</summary>
    internal void Load()
    {
        Load(in area->s.regs.regs);
        Load(in area->s.regs.sregs);
        Load(in area->s.regs.events);
        State.StopCount++;
    }

    /// <summary>Asks KVM: for the first state, and for the one after registers that it refused.</summary>
    internal void Fetch()
    {
        _ = KvmVcpuX64.KVM_GET_REGS(fd, &area->s.regs.regs);
        _ = KvmVcpuX64.KVM_GET_SREGS(fd, &area->s.regs.sregs);
        _ = KvmVcpuX64.KVM_GET_VCPU_EVENTS(fd, &area->s.regs.events);
        Load();
        State.GeneralChanged = State.SystemChanged = State.EventsChanged = false;
        area->kvm_dirty_regs = 0;
    }

    /// <summary>Puts what was changed into the area, where the next entry takes it.</summary>
    internal void Flush()
    {
        ulong dirty = 0;
        if (State.GeneralChanged)
        {
            Store(out area->s.regs.regs);
            dirty |= KvmX64.KVM_SYNC_X86_REGS;
            State.GeneralChanged = false;
        }

        if (State.SystemChanged)
        {
            Store(ref area->s.regs.sregs);
            dirty |= KvmX64.KVM_SYNC_X86_SREGS;
            State.SystemChanged = false;
        }

        if (State.EventsChanged)
        {
            Store(ref area->s.regs.events);
            dirty |= KvmX64.KVM_SYNC_X86_EVENTS;
            State.EventsChanged = false;
        }

        area->kvm_dirty_regs = dirty;
    }

    /// <summary>Gives KVM changed system registers at once.</summary>
    /// <remarks>
    /// The mode of the APIC is in APIC_BASE and decides what its page means. It may still wait for the next entry, and another
    /// processor may run before that one and send an interrupt here.
    /// </remarks>
    internal void FlushSystem()
    {
        if (State.SystemChanged)
        {
            Store(ref area->s.regs.sregs);
            State.SystemChanged = !KvmVcpuX64.KVM_SET_SREGS(fd, in area->s.regs.sregs).IsSuccess;
        }
    }

    private void Load(in kvm_regs regs)
    {
        State.General[0] = regs.rax;
        State.General[1] = regs.rcx;
        State.General[2] = regs.rdx;
        State.General[3] = regs.rbx;
        State.General[4] = regs.rsp;
        State.General[5] = regs.rbp;
        State.General[6] = regs.rsi;
        State.General[7] = regs.rdi;
        State.General[8] = regs.r8;
        State.General[9] = regs.r9;
        State.General[10] = regs.r10;
        State.General[11] = regs.r11;
        State.General[12] = regs.r12;
        State.General[13] = regs.r13;
        State.General[14] = regs.r14;
        State.General[15] = regs.r15;
        State.Rip = regs.rip;
        State.Rflags = regs.rflags;
    }

    private void Store(out kvm_regs regs)
    {
        regs.rax = State.General[0];
        regs.rcx = State.General[1];
        regs.rdx = State.General[2];
        regs.rbx = State.General[3];
        regs.rsp = State.General[4];
        regs.rbp = State.General[5];
        regs.rsi = State.General[6];
        regs.rdi = State.General[7];
        regs.r8 = State.General[8];
        regs.r9 = State.General[9];
        regs.r10 = State.General[10];
        regs.r11 = State.General[11];
        regs.r12 = State.General[12];
        regs.r13 = State.General[13];
        regs.r14 = State.General[14];
        regs.r15 = State.General[15];
        regs.rip = State.Rip;
        regs.rflags = State.Rflags;
    }

    private void Load(in kvm_sregs sregs)
    {
        State.Segments[ProcessorState.Es] = SegmentOf(sregs.es);
        State.Segments[ProcessorState.Cs] = SegmentOf(sregs.cs);
        State.Segments[ProcessorState.Ss] = SegmentOf(sregs.ss);
        State.Segments[ProcessorState.Ds] = SegmentOf(sregs.ds);
        State.Segments[ProcessorState.Fs] = SegmentOf(sregs.fs);
        State.Segments[ProcessorState.Gs] = SegmentOf(sregs.gs);
        State.Segments[ProcessorState.Ldtr] = SegmentOf(sregs.ldt);
        State.Segments[ProcessorState.Tr] = SegmentOf(sregs.tr);
        State.Gdtr = new hv_x64_table_register { @base = sregs.gdt.@base, limit = sregs.gdt.limit };
        State.Idtr = new hv_x64_table_register { @base = sregs.idt.@base, limit = sregs.idt.limit };
        State.Cr0 = sregs.cr0;
        State.Cr2 = sregs.cr2;
        State.Cr3 = sregs.cr3;
        State.Cr4 = sregs.cr4;
        State.Cr8 = sregs.cr8;
        State.Efer = sregs.efer;
        State.ApicBase = sregs.apic_base;
    }

    // The bitmap of interrupts is left as KVM gave it: it belongs to the events.
    private void Store(ref kvm_sregs sregs)
    {
        sregs.es = SegmentOf(State.Segments[ProcessorState.Es]);
        sregs.cs = SegmentOf(State.Segments[ProcessorState.Cs]);
        sregs.ss = SegmentOf(State.Segments[ProcessorState.Ss]);
        sregs.ds = SegmentOf(State.Segments[ProcessorState.Ds]);
        sregs.fs = SegmentOf(State.Segments[ProcessorState.Fs]);
        sregs.gs = SegmentOf(State.Segments[ProcessorState.Gs]);
        sregs.ldt = SegmentOf(State.Segments[ProcessorState.Ldtr]);
        sregs.tr = SegmentOf(State.Segments[ProcessorState.Tr]);
        sregs.gdt.@base = State.Gdtr.@base;
        sregs.gdt.limit = State.Gdtr.limit;
        sregs.idt.@base = State.Idtr.@base;
        sregs.idt.limit = State.Idtr.limit;
        sregs.cr0 = State.Cr0;
        sregs.cr2 = State.Cr2;
        sregs.cr3 = State.Cr3;
        sregs.cr4 = State.Cr4;
        sregs.cr8 = State.Cr8;
        sregs.efer = State.Efer;
        sregs.apic_base = State.ApicBase;
    }

    private void Load(in kvm_vcpu_events events) => State.Events = new()
    {
        ExceptionInjected = events.exception.injected != 0,
        ExceptionVector = events.exception.nr,
        ExceptionHasErrorCode = events.exception.has_error_code != 0,
        ExceptionErrorCode = events.exception.error_code,
        InterruptInjected = events.interrupt.injected != 0,
        InterruptVector = events.interrupt.nr,
        InterruptIsSoft = events.interrupt.soft != 0,
        NmiInjected = events.nmi.injected != 0,
        NmiPending = events.nmi.pending != 0,
        NmiMasked = events.nmi.masked != 0,
        InterruptShadow = events.interrupt.shadow != 0,
    };

    private void Store(ref kvm_vcpu_events events)
    {
        ref ProcessorEvents from = ref State.Events;
        events.exception.injected = ByteOf(from.ExceptionInjected);
        events.exception.nr = from.ExceptionVector;
        events.exception.has_error_code = ByteOf(from.ExceptionHasErrorCode);
        events.exception.pending = 0;
        events.exception.error_code = from.ExceptionErrorCode;
        events.interrupt.injected = ByteOf(from.InterruptInjected);
        events.interrupt.nr = from.InterruptVector;
        events.interrupt.soft = ByteOf(from.InterruptIsSoft);
        events.interrupt.shadow = ByteOf(from.InterruptShadow);
        events.nmi.injected = ByteOf(from.NmiInjected);
        events.nmi.pending = ByteOf(from.NmiPending);
        events.nmi.masked = ByteOf(from.NmiMasked);
        events.flags = KvmX64.KVM_VCPUEVENT_VALID_SHADOW | KvmX64.KVM_VCPUEVENT_VALID_NMI_PENDING;
    }

    private static hv_x64_segment_register SegmentOf(in kvm_segment segment) => new()
    {
        @base = segment.@base,
        limit = segment.limit,
        selector = segment.selector,
        segment_type = segment.type,
        non_system_segment = segment.s,
        descriptor_privilege_level = segment.dpl,
        present = segment.present,
        available = segment.avl,
        _long = segment.l,
        _default = segment.db,
        granularity = segment.g,
    };

    private static kvm_segment SegmentOf(in hv_x64_segment_register segment) => new()
    {
        @base = segment.@base,
        limit = segment.limit,
        selector = segment.selector,
        type = (byte)segment.segment_type,
        s = (byte)segment.non_system_segment,
        dpl = (byte)segment.descriptor_privilege_level,
        present = (byte)segment.present,
        avl = (byte)segment.available,
        l = (byte)segment._long,
        db = (byte)segment._default,
        g = (byte)segment.granularity,
        unusable = ByteOf(segment.present == 0),
    };

    private static byte ByteOf(bool value) => value ? (byte)1 : (byte)0;
}
