using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv;

// Device memory: what the syndrome describes is carried out directly.
internal sealed partial class Arm64Dispatcher
{
    private const int ZeroRegister = 31;

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

        ArmSyndrome syndrome = memory.Syndrome;
        return !syndrome.IsDataAbort
            ? End(RunEnd.Unhandled, $"exception class 0x{syndrome.ExceptionClass:x} at 0x{memory.Gpa:x}")
            : syndrome.IsValid ? EmulateBySyndrome(in memory, syndrome) : EmulateByInstruction(in memory);
    }

    private Treatment EmulateBySyndrome(in ArmMemoryIntercept memory, ArmSyndrome syndrome)
    {
        registers.Clear();
        Span<byte> data = stackalloc byte[sizeof(ulong)];
        data.Clear();
        Span<byte> accessed = data[..syndrome.SizeBytes];
        if (syndrome.IsWrite)
        {
            HypercallResult read = registers.TryRead(syndrome.Register, out ulong value);
            if (!read.IsSuccess)
            {
                return EndAsRefused("Reading a register for a store", in read);
            }

            BitConverter.TryWriteBytes(data, value);
            if (!Write(memory.Gpa, accessed))
            {
                return End(RunEnd.Unhandled, "no device and no memory is there");
            }
        }
        else
        {
            if (!Read(memory.Gpa, accessed))
            {
                return End(RunEnd.Unhandled, "no device and no memory is there");
            }

            // The zero register takes nothing.
            if (syndrome.Register != ZeroRegister)
            {
                registers.Set(syndrome.Register, Extend(BitConverter.ToUInt64(data), syndrome));
            }
        }

        // The message's PC is that of the instruction.
        registers.SetPc(memory.Header.pc + (uint)syndrome.InstructionLengthBytes);
        return Commit();
    }

    private Treatment EmulateByInstruction(in ArmMemoryIntercept memory) =>
        End(RunEnd.UnsupportedInstruction, $"the syndrome does not describe the access at 0x{memory.Gpa:x}");

    private static ulong Extend(ulong value, ArmSyndrome syndrome)
    {
        if (syndrome.IsSignExtended)
        {
            int unusedBits = 64 - (8 * syndrome.SizeBytes);
            value = (ulong)((long)(value << unusedBits) >> unusedBits);
        }

        return syndrome.Is64BitRegister ? value : (uint)value;
    }

    private bool Read(ulong gpa, Span<byte> data) =>
        handlers.Mmio.TryRead(gpa, data) || options.Mmio == UnclaimedAccess.AsHardware;

    private bool Write(ulong gpa, ReadOnlySpan<byte> data) =>
        handlers.Mmio.TryWrite(gpa, data) || Processor.Memory.TryResolve(gpa, out _) || options.Mmio == UnclaimedAccess.AsHardware;

    private Treatment Commit()
    {
        HypercallResult result = registers.Commit();
        return result.IsSuccess ? Treatment.Progressed : EndAsRefused("Writing registers back after an exit", in result);
    }
}
