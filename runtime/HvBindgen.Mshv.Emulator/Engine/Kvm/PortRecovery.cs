using System.Buffers.Binary;
using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Interop;
using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>Finds the instruction of a port access: KVM stops before IN and INS, and before or after OUT and OUTS.</summary>
internal sealed unsafe class PortRecovery(Vcpu vcpu, InstructionReader reader, LinearMemory memory, HalfInstruction half)
{
    private readonly PortExit exit = new();

    private ProcessorState State => vcpu.State;

    internal ProcessorExit Recover()
    {
        kvm_run.io_t io = vcpu.Area->io;
        exit.Port = io.port;
        exit.SizeBytes = io.size;
        exit.IsWrite = io.direction == KvmConstants.KVM_EXIT_IO_OUT;
        RegisterSnapshot before = State.Save();
        Instruction instruction;
        bool isRecovered;
        if (exit.IsWrite)
        {
            Span<byte> padded = stackalloc byte[8];
            padded.Clear();
            new ReadOnlySpan<byte>((byte*)vcpu.Area + io.data_offset, io.size).CopyTo(padded);
            isRecovered = TryRecoverOutput(BinaryPrimitives.ReadUInt32LittleEndian(padded), in before, out instruction);
        }
        else
        {
            isRecovered = reader.TryDecode(State.Rip, out instruction) && IsAccess(in instruction)
                && half.TryAbandon(in instruction, in before)
                && reader.TryDecode(State.Rip, out instruction);
        }

        if (!isRecovered)
        {
            return new FailedExit(
                Errno.EIO, $"the instruction that accessed port 0x{exit.Port:x} cannot be found around RIP 0x{before.Rip:x}"
                + $"{(exit.IsWrite ? "" : $": {half.Reason}")}");
        }

        exit.IsString = instruction.IsStringInstruction;
        exit.HasRepeat = MemoryOperands.IsRepeated(in instruction);
        reader.Describe(exit);
        return exit;
    }

    private bool TryRecoverOutput(uint value, in RegisterSnapshot before, out Instruction instruction)
    {
        // One that RIP stands at may be the one, or the next: where RIP moves only now, the registers were those before it. Where RIP
        // stands at another instruction nothing is left half done, and an entry is saved.
        if (reader.TryDecode(before.Rip, out instruction) && IsAccess(in instruction))
        {
            _ = vcpu.Complete();
            if (State.Rip != before.Rip)
            {
                State.Restore(in before);
                return true;
            }

            // In the middle of a repetition RIP stays, and one element has been counted.
            if (instruction.HasRepPrefix && IsStringOutput(in instruction))
            {
                half.Unstep(in instruction, source: true, destination: false);
                if (SourceEquals(in instruction, value))
                {
                    return true;
                }

                State.Restore(in before);
            }
        }

        // The shortest instruction that ends here and writes this value to this port. Where several do, all act the same.
        for (int length = 1; length <= InstructionReader.MaxInstructionBytes; length++)
        {
            ulong rip = State.CodeOffset(before.Rip - (ulong)length);
            if (reader.TryDecode(rip, out instruction) && instruction.Length == length && IsAccess(in instruction)
                && IsOutputOf(in instruction, value, in before))
            {
                State.Rip = rip;
                State.GeneralChanged = true;
                return true;
            }
        }

        return false;
    }

    private bool IsOutputOf(in Instruction instruction, uint value, in RegisterSnapshot before)
    {
        if (!instruction.IsStringInstruction)
        {
            return reader.ValueOf(instruction.Op1Register) == value;
        }

        half.Unstep(in instruction, source: true, destination: false);
        if (SourceEquals(in instruction, value))
        {
            return true;
        }

        State.Restore(in before);
        return false;
    }

    private bool SourceEquals(in Instruction instruction, uint value)
    {
        Span<byte> element = stackalloc byte[4];
        element.Clear();
        return reader.TryGetOperandAddress(in instruction, 1, out ulong linear)
            && memory.Read(linear, element[..exit.SizeBytes]) == exit.SizeBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(element) == value;
    }

    private bool IsStringOutput(in Instruction instruction) =>
        instruction.Mnemonic is Mnemonic.Outsb or Mnemonic.Outsw or Mnemonic.Outsd && instruction.MemorySize.GetSize() == exit.SizeBytes;

    // Whether an instruction accesses the port of the exit, in its direction and size.
    private bool IsAccess(in Instruction instruction)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.In when !exit.IsWrite:
                return instruction.Op0Register.GetSize() == exit.SizeBytes && IsPort(in instruction, 1);
            case Mnemonic.Out when exit.IsWrite:
                return instruction.Op1Register.GetSize() == exit.SizeBytes && IsPort(in instruction, 0);
            case Mnemonic.Insb or Mnemonic.Insw or Mnemonic.Insd when !exit.IsWrite:
                return instruction.MemorySize.GetSize() == exit.SizeBytes && IsPort(in instruction, 1);
            case Mnemonic.Outsb or Mnemonic.Outsw or Mnemonic.Outsd when exit.IsWrite:
                return IsStringOutput(in instruction) && IsPort(in instruction, 0);
            default:
                return false;
        }
    }

    private bool IsPort(in Instruction instruction, int operand) =>
        instruction.GetOpKind(operand) == OpKind.Immediate8
            ? instruction.Immediate8 == exit.Port
            : (ushort)State.General[ProcessorState.Rdx] == exit.Port;
}
