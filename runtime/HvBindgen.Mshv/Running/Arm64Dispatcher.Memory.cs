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
        after.Pc = memory.Header.pc;
        after.Pstate = memory.Header.cpsr;
        after.EndInstruction(abort.InstructionSizeBytes);
        return CommitEnd(in memory);
    }

    private Treatment EmulateBySyndrome(in ArmMemoryIntercept memory, A64DataAbort abort)
    {
        // PC and PSTATE of the message are those of the instruction. Of the general registers only one takes part, and a load does not look
        // at it; single bytes have no order.
        after.Pc = memory.Header.pc;
        after.Pstate = memory.Header.cpsr;
        bool isStored = abort.IsWrite && abort.Register != ZeroRegister;
        if (isStored || abort.SizeBytes > 1)
        {
            HypercallResult read = registers.TryReadForAccess(isStored ? abort.Register : null, ref after);
            if (!read.IsSuccess)
            {
                return EndAsRefused("Reading registers for an access", in read);
            }
        }

        A64Refusal refusal = A64Emulator.Execute(ref after, abort, memory.Gpa, bus);
        if (refusal != A64Refusal.None)
        {
            return EndAsUnsupported(in memory, refusal, instruction: null);
        }

        if (!abort.IsWrite && abort.Register != ZeroRegister)
        {
            registers.Set(abort.Register, after.Read(abort.Register));
        }

        return CommitEnd(in memory);
    }

    private Treatment EmulateByInstruction(in ArmMemoryIntercept memory)
    {
        if ((memory.Header.cpsr & Is32BitState) != 0)
        {
            return End(RunEnd.UnsupportedInstruction, $"the syndrome does not describe the access of 32-bit code at 0x{memory.Gpa:x}");
        }

        HypercallResult read = registers.TryRead(ref before, out A64PagingState paging);
        if (!read.IsSuccess)
        {
            return EndAsRefused("Reading registers for the emulation of an instruction", in read);
        }

        if (!TryFetch(in memory, in paging, out uint word))
        {
            return End(RunEnd.UnsupportedInstruction, $"neither syndrome nor instruction describe the access at 0x{memory.Gpa:x}");
        }

        A64Refusal refusal = A64LoadStoreDecoder.Decode(word, out A64LoadStore access);
        if (refusal != A64Refusal.None)
        {
            return EndAsUnsupported(in memory, refusal, word);
        }

        before.Pc = memory.Header.pc;
        before.Pstate = memory.Header.cpsr;
        after = before;
        refusal = A64Emulator.Execute(ref after, in access, memory.Gva, memory.Gpa, bus, registers);
        if (refusal != A64Refusal.None)
        {
            return EndAsUnsupported(in memory, refusal, word);
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

        return CommitEnd(in memory);
    }

    // Most messages bring the instruction. Where one does not it is in memory, if anywhere, where the guest's own tables say.
    private bool TryFetch(in ArmMemoryIntercept memory, in A64PagingState paging, out uint word)
    {
        if (memory.InstructionBytes.Length == InstructionBytes)
        {
            word = BinaryPrimitives.ReadUInt32LittleEndian(memory.InstructionBytes);
            return true;
        }

        return A64PageWalker.TryFetch(in paging, Processor.Memory, memory.Header.pc, out word);
    }

    // What the end of an instruction changes beside its own registers.
    private Treatment CommitEnd(in ArmMemoryIntercept memory)
    {
        registers.SetPc(after.Pc);
        if (after.Pstate != memory.Header.cpsr)
        {
            registers.SetPstate(after.Pstate);
        }

        return CommitRegisters();
    }

    private Treatment CommitRegisters()
    {
        HypercallResult result = registers.Commit();
        return result.IsSuccess ? Treatment.Progressed : EndAsRefused("Writing registers back after an exit", in result);
    }

    private Treatment EndAsUnsupported(in ArmMemoryIntercept memory, A64Refusal refusal, uint? instruction)
    {
        if (refusal == A64Refusal.Unanswered)
        {
            return End(RunEnd.Unhandled, bus.Unclaimed);
        }

        string named = instruction is uint word ? $", instruction 0x{word:x8}" : "";
        return End(RunEnd.UnsupportedInstruction, $"{refusal} at 0x{memory.Gpa:x}{named}");
    }
}
