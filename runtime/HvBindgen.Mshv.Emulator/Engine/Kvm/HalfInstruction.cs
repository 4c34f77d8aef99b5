using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Processors;
using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>Takes back the half of an instruction that KVM has executed.</summary>
internal sealed class HalfInstruction(Vcpu vcpu, IStoredState stored, MemoryOperands operands, WriteShield shield)
{
    // One instruction stops at most a few times: two operands, each in pieces of 8 bytes.
    private const int MaxStops = 64;

    private ProcessorState State => vcpu.State;

    /// <summary>Why the last instruction was not abandoned.</summary>
    internal string Reason { get; private set; } = "";

    /// <summary>Lets KVM execute the other half, with whatever data is in the run area.</summary>
    /// <param name="writes">Takes what it still writes to a device.</param>
    /// <returns>False when KVM keeps stopping at it.</returns>
    internal bool TryFinish(List<DeviceStore>? writes = null)
    {
        bool isOver = false;
        for (int stop = 0; stop < MaxStops && !isOver; stop++)
        {
            isOver = vcpu.Complete();
            if (!isOver && writes is not null && vcpu.TryGetDeviceStore(out DeviceStore write))
            {
                writes.Add(write);
            }
        }

        return isOver;
    }

    /// <summary>Ends an instruction that waits for data, so that nothing of it remains.</summary>
    /// <returns>False, and <see cref="Reason"/>, when that cannot be done.</returns>
    internal bool TryAbandon(in Instruction instruction, in RegisterSnapshot before)
    {
        // A repeated instruction ends after one element.
        if (MemoryOperands.IsRepeated(in instruction))
        {
            State.General[ProcessorState.Rcx] = 1;
            State.GeneralChanged = true;
        }

        FxsaveArea vectors = default;
        bool hasVectors = instruction.OpCount > 0 && instruction.Op0Register.IsVectorRegister();
        if (hasVectors)
        {
            stored.ReadFxState(out vectors);
        }

        bool isShielded = operands.TryGetDestination(in instruction, out int segment, out ulong linear, out bool isCertain);
        bool isKeptOff = !isShielded || shield.TryRaise(segment, linear);
        bool isOver = TryFinish();
        isKeptOff &= !isShielded || shield.Lower(in before) || !isCertain;
        if (hasVectors)
        {
            _ = stored.TryWriteFxState(in vectors);
        }

        State.Restore(in before);
        Reason = !isOver ? "KVM does not come to its end" : "KVM has written what it read to guest memory, whatever it was told";
        return isOver && isKeptOff;
    }

    /// <summary>Takes back one step of a string instruction in the registers.</summary>
    internal void Unstep(in Instruction instruction, bool source, bool destination)
    {
        ulong mask = AddressMask(in instruction);
        ulong step = (ulong)instruction.MemorySize.GetSize();
        step = (State.Rflags & X64Bits.FlagDf) != 0 ? 0 - step : step;
        if (source)
        {
            Adjust(ProcessorState.Rsi, 0 - step, mask);
        }

        if (destination)
        {
            Adjust(ProcessorState.Rdi, 0 - step, mask);
        }

        if (MemoryOperands.IsRepeated(in instruction))
        {
            Adjust(ProcessorState.Rcx, 1, mask);
        }

        State.GeneralChanged = true;
    }

    private static ulong AddressMask(in Instruction instruction)
    {
        for (int operand = 0; operand < instruction.OpCount; operand++)
        {
            switch (instruction.GetOpKind(operand))
            {
                case OpKind.MemorySegSI or OpKind.MemorySegDI or OpKind.MemoryESDI:
                    return ushort.MaxValue;
                case OpKind.MemorySegESI or OpKind.MemorySegEDI or OpKind.MemoryESEDI:
                    return uint.MaxValue;
            }
        }

        return ulong.MaxValue;
    }

    private void Adjust(int register, ulong change, ulong mask)
    {
        ulong value = State.General[register];
        State.General[register] = (value & ~mask) | ((value + change) & mask);
    }
}
