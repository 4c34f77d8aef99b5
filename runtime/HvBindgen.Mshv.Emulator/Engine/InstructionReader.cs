using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Reads and decodes instructions of a stopped processor, and finds what memory they touch.</summary>
internal sealed class InstructionReader
{
    /// <summary>Size of the longest instruction.</summary>
    internal const int MaxInstructionBytes = 15;

    private const int MessageBytes = 16; // as many as a message carries

    // Code is read once for each stop: from as far in front of the instruction as another may begin that ends there.
    private readonly byte[] window = new byte[MaxInstructionBytes + MessageBytes];
    private ulong windowStart;
    private int windowStarts; // how many addresses from the start on have all of their bytes in it
    private int windowBytes;
    private ulong windowStop;

    private readonly ProcessorState state;
    private readonly LinearMemory memory;
    private readonly byte[] bytes = new byte[MessageBytes];
    private readonly BufferReader source;
    private readonly Decoder decoder16;
    private readonly Decoder decoder32;
    private readonly Decoder decoder64;
    private readonly VATryGetRegisterValue registerValue;
    private int byteCount;
    private Instruction instruction;

    internal InstructionReader(ProcessorState state, LinearMemory memory)
    {
        this.state = state;
        this.memory = memory;
        source = new BufferReader(bytes);
        decoder16 = Decoder.Create(16, source);
        decoder32 = Decoder.Create(32, source);
        decoder64 = Decoder.Create(64, source);
        registerValue = TryGetRegister;
    }

    /// <summary>Decodes the instruction at an offset of the code segment, as the code was at this stop's first look.</summary>
    /// <returns>False when its bytes cannot be read or are no instruction.</returns>
    internal bool TryDecode(ulong rip, out Instruction decoded)
    {
        ReadBytes(memory.AddressOf(ProcessorState.Cs, rip));
        Decoder decoder = state.CodeBits switch
        {
            64 => decoder64,
            32 => decoder32,
            _ => decoder16,
        };
        source.Reset(byteCount);
        decoder.IP = rip;
        decoder.Decode(out instruction);
        decoded = instruction;
        return !instruction.IsInvalid;
    }

    /// <summary>Puts the instruction last decoded into an exit.</summary>
    internal void Describe(InstructionExit exit) => exit.SetInstruction(bytes.AsSpan(0, byteCount), instruction.Length);

    /// <summary>Puts the instruction at an offset of the code segment into an exit, or none where none can be decoded.</summary>
    internal void DescribeAt(ulong rip, InstructionExit exit)
    {
        if (TryDecode(rip, out _))
        {
            Describe(exit);
        }
        else
        {
            exit.SetInstruction([], 0);
        }
    }

    /// <summary>The code around an offset of the code segment, with a bar before it, for a message.</summary>
    internal string BytesAround(ulong rip)
    {
        Span<byte> code = stackalloc byte[MaxInstructionBytes];
        ulong start = memory.AddressOf(ProcessorState.Cs, rip) - MaxInstructionBytes;
        string ahead = Convert.ToHexStringLower(code[..memory.Read(start, code)]);
        return $"{ahead}|{Convert.ToHexStringLower(code[..memory.Read(start + MaxInstructionBytes, code)])}";
    }

    /// <summary>Linear address of one of an instruction's memory operands, with the registers as they are now.</summary>
    internal bool TryGetOperandAddress(in Instruction of, int operand, out ulong linear)
    {
        if (!of.TryGetVirtualAddress(operand, 0, out linear, registerValue))
        {
            return false;
        }

        linear = state.Is64BitCode ? linear : (uint)linear;
        return true;
    }

    private void ReadBytes(ulong linear)
    {
        ulong offset = linear - windowStart;
        if (offset >= (ulong)windowStarts || windowStop != state.StopCount)
        {
            // What lies ahead in the same page can be read where the instruction can; another page may be none.
            offset = Math.Min(MaxInstructionBytes, linear % LinearMemory.PageBytes);
            windowStop = state.StopCount;
            windowStart = linear - offset;
            windowStarts = (int)offset + 1;
            windowBytes = memory.Read(windowStart, window.AsSpan(0, (int)offset + MessageBytes));
        }

        byteCount = Math.Clamp(windowBytes - (int)offset, 0, MessageBytes);
        window.AsSpan((int)offset, byteCount).CopyTo(bytes);
    }

    private bool TryGetRegister(Register register, int elementIndex, int elementSizeBytes, out ulong value)
    {
        if (register.IsSegmentRegister())
        {
            // Iced asks for the base of the segment.
            int segment = register - Register.ES;
            value = memory.AddressOf(segment, 0);
            return true;
        }

        if (register.IsGPR())
        {
            value = ValueOf(register);
            return true;
        }

        value = register is Register.RIP or Register.EIP ? instruction.NextIP : 0;
        return register is Register.RIP or Register.EIP;
    }

    /// <summary>Value of a general register or a part of one.</summary>
    internal ulong ValueOf(Register register)
    {
        ulong full = state.General[register.GetFullRegister().GetNumber()];
        return register.GetSize() switch
        {
            1 when register is >= Register.AH and <= Register.BH => (byte)(state.General[register - Register.AH] >> 8),
            1 => (byte)full,
            2 => (ushort)full,
            4 => (uint)full,
            _ => full,
        };
    }

    private sealed class BufferReader(byte[] buffer) : CodeReader
    {
        private int position;
        private int length;

        internal void Reset(int sizeBytes)
        {
            position = 0;
            length = sizeBytes;
        }

        public override int ReadByte() => position < length ? buffer[position++] : -1;
    }
}
