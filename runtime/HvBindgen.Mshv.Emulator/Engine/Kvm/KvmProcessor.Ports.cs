using System.Buffers.Binary;
using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Interop;
using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <content>Port accesses: IN and INS stop before, OUT and OUTS may stop before or after the instruction.</content>
internal sealed unsafe partial class KvmProcessor
{
    private const int MaxInstructionBytes = 15;

    private void RecoverPortAccess(ref ProcessorExit exit)
    {
        kvm_run.io_t io = vcpu.Area->io;
        exit.Kind = ProcessorExitKind.Port;
        exit.Port = io.port;
        exit.SizeBytes = io.size;
        exit.IsWrite = io.direction == KvmConstants.KVM_EXIT_IO_OUT;
        Snapshot before = Save();
        Instruction instruction;
        bool isRecovered;
        if (exit.IsWrite)
        {
            Span<byte> padded = stackalloc byte[8];
            new ReadOnlySpan<byte>((byte*)vcpu.Area + io.data_offset, io.size).CopyTo(padded);
            isRecovered = TryRecoverOutput(in exit, BinaryPrimitives.ReadUInt32LittleEndian(padded), in before, out instruction);
        }
        else
        {
            isRecovered = reader.TryDecode(State.Rip, out instruction) && IsAccess(in instruction, in exit)
                && Abandon(in instruction, in before)
                && reader.TryDecode(State.Rip, out instruction);
        }

        if (!isRecovered)
        {
            Fail(ref exit, Errno.EIO, $"the instruction that accessed port 0x{exit.Port:x} cannot be found around RIP 0x{before.Rip:x}");
            return;
        }

        exit.IsString = instruction.IsStringInstruction;
        exit.HasRepeat = instruction.HasRepPrefix || instruction.HasRepnePrefix;
        reader.Describe(ref exit);
    }

    private bool TryRecoverOutput(in ProcessorExit exit, uint value, in Snapshot before, out Instruction instruction)
    {
        // Where RIP moves only now, the registers were those before the instruction.
        _ = vcpu.Complete();
        if (State.Rip != before.Rip)
        {
            Restore(in before);
            return reader.TryDecode(State.Rip, out instruction) && IsAccess(in instruction, in exit);
        }

        // In the middle of a repetition RIP stays, and one element has been counted.
        if (reader.TryDecode(before.Rip, out instruction) && instruction.HasRepPrefix && IsStringOutput(in instruction, in exit))
        {
            Unstep(in instruction, source: true, destination: false);
            if (SourceEquals(in instruction, value, exit.SizeBytes))
            {
                return true;
            }

            Restore(in before);
        }

        // The shortest instruction that ends here and writes this value to this port. Where several do, all act the same.
        for (int length = 1; length <= MaxInstructionBytes; length++)
        {
            ulong rip = Before(before.Rip, length);
            if (reader.TryDecode(rip, out instruction) && instruction.Length == length && IsAccess(in instruction, in exit)
                && IsOutputOf(in instruction, in exit, value, in before))
            {
                State.Rip = rip;
                State.GeneralChanged = true;
                return true;
            }
        }

        return false;
    }

    private bool IsOutputOf(in Instruction instruction, in ProcessorExit exit, uint value, in Snapshot before)
    {
        if (!instruction.IsStringInstruction)
        {
            return reader.ValueOf(instruction.Op1Register) == value;
        }

        Unstep(in instruction, source: true, destination: false);
        if (SourceEquals(in instruction, value, exit.SizeBytes))
        {
            return true;
        }

        Restore(in before);
        return false;
    }

    private bool SourceEquals(in Instruction instruction, uint value, int sizeBytes)
    {
        Span<byte> element = stackalloc byte[4];
        element.Clear();
        return reader.TryGetOperandAddress(in instruction, 1, out ulong linear)
            && memory.Read(linear, element[..sizeBytes]) == sizeBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(element) == value;
    }

    private static bool IsStringOutput(in Instruction instruction, in ProcessorExit exit) =>
        instruction.Mnemonic is Mnemonic.Outsb or Mnemonic.Outsw or Mnemonic.Outsd && instruction.MemorySize.GetSize() == exit.SizeBytes;

    // Whether an instruction accesses the port of an exit, in its direction and size.
    private bool IsAccess(in Instruction instruction, in ProcessorExit exit)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.In when !exit.IsWrite:
                return instruction.Op0Register.GetSize() == exit.SizeBytes && IsPort(in instruction, 1, exit.Port);
            case Mnemonic.Out when exit.IsWrite:
                return instruction.Op1Register.GetSize() == exit.SizeBytes && IsPort(in instruction, 0, exit.Port);
            case Mnemonic.Insb or Mnemonic.Insw or Mnemonic.Insd when !exit.IsWrite:
                return instruction.MemorySize.GetSize() == exit.SizeBytes && IsPort(in instruction, 1, exit.Port);
            case Mnemonic.Outsb or Mnemonic.Outsw or Mnemonic.Outsd when exit.IsWrite:
                return IsStringOutput(in instruction, in exit) && IsPort(in instruction, 0, exit.Port);
            default:
                return false;
        }
    }

    private bool IsPort(in Instruction instruction, int operand, ushort port) =>
        instruction.GetOpKind(operand) == OpKind.Immediate8
            ? instruction.Immediate8 == port
            : (ushort)State.General[ProcessorState.Rdx] == port;
}
