using Iced.Intel;

namespace HvBindgen.Emulation.X64;

// String and port instructions. A repeated one does a bounded number of iterations per call, so that a guest cannot hold the thread.
public sealed partial class X64Emulator
{
    private enum StringKind
    {
        Move,
        Store,
        Load,
        Compare,
        Scan,
        In,
        Out,
    }

    private bool RepeatString()
    {
        (StringKind kind, int size) = StringOperation();
        int addressSize = StringAddressSizeBytes();
        bool isRepeated = instruction.HasRepPrefix || instruction.HasRepnePrefix;
        ulong flagsBefore = state.Rflags;

        if (kind is StringKind.In or StringKind.Out && !IsPortAllowed())
        {
            return FaultWithCode(X64Bits.VectorGp);
        }

        if (!isRepeated)
        {
            return TryStringStep(kind, size, addressSize);
        }

        // Truncation to the address size happens before the first iteration, even if it faults, or if there is none: of the count
        // always, of the addresses where the processor moves or stores in bulk.
        WriteGpr(Rcx, state.Gpr[Rcx], addressSize);
        keepsProgress = true;

        if (kind is StringKind.Move or StringKind.Store)
        {
            WriteGpr(Rdi, state.Gpr[Rdi], addressSize);
        }

        if (kind is StringKind.Move)
        {
            WriteGpr(Rsi, state.Gpr[Rsi], addressSize);
        }

        for (int iteration = 0; ReadGpr(Rcx, addressSize) != 0; iteration++)
        {
            if (iteration == maxIterations)
            {
                // Flags are not an input of any iteration, and a later fault must show those from before the first.
                state.Rflags = flagsBefore;
                outcome = EmulationOutcome.Again(instruction, (state.Rflags & X64Bits.FlagTf) != 0);
                return false;
            }

            if (!TryStringStep(kind, size, addressSize))
            {
                // SDM volume 2, REP: on a fault the flags are those before the instruction, the registers those of the iteration.
                state.Rflags = flagsBefore;
                return false;
            }

            WriteGpr(Rcx, state.Gpr[Rcx] - 1, addressSize);
            bool zero = (state.Rflags & X64Bits.FlagZf) != 0;

            if (kind is StringKind.Compare or StringKind.Scan && zero == instruction.HasRepnePrefix)
            {
                break;
            }
        }

        return true;
    }

    private bool TryStringStep(StringKind kind, int sizeBytes, int addressSize)
    {
        int segment = kind is StringKind.Move or StringKind.Load or StringKind.Compare or StringKind.Out
            ? OperandSegment()
            : X64SegmentFile.Es;

        switch (kind)
        {
            case StringKind.Move:
                if (!TryMap(segment, ReadGpr(Rsi, addressSize), sizeBytes, sizeBytes, AccessKind.Read, out MappedMemory source)
                    || !TryMapEs(sizeBytes, addressSize, AccessKind.Write, out MappedMemory target))
                {
                    return false;
                }

                Store(target, Load(source));
                break;
            case StringKind.Store:
                if (!TryMapEs(sizeBytes, addressSize, AccessKind.Write, out target))
                {
                    return false;
                }

                Store(target, state.Gpr[Rax]);
                break;
            case StringKind.Load:
                if (!TryMap(segment, ReadGpr(Rsi, addressSize), sizeBytes, sizeBytes, AccessKind.Read, out source))
                {
                    return false;
                }

                WriteGpr(Rax, Load(source), sizeBytes);
                break;
            case StringKind.Compare:
                // Processors look at ES:DI first.
                if (!TryMapEs(sizeBytes, addressSize, AccessKind.Read, out target)
                    || !TryMap(segment, ReadGpr(Rsi, addressSize), sizeBytes, sizeBytes, AccessKind.Read, out source))
                {
                    return false;
                }

                ulong left = Load(source);
                X64Arithmetic.Subtract(left, Load(target), 0, sizeBytes, ref state.Rflags);
                break;
            case StringKind.Scan:
                if (!TryMapEs(sizeBytes, addressSize, AccessKind.Read, out target))
                {
                    return false;
                }

                X64Arithmetic.Subtract(ReadGpr(Rax, sizeBytes), Load(target), 0, sizeBytes, ref state.Rflags);
                break;
            case StringKind.In:
                // The destination is known to be writable before the device gives its datum away.
                if (!TryMapEs(sizeBytes, addressSize, AccessKind.Write, out target))
                {
                    return false;
                }

                Store(target, Truncate(bus.ReadPort((ushort)state.Gpr[Rdx], sizeBytes), sizeBytes));
                break;
            default:
                if (!TryMap(segment, ReadGpr(Rsi, addressSize), sizeBytes, sizeBytes, AccessKind.Read, out source))
                {
                    return false;
                }

                bus.WritePort((ushort)state.Gpr[Rdx], sizeBytes, (uint)Load(source));
                break;
        }

        long step = (state.Rflags & X64Bits.FlagDf) != 0 ? -sizeBytes : sizeBytes;

        if (kind is StringKind.Move or StringKind.Load or StringKind.Compare or StringKind.Out)
        {
            WriteGpr(Rsi, state.Gpr[Rsi] + (ulong)step, addressSize);
        }

        if (kind is not (StringKind.Load or StringKind.Out))
        {
            WriteGpr(Rdi, state.Gpr[Rdi] + (ulong)step, addressSize);
        }

        return true;
    }

    private bool TryMapEs(int sizeBytes, int addressSize, AccessKind access, out MappedMemory memory) =>
        TryMap(X64SegmentFile.Es, ReadGpr(Rdi, addressSize), sizeBytes, sizeBytes, access, out memory);

    private (StringKind Kind, int SizeBytes) StringOperation() => instruction.Mnemonic switch
    {
        Mnemonic.Movsb => (StringKind.Move, 1),
        Mnemonic.Movsw => (StringKind.Move, 2),
        Mnemonic.Movsd => (StringKind.Move, 4),
        Mnemonic.Movsq => (StringKind.Move, 8),
        Mnemonic.Stosb => (StringKind.Store, 1),
        Mnemonic.Stosw => (StringKind.Store, 2),
        Mnemonic.Stosd => (StringKind.Store, 4),
        Mnemonic.Stosq => (StringKind.Store, 8),
        Mnemonic.Lodsb => (StringKind.Load, 1),
        Mnemonic.Lodsw => (StringKind.Load, 2),
        Mnemonic.Lodsd => (StringKind.Load, 4),
        Mnemonic.Lodsq => (StringKind.Load, 8),
        Mnemonic.Cmpsb => (StringKind.Compare, 1),
        Mnemonic.Cmpsw => (StringKind.Compare, 2),
        Mnemonic.Cmpsd => (StringKind.Compare, 4),
        Mnemonic.Cmpsq => (StringKind.Compare, 8),
        Mnemonic.Scasb => (StringKind.Scan, 1),
        Mnemonic.Scasw => (StringKind.Scan, 2),
        Mnemonic.Scasd => (StringKind.Scan, 4),
        Mnemonic.Scasq => (StringKind.Scan, 8),
        Mnemonic.Insb => (StringKind.In, 1),
        Mnemonic.Insw => (StringKind.In, 2),
        Mnemonic.Insd => (StringKind.In, 4),
        Mnemonic.Outsb => (StringKind.Out, 1),
        Mnemonic.Outsw => (StringKind.Out, 2),
        _ => (StringKind.Out, 4),
    };

    private int StringAddressSizeBytes()
    {
        for (int operand = 0; operand < instruction.OpCount; operand++)
        {
            switch (instruction.GetOpKind(operand))
            {
                case OpKind.MemorySegSI:
                case OpKind.MemorySegDI:
                case OpKind.MemoryESDI:
                    return 2;
                case OpKind.MemorySegESI:
                case OpKind.MemorySegEDI:
                case OpKind.MemoryESEDI:
                    return 4;
                case OpKind.MemorySegRSI:
                case OpKind.MemorySegRDI:
                case OpKind.MemoryESRDI:
                    return 8;
                default:
                    break;
            }
        }

        return is64BitMode ? 8 : 4;
    }

    // Above the I/O privilege level the task segment's bitmap decides, and the processor has looked at it if it reported the access.
    private bool IsPortAllowed() =>
        portAccessIsGranted
        || (state.Cr0 & X64Bits.Cr0Pe) == 0
        || ((state.Rflags & X64Bits.FlagVm) == 0 && state.PrivilegeLevel <= (int)((state.Rflags & X64Bits.FlagIopl) >> 12));

    private bool In()
    {
        if (!IsPortAllowed())
        {
            return FaultWithCode(X64Bits.VectorGp);
        }

        int size = RegisterSizeBytes(instruction.Op0Register);
        ushort port = (ushort)(instruction.Op1Kind == OpKind.Register ? state.Gpr[Rdx] : instruction.Immediate8);
        WriteGpr(Rax, bus.ReadPort(port, size), size);
        return true;
    }

    private bool Out()
    {
        if (!IsPortAllowed())
        {
            return FaultWithCode(X64Bits.VectorGp);
        }

        int size = RegisterSizeBytes(instruction.Op1Register);
        ushort port = (ushort)(instruction.Op0Kind == OpKind.Register ? state.Gpr[Rdx] : instruction.Immediate8);
        bus.WritePort(port, size, (uint)ReadGpr(Rax, size));
        return true;
    }
}
