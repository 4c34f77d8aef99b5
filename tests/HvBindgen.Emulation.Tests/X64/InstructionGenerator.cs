using HvBindgen.Emulation.X64;
using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Random instructions with states in which they do something worth comparing.</summary>
internal sealed class InstructionGenerator
{
    private static readonly int[] Modes = [16, 32, 64];

    private readonly Random random;
    private readonly byte[] bytes = new byte[40];
    private readonly InstructionEncoder encoder;
    private readonly Dictionary<int, OpCodeInfo[]> infos;

    /// <summary>Makes a generator.</summary>
    /// <param name="seed">Where choices come from.</param>
    /// <param name="isWanted">Which of the emulated encodings; null for all.</param>
    public InstructionGenerator(ulong seed, Func<OpCodeInfo, bool>? isWanted = null)
    {
        infos = Modes.ToDictionary(
            bits => bits, bits => EmulatedInstructions.ForMode(bits).Where(info => isWanted?.Invoke(info) ?? true).ToArray());
        random = new Random((int)(seed ^ (seed >> 32)));
        encoder = new InstructionEncoder(random, bytes);
    }

    /// <summary>Makes a case for a mode, of any wanted encoding.</summary>
    public OracleCase Next(int bits, out Instruction instruction)
    {
        while (true)
        {
            OpCodeInfo info = infos[bits][random.Next(infos[bits].Length)];
            random.NextBytes(bytes);
            encoder.Encode(info, bits);
            Decoder decoder = Decoder.Create(bits, bytes);
            decoder.Decode(out instruction);

            // An encoding that is undefined is as good a case as any, now and then.
            bool isUndefined = instruction.Code == Code.INVALID;

            if (isUndefined ? random.Next(50) == 0 : EmulatedInstructions.IsEmulated(instruction.Code)
                && HostProcessor.Has(instruction.Code))
            {
                return MakeState(bits, decoder, ref instruction);
            }
        }
    }

    // What AVX-512 adds is zero where the processor does not have it.
    private void FillVectors(ref OracleCase test)
    {
        random.NextBytes(test.Vectors);

        if (HostProcessor.HasAvx512State)
        {
            foreach (ref ulong mask in (Span<ulong>)test.Masks)
            {
                mask = Number();
            }

            return;
        }

        const int VectorBytes = 64;

        for (int index = 0; index < 32; index++)
        {
            ((Span<byte>)test.Vectors).Slice((index * VectorBytes) + (index < 16 ? 32 : 0), index < 16 ? 32 : VectorBytes).Clear();
        }
    }

    private OracleCase MakeState(int bits, Decoder decoder, ref Instruction instruction)
    {
        OracleCase test = default;
        FillVectors(ref test);
        random.NextBytes(test.Window);
        FloatingPointCases.Fill(random, test.FloatingPoint);
        SprinkleOperands(test.Window);
        test.Flags = 0x202 | ((uint)random.Next() & 0x8D5);
        test.Flags |= Chance(25) ? 1u << 10 : 0;
        test.Flags |= Chance(4) ? 1u << 18 : 0;

        for (int index = 0; index < 16; index++)
        {
            test.Gpr[index] = Number();
        }

        ChooseSegments(bits, ref test);
        test.CodeSizeBytes = (uint)instruction.Length;
        test.CodeAddress = OracleMachine.CodeBase + 0x800;

        // At times the instruction runs out of the mapped pages. Of what is undefined a processor still wants all bytes, as many as
        // a like encoding would have; the emulator knows no such length.
        if (Chance(1) && instruction.Code != Code.INVALID)
        {
            test.CodeSizeBytes = (uint)random.Next(1, instruction.Length + 1);
            test.CodeAddress = OracleMachine.CodeBase + OracleMachine.CodeBytes - test.CodeSizeBytes;
        }

        test.Rip = test.CodeAddress - (test.Segments[X64SegmentFile.Cs] == 0x17 ? OracleMachine.CodeBase : 0);

        if (instruction.Code != Code.INVALID)
        {
            PointIntoData(bits, decoder, ref instruction, ref test);
        }

        bytes.AsSpan(0, (int)test.CodeSizeBytes).CopyTo(test.Code);

        if (bits != 64)
        {
            for (int index = 0; index < 16; index++)
            {
                test.Gpr[index] = index < 8 ? (uint)test.Gpr[index] : 0;
            }
        }

        return test;
    }

    private void ChooseSegments(int bits, ref OracleCase test)
    {
        ReadOnlySpan<ushort> data = [OracleMachine.FlatData, 0x0F, 0x1F, 0x27, 0x2F, 0x37, 0x3F, 0x47, 0x4F, 0x07];
        ReadOnlySpan<ushort> stacks = [OracleMachine.FlatData, 0x0F, 0x1F, 0x2F, 0x37, 0x3F, 0x4F];
        ReadOnlySpan<ushort> near = [0x1F, 0x3F, 0x4F, 0x2F, 0x37];

        if (bits == 64)
        {
            test.Segments[X64SegmentFile.Cs] = OracleMachine.Flat64Code;
            test.Segments[X64SegmentFile.Ss] = OracleMachine.FlatData;
            test.Segments[X64SegmentFile.Ds] = OracleMachine.FlatData;
            test.FsBase = Chance(50) ? OracleMachine.DataBase : (ulong)random.Next();
            test.GsBase = Chance(50) ? 0 : OracleMachine.DataBase + 0x1003;
            return;
        }

        test.Segments[X64SegmentFile.Cs] = bits == 16 ? (ushort)0x17 : OracleMachine.Flat32Code;

        for (int index = 0; index < 6; index++)
        {
            if (index == X64SegmentFile.Cs)
            {
                continue;
            }

            if (index == X64SegmentFile.Ss)
            {
                test.Segments[index] = bits == 32 && Chance(70) ? OracleMachine.FlatData : stacks[random.Next(stacks.Length)];
            }
            else
            {
                test.Segments[index] = Chance(4) ? (ushort)0
                    : bits == 16 && Chance(70) ? near[random.Next(near.Length)]
                    : bits == 32 && Chance(60) ? OracleMachine.FlatData
                    : data[random.Next(data.Length)];
            }
        }
    }

    private void PointIntoData(int bits, Decoder decoder, ref Instruction instruction, ref OracleCase test)
    {
        OperandPlacement placement = new(random, bits, test);

        if (instruction.StackPointerIncrement != 0 || instruction.IsStackInstruction || instruction.Mnemonic is Mnemonic.Leave)
        {
            int register = instruction.Mnemonic == Mnemonic.Leave ? 5 : 4;
            test.Gpr[register] = placement.Offset(X64SegmentFile.Ss, 8, bits == 64 ? 8 : placement.StackSizeBytes, 8);

            if (instruction.Mnemonic == Mnemonic.Enter)
            {
                PlaceFrame(bits, decoder, placement, ref instruction, ref test);
            }
        }

        bool isString = instruction.IsStringInstruction;

        if (isString)
        {
            int addressSize = placement.StringAddressSizeBytes(instruction);
            test.Gpr[6] = placement.Offset(instruction.MemorySegment - Register.ES, 8, addressSize, 1);
            test.Gpr[7] = placement.Offset(X64SegmentFile.Es, 8, addressSize, 1);
            test.Gpr[1] = (ulong)random.Next(Chance(90) ? 12 : 60);

            // Above the address size the registers hold what must not matter.
            if (addressSize == 4 && bits == 64)
            {
                test.Gpr[6] |= (ulong)random.Next() << 32;
                test.Gpr[7] |= (ulong)random.Next() << 32;
                test.Gpr[1] |= (ulong)random.Next() << 32;
            }

            if (Chance(50))
            {
                RepeatPattern(test.Window);
            }

            return;
        }

        bool hasMemory = false;

        for (int operand = 0; operand < instruction.OpCount; operand++)
        {
            hasMemory |= instruction.GetOpKind(operand) == OpKind.Memory;
        }

        if (hasMemory)
        {
            placement.PlaceOperand(decoder, bytes, ref instruction, ref test);
        }

        FloatingPointCases.Prepare(random, instruction, ref test);
        NumberCases.Prepare(random, instruction, ref test);
        GatherCases.Prepare(random, instruction, ref test);
        SelectorCases.Prepare(random, instruction, ref test);
        TextCases.Prepare(random, instruction, ref test);

        if (instruction.Mnemonic is Mnemonic.Movdir64b && Chance(95))
        {
            int register = instruction.Op0Register.GetNumber();
            test.Gpr[register] = placement.Offset(X64SegmentFile.Es, 64, instruction.Op0Register.GetSize(), Chance(70) ? 64 : 1);
        }

        if (instruction.Mnemonic is Mnemonic.Maskmovdqu or Mnemonic.Vmaskmovdqu or Mnemonic.Maskmovq)
        {
            int addressSize = instruction.Op0Kind switch { OpKind.MemorySegDI => 2, OpKind.MemorySegEDI => 4, _ => 8 };
            test.Gpr[7] = placement.Offset(instruction.MemorySegment - Register.ES, 16, addressSize, 1);
        }

        if (instruction.Mnemonic is Mnemonic.Xlatb)
        {
            test.Gpr[3] = placement.Offset(
                instruction.MemorySegment - Register.ES, 1, instruction.MemoryBase.GetSize(), 1) - (byte)test.Gpr[0];
        }

        if (instruction.Mnemonic is Mnemonic.Cmpxchg or Mnemonic.Cmpxchg8b or Mnemonic.Cmpxchg16b && Chance(50))
        {
            // A comparison that succeeds: memory, and the accumulator, filled with one byte.
            ((Span<byte>)test.Window).Fill(0x5A);
            test.Gpr[0] = UsesBase(instruction, 0) ? test.Gpr[0] : 0x5A5A_5A5A_5A5A_5A5A;
            test.Gpr[2] = UsesBase(instruction, 2) ? test.Gpr[2] : 0x5A5A_5A5A_5A5A_5A5A;
        }

        if (instruction.Mnemonic is Mnemonic.Div or Mnemonic.Idiv && Chance(70))
        {
            // A quotient that fits.
            test.Gpr[2] = UsesBase(instruction, 2) ? test.Gpr[2] : (ulong)random.Next(-2, 3);
        }

        if (instruction.Mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc
            && instruction.Op1Kind == OpKind.Register && !UsesBase(instruction, instruction.Op1Register.GetNumber()))
        {
            ref ulong index = ref test.Gpr[instruction.Op1Register.GetNumber()];
            index = Chance(80) ? (ulong)random.Next(-600, 600) : index;
        }
    }

    // A frame whose nesting and room stay within the memory that can be compared, mostly.
    private void PlaceFrame(int bits, Decoder decoder, OperandPlacement placement, ref Instruction instruction, ref OracleCase test)
    {
        test.Gpr[5] = placement.Offset(X64SegmentFile.Ss, 8, bits == 64 ? 8 : placement.StackSizeBytes, 8);

        if (Chance(90))
        {
            ConstantOffsets offsets = decoder.GetConstantOffsets(instruction);
            BitConverter.TryWriteBytes(bytes.AsSpan(offsets.ImmediateOffset, 2), (ushort)random.Next(64));
            bytes[offsets.ImmediateOffset2] = (byte)((random.Next(8) << 5) | random.Next(Chance(70) ? 4 : 32));
            Decoder again = Decoder.Create(bits, bytes);
            again.IP = decoder.IP - (uint)instruction.Length;
            again.Decode(out instruction);
        }
    }

    private static bool UsesBase(in Instruction instruction, int register) =>
        (instruction.MemoryBase != Register.None && instruction.MemoryBase.GetNumber() == register)
        || (instruction.MemoryIndex != Register.None && instruction.MemoryIndex.GetNumber() == register);

    private ulong Number() => random.Next(6) switch
    {
        0 => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        1 => (ulong)random.Next(-130, 130),
        2 => 1UL << random.Next(64),
        3 => (1UL << random.Next(64)) - 1,
        4 => (ulong)random.NextInt64() >> random.Next(64),
        _ => ~(1UL << random.Next(64)),
    };

    private void SprinkleOperands(Span<byte> window)
    {
        for (int at = 0; at + 8 <= window.Length; at += random.Next(8, 40))
        {
            BitConverter.TryWriteBytes(window[at..], Number());
        }
    }

    // Scans and comparisons that go on for a while.
    private void RepeatPattern(Span<byte> window)
    {
        window.Fill((byte)random.Next(3));
        window[random.Next(window.Length)] ^= 1;
    }

    private bool Chance(int percent) => random.Next(100) < percent;
}
