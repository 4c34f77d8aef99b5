using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Which operation carries out which instruction of x87.</summary>
internal static class X87Table
{
    internal static InstructionEntry[] Entries { get; } =
    [
        // What loads, stores and controls.
        new(static set => set.LoadNumber(), Mnemonic.Fld),
        new(static set => set.X87.LoadInteger(), Mnemonic.Fild),
        new(static set => set.StoreNumber(pops: false), Mnemonic.Fst),
        new(static set => set.StoreNumber(pops: true), Mnemonic.Fstp),
        new(static set => set.X87.StoreInteger(pops: false, truncates: false), Mnemonic.Fist),
        new(static set => set.X87.StoreInteger(pops: true, truncates: false), Mnemonic.Fistp),
        new(static set => set.X87.StoreInteger(pops: true, truncates: true), Mnemonic.Fisttp),
        new(static set => set.X87.LoadDecimal(), Mnemonic.Fbld),
        new(static set => set.X87.StoreDecimal(), Mnemonic.Fbstp),
        new(static set => set.X87.LoadControl(), Mnemonic.Fldcw),
        new(static set => set.X87.StoreWord(isStatus: false), Mnemonic.Fnstcw),
        new(static set => set.X87.StoreWord(isStatus: true), Mnemonic.Fnstsw),
        new(static set => set.X87.Reset(), Mnemonic.Fninit),
        new(static set => set.X87.ClearExceptions(), Mnemonic.Fnclex),
        new(static set => set.X87.DoNothing(waits: true), Mnemonic.Fnop),
        new(static set => set.X87.DoNothing(waits: false), Mnemonic.Fneni, Mnemonic.Fndisi, Mnemonic.Fnsetpm),
        new(static set => set.Environments.Store(resets: false), Mnemonic.Fnstenv),
        new(static set => set.Environments.Store(resets: true), Mnemonic.Fnsave),
        new(static set => set.Environments.Load(), Mnemonic.Fldenv, Mnemonic.Frstor),
        new(static set => set.X87.Wait(), Mnemonic.Wait),

        // What computes.
        Combine(X87Arithmetic.Add, isReversed: false, Mnemonic.Fadd, Mnemonic.Faddp, Mnemonic.Fiadd),
        Combine(X87Arithmetic.Subtract, isReversed: false, Mnemonic.Fsub, Mnemonic.Fsubp, Mnemonic.Fisub),
        Combine(X87Arithmetic.Subtract, isReversed: true, Mnemonic.Fsubr, Mnemonic.Fsubrp, Mnemonic.Fisubr),
        Combine(X87Arithmetic.Multiply, isReversed: false, Mnemonic.Fmul, Mnemonic.Fmulp, Mnemonic.Fimul),
        Combine(X87Arithmetic.Divide, isReversed: false, Mnemonic.Fdiv, Mnemonic.Fdivp, Mnemonic.Fidiv),
        Combine(X87Arithmetic.Divide, isReversed: true, Mnemonic.Fdivr, Mnemonic.Fdivrp, Mnemonic.Fidivr),
        new(static set => set.X87Arithmetic.Convert(X87Arithmetic.SquareRoot), Mnemonic.Fsqrt),
        new(static set => set.X87Arithmetic.Convert(X87Arithmetic.RoundToWhole), Mnemonic.Frndint),
        new(static set => set.X87Arithmetic.Scale(), Mnemonic.Fscale),
        new(static set => set.X87Arithmetic.Extract(), Mnemonic.Fxtract),
        new(static set => set.X87Arithmetic.TakeRemainder(isNearest: false), Mnemonic.Fprem),
        new(static set => set.X87Arithmetic.TakeRemainder(isNearest: true), Mnemonic.Fprem1),
        new(static set => set.X87Arithmetic.ChangeSign(isAbsolute: false), Mnemonic.Fchs),
        new(static set => set.X87Arithmetic.ChangeSign(isAbsolute: true), Mnemonic.Fabs),

        // Powers, logarithms and angles.
        new(static set => set.X87Arithmetic.Convert(X87Transcendentals.PowerLessOne), Mnemonic.F2xm1),
        new(static set => set.X87Transcendentals.Combine(X87Transcendentals.MultiplyByLogarithm), Mnemonic.Fyl2x),
        new(static set => set.X87Transcendentals.Combine(X87Transcendentals.MultiplyByLogarithmOfOneAnd), Mnemonic.Fyl2xp1),
        new(static set => set.X87Transcendentals.Combine(X87Transcendentals.Angle), Mnemonic.Fpatan),
        new(static set => set.X87Transcendentals.TakeWave(isCosine: false), Mnemonic.Fsin),
        new(static set => set.X87Transcendentals.TakeWave(isCosine: true), Mnemonic.Fcos),
        new(static set => set.X87Transcendentals.TakeBothWaves(), Mnemonic.Fsincos),
        new(static set => set.X87Transcendentals.TakeTangent(), Mnemonic.Fptan),

        // What compares.
        new(static set => set.X87Arithmetic.Compare(signals: true, pops: 0), Mnemonic.Fcom, Mnemonic.Ficom, Mnemonic.Ftst),
        new(static set => set.X87Arithmetic.Compare(signals: true, pops: 1), Mnemonic.Fcomp, Mnemonic.Ficomp),
        new(static set => set.X87Arithmetic.Compare(signals: true, pops: 2), Mnemonic.Fcompp),
        new(static set => set.X87Arithmetic.Compare(signals: false, pops: 0), Mnemonic.Fucom),
        new(static set => set.X87Arithmetic.Compare(signals: false, pops: 1), Mnemonic.Fucomp),
        new(static set => set.X87Arithmetic.Compare(signals: false, pops: 2), Mnemonic.Fucompp),
        new(static set => set.X87Arithmetic.CompareToFlags(signals: true, pops: 0), Mnemonic.Fcomi),
        new(static set => set.X87Arithmetic.CompareToFlags(signals: true, pops: 1), Mnemonic.Fcomip),
        new(static set => set.X87Arithmetic.CompareToFlags(signals: false, pops: 0), Mnemonic.Fucomi),
        new(static set => set.X87Arithmetic.CompareToFlags(signals: false, pops: 1), Mnemonic.Fucomip),
        new(static set => set.X87Arithmetic.Examine(), Mnemonic.Fxam),

        // The stack.
        new(
            static set => set.X87Stack.LoadConstant(),
            Mnemonic.Fld1, Mnemonic.Fldz, Mnemonic.Fldpi, Mnemonic.Fldl2t, Mnemonic.Fldl2e, Mnemonic.Fldlg2, Mnemonic.Fldln2),
        new(static set => set.X87Stack.Exchange(), Mnemonic.Fxch),
        new(
            static set => set.X87Stack.MoveOnCondition(),
            Mnemonic.Fcmovb, Mnemonic.Fcmove, Mnemonic.Fcmovbe, Mnemonic.Fcmovu, Mnemonic.Fcmovnb, Mnemonic.Fcmovne, Mnemonic.Fcmovnbe,
            Mnemonic.Fcmovnu),
        new(static set => set.X87Stack.Free(), Mnemonic.Ffree),
        new(static set => set.X87Stack.FreeAndPop(), Mnemonic.Ffreep),
        new(static set => set.X87Stack.StoreWithoutCheck(), Mnemonic.Fstpnce),
        new(static set => set.X87Stack.Turn(1), Mnemonic.Fincstp),
        new(static set => set.X87Stack.Turn(-1), Mnemonic.Fdecstp),
    ];

    private static InstructionEntry Combine(X87Arithmetic.Operation operation, bool isReversed, params Mnemonic[] mnemonics) =>
        new(set => set.X87Arithmetic.Combine(operation, isReversed), mnemonics);
}
