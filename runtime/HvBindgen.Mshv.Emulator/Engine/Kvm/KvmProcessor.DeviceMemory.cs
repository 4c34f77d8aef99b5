using System.Buffers.Binary;
using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Interop;
using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <content>Accesses that no memory backs: reads stop before, writes after the instruction.</content>
internal sealed unsafe partial class KvmProcessor
{
    private const int MaxPrefixBytes = 4;

    private void RecoverMemoryAccess(ref ProcessorExit exit)
    {
        kvm_run.mmio_t mmio = vcpu.Area->mmio;
        exit.Kind = ProcessorExitKind.Memory;
        exit.Gpa = mmio.phys_addr;
        exit.SizeBytes = (byte)mmio.len;
        exit.IsWrite = mmio.is_write != 0;
        Snapshot before = Save();
        bool isRecovered = exit.IsWrite
            ? TryRecoverStore(ref exit, BinaryPrimitives.ReadUInt64LittleEndian(mmio.data), in before)
            : TryRecoverLoad(ref exit, in before);
        if (!isRecovered)
        {
            Fail(
                ref exit,
                Errno.EIO,
                $"the instruction that {(exit.IsWrite ? "wrote" : "read")} guest-physical 0x{exit.Gpa:x} cannot be found around RIP 0x{before.Rip:x}");
            return;
        }

        reader.Describe(ref exit);
        exit.InstructionLength = 0; // the hypervisor gives bytes, not a length
    }

    private bool TryRecoverLoad(ref ProcessorExit exit, in Snapshot before)
    {
        if (!reader.TryDecode(State.Rip, out Instruction instruction))
        {
            return false;
        }

        exit.GvaValid = TryFindAccess(in instruction, exit.Gpa, out exit.Gva);
        return Abandon(in instruction, in before) && reader.TryDecode(State.Rip, out _);
    }

    private bool TryRecoverStore(ref ProcessorExit exit, ulong value, in Snapshot before)
    {
        // Further pieces of the same store.
        bool isOver = false;
        for (int stop = 0; stop < MaxStopsPerInstruction && !isOver; stop++)
        {
            isOver = vcpu.Complete();
        }

        if (!isOver)
        {
            return false;
        }

        Restore(in before);

        // In the middle of a repetition RIP stays, and one element has been counted.
        if (reader.TryDecode(before.Rip, out Instruction instruction) && instruction.HasRepPrefix
            && IsStoreOf(in instruction, ref exit, value, in before))
        {
            return true;
        }

        // The shortest instruction that ends here and stores this; what stands before it may be its prefixes.
        int found = 0;
        for (int length = 1; length <= MaxInstructionBytes && (found == 0 || length <= found + MaxPrefixBytes); length++)
        {
            ulong rip = Before(before.Rip, length);
            if (reader.TryDecode(rip, out instruction) && instruction.Length == length
                && IsStoreOf(in instruction, ref exit, value, in before))
            {
                found = length;
                Restore(in before);
            }
        }

        if (found == 0)
        {
            return false;
        }

        ulong start = Before(before.Rip, found);
        _ = reader.TryDecode(start, out instruction);
        _ = IsStoreOf(in instruction, ref exit, value, in before);
        State.Rip = start;
        State.GeneralChanged = true;
        return true;
    }

    // Where an instruction starts that ends at an offset.
    private ulong Before(ulong rip, int lengthBytes)
    {
        rip -= (ulong)lengthBytes;
        return State.CodeBits switch
        {
            64 => rip,
            32 => (uint)rip,
            _ => (ushort)rip,
        };
    }

    // Whether an instruction, executed with the registers that it left behind, stores this value at this address.
    // When it does, the registers are those before it; when not, they are unchanged.
    private bool IsStoreOf(in Instruction instruction, ref ProcessorExit exit, ulong value, in Snapshot before)
    {
        if (instruction.IsStringInstruction)
        {
            bool isCopy = instruction.Mnemonic is Mnemonic.Movsb or Mnemonic.Movsw or Mnemonic.Movsd or Mnemonic.Movsq;
            if (!isCopy && instruction.Mnemonic is not (Mnemonic.Stosb or Mnemonic.Stosw or Mnemonic.Stosd or Mnemonic.Stosq))
            {
                return false;
            }

            Unstep(in instruction, source: isCopy, destination: true);
        }
        else if (instruction.Mnemonic is Mnemonic.Push)
        {
            State.General[ProcessorState.Rsp] += (ulong)-instruction.StackPointerIncrement;
        }
        else if (!WritesMemory(in instruction))
        {
            return false;
        }

        if (TryFindAccess(in instruction, exit.Gpa, out exit.Gva) && CanStore(in instruction, exit.Gva, value, exit.SizeBytes))
        {
            // POP computes the address of its operand with the stack pointer as it is afterwards.
            if (instruction.Mnemonic is Mnemonic.Pop)
            {
                State.General[ProcessorState.Rsp] -= (ulong)instruction.StackPointerIncrement;
            }

            exit.GvaValid = true;
            return true;
        }

        Restore(in before);
        return false;
    }

    private static bool WritesMemory(in Instruction instruction) =>
        instruction.OpCount > 0 && instruction.Op0Kind == OpKind.Memory
        && instruction.Mnemonic is not (Mnemonic.Cmp or Mnemonic.Test or Mnemonic.Bt or Mnemonic.Nop or Mnemonic.Jmp or Mnemonic.Call
            or Mnemonic.Push or Mnemonic.Lgdt or Mnemonic.Lidt or Mnemonic.Lldt or Mnemonic.Ltr or Mnemonic.Lmsw or Mnemonic.Invlpg
            or Mnemonic.Mul or Mnemonic.Imul or Mnemonic.Div or Mnemonic.Idiv or Mnemonic.Fxrstor or Mnemonic.Fxrstor64
            or Mnemonic.Ldmxcsr or Mnemonic.Verr or Mnemonic.Verw or Mnemonic.Clflush or Mnemonic.Clflushopt);

    // Rules out neighbours whose bytes happen to look like a store: a plain store's value is known.
    private bool CanStore(in Instruction instruction, ulong gva, ulong value, int sizeBytes)
    {
        ulong mask = sizeBytes >= 8 ? ulong.MaxValue : (1UL << (sizeBytes * 8)) - 1;
        int operandBytes = instruction.MemorySize.GetSize();
        if (instruction.Mnemonic is not (Mnemonic.Mov or Mnemonic.Movnti or Mnemonic.Push) || instruction.OpCount == 0)
        {
            return operandBytes >= sizeBytes || operandBytes == 0;
        }

        int source = instruction.OpCount - 1;
        ulong stored;
        switch (instruction.GetOpKind(source))
        {
            case OpKind.Register when instruction.GetOpRegister(source).IsGPR():
                stored = reader.ValueOf(instruction.GetOpRegister(source));
                break;
            case OpKind.Register when instruction.GetOpRegister(source).IsSegmentRegister():
                stored = State.Segments[instruction.GetOpRegister(source) - Register.ES].selector;
                break;
            case OpKind.Immediate8 or OpKind.Immediate16 or OpKind.Immediate32 or OpKind.Immediate32to64
                or OpKind.Immediate8to16 or OpKind.Immediate8to32 or OpKind.Immediate8to64:
                stored = instruction.GetImmediate(source);
                break;
            default:
                return operandBytes >= sizeBytes;
        }

        // A store that crosses into a device's page shows only its end.
        int skipped = reader.TryGetOperandAddress(in instruction, 0, out ulong start) ? (int)Math.Min(gva - start, 8) : 0;
        return (operandBytes == 0 || operandBytes - skipped >= sizeBytes)
            && ((stored >> (skipped * 8)) & mask) == (value & mask)
            && (operandBytes == 0 || operandBytes - skipped == sizeBytes || (gva + (ulong)sizeBytes) % LinearMemory.PageBytes == 0);
    }

    /// <summary>Which linear address of an instruction's memory operands is a guest-physical one.</summary>
    private bool TryFindAccess(in Instruction instruction, ulong gpa, out ulong gva)
    {
        if (instruction.StackPointerIncrement < 0)
        {
            int pushedBytes = -instruction.StackPointerIncrement;
            gva = memory.AddressOf(ProcessorState.Ss, State.General[ProcessorState.Rsp] - (ulong)pushedBytes);
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
