using System.Buffers.Binary;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>
/// Follows the delivery of an exception or interrupt as the processor does, up to the first access that no memory answers: the
/// hypervisor's intercept of such a delivery names that access, no instruction, and that the event is still due.
/// </summary>
/// <remarks>SDM volume 3, chapter 6, and 6.14 for 64-bit mode. Task gates and shadow stacks are not followed.</remarks>
internal sealed class EventDelivery(ProcessorState state, LinearMemory memory)
{
    private const int DescriptorBytes = 8;
    private const int LongGateBytes = 16;
    private const int TaskGate = 5;
    private const int WideType = 8; // of a gate or a task state: 32 bits
    private const int InterruptStacks = 0x1c; // of the task state of long mode: before the first stack of the table, which counts from 1

    private readonly MemoryExit exit = new();

    /// <summary>A stack.</summary>
    private readonly record struct Stack(ulong Base, ulong Pointer, ulong PointerMask);

    /// <summary>Finds the access.</summary>
    /// <returns>Null where all can be reached, or the delivery is none that is followed.</returns>
    internal MemoryExit? Find()
    {
        ref ProcessorEvents events = ref state.Events;
        byte vector = events.ExceptionInjected ? events.ExceptionVector : events.NmiInjected ? X64Bits.VectorNmi : events.InterruptVector;
        int errorCodes = events.ExceptionInjected && events.ExceptionHasErrorCode ? 1 : 0;
        bool isFound = (state.Cr0 & X64Bits.Cr0Pe) == 0 ? IsCutInRealMode(vector)
            : state.IsLongMode ? IsCutInLongMode(vector, errorCodes)
            : IsCutInProtectedMode(vector, errorCodes);
        exit.SetInstruction([], 0);
        return isFound ? exit : null;
    }

    private bool IsCutInRealMode(byte vector)
    {
        Span<byte> target = stackalloc byte[2 * sizeof(ushort)];
        return !TryRead(state.Idtr.@base + ((ulong)vector * (ulong)target.Length), target)
            || !CanPush(CurrentStack(), 3, sizeof(ushort));
    }

    private bool IsCutInProtectedMode(byte vector, int errorCodes)
    {
        Span<byte> gate = stackalloc byte[DescriptorBytes];
        Span<byte> code = stackalloc byte[DescriptorBytes];
        if (!TryRead(state.Idtr.@base + ((ulong)vector * DescriptorBytes), gate))
        {
            return true;
        }

        int type = gate[5] & 0xf;
        if (type == TaskGate)
        {
            return false;
        }

        if (!TryReadDescriptor(BinaryPrimitives.ReadUInt16LittleEndian(gate[2..]), code))
        {
            return true;
        }

        Stack stack = CurrentStack();
        int words = 3 + errorCodes; // flags, CS, EIP
        if (PrivilegeOf(code) < state.Cpl)
        {
            // SS and ESP too, and in virtual 8086 mode the four data segments.
            words += (state.Rflags & X64Bits.FlagVm) != 0 ? 6 : 2;
            if (!TryReadStack(PrivilegeOf(code), out stack))
            {
                return true;
            }
        }

        return !CanPush(stack, words, (type & WideType) != 0 ? sizeof(uint) : sizeof(ushort));
    }

    private bool IsCutInLongMode(byte vector, int errorCodes)
    {
        Span<byte> gate = stackalloc byte[LongGateBytes];
        Span<byte> code = stackalloc byte[DescriptorBytes];
        if (!TryRead(state.Idtr.@base + ((ulong)vector * LongGateBytes), gate)
            || !TryReadDescriptor(BinaryPrimitives.ReadUInt16LittleEndian(gate[2..]), code))
        {
            return true;
        }

        ulong pointer = state.General[ProcessorState.Rsp];
        int interruptStack = gate[4] & 7;
        if (interruptStack != 0 || PrivilegeOf(code) < state.Cpl)
        {
            int offset = interruptStack != 0
                ? InterruptStacks + (interruptStack * sizeof(ulong))
                : sizeof(uint) + (PrivilegeOf(code) * sizeof(ulong));
            Span<byte> held = stackalloc byte[sizeof(ulong)];
            if (!TryRead(state.Segments[ProcessorState.Tr].@base + (ulong)offset, held))
            {
                return true;
            }

            pointer = BinaryPrimitives.ReadUInt64LittleEndian(held);
        }

        // SS, RSP, RFLAGS, CS, RIP, from a multiple of 16 on.
        return !CanPush(new Stack(0, pointer & ~0xful, ulong.MaxValue), 5 + errorCodes, sizeof(ulong));
    }

    private static int PrivilegeOf(ReadOnlySpan<byte> descriptor) => (descriptor[5] >> 5) & 3;

    private Stack CurrentStack()
    {
        hv_x64_segment_register segment = state.Segments[ProcessorState.Ss];
        return new Stack(
            segment.@base, state.General[ProcessorState.Rsp], segment._default != 0 ? uint.MaxValue : ushort.MaxValue);
    }

    // The stack that the task state has for a privilege level.
    private bool TryReadStack(int privilege, out Stack stack)
    {
        stack = default;
        hv_x64_segment_register task = state.Segments[ProcessorState.Tr];
        int sizeBytes = (task.segment_type & WideType) != 0 ? sizeof(uint) : sizeof(ushort);
        Span<byte> pointer = stackalloc byte[sizeof(uint)];
        Span<byte> selector = stackalloc byte[sizeof(ushort)];
        Span<byte> segment = stackalloc byte[DescriptorBytes];
        pointer.Clear();
        ulong at = task.@base + (ulong)(sizeBytes * (1 + (2 * privilege)));
        if (!TryRead(at, pointer[..sizeBytes])
            || !TryRead(at + (ulong)sizeBytes, selector)
            || !TryReadDescriptor(BinaryPrimitives.ReadUInt16LittleEndian(selector), segment))
        {
            return false;
        }

        ulong start = BinaryPrimitives.ReadUInt32LittleEndian(segment[1..]) >> 8 | ((ulong)segment[7] << 24);
        stack = new Stack(
            start, BinaryPrimitives.ReadUInt32LittleEndian(pointer), (segment[6] & 0x40) != 0 ? uint.MaxValue : ushort.MaxValue);
        return true;
    }

    private bool TryReadDescriptor(ushort selector, Span<byte> descriptor) => TryRead(
        ((selector & 4) != 0 ? state.Segments[ProcessorState.Ldtr].@base : state.Gdtr.@base) + (selector & ~7ul), descriptor);

    private bool TryRead(ulong address, Span<byte> data)
    {
        ulong linear = state.IsLongMode ? address : (uint)address;
        return CanReach(linear, data.Length, isWrite: false) && memory.Read(linear, data) == data.Length;
    }

    private bool CanPush(Stack stack, int words, int wordBytes)
    {
        for (int word = 1; word <= words; word++)
        {
            ulong linear = stack.Base + ((stack.Pointer - (ulong)(word * wordBytes)) & stack.PointerMask);
            if (!CanReach(state.IsLongMode ? linear : (uint)linear, wordBytes, isWrite: true))
            {
                return false;
            }
        }

        return true;
    }

    // Notes the first byte that cannot be reached.
    private bool CanReach(ulong linear, int sizeBytes, bool isWrite)
    {
        ulong inFirstPage = LinearMemory.PageBytes - (linear % LinearMemory.PageBytes);
        bool isFirst = memory.TryFindUnreachable(linear, isWrite, out ulong gpa, out bool isTable);
        if (!isFirst
            && (inFirstPage >= (ulong)sizeBytes || !memory.TryFindUnreachable(linear + inFirstPage, isWrite, out gpa, out isTable)))
        {
            return true;
        }

        exit.Gpa = gpa;
        exit.Access = isWrite && !isTable ? MemoryAccess.Write : MemoryAccess.Read;
        exit.Gva = isTable ? null : isFirst ? linear : linear + inFirstPage;
        return false;
    }
}
