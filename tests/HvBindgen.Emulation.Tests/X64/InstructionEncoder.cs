using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Writes random instructions of a given encoding.</summary>
/// <param name="random">Where choices come from.</param>
/// <param name="bytes">Receives the instruction; what follows its opcode is there before.</param>
internal sealed class InstructionEncoder(Random random, byte[] bytes)
{
    /// <summary>Writes an instruction of an encoding, with what may be chosen chosen at random.</summary>
    public void Encode(OpCodeInfo info, int bits)
    {
        int at = 0;

        if (Chance(12))
        {
            ReadOnlySpan<byte> overrides = [0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65];
            bytes[at++] = overrides[random.Next(overrides.Length)];
        }

        if (Chance(15) || (info.AddressSize != 0 && info.AddressSize != bits))
        {
            bytes[at++] = 0x67;
        }

        if (info.CanUseLockPrefix ? Chance(30) : Chance(1))
        {
            bytes[at++] = 0xF0;
        }

        if ((info.CanUseRepPrefix || info.CanUseRepnePrefix) && Chance(70))
        {
            bytes[at++] = Chance(50) ? (byte)0xF3 : (byte)0xF2;
        }
        else if (Chance(1))
        {
            bytes[at++] = Chance(50) ? (byte)0xF3 : (byte)0xF2;
        }

        bool wantsOperandPrefix = (info.OperandSize == 16 && bits != 16) || (info.OperandSize == 32 && bits == 16);

        if (info.Encoding == EncodingKind.Legacy && (wantsOperandPrefix || (info.OperandSize == 0 && Chance(5))))
        {
            bytes[at++] = 0x66;
        }

        if (info.Encoding == EncodingKind.EVEX)
        {
            EncodeEvex(info, bits, at);
        }
        else if (info.Encoding == EncodingKind.VEX)
        {
            EncodeVex(info, bits, at);
        }
        else
        {
            EncodeLegacy(info, bits, at);
        }
    }

    private void EncodeLegacy(OpCodeInfo info, int bits, int at)
    {
        switch (info.MandatoryPrefix)
        {
            case MandatoryPrefix.P66:
                bytes[at++] = 0x66;
                break;
            case MandatoryPrefix.PF3:
                bytes[at++] = 0xF3;
                break;
            case MandatoryPrefix.PF2:
                bytes[at++] = 0xF2;
                break;
            default:
                break;
        }

        if (bits == 64 && (info.OperandSize == 64 || info.W != 0 || Chance(40)))
        {
            int wide = info.OperandSize == 64 || info.W != 0 ? 8 : info.OperandSize == 0 && Chance(10) ? 8 : 0;
            bytes[at++] = (byte)(0x40 | wide | random.Next(8));
        }

        switch (info.Table)
        {
            case OpCodeTableKind.T0F:
                bytes[at++] = 0x0F;
                break;
            case OpCodeTableKind.T0F38:
                bytes[at++] = 0x0F;
                bytes[at++] = 0x38;
                break;
            case OpCodeTableKind.T0F3A:
                bytes[at++] = 0x0F;
                bytes[at++] = 0x3A;
                break;
            default:
                break;
        }

        if (info.OpCodeLength == 2)
        {
            bytes[at++] = (byte)(info.OpCode >> 8);
        }

        bytes[at] = (byte)info.OpCode;

        for (int operand = 0; operand < info.OpCount; operand++)
        {
            if (info.GetOpKind(operand) is OpCodeOperandKind.r8_opcode or OpCodeOperandKind.r16_opcode
                or OpCodeOperandKind.r32_opcode or OpCodeOperandKind.r64_opcode
                or OpCodeOperandKind.sti_opcode)
            {
                bytes[at] = (byte)(bytes[at] + random.Next(8));
            }
        }

        EncodeModRm(info, at + 1);
    }

    private void EncodeVex(OpCodeInfo info, int bits, int at)
    {
        int map = info.Table switch { OpCodeTableKind.T0F => 1, OpCodeTableKind.T0F38 => 2, _ => 3 };
        int prefix = info.MandatoryPrefix switch { MandatoryPrefix.P66 => 1, MandatoryPrefix.PF3 => 2, MandatoryPrefix.PF2 => 3, _ => 0 };
        int inverted = bits == 64 ? random.Next(8) << 5 : 0xE0;
        bool namesThird = NamesThird(info);
        int third = namesThird || Chance(2) ? random.Next(bits == 64 ? 16 : 8) : 0;
        int last = (~third & 15) << 3 | (info.L != 0 || (info.IsLIG && Chance(50)) ? 4 : 0) | prefix;
        int wide = info.W != 0 || (info.IsWIG && Chance(50)) ? 0x80 : 0;

        if (map == 1 && wide == 0 && (inverted & 0x60) == 0x60 && Chance(50))
        {
            bytes[at++] = 0xC5;
            bytes[at++] = (byte)((inverted & 0x80) | last);
        }
        else
        {
            bytes[at++] = 0xC4;
            bytes[at++] = (byte)(inverted | map);
            bytes[at++] = (byte)(wide | last);
        }

        bytes[at] = (byte)info.OpCode;
        EncodeModRm(info, at + 1);
    }

    private void EncodeEvex(OpCodeInfo info, int bits, int at)
    {
        int map = info.Table switch { OpCodeTableKind.T0F => 1, OpCodeTableKind.T0F38 => 2, _ => 3 };
        int prefix = info.MandatoryPrefix switch { MandatoryPrefix.P66 => 1, MandatoryPrefix.PF3 => 2, MandatoryPrefix.PF2 => 3, _ => 0 };
        int inverted = bits == 64 ? random.Next(16) << 4 : 0xF0;
        bool namesThird = NamesThird(info);
        int third = namesThird ? random.Next(bits == 64 ? 32 : 8) : 0;
        int wide = info.W != 0 || (info.IsWIG && Chance(50)) ? 0x80 : 0;
        int mask = info.CanUseOpMaskRegister && Chance(60) ? random.Next(1, 8) : 0;
        int zeroing = mask != 0 && info.CanUseZeroingMasking && Chance(40) ? 0x80 : 0;
        int length = (int)(info.IsLIG ? (uint)random.Next(3) : info.L);
        bool isBroadcast = info.CanBroadcast && Chance(30);
        bytes[at++] = 0x62;
        bytes[at++] = (byte)(inverted | map);
        bytes[at++] = (byte)(wide | ((~third & 15) << 3) | 4 | prefix);
        bytes[at++] = (byte)(zeroing | (length << 5) | (isBroadcast ? 0x10 : 0) | ((~third & 16) >> 1) | mask);
        bytes[at] = (byte)info.OpCode;

        if (isBroadcast)
        {
            // Only memory is read once for all places.
            bytes[at + 1] &= 0x7F;
        }

        EncodeModRm(info, at + 1);
    }

    private static bool NamesThird(OpCodeInfo info)
    {
        for (int operand = 0; operand < info.OpCount; operand++)
        {
            if (info.GetOpKind(operand) is OpCodeOperandKind.r32_vvvv or OpCodeOperandKind.r64_vvvv
                or OpCodeOperandKind.xmm_vvvv or OpCodeOperandKind.ymm_vvvv or OpCodeOperandKind.zmm_vvvv)
            {
                return true;
            }
        }

        return false;
    }

    private void EncodeModRm(OpCodeInfo info, int at)
    {
        if (info.IsGroup)
        {
            bytes[at] = (byte)((bytes[at] & 0xC7) | (info.GroupIndex << 3));
        }

        if (info.Mnemonic is Mnemonic.Maskmovdqu or Mnemonic.Vmaskmovdqu or Mnemonic.Maskmovq)
        {
            // Their memory operand is not among those that are encoded.
            bytes[at] |= 0xC0;
        }
        else if (bytes[at] >= 0xC0 && Chance(60))
        {
            // Memory operands are what the emulator is for.
            bytes[at] &= 0x7F;
        }
    }

    private bool Chance(int percent) => random.Next(100) < percent;
}
