using HvBindgen.Mshv.Processors;
using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>Takes back the half of an instruction that KVM has executed.</summary>
internal sealed class HalfInstruction(Vcpu vcpu, IStoredState stored, MemoryOperands operands, LinearMemory memory)
{
    // One instruction stops at most a few times: two operands, each in pieces of 8 bytes.
    private const int MaxStops = 64;

    private ProcessorState State => vcpu.State;

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
    /// <returns>False when KVM keeps stopping at it.</returns>
    internal bool TryAbandon(in Instruction instruction, in RegisterSnapshot before)
    {
        // A repeated instruction ends after one element.
        if (MemoryOperands.IsRepeated(in instruction))
        {
            State.General[ProcessorState.Rcx] = 1;
            State.GeneralChanged = true;
        }

        // What a copy would overwrite is what it is given: other processors see no byte that nobody wrote. What is left of other
        // destinations, and of vector registers, is put back.
        Span<byte> overwritten = stackalloc byte[MemoryOperands.MaxDestinationBytes];
        int overwrittenBytes = 0;
        if (operands.TryGetDestination(in instruction, out ulong destination, out int sizeBytes))
        {
            overwrittenBytes = memory.Read(destination, overwritten[..sizeBytes]);
        }

        bool isCopy = overwrittenBytes > 0 && MemoryOperands.IsCopy(in instruction);
        FxsaveArea vectors = default;
        bool hasVectors = instruction.OpCount > 0 && instruction.Op0Register.IsVectorRegister();
        if (hasVectors)
        {
            stored.ReadFxState(out vectors);
        }

        bool isOver = isCopy ? TryFinishWith(overwritten[..overwrittenBytes]) : TryFinish();
        if (overwrittenBytes > 0 && !isCopy)
        {
            _ = memory.Write(destination, overwritten[..overwrittenBytes]);
        }

        if (hasVectors)
        {
            _ = stored.TryWriteFxState(in vectors);
        }

        State.Restore(in before);
        return isOver;
    }

    // The device's answer comes in pieces, as KVM asks for it.
    private bool TryFinishWith(ReadOnlySpan<byte> answer)
    {
        bool isOver = false;
        for (int stop = 0; stop < MaxStops && !isOver; stop++)
        {
            answer = answer[vcpu.Answer(answer)..];
            isOver = vcpu.Complete();
        }

        return isOver;
    }

    /// <summary>Takes back one step of a string instruction in the registers.</summary>
    internal void Unstep(in Instruction instruction, bool source, bool destination)
    {
        ulong mask = AddressMask(in instruction);
        ulong step = (ulong)instruction.MemorySize.GetSize();
        step = (State.Rflags & RflagsBits.Direction) != 0 ? 0 - step : step;
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
