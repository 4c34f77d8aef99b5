using HvBindgen.Emulation.X64;
using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64.Processor;

/// <summary>Random sequences of instructions of 64-bit mode, of integers, vectors, x87 and MMX, whose every result is defined.</summary>
/// <remarks>RBX points into the window and RSP to its end; nothing writes them but PUSH and POP. An instruction that reads a flag comes
/// only where all before it have left that defined.</remarks>
internal sealed class InstructionSequences(int seed)
{
    private const int Fewest = 5;
    private const int Most = 20;
    private const int StackSlots = 7;
    private const int PointerOffset = 64;
    private const int StackOffset = 192;
    private const RflagsBits Status =
        RflagsBits.CF | RflagsBits.PF | RflagsBits.AF | RflagsBits.ZF | RflagsBits.SF | RflagsBits.OF;

    private static readonly HashSet<Mnemonic> LeftOut =
    [
        // Ports, and what waits for exceptions of x87.
        Mnemonic.In, Mnemonic.Out, Mnemonic.Wait,

        // Results that depend on a source of zero, or are undefined.
        Mnemonic.Bsf, Mnemonic.Bsr, Mnemonic.Shld, Mnemonic.Shrd, Mnemonic.Bswap,

        // How many bits it takes at a time is the processor's choice, and whether a condition bit is cleared.
        Mnemonic.Fprem, Mnemonic.Fprem1, Mnemonic.Fcomi, Mnemonic.Fcomip, Mnemonic.Fucomi, Mnemonic.Fucomip,

        // Faults, which end a sequence.
        Mnemonic.Div, Mnemonic.Idiv,
    ];

    private static readonly Code[] Codes =
        [.. EmulatedInstructions.ForMode(64).Where(IsTaken).Select(info => info.Code)];

    private readonly Random random = new(seed);
    private readonly InstructionInfoFactory used = new();
    private readonly List<Instruction> instructions = [];
    private RflagsBits undefined;
    private int depth;

    /// <summary>Encodings that sequences are made of.</summary>
    public static int EncodingCount => Codes.Length;

    /// <summary>The instructions of the last sequence.</summary>
    public IReadOnlyList<Instruction> Instructions => instructions;

    /// <summary>Status flags that the last sequence has left undefined.</summary>
    public ulong UndefinedFlags =>
        Bit(RflagsBits.CF, 0) | Bit(RflagsBits.PF, 2) | Bit(RflagsBits.AF, 4) | Bit(RflagsBits.ZF, 6) | Bit(RflagsBits.SF, 7)
        | Bit(RflagsBits.OF, 11);

    /// <summary>Makes a sequence and the state that it starts from.</summary>
    public OracleCase Next()
    {
        OracleCase test = default;
        random.NextBytes(test.Window);
        test.Flags = 0x202 | ((uint)random.Next() & 0x8D5);

        for (int index = 0; index < 16; index++)
        {
            test.Gpr[index] = random.Next(3) == 0 ? (ulong)random.Next(-300, 300) : (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        }

        test.Gpr[3] = OracleMachine.DataBase + OracleMachine.WindowOffset + PointerOffset;
        test.Gpr[4] = OracleMachine.DataBase + OracleMachine.WindowOffset + StackOffset;
        test.Segments[X64SegmentFile.Cs] = OracleMachine.Flat64Code;
        test.Segments[X64SegmentFile.Ss] = OracleMachine.FlatData;
        test.FloatingPoint[0] = 0x7F;
        test.FloatingPoint[1] = 3;
        test.FloatingPoint[24] = (byte)(0x80 | (random.Next(4) == 0 ? 0x40 : 0));
        test.FloatingPoint[25] = (byte)(0x1F | (random.Next(4) << 5) | (random.Next(4) == 0 ? 0x80 : 0));
        FillVectors(test.Vectors);
        FillStack(test.FloatingPoint);
        test.CodeAddress = test.Rip = OracleMachine.CodeBase + 0x800;
        test.CodeSizeBytes = (uint)Write(test.Code, test.Rip);
        return test;
    }

    private void FillVectors(Span<byte> vectors)
    {
        const int VectorBytes = 64;

        for (int index = 0; index < 16; index++)
        {
            random.NextBytes(vectors.Slice(index * VectorBytes, VectorBytes / 2));
        }
    }

    // Numbers of all sizes, some registers empty, any of them on top.
    private void FillStack(Span<byte> image)
    {
        const int FirstRegister = 32;
        image[3] = (byte)(random.Next(8) << 3);
        image[4] = (byte)(random.Next(256) | random.Next(256));

        for (int index = 0; index < 8; index++)
        {
            Span<byte> slot = image.Slice(FirstRegister + (index * 16), 10);
            random.NextBytes(slot);
            slot[7] |= 0x80;
            slot[9] = (byte)(random.Next(3) == 0 ? slot[9] : (slot[9] & 0x80) | (0x3F + random.Next(2)));
        }
    }

    private ulong Bit(RflagsBits flag, int bit) => (undefined & flag) != 0 ? 1UL << bit : 0;

    private int Write(Span<byte> code, ulong rip)
    {
        MemoryStream stream = new();
        Encoder encoder = Encoder.Create(64, new StreamCodeWriter(stream));
        int count = random.Next(Fewest, Most + 1);
        instructions.Clear();
        undefined = RflagsBits.None;
        depth = 0;

        while (instructions.Count < count)
        {
            Instruction instruction = Random();
            long before = stream.Length;

            if (IsUsable(in instruction) && encoder.TryEncode(in instruction, rip + (ulong)before, out _, out _)
                && stream.Length < code.Length - 16)
            {
                instructions.Add(instruction);
                Follow(in instruction);
            }
            else
            {
                stream.SetLength(before);
            }
        }

        stream.ToArray().CopyTo(code);
        return (int)stream.Length;
    }

    private static bool IsTaken(OpCodeInfo info)
    {
        Instruction instruction = new() { Code = info.Code };
        bool isStack = info.Mnemonic is Mnemonic.Push or Mnemonic.Pop;

        if (LeftOut.Contains(info.Mnemonic) || instruction.FlowControl != FlowControl.Next || instruction.IsPrivileged
            || info.Encoding == EncodingKind.EVEX || (instruction.IsStackInstruction && !isStack) || info.OperandSize == 16 && isStack)
        {
            return false;
        }

        for (int operand = 0; operand < info.OpCount; operand++)
        {
            OpCodeOperandKind kind = info.GetOpKind(operand);

            if (WidthOf(kind) == 0 && Fixed(kind) == Register.None && ImmediateOf(kind) is null
                && !(kind == OpCodeOperandKind.mem && info.Mnemonic is Mnemonic.Lea or Mnemonic.Movbe))
            {
                return false;
            }
        }

        return true;
    }

    private Instruction Random()
    {
        OpCodeInfo info = Codes[random.Next(Codes.Length)].ToOpCode();
        Instruction instruction = new() { Code = info.Code };
        bool hasMemory = random.Next(3) == 0;

        for (int operand = 0; operand < info.OpCount; operand++)
        {
            OpCodeOperandKind kind = info.GetOpKind(operand);

            if (ImmediateOf(kind) is { } immediate)
            {
                instruction.SetOpKind(operand, immediate);
                long value = immediate switch
                {
                    OpKind.Immediate64 => random.NextInt64(long.MinValue, long.MaxValue),
                    OpKind.Immediate16 => random.Next(0x10000),
                    OpKind.Immediate32 => random.NextInt64(0x1_0000_0000),
                    OpKind.Immediate32to64 => random.Next(int.MinValue, int.MaxValue),
                    OpKind.Immediate8 => random.Next(256),
                    _ => random.Next(-128, 128),
                };
                instruction.SetImmediate(operand, kind == OpCodeOperandKind.imm8_const_1 ? 1 : value);
            }
            else if (kind == OpCodeOperandKind.mem || (hasMemory && IsEither(kind)))
            {
                instruction.SetOpKind(operand, OpKind.Memory);
                instruction.MemoryBase = Register.RBX;
                instruction.MemoryDisplSize = 1;
                instruction.MemoryDisplacement64 = (ulong)(WidthOf(kind) >= 128
                    ? random.Next(-PointerOffset / 32, PointerOffset / 32) * 32
                    : random.Next(-PointerOffset, PointerOffset - 16));
            }
            else
            {
                instruction.SetOpKind(operand, OpKind.Register);
                instruction.SetOpRegister(operand, Fixed(kind) != Register.None ? Fixed(kind) : RegisterOf(WidthOf(kind)));
            }
        }

        return instruction;
    }

    private Register RegisterOf(int bits)
    {
        int number = random.Next(16);
        return bits switch
        {
            8 when number < 4 => (random.Next(4) == 0 ? Register.AH : Register.AL) + number,
            8 => Register.SPL + number - 4,
            16 => Register.AX + number,
            32 => Register.EAX + number,
            80 => Register.ST0 + (number % 8),
            65 => Register.MM0 + (number % 8),
            128 => Register.XMM0 + number,
            256 => Register.YMM0 + number,
            _ => Register.RAX + number,
        };
    }

    private bool IsUsable(in Instruction instruction)
    {
        bool isStack = instruction.IsStackInstruction;

        // A bit beside the operand may be anywhere; a stack has so much room.
        if ((instruction.RflagsRead & undefined) != 0
            || (instruction.Mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc && instruction.Op0Kind == OpKind.Memory)
            || (isStack && Math.Abs(depth + Math.Sign(instruction.StackPointerIncrement)) > StackSlots)
            || (isStack && instruction.Op0Kind == OpKind.Memory))
        {
            return false;
        }

        foreach (UsedRegister register in used.GetInfo(in instruction).GetUsedRegisters())
        {
            bool isWritten = register.Access is OpAccess.Write or OpAccess.ReadWrite or OpAccess.CondWrite or OpAccess.ReadCondWrite;
            Register whole = register.Register.GetFullRegister();

            if (isWritten && (whole == Register.RBX || (whole == Register.RSP && !(isStack && register.Register == Register.RSP
                && instruction.Op0Register != Register.RSP))))
            {
                return false;
            }
        }

        return true;
    }

    private void Follow(in Instruction instruction)
    {
        depth += Math.Sign(instruction.StackPointerIncrement);
        bool isShift = instruction.Mnemonic is Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar
            or Mnemonic.Rol or Mnemonic.Ror or Mnemonic.Rcl or Mnemonic.Rcr;

        // What a shift leaves depends on its count.
        undefined = isShift
            ? Status
            : (undefined & ~(instruction.RflagsModified & ~instruction.RflagsUndefined)) | (instruction.RflagsUndefined & Status);
    }

    private static bool IsEither(OpCodeOperandKind kind) =>
        kind is OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r64_or_mem
            or OpCodeOperandKind.mm_or_mem or OpCodeOperandKind.xmm_or_mem or OpCodeOperandKind.ymm_or_mem;

    // In bits; a register of MMX counts as one more than a general one.
    private static int WidthOf(OpCodeOperandKind kind) => kind switch
    {
        OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r8_reg or OpCodeOperandKind.r8_opcode => 8,
        OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r16_reg or OpCodeOperandKind.r16_opcode => 16,
        OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r32_reg or OpCodeOperandKind.r32_opcode or OpCodeOperandKind.r32_vvvv => 32,
        OpCodeOperandKind.r64_or_mem or OpCodeOperandKind.r64_reg or OpCodeOperandKind.r64_opcode or OpCodeOperandKind.r64_vvvv
            or OpCodeOperandKind.r64_rm => 64,
        OpCodeOperandKind.r32_rm => 32,
        OpCodeOperandKind.mm_reg or OpCodeOperandKind.mm_rm or OpCodeOperandKind.mm_or_mem => 65,
        OpCodeOperandKind.sti_opcode => 80,
        OpCodeOperandKind.xmm_reg or OpCodeOperandKind.xmm_rm or OpCodeOperandKind.xmm_vvvv or OpCodeOperandKind.xmm_is4
            or OpCodeOperandKind.xmm_or_mem => 128,
        OpCodeOperandKind.ymm_reg or OpCodeOperandKind.ymm_rm or OpCodeOperandKind.ymm_vvvv or OpCodeOperandKind.ymm_is4
            or OpCodeOperandKind.ymm_or_mem => 256,
        _ => 0,
    };

    private static Register Fixed(OpCodeOperandKind kind) => kind switch
    {
        OpCodeOperandKind.al => Register.AL,
        OpCodeOperandKind.cl => Register.CL,
        OpCodeOperandKind.ax => Register.AX,
        OpCodeOperandKind.eax => Register.EAX,
        OpCodeOperandKind.rax => Register.RAX,
        OpCodeOperandKind.st0 => Register.ST0,
        _ => Register.None,
    };

    private static OpKind? ImmediateOf(OpCodeOperandKind kind) => kind switch
    {
        OpCodeOperandKind.imm8 or OpCodeOperandKind.imm8_const_1 => OpKind.Immediate8,
        OpCodeOperandKind.imm8sex16 => OpKind.Immediate8to16,
        OpCodeOperandKind.imm8sex32 => OpKind.Immediate8to32,
        OpCodeOperandKind.imm8sex64 => OpKind.Immediate8to64,
        OpCodeOperandKind.imm16 => OpKind.Immediate16,
        OpCodeOperandKind.imm32 => OpKind.Immediate32,
        OpCodeOperandKind.imm32sex64 => OpKind.Immediate32to64,
        OpCodeOperandKind.imm64 => OpKind.Immediate64,
        _ => null,
    };
}
