using Iced.Intel;

namespace HvBindgen.Emulation.X64;

// Which method carries out which instruction.
public sealed partial class X64Emulator
{
    private bool TryExecute()
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Mov:
                return Move();
            case Mnemonic.Movbe:
                return MoveReversed();
            case Mnemonic.Movnti:
            case Mnemonic.Movdiri:
                return MoveGeneral();
            case Mnemonic.Movdir64b:
                return MoveDirect64Bytes();
            case Mnemonic.Movzx:
                return MoveExtended(signed: false);
            case Mnemonic.Movsx:
            case Mnemonic.Movsxd:
                return MoveExtended(signed: true);
            case Mnemonic.Lea:
                WriteRegister(instruction.Op0Register, EffectiveAddress(0));
                return true;
            case Mnemonic.Xlatb:
                return TranslateByte();
            case Mnemonic.Bswap:
                return SwapBytes();
            case Mnemonic.Xchg:
            case Mnemonic.Xadd:
                return ExchangeOperands();
            case Mnemonic.Cmpxchg:
                return CompareExchange();
            case Mnemonic.Cmpxchg8b:
                return CompareExchange8Bytes();
            case Mnemonic.Cmpxchg16b:
                return CompareExchange16Bytes();
            case Mnemonic.Add:
            case Mnemonic.Adc:
            case Mnemonic.Sub:
            case Mnemonic.Sbb:
            case Mnemonic.And:
            case Mnemonic.Or:
            case Mnemonic.Xor:
                return UpdateWithSource();
            case Mnemonic.Cmp:
            case Mnemonic.Test:
                return CompareOperands();
            case Mnemonic.Not:
            case Mnemonic.Neg:
            case Mnemonic.Inc:
            case Mnemonic.Dec:
                return TryUpdate(0, OperandSizeBytes(0), 0, 0, 0, out _);
            case Mnemonic.Rol:
            case Mnemonic.Ror:
            case Mnemonic.Rcl:
            case Mnemonic.Rcr:
            case Mnemonic.Shl:
            case Mnemonic.Sal:
            case Mnemonic.Shr:
            case Mnemonic.Sar:
                return ShiftOperand();
            case Mnemonic.Shld:
            case Mnemonic.Shrd:
                return ShiftOperandDouble();
            case Mnemonic.Bt:
            case Mnemonic.Bts:
            case Mnemonic.Btr:
            case Mnemonic.Btc:
                return TestBit();
            case Mnemonic.Bsf:
            case Mnemonic.Bsr:
            case Mnemonic.Tzcnt:
            case Mnemonic.Lzcnt:
            case Mnemonic.Popcnt:
                return CountBits();
            case Mnemonic.Mul:
                return Multiply(signed: false);
            case Mnemonic.Imul:
                return instruction.OpCount == 1 ? Multiply(signed: true) : MultiplySigned();
            case Mnemonic.Div:
                return Divide(signed: false);
            case Mnemonic.Idiv:
                return Divide(signed: true);
            default:
                return TryExecuteControl();
        }
    }

    private bool TryExecuteControl()
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Push:
                return Push();
            case Mnemonic.Pop:
                return Pop();
            case Mnemonic.Pusha:
            case Mnemonic.Pushad:
                return PushAll();
            case Mnemonic.Popa:
            case Mnemonic.Popad:
                return PopAll();
            case Mnemonic.Pushf:
            case Mnemonic.Pushfd:
            case Mnemonic.Pushfq:
                return PushFlags();
            case Mnemonic.Popf:
            case Mnemonic.Popfd:
            case Mnemonic.Popfq:
                return PopFlags();
            case Mnemonic.Leave:
                return Leave();
            case Mnemonic.Call:
                return Call();
            case Mnemonic.Jmp:
                return Jump();
            case Mnemonic.Ret:
                return Return();
            case Mnemonic.Jcxz:
            case Mnemonic.Jecxz:
            case Mnemonic.Jrcxz:
            case Mnemonic.Loop:
            case Mnemonic.Loope:
            case Mnemonic.Loopne:
                return JumpOnCount();
            case Mnemonic.In:
                return In();
            case Mnemonic.Out:
                return Out();
            case Mnemonic.Movsb:
            case Mnemonic.Movsw:
            case Mnemonic.Movsq:
            case Mnemonic.Cmpsb:
            case Mnemonic.Cmpsw:
            case Mnemonic.Cmpsq:
            case Mnemonic.Stosb:
            case Mnemonic.Stosw:
            case Mnemonic.Stosd:
            case Mnemonic.Stosq:
            case Mnemonic.Lodsb:
            case Mnemonic.Lodsw:
            case Mnemonic.Lodsd:
            case Mnemonic.Lodsq:
            case Mnemonic.Scasb:
            case Mnemonic.Scasw:
            case Mnemonic.Scasd:
            case Mnemonic.Scasq:
            case Mnemonic.Insb:
            case Mnemonic.Insw:
            case Mnemonic.Insd:
            case Mnemonic.Outsb:
            case Mnemonic.Outsw:
            case Mnemonic.Outsd:
                return RepeatString();
            case Mnemonic.Movsd when instruction.Code == Code.Movsd_m32_m32:
            case Mnemonic.Cmpsd when instruction.Code == Code.Cmpsd_m32_m32:
                return RepeatString();
            default:
                return TryExecuteFlags();
        }
    }

    private bool TryExecuteFlags()
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Nop:
            case Mnemonic.Pause:
            case Mnemonic.Endbr32:
            case Mnemonic.Endbr64:
            case Mnemonic.Prefetchnta:
            case Mnemonic.Prefetcht0:
            case Mnemonic.Prefetcht1:
            case Mnemonic.Prefetcht2:
            case Mnemonic.Prefetchw:
            case Mnemonic.Prefetch:
                return true;
            case Mnemonic.Lfence:
            case Mnemonic.Sfence:
            case Mnemonic.Mfence:
                Interlocked.MemoryBarrier();
                return true;
            case Mnemonic.Ud2:
                return Fault(X64Bits.VectorUd);
            case Mnemonic.Wait:
                return Wait();
            case Mnemonic.Cbw:
                WriteGpr(Rax, SignExtend(state.Gpr[Rax], 1), 2);
                return true;
            case Mnemonic.Cwde:
                WriteGpr(Rax, SignExtend(state.Gpr[Rax], 2), 4);
                return true;
            case Mnemonic.Cdqe:
                WriteGpr(Rax, SignExtend(state.Gpr[Rax], 4), 8);
                return true;
            case Mnemonic.Cwd:
                WriteGpr(Rdx, IsNegative(state.Gpr[Rax], 2) ? ulong.MaxValue : 0, 2);
                return true;
            case Mnemonic.Cdq:
                WriteGpr(Rdx, IsNegative(state.Gpr[Rax], 4) ? ulong.MaxValue : 0, 4);
                return true;
            case Mnemonic.Cqo:
                WriteGpr(Rdx, IsNegative(state.Gpr[Rax], 8) ? ulong.MaxValue : 0, 8);
                return true;
            case Mnemonic.Clc:
                state.Rflags &= ~X64Bits.FlagCf;
                return true;
            case Mnemonic.Stc:
                state.Rflags |= X64Bits.FlagCf;
                return true;
            case Mnemonic.Cmc:
                state.Rflags ^= X64Bits.FlagCf;
                return true;
            case Mnemonic.Cld:
                state.Rflags &= ~X64Bits.FlagDf;
                return true;
            case Mnemonic.Std:
                state.Rflags |= X64Bits.FlagDf;
                return true;
            case Mnemonic.Lahf:
                WriteRegister(Register.AH, (state.Rflags & LowStatusFlags) | 2);
                return true;
            case Mnemonic.Sahf:
                state.Rflags = (state.Rflags & ~LowStatusFlags) | (ReadRegister(Register.AH) & LowStatusFlags);
                return true;
            default:
                return instruction.ConditionCode != ConditionCode.None ? TryExecuteConditional() : TryExecuteVector();
        }
    }

    private const ulong LowStatusFlags = X64Bits.FlagsStatus & ~X64Bits.FlagOf;

    // WAIT reports a pending x87 exception too; the x87 state is not here, so only what the control registers say is checked.
    private bool Wait() =>
        (state.Cr0 & (X64Bits.Cr0Mp | X64Bits.Cr0Ts)) != (X64Bits.Cr0Mp | X64Bits.Cr0Ts) || Fault(X64Bits.VectorNm);
}
