using HvBindgen.Mshv.Abi;
using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <content>Undoing the half of an instruction that KVM has executed.</content>
internal sealed unsafe partial class KvmProcessor
{
    // One instruction stops at most a few times: two operands, each in pieces of 8 bytes.
    private const int MaxStopsPerInstruction = 64;
    private const int FxStateSizeBytes = 512;
    private const int MaxOverwrittenBytes = 16;

    private struct Snapshot
    {
        internal Array16<ulong> General;
        internal ulong Rip;
        internal ulong Rflags;
        internal ulong Cr2;
        internal ProcessorEvents Events;
    }

    private Snapshot Save() => new()
    {
        General = State.General,
        Rip = State.Rip,
        Rflags = State.Rflags,
        Cr2 = State.Cr2,
        Events = State.Events,
    };

    private void Restore(in Snapshot snapshot)
    {
        State.General = snapshot.General;
        State.Rip = snapshot.Rip;
        State.Rflags = snapshot.Rflags;
        State.GeneralChanged = true;

        // The dummy half may have faulted; that fault never happened.
        if (State.Events.ExceptionInjected != snapshot.Events.ExceptionInjected)
        {
            State.Events = snapshot.Events;
            State.EventsChanged = true;
        }

        if (State.Cr2 != snapshot.Cr2)
        {
            State.Cr2 = snapshot.Cr2;
            State.SystemChanged = true;
        }
    }

    public void AbandonInstruction()
    {
        Snapshot before = Save();
        vcpu.Area->msr.error = 0;
        vcpu.Area->msr.data = 0;
        _ = vcpu.Complete();
        Restore(in before);
    }

    /// <summary>Ends an instruction that waits for data, so that nothing of it remains.</summary>
    /// <returns>False when KVM keeps stopping at it.</returns>
    private bool Abandon(in Instruction instruction, in Snapshot before)
    {
        // A repeated instruction ends after one element.
        if (instruction.HasRepPrefix || instruction.HasRepnePrefix)
        {
            State.General[ProcessorState.Rcx] = 1;
            State.GeneralChanged = true;
        }

        // What the dummy data overwrites in memory and in vector registers is put back.
        Span<byte> overwritten = stackalloc byte[MaxOverwrittenBytes];
        int overwrittenBytes = 0;
        if (TryGetDestination(in instruction, out ulong destination, out int sizeBytes))
        {
            overwrittenBytes = memory.Read(destination, overwritten[..sizeBytes]);
        }

        Span<byte> vectors = stackalloc byte[FxStateSizeBytes];
        bool hasVectors = instruction.OpCount > 0 && instruction.Op0Register.IsVectorRegister();
        if (hasVectors)
        {
            Stored.ReadFxState(vectors);
        }

        bool isOver = false;
        for (int stop = 0; stop < MaxStopsPerInstruction && !isOver; stop++)
        {
            isOver = vcpu.Complete();
        }

        if (overwrittenBytes > 0)
        {
            _ = memory.Write(destination, overwritten[..overwrittenBytes]);
        }

        if (hasVectors)
        {
            _ = Stored.TryWriteFxState(vectors);
        }

        Restore(in before);
        return isOver;
    }

    // Memory that an instruction writes apart from the device: string destination, the stack, or the rest of an operand that begins
    // or ends beside the device.
    private bool TryGetDestination(in Instruction instruction, out ulong linear, out int sizeBytes)
    {
        sizeBytes = instruction.StackPointerIncrement < 0 ? -instruction.StackPointerIncrement : instruction.MemorySize.GetSize();
        if (instruction.StackPointerIncrement is < 0 and >= -MaxOverwrittenBytes)
        {
            linear = memory.AddressOf(ProcessorState.Ss, State.General[ProcessorState.Rsp] - (ulong)sizeBytes);
            return true;
        }

        if (instruction.Op0Kind == OpKind.Memory && WritesMemory(in instruction) && sizeBytes <= MaxOverwrittenBytes
            && reader.TryGetOperandAddress(in instruction, 0, out linear))
        {
            // An update of a device's memory overwrites guest memory only where its operand reaches into another page.
            int inFirstPage = (int)(LinearMemory.PageBytes - (linear % LinearMemory.PageBytes));
            if (inFirstPage < sizeBytes && memory.Read(linear, stackalloc byte[1]) == 0)
            {
                linear += (ulong)inFirstPage;
                sizeBytes -= inFirstPage;
            }

            return inFirstPage < MaxOverwrittenBytes;
        }

        linear = 0;
        return instruction.Mnemonic is Mnemonic.Insb or Mnemonic.Insw or Mnemonic.Insd
                or Mnemonic.Movsb or Mnemonic.Movsw or Mnemonic.Movsd or Mnemonic.Movsq
            && instruction.IsStringInstruction
            && reader.TryGetOperandAddress(in instruction, 0, out linear);
    }

    private static ulong AddressMask(in Instruction instruction) => AddressSizeBits(in instruction) switch
    {
        64 => ulong.MaxValue,
        32 => uint.MaxValue,
        _ => ushort.MaxValue,
    };

    private static int AddressSizeBits(in Instruction instruction)
    {
        for (int operand = 0; operand < instruction.OpCount; operand++)
        {
            switch (instruction.GetOpKind(operand))
            {
                case OpKind.MemorySegSI or OpKind.MemorySegDI or OpKind.MemoryESDI:
                    return 16;
                case OpKind.MemorySegESI or OpKind.MemorySegEDI or OpKind.MemoryESEDI:
                    return 32;
            }
        }

        return 64;
    }

    /// <summary>Takes back one step of a string instruction in the registers.</summary>
    private void Unstep(in Instruction instruction, bool source, bool destination)
    {
        ulong mask = AddressMask(in instruction);
        ulong step = (ulong)instruction.MemorySize.GetSize();
        step = (State.Rflags & (1UL << 10)) != 0 ? 0 - step : step;
        if (source)
        {
            Adjust(ProcessorState.Rsi, 0 - step, mask);
        }

        if (destination)
        {
            Adjust(ProcessorState.Rdi, 0 - step, mask);
        }

        if (instruction.HasRepPrefix || instruction.HasRepnePrefix)
        {
            Adjust(ProcessorState.Rcx, 1, mask);
        }

        State.GeneralChanged = true;
    }

    private void Adjust(int register, ulong change, ulong mask)
    {
        ulong value = State.General[register];
        State.General[register] = (value & ~mask) | ((value + change) & mask);
    }
}
