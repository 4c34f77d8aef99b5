using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Where the memory operands of a stopped processor's instructions are.</summary>
internal sealed class MemoryOperands(ProcessorState state, InstructionReader reader, LinearMemory memory)
{
    internal static bool IsWritten(in Instruction instruction) =>
        instruction.OpCount > 0 && instruction.Op0Kind == OpKind.Memory
        && instruction.Mnemonic is not (Mnemonic.Cmp or Mnemonic.Test or Mnemonic.Bt or Mnemonic.Nop or Mnemonic.Jmp or Mnemonic.Call
            or Mnemonic.Push or Mnemonic.Lgdt or Mnemonic.Lidt or Mnemonic.Lldt or Mnemonic.Ltr or Mnemonic.Lmsw or Mnemonic.Invlpg
            or Mnemonic.Mul or Mnemonic.Imul or Mnemonic.Div or Mnemonic.Idiv or Mnemonic.Fxrstor or Mnemonic.Fxrstor64
            or Mnemonic.Ldmxcsr or Mnemonic.Verr or Mnemonic.Verw or Mnemonic.Clflush or Mnemonic.Clflushopt);

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

    /// <summary>The first of an instruction's memory operands that no memory answers.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="linear">Where, as the guest addresses it.</param>
    /// <param name="gpa">Where, or where the table is that leads there.</param>
    /// <param name="isTable">Whether it is a table.</param>
    /// <param name="isWrite">Whether the operand is written.</param>
    internal bool TryFindUnreachable(in Instruction instruction, out ulong linear, out ulong gpa, out bool isTable, out bool isWrite)
    {
        int stackBytes = Math.Abs(instruction.StackPointerIncrement);
        isWrite = instruction.StackPointerIncrement < 0;
        linear = memory.AddressOf(ProcessorState.Ss, state.General[ProcessorState.Rsp] - (isWrite ? (ulong)stackBytes : 0));
        if (stackBytes != 0 && TryFindUnreachable(ref linear, stackBytes, isWrite, out gpa, out isTable))
        {
            return true;
        }

        int sizeBytes = Math.Max(1, instruction.MemorySize.GetSize());
        for (int operand = instruction.OpCount - 1; operand >= 0; operand--)
        {
            isWrite = operand == 0 && (IsWritten(in instruction) || instruction.GetOpKind(0) is >= OpKind.MemoryESDI);
            if (instruction.GetOpKind(operand) is OpKind.Memory or (>= OpKind.MemorySegSI and <= OpKind.MemoryESRDI)
                && reader.TryGetOperandAddress(in instruction, operand, out linear)
                && TryFindUnreachable(ref linear, sizeBytes, isWrite, out gpa, out isTable))
            {
                return true;
            }
        }

        gpa = 0;
        isTable = false;
        return false;
    }

    /// <summary>
    /// Whether an instruction that reads a device writes guest memory too: a string destination, the stack, or the rest of an operand that
    /// begins or ends beside the device.
    /// </summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="segment">The segment that it writes to.</param>
    /// <param name="linear">Where it writes.</param>
    /// <param name="isCertain">Whether it does so whatever it is.</param>
    internal bool TryGetDestination(in Instruction instruction, out int segment, out ulong linear, out bool isCertain)
    {
        isCertain = true;
        segment = ProcessorState.Ss;
        if (instruction.StackPointerIncrement < 0)
        {
            linear = memory.AddressOf(segment, state.General[ProcessorState.Rsp] + (ulong)(long)instruction.StackPointerIncrement);
            return true;
        }

        segment = ProcessorState.Es;
        if (IsStringInput(in instruction) || IsStringMove(in instruction))
        {
            return reader.TryGetOperandAddress(in instruction, 0, out linear);
        }

        linear = 0;
        isCertain = false;
        segment = instruction.MemorySegment - Register.ES;
        return instruction.Op0Kind == OpKind.Memory && IsWritten(in instruction)
            && reader.TryGetOperandAddress(in instruction, 0, out linear)
            && LinearMemory.PageBytes - (linear % LinearMemory.PageBytes) < (ulong)instruction.MemorySize.GetSize();
    }

    private static bool IsStringInput(in Instruction instruction) =>
        instruction.Mnemonic is Mnemonic.Insb or Mnemonic.Insw or Mnemonic.Insd;

    private bool TryFindUnreachable(ref ulong linear, int sizeBytes, bool isWrite, out ulong gpa, out bool isTable)
    {
        if (memory.TryFindUnreachable(linear, isWrite, out gpa, out isTable))
        {
            return true;
        }

        ulong inFirstPage = LinearMemory.PageBytes - (linear % LinearMemory.PageBytes);
        if (inFirstPage >= (ulong)sizeBytes || !memory.TryFindUnreachable(linear + inFirstPage, isWrite, out gpa, out isTable))
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
