using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Where the memory operands of a stopped processor's instructions are.</summary>
internal sealed class MemoryOperands(ProcessorState state, InstructionReader reader, LinearMemory memory)
{
    /// <summary>The widest operand whose old contents are kept.</summary>
    internal const int MaxDestinationBytes = 16;

    internal static bool IsWritten(in Instruction instruction) =>
        instruction.OpCount > 0 && instruction.Op0Kind == OpKind.Memory
        && instruction.Mnemonic is not (Mnemonic.Cmp or Mnemonic.Test or Mnemonic.Bt or Mnemonic.Nop or Mnemonic.Jmp or Mnemonic.Call
            or Mnemonic.Push or Mnemonic.Lgdt or Mnemonic.Lidt or Mnemonic.Lldt or Mnemonic.Ltr or Mnemonic.Lmsw or Mnemonic.Invlpg
            or Mnemonic.Mul or Mnemonic.Imul or Mnemonic.Div or Mnemonic.Idiv or Mnemonic.Fxrstor or Mnemonic.Fxrstor64
            or Mnemonic.Ldmxcsr or Mnemonic.Verr or Mnemonic.Verw or Mnemonic.Clflush or Mnemonic.Clflushopt);

    /// <summary>Whether an instruction writes to memory what it has read, and nothing else.</summary>
    internal static bool IsCopy(in Instruction instruction) =>
        instruction.Mnemonic is Mnemonic.Push || IsStringInput(in instruction) || IsStringMove(in instruction);

    internal static bool IsStringMove(in Instruction instruction) =>
        instruction.IsStringInstruction
        && instruction.Mnemonic is Mnemonic.Movsb or Mnemonic.Movsw or Mnemonic.Movsd or Mnemonic.Movsq;

    internal static bool IsRepeated(in Instruction instruction) => instruction.HasRepPrefix || instruction.HasRepnePrefix;

    /// <summary>Which linear address of an instruction's memory operands is a guest-physical one.</summary>
    internal bool TryFindAccess(in Instruction instruction, ulong gpa, out ulong gva)
    {
        if (instruction.StackPointerIncrement < 0)
        {
            int pushedBytes = -instruction.StackPointerIncrement;
            gva = memory.AddressOf(ProcessorState.Ss, state.General[ProcessorState.Rsp] - (ulong)pushedBytes);
            if (Covers(ref gva, pushedBytes, gpa))
            {
                return true;
            }
        }

        int sizeBytes = Math.Max(1, instruction.MemorySize.GetSize());
        for (int operand = 0; operand < instruction.OpCount; operand++)
        {
            if (instruction.GetOpKind(operand) is OpKind.Memory or (>= OpKind.MemorySegSI and <= OpKind.MemoryESRDI)
                && reader.TryGetOperandAddress(in instruction, operand, out gva)
                && Covers(ref gva, sizeBytes, gpa))
            {
                return true;
            }
        }

        gva = 0;
        return false;
    }

    /// <summary>The first of an instruction's memory operands that no memory backs.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="linear">Where, as the guest addresses it.</param>
    /// <param name="gpa">Where, or where the table is that leads there.</param>
    /// <param name="isTable">Whether it is a table.</param>
    /// <param name="isWrite">Whether the operand is written.</param>
    internal bool TryFindUnbacked(in Instruction instruction, out ulong linear, out ulong gpa, out bool isTable, out bool isWrite)
    {
        int stackBytes = Math.Abs(instruction.StackPointerIncrement);
        isWrite = instruction.StackPointerIncrement < 0;
        linear = memory.AddressOf(ProcessorState.Ss, state.General[ProcessorState.Rsp] - (isWrite ? (ulong)stackBytes : 0));
        if (stackBytes != 0 && TryFindUnbacked(ref linear, stackBytes, out gpa, out isTable))
        {
            return true;
        }

        int sizeBytes = Math.Max(1, instruction.MemorySize.GetSize());
        for (int operand = instruction.OpCount - 1; operand >= 0; operand--)
        {
            isWrite = operand == 0 && (IsWritten(in instruction) || instruction.GetOpKind(0) is >= OpKind.MemoryESDI);
            if (instruction.GetOpKind(operand) is OpKind.Memory or (>= OpKind.MemorySegSI and <= OpKind.MemoryESRDI)
                && reader.TryGetOperandAddress(in instruction, operand, out linear)
                && TryFindUnbacked(ref linear, sizeBytes, out gpa, out isTable))
            {
                return true;
            }
        }

        gpa = 0;
        isTable = false;
        return false;
    }

    /// <summary>
    /// Memory that an instruction writes apart from the device: string destination, the stack, or the rest of an operand that begins
    /// or ends beside the device.
    /// </summary>
    internal bool TryGetDestination(in Instruction instruction, out ulong linear, out int sizeBytes)
    {
        sizeBytes = instruction.StackPointerIncrement < 0 ? -instruction.StackPointerIncrement : instruction.MemorySize.GetSize();
        if (instruction.StackPointerIncrement is < 0 and >= -MaxDestinationBytes)
        {
            linear = memory.AddressOf(ProcessorState.Ss, state.General[ProcessorState.Rsp] - (ulong)sizeBytes);
            return true;
        }

        if (instruction.Op0Kind == OpKind.Memory && IsWritten(in instruction) && sizeBytes <= MaxDestinationBytes
            && reader.TryGetOperandAddress(in instruction, 0, out linear))
        {
            // An update of a device's memory overwrites guest memory only where its operand reaches into another page.
            int inFirstPage = (int)(LinearMemory.PageBytes - (linear % LinearMemory.PageBytes));
            if (inFirstPage < sizeBytes && memory.Read(linear, stackalloc byte[1]) == 0)
            {
                linear += (ulong)inFirstPage;
                sizeBytes -= inFirstPage;
            }

            return inFirstPage < MaxDestinationBytes;
        }

        linear = 0;
        return (IsStringInput(in instruction) || IsStringMove(in instruction))
            && reader.TryGetOperandAddress(in instruction, 0, out linear);
    }

    private static bool IsStringInput(in Instruction instruction) =>
        instruction.Mnemonic is Mnemonic.Insb or Mnemonic.Insw or Mnemonic.Insd;

    private bool TryFindUnbacked(ref ulong linear, int sizeBytes, out ulong gpa, out bool isTable)
    {
        if (memory.TryFindUnbacked(linear, out gpa, out isTable))
        {
            return true;
        }

        ulong inFirstPage = LinearMemory.PageBytes - (linear % LinearMemory.PageBytes);
        if (inFirstPage >= (ulong)sizeBytes || !memory.TryFindUnbacked(linear + inFirstPage, out gpa, out isTable))
        {
            return false;
        }

        linear += inFirstPage;
        return true;
    }

    private bool Covers(ref ulong linear, int sizeBytes, ulong gpa)
    {
        ulong inFirstPage = Math.Min((ulong)sizeBytes, LinearMemory.PageBytes - (linear % LinearMemory.PageBytes));
        if (memory.TryTranslate(linear, out ulong first) && gpa - first < inFirstPage)
        {
            linear += gpa - first;
            return true;
        }

        ulong next = linear + inFirstPage;
        if (inFirstPage < (ulong)sizeBytes && memory.TryTranslate(next, out ulong second) && gpa - second < (ulong)sizeBytes - inFirstPage)
        {
            linear = next + (gpa - second);
            return true;
        }

        return false;
    }
}
