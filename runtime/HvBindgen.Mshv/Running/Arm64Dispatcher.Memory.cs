using System.Buffers.Binary;
using HvBindgen.Emulation.A64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Running;

/// <content>Device memory: what the syndrome describes is carried out directly, the rest by looking at the instruction.</content>
internal sealed partial class Arm64Dispatcher
{
    private const int InstructionBytes = 4;
    private const int ZeroRegister = 31;
    private const int GeneralCount = 31;

    // PSTATE: the processor runs 32-bit code (nRW).
    private const ulong Is32BitState = 1 << 4;

    private A64State before;
    private A64State after;

    private Treatment OnMemory(in ArmMemoryIntercept memory, bool isUnaccepted)
    {
        if (memory.Access > InterceptAccess.Execute)
        {
            return End(RunEnd.MalformedMessage, $"memory access of type {(byte)memory.Access}");
        }

        MemoryAction action = isUnaccepted || memory.Access == InterceptAccess.Execute ? MemoryAction.Unhandled : MemoryAction.Emulate;
        if (handlers.Memory is { } handler)
        {
            action = handler.OnMemoryIntercept(Processor.Index, memory.Gpa, memory.Access, isUnaccepted);
        }

        return action switch
        {
            MemoryAction.Retry => Treatment.Retried,
            MemoryAction.Emulate => Emulate(in memory),
            _ => End(RunEnd.Unhandled, $"memory access at 0x{memory.Gpa:x}"),
        };
    }

    private Treatment Emulate(in ArmMemoryIntercept memory)
    {
        // The access was made while an exception was delivered: the instruction has nothing to do with it.
        if (memory.Header.execution_state.interruption_pending != 0)
        {
            return End(RunEnd.Unhandled, "the access was made by the delivery of an exception, not by an instruction");
        }

        A64DataAbort abort = memory.Syndrome;
        registers.Clear();
        return !abort.IsDataAbort || abort.IsOnTableWalk
            ? End(RunEnd.Unhandled, $"syndrome 0x{abort.Syndrome:x} at 0x{memory.Gpa:x}")
            : abort.IsCacheMaintenance ? Skip(in memory, abort)
            : abort.IsDescribed ? EmulateBySyndrome(in memory, abort) : EmulateByInstruction(in memory);
    }

    // A device has no cache lines to clean.
    private Treatment Skip(in ArmMemoryIntercept memory, A64DataAbort abort)
    {
        registers.SetPc(memory.Header.pc + (uint)abort.InstructionLengthBytes);
        return CommitRegisters();
    }

    private Treatment EmulateBySyndrome(in ArmMemoryIntercept memory, A64DataAbort abort)
    {
        // The message's PC is that of the instruction. Of the other registers only one takes part, and a load does not look at it.
        after.Pc = memory.Header.pc;
        if (abort.IsWrite && abort.Register != ZeroRegister)
        {
            HypercallResult read = registers.TryRead(abort.Register, out ulong value);
            if (!read.IsSuccess)
            {
                return EndAsRefused("Reading a register for a store", in read);
            }

            after.Write(abort.Register, value);
        }

        A64Refusal refusal = A64Emulator.Execute(ref after, abort, memory.Gpa, bus);
        if (refusal != A64Refusal.None)
        {
            return EndAsUnsupported(in memory, refusal);
        }

        if (!abort.IsWrite && abort.Register != ZeroRegister)
        {
            registers.Set(abort.Register, after.Read(abort.Register));
        }

        registers.SetPc(after.Pc);
        return CommitRegisters();
    }

    private Treatment EmulateByInstruction(in ArmMemoryIntercept memory)
    {
        if (memory.InstructionBytes.Length < InstructionBytes || (memory.Header.cpsr & Is32BitState) != 0)
        {
            return End(RunEnd.UnsupportedInstruction, $"neither syndrome nor instruction describe the access at 0x{memory.Gpa:x}");
        }

        uint word = BinaryPrimitives.ReadUInt32LittleEndian(memory.InstructionBytes);
        A64Refusal refusal = A64LoadStoreDecoder.Decode(word, out A64LoadStore access);
        if (refusal != A64Refusal.None)
        {
            return EndAsUnsupported(in memory, refusal);
        }

        HypercallResult read = registers.TryRead(ref before);
        if (!read.IsSuccess)
        {
            return EndAsRefused("Reading registers for the emulation of an instruction", in read);
        }

        after = before;
        refusal = A64Emulator.Execute(ref after, in access, memory.Gva, memory.Gpa, bus, registers);
        if (refusal != A64Refusal.None)
        {
            return EndAsUnsupported(in memory, refusal);
        }

        if (registers.Refusal is { } vectorRefusal)
        {
            return EndAsRefused("Reading a vector register", in vectorRefusal);
        }

        for (int i = 0; i < GeneralCount; i++)
        {
            if (after.X[i] != before.X[i])
            {
                registers.Set(i, after.X[i]);
            }
        }

        if (after.Sp != before.Sp)
        {
            registers.SetSp(after.Sp);
        }

        registers.SetPc(after.Pc);
        return CommitRegisters();
    }

    private Treatment EndAsUnsupported(in ArmMemoryIntercept memory, A64Refusal refusal)
    {
        if (refusal == A64Refusal.Unanswered)
        {
            return End(RunEnd.Unhandled, bus.Unclaimed);
        }

        string instruction = memory.InstructionBytes.Length < InstructionBytes
            ? "" : $", instruction 0x{BinaryPrimitives.ReadUInt32LittleEndian(memory.InstructionBytes):x8}";
        return End(RunEnd.UnsupportedInstruction, $"{refusal} at 0x{memory.Gpa:x}{instruction}");
    }

    private Treatment CommitRegisters()
    {
        HypercallResult result = registers.Commit();
        return result.IsSuccess ? Treatment.Progressed : EndAsRefused("Writing registers back after an exit", in result);
    }
}
