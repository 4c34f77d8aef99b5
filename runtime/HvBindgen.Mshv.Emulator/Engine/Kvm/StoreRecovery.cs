using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>Finds, from behind, the instruction that has written to a device.</summary>
/// <remarks>
/// What stands before RIP can be read in several ways, and the bytes of an instruction may look like a shorter one. Each reading is
/// executed aside: one that would not have written exactly this, or not left exactly these registers, has not been executed. Those that
/// are left have the same effect, so that it does not matter which of them the client gets. Where one cannot be executed aside nothing is
/// known.
/// </remarks>
internal sealed class StoreRecovery(
    ProcessorState state, InstructionReader reader, MemoryOperands operands, HalfInstruction half, StoreReplay replay)
{
    private const int MaxPrefixBytes = 4;

    private readonly List<DeviceStore> pieces = [];

    /// <summary>Why the last write was not recovered.</summary>
    internal string Reason { get; private set; } = "";

    /// <summary>Puts the registers back to what they were before the instruction.</summary>
    /// <param name="store">What was written, or its first piece.</param>
    /// <param name="before">Registers as KVM stopped.</param>
    /// <param name="gva">Linear address of the write.</param>
    /// <returns>False, and <see cref="Reason"/>, when it is not known which instruction has written this.</returns>
    internal bool TryRecover(in DeviceStore store, in RegisterSnapshot before, out ulong gva)
    {
        gva = 0;
        pieces.Clear();
        pieces.Add(store);
        if (!half.TryFinish(pieces))
        {
            Reason = "it does not end";
            return false;
        }

        state.Restore(in before);

        // In the middle of a repetition RIP stays, and one element has been counted.
        Reason = "no instruction there writes this";
        bool isRepetition = false;
        if (reader.TryDecode(before.Rip, out Instruction instruction) && instruction.HasRepPrefix)
        {
            if (!TryJudge(in instruction, before.Rip, in store, in before, out isRepetition))
            {
                return false;
            }
        }

        // The shortest instruction that ends here and has done this; what stands before it may be its prefixes.
        int found = 0;
        for (int length = 1; length <= InstructionReader.MaxInstructionBytes; length++)
        {
            ulong rip = state.CodeOffset(before.Rip - (ulong)length);
            if (!reader.TryDecode(rip, out instruction) || instruction.Length != length)
            {
                continue;
            }

            if (!TryJudge(in instruction, rip, in store, in before, out bool agrees))
            {
                return false;
            }

            found = agrees && (found == 0 || length <= found + MaxPrefixBytes) ? length : found;
        }

        if (!isRepetition && found == 0)
        {
            return false;
        }

        ulong start = isRepetition ? before.Rip : state.CodeOffset(before.Rip - (ulong)found);
        _ = reader.TryDecode(start, out instruction);
        _ = IsStoreOf(in instruction, in store, in before, out gva);
        state.Rip = start;
        state.GeneralChanged = true;
        return true;
    }

    // Judges one reading; the registers are as before.
    private bool TryJudge(in Instruction instruction, ulong rip, in DeviceStore store, in RegisterSnapshot before, out bool agrees)
    {
        agrees = false;
        if (!IsStoreOf(in instruction, in store, in before, out _))
        {
            return true;
        }

        ReplayResult result = replay.Compare(rip, pieces, in before);
        state.Restore(in before);
        agrees = result == ReplayResult.Agrees;
        if (result == ReplayResult.Unknown)
        {
            Reason = $"it may be {instruction.Code} at 0x{rip:x}, which cannot be executed in software";
        }

        return result != ReplayResult.Unknown;
    }

    // Whether an instruction, executed with the registers that it left behind, stores this value at this address.
    // When it does, the registers are those before it; when not, they are unchanged.
    private bool IsStoreOf(in Instruction instruction, in DeviceStore store, in RegisterSnapshot before, out ulong gva)
    {
        gva = 0;
        if (instruction.IsStringInstruction)
        {
            bool isCopy = MemoryOperands.IsStringMove(in instruction);
            if (!isCopy && instruction.Mnemonic is not (Mnemonic.Stosb or Mnemonic.Stosw or Mnemonic.Stosd or Mnemonic.Stosq))
            {
                return false;
            }

            half.Unstep(in instruction, source: isCopy, destination: true);
        }
        else if (instruction.Mnemonic is Mnemonic.Push)
        {
            state.General[ProcessorState.Rsp] += (ulong)-instruction.StackPointerIncrement;
        }
        else if (!MemoryOperands.IsWritten(in instruction))
        {
            return false;
        }

        if (operands.TryFindAccess(in instruction, store.Gpa, out gva) && CanStore(in instruction, gva, in store))
        {
            // POP computes the address of its operand with the stack pointer as it is afterwards.
            if (instruction.Mnemonic is Mnemonic.Pop)
            {
                state.General[ProcessorState.Rsp] -= (ulong)instruction.StackPointerIncrement;
            }

            return true;
        }

        state.Restore(in before);
        return false;
    }

    // Rules out neighbours whose bytes happen to look like a store: a plain store's value is known.
    private bool CanStore(in Instruction instruction, ulong gva, in DeviceStore store)
    {
        int writtenBytes = 0;
        foreach (DeviceStore piece in pieces)
        {
            writtenBytes += piece.SizeBytes;
        }

        int sizeBytes = store.SizeBytes;
        ulong mask = sizeBytes >= 8 ? ulong.MaxValue : (1UL << (sizeBytes * 8)) - 1;
        int operandBytes = instruction.MemorySize.GetSize();
        if (operandBytes != 0 && operandBytes < writtenBytes)
        {
            return false;
        }

        if (instruction.Mnemonic is not (Mnemonic.Mov or Mnemonic.Movnti or Mnemonic.Push) || instruction.OpCount == 0)
        {
            return operandBytes >= sizeBytes || operandBytes == 0;
        }

        if (StoredValue(in instruction) is not { } stored)
        {
            return operandBytes >= sizeBytes;
        }

        // A store that crosses into a device's page shows only its end.
        int skipped = reader.TryGetOperandAddress(in instruction, 0, out ulong start) ? (int)Math.Min(gva - start, 8) : 0;
        return (operandBytes == 0 || operandBytes - skipped >= sizeBytes)
            && ((stored >> (skipped * 8)) & mask) == (store.Value & mask)
            && (operandBytes == 0 || operandBytes - skipped == sizeBytes || (gva + (ulong)sizeBytes) % LinearMemory.PageBytes == 0);
    }

    private ulong? StoredValue(in Instruction instruction)
    {
        int source = instruction.OpCount - 1;
        switch (instruction.GetOpKind(source))
        {
            case OpKind.Register when instruction.GetOpRegister(source).IsGPR():
                return reader.ValueOf(instruction.GetOpRegister(source));
            case OpKind.Register when instruction.GetOpRegister(source).IsSegmentRegister():
                return state.Segments[instruction.GetOpRegister(source) - Register.ES].selector;
            case OpKind.Immediate8 or OpKind.Immediate16 or OpKind.Immediate32 or OpKind.Immediate32to64
                or OpKind.Immediate8to16 or OpKind.Immediate8to32 or OpKind.Immediate8to64:
                return instruction.GetImmediate(source);
            default:
                return null;
        }
    }
}
