using System.Buffers.Binary;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>IRET to the same privilege level in protected and long mode: some hosts' KVM leaves it to user space.</summary>
internal sealed class InterruptReturn(ProcessorState state, LinearMemory memory)
{
    private const ulong RflagsWritable = 0x0000_0000_003f_7fd5; // all but bit 1, which is always set
    private const int DescriptorBytes = 8;

    /// <summary>Executes the instruction.</summary>
    /// <returns>False where it needs more than this: another privilege level, a task switch, bad descriptors.</returns>
    internal bool TryExecute(in Instruction instruction)
    {
        int slotBytes = instruction.Code switch
        {
            Code.Iretw => 2,
            Code.Iretd => 4,
            Code.Iretq => 8,
            _ => 0,
        };
        if (slotBytes == 0 || (state.Cr0 & X64Bits.Cr0Pe) == 0 || (state.Rflags & (X64Bits.FlagVm | X64Bits.FlagNt)) != 0)
        {
            return false;
        }

        // In 64-bit mode the stack pointer and segment are always on the stack.
        int slots = state.Is64BitCode ? 5 : 3;
        ulong stackMask = StackMask;
        ulong stackPointer = state.General[ProcessorState.Rsp];
        Span<byte> frame = stackalloc byte[slots * slotBytes];
        if (memory.Read(memory.AddressOf(ProcessorState.Ss, stackPointer & stackMask), frame) != frame.Length)
        {
            return false;
        }

        ushort codeSelector = (ushort)Slot(frame, 1, slotBytes);
        if ((codeSelector & 3) != state.Cpl || !TryLoad(codeSelector, isCode: true, out hv_x64_segment_register code))
        {
            return false;
        }

        if (slots == 5 && !TryLoadStack((ushort)Slot(frame, 4, slotBytes), code._long != 0))
        {
            return false;
        }

        ulong flags = Slot(frame, 2, slotBytes);
        ulong writable = slotBytes == 2 ? RflagsWritable & 0xffff : RflagsWritable;
        state.Rflags = (state.Rflags & ~writable) | (flags & writable) | 2;
        state.Rip = Slot(frame, 0, slotBytes);
        state.Segments[ProcessorState.Cs] = code;
        state.General[ProcessorState.Rsp] = slots == 5
            ? Slot(frame, 3, slotBytes)
            : (stackPointer & ~stackMask) | ((stackPointer + (ulong)frame.Length) & stackMask);
        state.Events.NmiMasked = false;
        state.GeneralChanged = state.SystemChanged = state.EventsChanged = true;
        return true;
    }

    private bool TryLoadStack(ushort selector, bool to64BitCode)
    {
        // A null stack segment is allowed at privilege levels 0 to 2 of 64-bit code.
        if ((selector & ~3) == 0)
        {
            if (!to64BitCode || state.Cpl == 3)
            {
                return false;
            }

            state.Segments[ProcessorState.Ss] = new hv_x64_segment_register
            {
                selector = selector,
                descriptor_privilege_level = (ushort)state.Cpl,
            };
            return true;
        }

        if (!TryLoad(selector, isCode: false, out hv_x64_segment_register stack))
        {
            return false;
        }

        state.Segments[ProcessorState.Ss] = stack;
        return true;
    }

    private ulong StackMask =>
        state.Is64BitCode ? ulong.MaxValue : state.Segments[ProcessorState.Ss]._default != 0 ? uint.MaxValue : ushort.MaxValue;

    private static ulong Slot(ReadOnlySpan<byte> frame, int index, int slotBytes) => slotBytes switch
    {
        2 => BinaryPrimitives.ReadUInt16LittleEndian(frame[(index * 2)..]),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(frame[(index * 4)..]),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(frame[(index * 8)..]),
    };

    // SDM volume 3, 3.4.5: the fields of a segment descriptor.
    private bool TryLoad(ushort selector, bool isCode, out hv_x64_segment_register segment)
    {
        segment = default;
        bool isLocal = (selector & 4) != 0;
        ulong offset = (ulong)(selector & ~7);
        ulong limit = isLocal ? state.Segments[ProcessorState.Ldtr].limit : state.Gdtr.limit;
        ulong table = isLocal ? state.Segments[ProcessorState.Ldtr].@base : state.Gdtr.@base;
        Span<byte> bytes = stackalloc byte[DescriptorBytes];
        if ((!isLocal && offset == 0) || offset + DescriptorBytes - 1 > limit || memory.Read(table + offset, bytes) != DescriptorBytes)
        {
            return false;
        }

        ulong descriptor = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        segment.selector = selector;
        segment.attributes = (ushort)((descriptor >> 40) & 0xf0ff);
        segment.@base = ((descriptor >> 16) & 0xffffff) | ((descriptor >> 32) & 0xff000000);
        uint rawLimit = (uint)((descriptor & 0xffff) | ((descriptor >> 32) & 0xf0000));
        segment.limit = segment.granularity != 0 ? (rawLimit << 12) | 0xfff : rawLimit;
        bool hasKind = segment.non_system_segment != 0 && (segment.segment_type & 8) != 0 == isCode;
        bool hasPrivilege = isCode && (segment.segment_type & 4) != 0
            ? segment.descriptor_privilege_level <= (selector & 3)
            : segment.descriptor_privilege_level == (selector & 3);
        segment.segment_type |= 1; // accessed
        return hasKind && hasPrivilege && segment.present != 0;
    }
}
