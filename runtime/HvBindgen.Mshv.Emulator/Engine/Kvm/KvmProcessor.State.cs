using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <content>Registers between KVM's records and the hypervisor's.</content>
internal sealed unsafe partial class KvmProcessor
{
    private static void Load(ProcessorState state, in kvm_regs regs)
    {
        state.General[0] = regs.rax;
        state.General[1] = regs.rcx;
        state.General[2] = regs.rdx;
        state.General[3] = regs.rbx;
        state.General[4] = regs.rsp;
        state.General[5] = regs.rbp;
        state.General[6] = regs.rsi;
        state.General[7] = regs.rdi;
        state.General[8] = regs.r8;
        state.General[9] = regs.r9;
        state.General[10] = regs.r10;
        state.General[11] = regs.r11;
        state.General[12] = regs.r12;
        state.General[13] = regs.r13;
        state.General[14] = regs.r14;
        state.General[15] = regs.r15;
        state.Rip = regs.rip;
        state.Rflags = regs.rflags;
    }

    private static void Store(ProcessorState state, out kvm_regs regs)
    {
        regs.rax = state.General[0];
        regs.rcx = state.General[1];
        regs.rdx = state.General[2];
        regs.rbx = state.General[3];
        regs.rsp = state.General[4];
        regs.rbp = state.General[5];
        regs.rsi = state.General[6];
        regs.rdi = state.General[7];
        regs.r8 = state.General[8];
        regs.r9 = state.General[9];
        regs.r10 = state.General[10];
        regs.r11 = state.General[11];
        regs.r12 = state.General[12];
        regs.r13 = state.General[13];
        regs.r14 = state.General[14];
        regs.r15 = state.General[15];
        regs.rip = state.Rip;
        regs.rflags = state.Rflags;
    }

    private static void Load(ProcessorState state, in kvm_sregs sregs)
    {
        state.Segments[ProcessorState.Es] = SegmentOf(sregs.es);
        state.Segments[ProcessorState.Cs] = SegmentOf(sregs.cs);
        state.Segments[ProcessorState.Ss] = SegmentOf(sregs.ss);
        state.Segments[ProcessorState.Ds] = SegmentOf(sregs.ds);
        state.Segments[ProcessorState.Fs] = SegmentOf(sregs.fs);
        state.Segments[ProcessorState.Gs] = SegmentOf(sregs.gs);
        state.Segments[ProcessorState.Ldtr] = SegmentOf(sregs.ldt);
        state.Segments[ProcessorState.Tr] = SegmentOf(sregs.tr);
        state.Gdtr = new hv_x64_table_register { @base = sregs.gdt.@base, limit = sregs.gdt.limit };
        state.Idtr = new hv_x64_table_register { @base = sregs.idt.@base, limit = sregs.idt.limit };
        state.Cr0 = sregs.cr0;
        state.Cr2 = sregs.cr2;
        state.Cr3 = sregs.cr3;
        state.Cr4 = sregs.cr4;
        state.Cr8 = sregs.cr8;
        state.Efer = sregs.efer;
        state.ApicBase = sregs.apic_base;
    }

    // The bitmap of interrupts is left as KVM gave it: it belongs to the events.
    private static void Store(ProcessorState state, ref kvm_sregs sregs)
    {
        sregs.es = SegmentOf(state.Segments[ProcessorState.Es]);
        sregs.cs = SegmentOf(state.Segments[ProcessorState.Cs]);
        sregs.ss = SegmentOf(state.Segments[ProcessorState.Ss]);
        sregs.ds = SegmentOf(state.Segments[ProcessorState.Ds]);
        sregs.fs = SegmentOf(state.Segments[ProcessorState.Fs]);
        sregs.gs = SegmentOf(state.Segments[ProcessorState.Gs]);
        sregs.ldt = SegmentOf(state.Segments[ProcessorState.Ldtr]);
        sregs.tr = SegmentOf(state.Segments[ProcessorState.Tr]);
        sregs.gdt.@base = state.Gdtr.@base;
        sregs.gdt.limit = state.Gdtr.limit;
        sregs.idt.@base = state.Idtr.@base;
        sregs.idt.limit = state.Idtr.limit;
        sregs.cr0 = state.Cr0;
        sregs.cr2 = state.Cr2;
        sregs.cr3 = state.Cr3;
        sregs.cr4 = state.Cr4;
        sregs.cr8 = state.Cr8;
        sregs.efer = state.Efer;
        sregs.apic_base = state.ApicBase;
    }

    private static void Load(ProcessorState state, in kvm_vcpu_events events) => state.Events = new()
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

    private static void Store(ProcessorState state, ref kvm_vcpu_events events)
    {
        ref ProcessorEvents from = ref state.Events;
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
        attributes = (ushort)((segment.type & 0xf) | (segment.s << 4) | (segment.dpl << 5) | (segment.present << 7)
            | (segment.avl << 12) | (segment.l << 13) | (segment.db << 14) | (segment.g << 15)),
    };

    private static kvm_segment SegmentOf(in hv_x64_segment_register segment) => new()
    {
        @base = segment.@base,
        limit = segment.limit,
        selector = segment.selector,
        type = (byte)(segment.attributes & 0xf),
        s = Bit(segment.attributes, 4),
        dpl = (byte)((segment.attributes >> 5) & 3),
        present = Bit(segment.attributes, 7),
        avl = Bit(segment.attributes, 12),
        l = Bit(segment.attributes, 13),
        db = Bit(segment.attributes, 14),
        g = Bit(segment.attributes, 15),
        unusable = (byte)(Bit(segment.attributes, 7) ^ 1),
    };

    private static byte Bit(ushort attributes, int bit) => (byte)((attributes >> bit) & 1);

    private static byte ByteOf(bool value) => value ? (byte)1 : (byte)0;
}
