using Iced.Intel;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>What the decoder's names of registers stand for.</summary>
internal static class RegisterNames
{
    internal static bool IsSegment(Register register) => register is >= Register.ES and <= Register.GS;

    internal static bool IsGeneral(Register register) => register is >= Register.AL and <= Register.R15;

    internal static int SegmentIndex(Register register) => register - Register.ES;

    internal static int SizeBytes(Register register) => register switch
    {
        <= Register.R15L => 1,
        <= Register.R15W => 2,
        <= Register.R15D => 4,
        <= Register.R15 => 8,
        >= Register.XMM0 and <= Register.XMM31 => 16,
        >= Register.YMM0 and <= Register.YMM31 => 32,
        >= Register.ZMM0 and <= Register.ZMM31 => 64,
        _ => 2,
    };

    internal static bool IsVector(Register register) => register is >= Register.XMM0 and <= Register.ZMM31;

    internal static bool IsMmx(Register register) => register is >= Register.MM0 and <= Register.MM7;

    internal static bool IsMask(Register register) => register is >= Register.K0 and <= Register.K7;

    internal static int VectorIndex(Register register) => register switch
    {
        >= Register.ZMM0 => register - Register.ZMM0,
        >= Register.YMM0 => register - Register.YMM0,
        _ => register - Register.XMM0,
    };
}
