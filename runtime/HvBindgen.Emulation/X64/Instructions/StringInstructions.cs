using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>String instructions. A repeated one does a bounded number of iterations per call, so that a guest cannot hold the
/// thread.</summary>
internal sealed class StringInstructions(
    X64Context context, X64AddressSpace space, X64Operands operands, PortInstructions ports, IX64Bus bus)
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

    internal bool Repeat()
    {
        (StringKind kind, int size) = StringOperation();
        int addressSize = StringAddressSizeBytes();
        bool isRepeated = context.Instruction.HasRepPrefix || context.Instruction.HasRepnePrefix;
        ulong flagsBefore = context.State.Rflags;

        if (kind is StringKind.In or StringKind.Out && !ports.IsPortAllowed())
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (!isRepeated)
        {
            return TryStringStep(kind, size, addressSize);
        }

        // Truncation to the address size happens before the first iteration, even if it faults, or if there is none: of the count
        // always, of the addresses where the processor moves or stores in bulk.
        context.WriteGpr(Gpr.Rcx, context.State.Gpr[Gpr.Rcx], addressSize);
        context.KeepsProgress = true;

        if (kind is StringKind.Move or StringKind.Store)
        {
            context.WriteGpr(Gpr.Rdi, context.State.Gpr[Gpr.Rdi], addressSize);
        }

        if (kind is StringKind.Move)
        {
            context.WriteGpr(Gpr.Rsi, context.State.Gpr[Gpr.Rsi], addressSize);
        }

        // A single-step trap is due after each iteration.
        bool isStepped = (flagsBefore & X64Bits.FlagTf) != 0;
        int most = isStepped ? 1 : context.MaxIterations;

        for (int iteration = 0; context.ReadGpr(Gpr.Rcx, addressSize) != 0; iteration++)
        {
            if (iteration == most || (iteration != 0 && context.IsInterrupted?.Invoke() == true))
            {
                // Flags are not an input of any iteration, and a later fault must show those from before the first.
                context.State.Rflags = flagsBefore;
                context.Outcome = EmulationOutcome.Again(context.Instruction, isStepped);
                return false;
            }

            if (!TryStringStep(kind, size, addressSize))
            {
                // SDM volume 2, REP: on a fault the flags are those before the instruction, the registers those of the iteration.
                context.State.Rflags = flagsBefore;
                return false;
            }

            context.WriteGpr(Gpr.Rcx, context.State.Gpr[Gpr.Rcx] - 1, addressSize);
            bool zero = (context.State.Rflags & X64Bits.FlagZf) != 0;

            if (kind is StringKind.Compare or StringKind.Scan && zero == context.Instruction.HasRepnePrefix)
            {
                break;
            }
        }

        return true;
    }

    private bool TryStringStep(StringKind kind, int sizeBytes, int addressSize)
    {
        int segment = kind is StringKind.Move or StringKind.Load or StringKind.Compare or StringKind.Out
            ? operands.Segment()
            : X64SegmentFile.Es;
        space.BeginAccesses(followAnother: kind is StringKind.In or StringKind.Compare);

        switch (kind)
        {
            case StringKind.Move:
                if (!TryMapSource(segment, sizeBytes, addressSize, out MappedMemory source)
                    || !TryMapEs(sizeBytes, addressSize, AccessKind.Write, out MappedMemory target))
                {
                    return false;
                }

                space.Store(target, space.Load(source));
                break;
            case StringKind.Store:
                if (!TryMapEs(sizeBytes, addressSize, AccessKind.Write, out target))
                {
                    return false;
                }

                space.Store(target, context.State.Gpr[Gpr.Rax]);
                break;
            case StringKind.Load:
                if (!TryMapSource(segment, sizeBytes, addressSize, out source))
                {
                    return false;
                }

                ulong loaded = space.Load(source);

                if (!space.IsAbandoned)
                {
                    context.WriteGpr(Gpr.Rax, loaded, sizeBytes);
                }

                break;
            case StringKind.Compare:
                // Processors look at ES:DI first.
                if (!TryMapEs(sizeBytes, addressSize, AccessKind.Read, out target)
                    || !TryMapSource(segment, sizeBytes, addressSize, out source))
                {
                    return false;
                }

                ulong left = space.Load(source);
                X64Arithmetic.Subtract(left, space.Load(target), 0, sizeBytes, ref context.State.Rflags);
                break;
            case StringKind.Scan:
                if (!TryMapEs(sizeBytes, addressSize, AccessKind.Read, out target))
                {
                    return false;
                }

                X64Arithmetic.Subtract(context.ReadGpr(Gpr.Rax, sizeBytes), space.Load(target), 0, sizeBytes, ref context.State.Rflags);
                break;
            case StringKind.In:
                // The destination is known to be writable before the device gives its datum away.
                if (!TryMapEs(sizeBytes, addressSize, AccessKind.Write, out target))
                {
                    return false;
                }

                if (!bus.TryReadPort((ushort)context.State.Gpr[Gpr.Rdx], sizeBytes, out uint input))
                {
                    return context.Abandon();
                }

                space.Store(target, X64Value.Truncate(input, sizeBytes));
                break;
            default:
                if (!TryMapSource(segment, sizeBytes, addressSize, out source))
                {
                    return false;
                }

                // Memory of a device is not read for nobody.
                if (source.IsDevice && !bus.WillAnswerPort((ushort)context.State.Gpr[Gpr.Rdx], sizeBytes, isWrite: true))
                {
                    return context.Abandon();
                }

                uint output = (uint)space.Load(source);

                if (!space.IsAbandoned && !bus.TryWritePort((ushort)context.State.Gpr[Gpr.Rdx], sizeBytes, output))
                {
                    return context.Abandon();
                }

                break;
        }

        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        long step = (context.State.Rflags & X64Bits.FlagDf) != 0 ? -sizeBytes : sizeBytes;

        if (kind is StringKind.Move or StringKind.Load or StringKind.Compare or StringKind.Out)
        {
            context.WriteGpr(Gpr.Rsi, context.State.Gpr[Gpr.Rsi] + (ulong)step, addressSize);
        }

        if (kind is not (StringKind.Load or StringKind.Out))
        {
            context.WriteGpr(Gpr.Rdi, context.State.Gpr[Gpr.Rdi] + (ulong)step, addressSize);
        }

        return true;
    }

    private bool TryMapSource(int segment, int sizeBytes, int addressSize, out MappedMemory memory) =>
        space.TryMap(segment, context.ReadGpr(Gpr.Rsi, addressSize), sizeBytes, sizeBytes, AccessKind.Read, out memory);

    private bool TryMapEs(int sizeBytes, int addressSize, AccessKind access, out MappedMemory memory) =>
        space.TryMap(X64SegmentFile.Es, context.ReadGpr(Gpr.Rdi, addressSize), sizeBytes, sizeBytes, access, out memory);

    private (StringKind Kind, int SizeBytes) StringOperation() => context.Instruction.Mnemonic switch
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
        for (int operand = 0; operand < context.Instruction.OpCount; operand++)
        {
            switch (context.Instruction.GetOpKind(operand))
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

        return context.Is64BitMode ? 8 : 4;
    }
}
