using HvBindgen.Emulation.X64.Numbers;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Which operation carries out which instruction of floating-point arithmetic on vectors.</summary>
internal static class FloatingTable
{
    internal static InstructionEntry[] Entries { get; } =
    [
        .. Family(
            NumberArithmetic.Add,
            [Mnemonic.Addps, Mnemonic.Vaddps], [Mnemonic.Addss, Mnemonic.Vaddss],
            [Mnemonic.Addpd, Mnemonic.Vaddpd], [Mnemonic.Addsd, Mnemonic.Vaddsd]),
        .. Family(
            NumberArithmetic.Subtract,
            [Mnemonic.Subps, Mnemonic.Vsubps], [Mnemonic.Subss, Mnemonic.Vsubss],
            [Mnemonic.Subpd, Mnemonic.Vsubpd], [Mnemonic.Subsd, Mnemonic.Vsubsd]),
        .. Family(
            NumberArithmetic.Multiply,
            [Mnemonic.Mulps, Mnemonic.Vmulps], [Mnemonic.Mulss, Mnemonic.Vmulss],
            [Mnemonic.Mulpd, Mnemonic.Vmulpd], [Mnemonic.Mulsd, Mnemonic.Vmulsd]),
        .. Family(
            NumberArithmetic.Divide,
            [Mnemonic.Divps, Mnemonic.Vdivps], [Mnemonic.Divss, Mnemonic.Vdivss],
            [Mnemonic.Divpd, Mnemonic.Vdivpd], [Mnemonic.Divsd, Mnemonic.Vdivsd]),
        .. Family(
            NumberArithmetic.Minimum,
            [Mnemonic.Minps, Mnemonic.Vminps], [Mnemonic.Minss, Mnemonic.Vminss],
            [Mnemonic.Minpd, Mnemonic.Vminpd], [Mnemonic.Minsd, Mnemonic.Vminsd]),
        .. Family(
            NumberArithmetic.Maximum,
            [Mnemonic.Maxps, Mnemonic.Vmaxps], [Mnemonic.Maxss, Mnemonic.Vmaxss],
            [Mnemonic.Maxpd, Mnemonic.Vmaxpd], [Mnemonic.Maxsd, Mnemonic.Vmaxsd]),
        Convert(NumberArithmetic.SquareRoot, NumberFormat.Single, isScalar: false, Mnemonic.Sqrtps, Mnemonic.Vsqrtps),
        Convert(NumberArithmetic.SquareRoot, NumberFormat.Single, isScalar: true, Mnemonic.Sqrtss, Mnemonic.Vsqrtss),
        Convert(NumberArithmetic.SquareRoot, NumberFormat.Double, isScalar: false, Mnemonic.Sqrtpd, Mnemonic.Vsqrtpd),
        Convert(NumberArithmetic.SquareRoot, NumberFormat.Double, isScalar: true, Mnemonic.Sqrtsd, Mnemonic.Vsqrtsd),
        Convert(Approximations.Reciprocal, NumberFormat.Single, isScalar: false, Mnemonic.Rcpps, Mnemonic.Vrcpps),
        Convert(Approximations.Reciprocal, NumberFormat.Single, isScalar: true, Mnemonic.Rcpss, Mnemonic.Vrcpss),
        Convert(Approximations.ReciprocalRoot, NumberFormat.Single, isScalar: false, Mnemonic.Rsqrtps, Mnemonic.Vrsqrtps),
        Convert(Approximations.ReciprocalRoot, NumberFormat.Single, isScalar: true, Mnemonic.Rsqrtss, Mnemonic.Vrsqrtss),

        new(static set => set.Floating.RoundToWhole(NumberFormat.Single, isScalar: false), Mnemonic.Roundps, Mnemonic.Vroundps),
        new(static set => set.Floating.RoundToWhole(NumberFormat.Single, isScalar: true), Mnemonic.Roundss, Mnemonic.Vroundss),
        new(static set => set.Floating.RoundToWhole(NumberFormat.Double, isScalar: false), Mnemonic.Roundpd, Mnemonic.Vroundpd),
        new(static set => set.Floating.RoundToWhole(NumberFormat.Double, isScalar: true), Mnemonic.Roundsd, Mnemonic.Vroundsd),
        new(static set => set.FloatingLanes.AddAndSubtract(NumberFormat.Single), Mnemonic.Addsubps, Mnemonic.Vaddsubps),
        new(static set => set.FloatingLanes.AddAndSubtract(NumberFormat.Double), Mnemonic.Addsubpd, Mnemonic.Vaddsubpd),
        Neighbours(NumberArithmetic.Add, NumberFormat.Single, Mnemonic.Haddps, Mnemonic.Vhaddps),
        Neighbours(NumberArithmetic.Add, NumberFormat.Double, Mnemonic.Haddpd, Mnemonic.Vhaddpd),
        Neighbours(NumberArithmetic.Subtract, NumberFormat.Single, Mnemonic.Hsubps, Mnemonic.Vhsubps),
        Neighbours(NumberArithmetic.Subtract, NumberFormat.Double, Mnemonic.Hsubpd, Mnemonic.Vhsubpd),
        new(static set => set.FloatingLanes.SumProducts(NumberFormat.Single), Mnemonic.Dpps, Mnemonic.Vdpps),
        new(static set => set.FloatingLanes.SumProducts(NumberFormat.Double), Mnemonic.Dppd, Mnemonic.Vdppd),

        // Comparisons. CMPSD is a string instruction too.
        new(static set => set.Floating.Compare(NumberFormat.Single, isScalar: false), Mnemonic.Cmpps, Mnemonic.Vcmpps),
        new(static set => set.Floating.Compare(NumberFormat.Single, isScalar: true), Mnemonic.Cmpss, Mnemonic.Vcmpss),
        new(static set => set.Floating.Compare(NumberFormat.Double, isScalar: false), Mnemonic.Cmppd, Mnemonic.Vcmppd),
        new(static set => set.Floating.Compare(NumberFormat.Double, isScalar: true), Mnemonic.Vcmpsd),
        new(static set => set.Floating.CompareToFlags(NumberFormat.Single, signals: true), Mnemonic.Comiss, Mnemonic.Vcomiss),
        new(static set => set.Floating.CompareToFlags(NumberFormat.Double, signals: true), Mnemonic.Comisd, Mnemonic.Vcomisd),
        new(static set => set.Floating.CompareToFlags(NumberFormat.Single, signals: false), Mnemonic.Ucomiss, Mnemonic.Vucomiss),
        new(static set => set.Floating.CompareToFlags(NumberFormat.Double, signals: false), Mnemonic.Ucomisd, Mnemonic.Vucomisd),

        // Conversions.
        Reformat(NumberConversions.Int32ToSingle, 4, 4, truncates: false, Mnemonic.Cvtdq2ps, Mnemonic.Vcvtdq2ps),
        Reformat(NumberConversions.SingleToInt32, 4, 4, truncates: false, Mnemonic.Cvtps2dq, Mnemonic.Vcvtps2dq),
        Reformat(NumberConversions.SingleToInt32, 4, 4, truncates: true, Mnemonic.Cvttps2dq, Mnemonic.Vcvttps2dq),
        Reformat(NumberConversions.Int32ToDouble, 4, 8, truncates: false, Mnemonic.Cvtdq2pd, Mnemonic.Vcvtdq2pd),
        Reformat(NumberConversions.DoubleToInt32, 8, 4, truncates: false, Mnemonic.Cvtpd2dq, Mnemonic.Vcvtpd2dq),
        Reformat(NumberConversions.DoubleToInt32, 8, 4, truncates: true, Mnemonic.Cvttpd2dq, Mnemonic.Vcvttpd2dq),
        Reformat(NumberConversions.SingleToDouble, 4, 8, truncates: false, Mnemonic.Cvtps2pd, Mnemonic.Vcvtps2pd),
        Reformat(NumberConversions.DoubleToSingle, 8, 4, truncates: false, Mnemonic.Cvtpd2ps, Mnemonic.Vcvtpd2ps),
        new(
            static set => set.Floating.ConvertScalar(NumberConversions.SingleToDouble, 4, 8), Mnemonic.Cvtss2sd, Mnemonic.Vcvtss2sd),
        new(
            static set => set.Floating.ConvertScalar(NumberConversions.DoubleToSingle, 8, 4), Mnemonic.Cvtsd2ss, Mnemonic.Vcvtsd2ss),
        new(static set => set.Floating.ConvertInteger(NumberFormat.Single), Mnemonic.Cvtsi2ss, Mnemonic.Vcvtsi2ss),
        new(static set => set.Floating.ConvertInteger(NumberFormat.Double), Mnemonic.Cvtsi2sd, Mnemonic.Vcvtsi2sd),
        new(
            static set => set.Floating.ConvertToInteger(NumberFormat.Single, truncates: false), Mnemonic.Cvtss2si, Mnemonic.Vcvtss2si),
        new(
            static set => set.Floating.ConvertToInteger(NumberFormat.Double, truncates: false), Mnemonic.Cvtsd2si, Mnemonic.Vcvtsd2si),
        new(
            static set => set.Floating.ConvertToInteger(NumberFormat.Single, truncates: true), Mnemonic.Cvttss2si, Mnemonic.Vcvttss2si),
        new(
            static set => set.Floating.ConvertToInteger(NumberFormat.Double, truncates: true), Mnemonic.Cvttsd2si, Mnemonic.Vcvttsd2si),

        new(static set => set.Floating.ConvertFormat(NumberConversions.HalfToSingle, 2, 4), Mnemonic.Vcvtph2ps),
        new(static set => set.Floating.ConvertToHalves(), Mnemonic.Vcvtps2ph),

        // What only AVX has.
        new(static set => set.Avx.Clear(isWhole: true), Mnemonic.Vzeroall),
        new(static set => set.Avx.Clear(isWhole: false), Mnemonic.Vzeroupper),
        new(static set => set.Avx.TestSigns(4), Mnemonic.Vtestps),
        new(static set => set.Avx.TestSigns(8), Mnemonic.Vtestpd),
        new(static set => set.Avx.PermuteInLanes(4), Mnemonic.Vpermilps),
        new(static set => set.Avx.PermuteInLanes(8), Mnemonic.Vpermilpd),
        new(static set => set.Avx.Gather(4, 4), Mnemonic.Vpgatherdd, Mnemonic.Vgatherdps),
        new(static set => set.Avx.Gather(8, 4), Mnemonic.Vpgatherdq, Mnemonic.Vgatherdpd),
        new(static set => set.Avx.Gather(4, 8), Mnemonic.Vpgatherqd, Mnemonic.Vgatherqps),
        new(static set => set.Avx.Gather(8, 8), Mnemonic.Vpgatherqq, Mnemonic.Vgatherqpd),

        // Two numbers in a register of MMX.
        new(static set => set.MmxConversions.ConvertIntegers(NumberFormat.Single), Mnemonic.Cvtpi2ps),
        new(static set => set.MmxConversions.ConvertIntegers(NumberFormat.Double), Mnemonic.Cvtpi2pd),
        new(static set => set.MmxConversions.ConvertToIntegers(NumberFormat.Single, truncates: false), Mnemonic.Cvtps2pi),
        new(static set => set.MmxConversions.ConvertToIntegers(NumberFormat.Single, truncates: true), Mnemonic.Cvttps2pi),
        new(static set => set.MmxConversions.ConvertToIntegers(NumberFormat.Double, truncates: false), Mnemonic.Cvtpd2pi),
        new(static set => set.MmxConversions.ConvertToIntegers(NumberFormat.Double, truncates: true), Mnemonic.Cvttpd2pi),
    ];

    // Both formats, packed and scalar.
    private static InstructionEntry[] Family(
        NumberArithmetic.Binary operation, Mnemonic[] singles, Mnemonic[] single, Mnemonic[] doubles, Mnemonic[] @double) =>
    [
        new(set => set.Floating.Combine(operation, NumberFormat.Single, isScalar: false), singles),
        new(set => set.Floating.Combine(operation, NumberFormat.Single, isScalar: true), single),
        new(set => set.Floating.Combine(operation, NumberFormat.Double, isScalar: false), doubles),
        new(set => set.Floating.Combine(operation, NumberFormat.Double, isScalar: true), @double),
    ];

    private static InstructionEntry Convert(
        NumberArithmetic.Unary operation, NumberFormat format, bool isScalar, params Mnemonic[] mnemonics) =>
        new(set => set.Floating.Convert(operation, format, isScalar), mnemonics);

    private static InstructionEntry Neighbours(
        NumberArithmetic.Binary operation, NumberFormat format, params Mnemonic[] mnemonics) =>
        new(set => set.FloatingLanes.CombineNeighbours(operation, format), mnemonics);

    private static InstructionEntry Reformat(
        NumberConversions.Conversion conversion, int fromBytes, int toBytes, bool truncates, params Mnemonic[] mnemonics) =>
        new(set => set.Floating.ConvertFormat(conversion, fromBytes, toBytes, truncates), mnemonics);
}
