using System.Runtime.Intrinsics;
using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Numbers;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>The families of instructions of one emulator, on the instruction it has under way.</summary>
internal sealed class InstructionSet
{
    private readonly X64Context context;

    internal InstructionSet(X64Context context, X64AddressSpace space, IX64Bus bus, IX64VectorRegisters? vectors)
    {
        this.context = context;
        X64Operands operands = new(context, space);
        X64Stack stack = new(context, space);
        ReadModifyWrite update = new(context, space, operands);
        Segments = new SegmentLoader(context, space);
        Moves = new MoveInstructions(context, space, operands, Segments);
        Exchanges = new ExchangeInstructions(context, space, operands, update);
        Arithmetic = new ArithmeticInstructions(context, space, operands, update);
        Bits = new BitInstructions(context, operands);
        Decimals = new DecimalInstructions(context);
        Multiplication = new MultiplyInstructions(context, operands);
        Conditionals = new ConditionalInstructions(context, operands);
        Stack = new StackInstructions(context, space, operands, stack, Segments);
        Branches = new BranchInstructions(context, space, operands, stack);
        Ports = new PortInstructions(context, bus);
        Strings = new StringInstructions(context, space, operands, Ports, bus);
        Caches = new CacheInstructions(context, operands);
        Flags = new FlagInstructions(context);
        X64VectorOperands vectorOperands = new(context, space, operands, vectors);
        MaskedMoves = new MaskedMoveInstructions(context, space, operands, vectorOperands);
        Vectors = new VectorInstructions(context, space, operands, vectorOperands, MaskedMoves);
        X87Registers x87 = new(context, space, vectors);
        Mmx = new MmxInstructions(context, operands, vectorOperands, x87, MaskedMoves);
        X87 = new X87Instructions(context, space, operands, x87);
        X87Arithmetic = new X87ArithmeticInstructions(context, space, operands, x87);
        X87Transcendentals = new X87TranscendentalInstructions(x87);
        X87Stack = new X87StackInstructions(context, x87);
        Environments = new EnvironmentInstructions(context, space, operands, x87);
        States = new StateInstructions(context, space, operands, vectorOperands, x87, vectors);
        Lanes = new LaneInstructions(context, space, operands, vectorOperands, MaskedMoves);
        Packed = new PackedInstructions(context, operands, vectorOperands, MaskedMoves);
        Selections = new PackedSelectionInstructions(context, operands, vectorOperands, MaskedMoves);
        Texts = new TextInstructions(context, vectorOperands);
        X64FloatingControl control = new(context, space, vectorOperands);
        Floating = new FloatingInstructions(context, space, operands, vectorOperands, control);
        Avx = new AvxInstructions(context, space, operands, vectorOperands);
        FloatingLanes = new FloatingLaneInstructions(context, vectorOperands, control);
        Fused = new FusedInstructions(operands, vectorOperands, control);
        MmxConversions = new MmxConversionInstructions(context, operands, vectorOperands, control, x87);
    }

    /// <summary>What loads segment registers for them.</summary>
    internal SegmentLoader Segments { get; }

    internal MoveInstructions Moves { get; }

    internal ExchangeInstructions Exchanges { get; }

    internal ArithmeticInstructions Arithmetic { get; }

    internal BitInstructions Bits { get; }

    internal DecimalInstructions Decimals { get; }

    internal MultiplyInstructions Multiplication { get; }

    internal ConditionalInstructions Conditionals { get; }

    internal StackInstructions Stack { get; }

    internal BranchInstructions Branches { get; }

    internal PortInstructions Ports { get; }

    internal StringInstructions Strings { get; }

    internal CacheInstructions Caches { get; }

    internal FlagInstructions Flags { get; }

    internal VectorInstructions Vectors { get; }

    internal MaskedMoveInstructions MaskedMoves { get; }

    internal LaneInstructions Lanes { get; }

    internal MmxInstructions Mmx { get; }

    internal X87Instructions X87 { get; }

    internal X87ArithmeticInstructions X87Arithmetic { get; }

    internal X87TranscendentalInstructions X87Transcendentals { get; }

    internal X87StackInstructions X87Stack { get; }

    internal EnvironmentInstructions Environments { get; }

    internal StateInstructions States { get; }

    internal PackedInstructions Packed { get; }

    internal PackedSelectionInstructions Selections { get; }

    internal TextInstructions Texts { get; }

    internal FloatingInstructions Floating { get; }

    internal AvxInstructions Avx { get; }

    internal FloatingLaneInstructions FloatingLanes { get; }

    internal FusedInstructions Fused { get; }

    internal MmxConversionInstructions MmxConversions { get; }

    /// <summary>Carries out the instruction under way.</summary>
    /// <returns>False when it did not end: the context's outcome then says why.</returns>
    internal bool TryExecute() => TryExecute(InstructionTable.Find(context.Instruction.Mnemonic));

    /// <summary>Carries out the instruction under way, whose entry is known.</summary>
    internal bool TryExecute(InstructionEntry? entry)
    {
        if (entry is null)
        {
            return context.Unsupported(EmulationLimit.Instruction);
        }

        context.TakesEvex = entry.TakesEvex;
        return entry.Operation(this);
    }

    /// <summary>MOVSD, a name of two instructions: a string is moved, or the lowest element of a vector.</summary>
    internal bool MoveString4BytesOrScalar() =>
        context.Instruction.Code == Code.Movsd_m32_m32 ? Strings.Repeat() : Vectors.MoveElement();

    /// <summary>CMPSD, another such name.</summary>
    internal bool CompareString4BytesOrScalar() =>
        context.Instruction.Code == Code.Cmpsd_m32_m32 ? Strings.Repeat() : Floating.Compare(NumberFormat.Double, isScalar: true);

    /// <summary>FLD, of memory or of the stack.</summary>
    internal bool LoadNumber() => context.Instruction.Op0Kind == OpKind.Memory ? X87.Load() : X87Stack.Duplicate();

    /// <summary>FST and FSTP, to memory or to the stack.</summary>
    internal bool StoreNumber(bool pops) =>
        context.Instruction.Op0Kind == OpKind.Memory ? X87.Store(pops) : X87Stack.Store(pops);

    /// <summary>MOVD and MOVQ, names of moves of vectors and of MMX.</summary>
    internal bool MoveElementOrMmx() => Mmx.IsNamed ? Mmx.Move() : Vectors.MoveElement();

    /// <summary>PINSRW, another such name.</summary>
    internal bool InsertWord() => Mmx.IsNamed ? Mmx.InsertWord() : Vectors.InsertElement(2);

    /// <summary>PADDB and its kin.</summary>
    internal bool Combine(PackedInstructions.LaneOperation operation, MaskedElements elements, MmxPart part) =>
        Mmx.IsNamed ? Mmx.Combine(operation, part) : Packed.Combine(operation, elements);

    /// <summary>PABSB and its kin.</summary>
    internal bool Convert(Func<Vector128<byte>, Vector128<byte>> operation, MaskedElements elements) =>
        Mmx.IsNamed ? Mmx.Convert(operation) : Packed.Convert(operation, elements);

    /// <summary>PSLLW and its kin.</summary>
    internal bool Shift(int sizeBytes, PackedShift direction) =>
        Mmx.IsNamed ? Mmx.Shift(sizeBytes, direction) : Selections.Shift(sizeBytes, direction);

    /// <summary>PALIGNR.</summary>
    internal bool Align() =>
        Mmx.IsNamed ? Mmx.Align() : Selections.CombineByImmediate(LaneArithmetic.Align, 0, new MaskedElements(1, AreMixed: true));

    /// <summary>PEXTRW, another such name.</summary>
    internal bool ExtractWord() => Mmx.IsNamed ? Mmx.ExtractWord() : Vectors.ExtractElement(2);

    /// <summary>PMOVMSKB, another such name.</summary>
    internal bool MoveSignsOfBytes() => Mmx.IsNamed ? Mmx.MoveSigns() : Vectors.MoveSigns(1);
}
