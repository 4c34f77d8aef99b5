using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Which operation carries out which instruction: the one list of what is emulated.</summary>
internal static class InstructionTable
{
    private static readonly InstructionEntry[] Entries =
    [
        // What moves integers.
        new(static set => set.Moves.Move(), Mnemonic.Mov),
        new(static set => set.Moves.MoveReversed(), Mnemonic.Movbe),
        new(static set => set.Moves.MoveGeneral(), Mnemonic.Movnti, Mnemonic.Movdiri),
        new(static set => set.Moves.MoveDirect64Bytes(), Mnemonic.Movdir64b),
        new(static set => set.Moves.MoveExtended(signed: false), Mnemonic.Movzx),
        new(static set => set.Moves.MoveExtended(signed: true), Mnemonic.Movsx, Mnemonic.Movsxd),
        new(static set => set.Moves.LoadAddress(), Mnemonic.Lea),
        new(static set => set.Moves.TranslateByte(), Mnemonic.Xlatb),
        new(static set => set.Moves.SwapBytes(), Mnemonic.Bswap),
        new(static set => set.Moves.LoadFarPointer(X64SegmentFile.Es), Mnemonic.Les),
        new(static set => set.Moves.LoadFarPointer(X64SegmentFile.Ss), Mnemonic.Lss),
        new(static set => set.Moves.LoadFarPointer(X64SegmentFile.Ds), Mnemonic.Lds),
        new(static set => set.Moves.LoadFarPointer(X64SegmentFile.Fs), Mnemonic.Lfs),
        new(static set => set.Moves.LoadFarPointer(X64SegmentFile.Gs), Mnemonic.Lgs),
        new(static set => set.Moves.StoreMachineStatus(), Mnemonic.Smsw),

        // What exchanges.
        new(static set => set.Exchanges.ExchangeOperands(), Mnemonic.Xchg, Mnemonic.Xadd),
        new(static set => set.Exchanges.CompareExchange(), Mnemonic.Cmpxchg),
        new(static set => set.Exchanges.CompareExchange8Bytes(), Mnemonic.Cmpxchg8b),
        new(static set => set.Exchanges.CompareExchange16Bytes(), Mnemonic.Cmpxchg16b),

        // What computes.
        new(
            static set => set.Arithmetic.UpdateWithSource(),
            Mnemonic.Add, Mnemonic.Adc, Mnemonic.Sub, Mnemonic.Sbb, Mnemonic.And, Mnemonic.Or, Mnemonic.Xor),
        new(static set => set.Arithmetic.CompareOperands(), Mnemonic.Cmp, Mnemonic.Test),
        new(static set => set.Arithmetic.UpdateAlone(), Mnemonic.Not, Mnemonic.Neg, Mnemonic.Inc, Mnemonic.Dec),
        new(
            static set => set.Arithmetic.ShiftOperand(),
            Mnemonic.Rol, Mnemonic.Ror, Mnemonic.Rcl, Mnemonic.Rcr, Mnemonic.Shl, Mnemonic.Sal, Mnemonic.Shr, Mnemonic.Sar),
        new(static set => set.Arithmetic.ShiftOperandDouble(), Mnemonic.Shld, Mnemonic.Shrd),
        new(static set => set.Arithmetic.TestBit(), Mnemonic.Bt, Mnemonic.Bts, Mnemonic.Btr, Mnemonic.Btc),
        new(static set => set.Arithmetic.CountBits(), Mnemonic.Bsf, Mnemonic.Bsr, Mnemonic.Tzcnt, Mnemonic.Lzcnt, Mnemonic.Popcnt),
        new(static set => set.Multiplication.Multiply(signed: false), Mnemonic.Mul),
        new(static set => set.Multiplication.MultiplySigned(), Mnemonic.Imul),
        new(static set => set.Multiplication.Divide(signed: false), Mnemonic.Div),
        new(static set => set.Multiplication.Divide(signed: true), Mnemonic.Idiv),

        new(static set => set.Bits.Combine(), Mnemonic.Andn, Mnemonic.Bextr, Mnemonic.Bzhi, Mnemonic.Pdep, Mnemonic.Pext),
        new(static set => set.Bits.UseLowestBit(), Mnemonic.Blsi, Mnemonic.Blsmsk, Mnemonic.Blsr),
        new(static set => set.Bits.MultiplyWithoutFlags(), Mnemonic.Mulx),
        new(static set => set.Bits.ShiftWithoutFlags(), Mnemonic.Rorx, Mnemonic.Sarx, Mnemonic.Shlx, Mnemonic.Shrx),
        new(static set => set.Bits.AddWithOwnCarry(X64Bits.FlagCf), Mnemonic.Adcx),
        new(static set => set.Bits.AddWithOwnCarry(X64Bits.FlagOf), Mnemonic.Adox),
        new(static set => set.Bits.AccumulateChecksum(), Mnemonic.Crc32),
        new(static set => set.Decimals.SplitDigits(), Mnemonic.Aam),
        new(static set => set.Decimals.JoinDigits(), Mnemonic.Aad),
        new(static set => set.Decimals.AdjustUnpacked(isAddition: true), Mnemonic.Aaa),
        new(static set => set.Decimals.AdjustUnpacked(isAddition: false), Mnemonic.Aas),
        new(static set => set.Decimals.AdjustPacked(isAddition: true), Mnemonic.Daa),
        new(static set => set.Decimals.AdjustPacked(isAddition: false), Mnemonic.Das),
        new(static set => set.Arithmetic.CheckBounds(), Mnemonic.Bound),

        // What depends on a condition.
        new(
            static set => set.Branches.JumpOnCondition(),
            Mnemonic.Jo, Mnemonic.Jno, Mnemonic.Jb, Mnemonic.Jae, Mnemonic.Je, Mnemonic.Jne, Mnemonic.Jbe, Mnemonic.Ja,
            Mnemonic.Js, Mnemonic.Jns, Mnemonic.Jp, Mnemonic.Jnp, Mnemonic.Jl, Mnemonic.Jge, Mnemonic.Jle, Mnemonic.Jg),
        new(
            static set => set.Conditionals.SetByte(),
            Mnemonic.Seto, Mnemonic.Setno, Mnemonic.Setb, Mnemonic.Setae, Mnemonic.Sete, Mnemonic.Setne, Mnemonic.Setbe,
            Mnemonic.Seta, Mnemonic.Sets, Mnemonic.Setns, Mnemonic.Setp, Mnemonic.Setnp, Mnemonic.Setl, Mnemonic.Setge,
            Mnemonic.Setle, Mnemonic.Setg),
        new(
            static set => set.Conditionals.Move(),
            Mnemonic.Cmovo, Mnemonic.Cmovno, Mnemonic.Cmovb, Mnemonic.Cmovae, Mnemonic.Cmove, Mnemonic.Cmovne, Mnemonic.Cmovbe,
            Mnemonic.Cmova, Mnemonic.Cmovs, Mnemonic.Cmovns, Mnemonic.Cmovp, Mnemonic.Cmovnp, Mnemonic.Cmovl, Mnemonic.Cmovge,
            Mnemonic.Cmovle, Mnemonic.Cmovg),

        // What uses the stack, or transfers control.
        new(static set => set.Stack.Push(), Mnemonic.Push),
        new(static set => set.Stack.Pop(), Mnemonic.Pop),
        new(static set => set.Stack.PushAll(), Mnemonic.Pusha, Mnemonic.Pushad),
        new(static set => set.Stack.PopAll(), Mnemonic.Popa, Mnemonic.Popad),
        new(static set => set.Stack.PushFlags(), Mnemonic.Pushf, Mnemonic.Pushfd, Mnemonic.Pushfq),
        new(static set => set.Stack.PopFlags(), Mnemonic.Popf, Mnemonic.Popfd, Mnemonic.Popfq),
        new(static set => set.Stack.Enter(), Mnemonic.Enter),
        new(static set => set.Stack.Leave(), Mnemonic.Leave),
        new(static set => set.Branches.Call(), Mnemonic.Call),
        new(static set => set.Branches.Jump(), Mnemonic.Jmp),
        new(static set => set.Branches.Return(), Mnemonic.Ret),
        new(
            static set => set.Branches.JumpOnCount(),
            Mnemonic.Jcxz, Mnemonic.Jecxz, Mnemonic.Jrcxz, Mnemonic.Loop, Mnemonic.Loope, Mnemonic.Loopne),

        // Ports and strings.
        new(static set => set.Ports.In(), Mnemonic.In),
        new(static set => set.Ports.Out(), Mnemonic.Out),
        new(
            static set => set.Strings.Repeat(),
            Mnemonic.Movsb, Mnemonic.Movsw, Mnemonic.Movsq, Mnemonic.Cmpsb, Mnemonic.Cmpsw, Mnemonic.Cmpsq, Mnemonic.Stosb,
            Mnemonic.Stosw, Mnemonic.Stosd, Mnemonic.Stosq, Mnemonic.Lodsb, Mnemonic.Lodsw, Mnemonic.Lodsd, Mnemonic.Lodsq,
            Mnemonic.Scasb, Mnemonic.Scasw, Mnemonic.Scasd, Mnemonic.Scasq, Mnemonic.Insb, Mnemonic.Insw, Mnemonic.Insd,
            Mnemonic.Outsb, Mnemonic.Outsw, Mnemonic.Outsd),
        new(static set => set.CompareString4BytesOrScalar(), Mnemonic.Cmpsd),
        new(static set => set.MoveString4BytesOrScalar(), Mnemonic.Movsd),

        // Caches.
        new(static set => set.Caches.CleanLine(), Mnemonic.Clflush, Mnemonic.Clflushopt, Mnemonic.Clwb),
        new(static set => set.Caches.CleanAll(), Mnemonic.Wbinvd, Mnemonic.Wbnoinvd, Mnemonic.Invd),
        new(static _ => FlagInstructions.DoNothing(), Mnemonic.Cldemote),

        // The state of x87 and SSE.
        new(static set => set.States.Save(), Mnemonic.Fxsave, Mnemonic.Fxsave64),
        new(static set => set.States.Restore(), Mnemonic.Fxrstor, Mnemonic.Fxrstor64),
        new(static set => set.States.LoadMxcsr(), Mnemonic.Ldmxcsr, Mnemonic.Vldmxcsr),
        new(static set => set.States.StoreMxcsr(), Mnemonic.Stmxcsr, Mnemonic.Vstmxcsr),

        // Flags, the accumulator, and nothing.
        new(
            static _ => FlagInstructions.DoNothing(),
            Mnemonic.Nop, Mnemonic.Pause, Mnemonic.Endbr32, Mnemonic.Endbr64, Mnemonic.Prefetchnta, Mnemonic.Prefetcht0,
            Mnemonic.Prefetcht1, Mnemonic.Prefetcht2, Mnemonic.Prefetchw, Mnemonic.Prefetch),

        // What processors that do not know it take for NOP; without shadow stacks RDSSP is among that.
        new(
            static set => set.Flags.DoNothingUnlessUndefined(),
            Mnemonic.Reservednop, Mnemonic.Prefetchwt1, Mnemonic.Prefetchit0, Mnemonic.Prefetchit1, Mnemonic.Rdsspd, Mnemonic.Rdsspq),
        new(static _ => FlagInstructions.Fence(), Mnemonic.Lfence, Mnemonic.Sfence, Mnemonic.Mfence),
        new(static set => set.Flags.Undefined(), Mnemonic.Ud2),
        new(static set => set.Flags.WidenAccumulator(1), Mnemonic.Cbw),
        new(static set => set.Flags.WidenAccumulator(2), Mnemonic.Cwde),
        new(static set => set.Flags.WidenAccumulator(4), Mnemonic.Cdqe),
        new(static set => set.Flags.SpreadSign(2), Mnemonic.Cwd),
        new(static set => set.Flags.SpreadSign(4), Mnemonic.Cdq),
        new(static set => set.Flags.SpreadSign(8), Mnemonic.Cqo),
        new(static set => set.Flags.Clear(X64Bits.FlagCf), Mnemonic.Clc),
        new(static set => set.Flags.Set(X64Bits.FlagCf), Mnemonic.Stc),
        new(static set => set.Flags.Complement(X64Bits.FlagCf), Mnemonic.Cmc),
        new(static set => set.Flags.Clear(X64Bits.FlagDf), Mnemonic.Cld),
        new(static set => set.Flags.Set(X64Bits.FlagDf), Mnemonic.Std),
        new(static set => set.Flags.LoadFlags(), Mnemonic.Lahf),
        new(static set => set.Flags.SpreadCarry(), Mnemonic.Salc),
        new(static set => set.Flags.StoreFlags(), Mnemonic.Sahf),

        .. VectorTable.Entries,
        .. PackedTable.Entries,
        .. CipherTable.Entries,
        .. FloatingTable.Entries,
        .. FusedTable.Entries,
        .. X87Table.Entries,
    ];

    private static readonly InstructionEntry?[] ByMnemonic = Order();

    /// <summary>Every mnemonic that has an operation. Some of their encodings are refused all the same, each by its operation.</summary>
    internal static IEnumerable<Mnemonic> Mnemonics => Entries.SelectMany(entry => entry.Mnemonics);

    /// <summary>The entry of an instruction.</summary>
    /// <returns>Null when it is not emulated.</returns>
    internal static InstructionEntry? Find(Mnemonic mnemonic) =>
        (uint)mnemonic < (uint)ByMnemonic.Length ? ByMnemonic[(int)mnemonic] : null;

    private static InstructionEntry?[] Order()
    {
        InstructionEntry?[] ordered = new InstructionEntry?[(int)Mnemonics.Max() + 1];

        foreach (InstructionEntry entry in Entries)
        {
            foreach (Mnemonic mnemonic in entry.Mnemonics)
            {
                ordered[(int)mnemonic] = entry;
            }
        }

        return ordered;
    }
}
