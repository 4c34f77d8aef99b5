namespace HvBindgen.Emulation.X64;

/// <summary>Architectural bits and vectors of x64 (Intel SDM volume 3, chapters 2 and 6).</summary>
internal static class X64Bits
{
    internal const ulong FlagCf = 1 << 0;
    internal const ulong FlagPf = 1 << 2;
    internal const ulong FlagAf = 1 << 4;
    internal const ulong FlagZf = 1 << 6;
    internal const ulong FlagSf = 1 << 7;
    internal const ulong FlagTf = 1 << 8;
    internal const ulong FlagIf = 1 << 9;
    internal const ulong FlagDf = 1 << 10;
    internal const ulong FlagOf = 1 << 11;
    internal const ulong FlagIopl = 3 << 12;
    internal const ulong FlagNt = 1 << 14;
    internal const ulong FlagRf = 1 << 16;
    internal const ulong FlagVm = 1 << 17;
    internal const ulong FlagAc = 1 << 18;
    internal const ulong FlagVif = 1 << 19;
    internal const ulong FlagVip = 1 << 20;
    internal const ulong FlagId = 1 << 21;
    internal const ulong FlagsStatus = FlagCf | FlagPf | FlagAf | FlagZf | FlagSf | FlagOf;

    internal const ulong Cr0Pe = 1 << 0;
    internal const ulong Cr0Mp = 1 << 1;
    internal const ulong Cr0Em = 1 << 2;
    internal const ulong Cr0Ts = 1 << 3;
    internal const ulong Cr0Et = 1 << 4;
    internal const ulong Cr0Ne = 1 << 5;
    internal const ulong Cr0Wp = 1 << 16;
    internal const ulong Cr0Am = 1 << 18;
    internal const ulong Cr0Nw = 1 << 29;
    internal const ulong Cr0Cd = 1 << 30;
    internal const ulong Cr0Pg = 1UL << 31;

    internal const ulong Cr3Pcid = 0xFFF;
    internal const ulong Cr3KeepsTranslations = 1UL << 63;
    internal const ulong Cr3LamU57 = 1UL << 61;
    internal const ulong Cr3LamU48 = 1UL << 62;

    internal const ulong Cr4Tsd = 1 << 2;
    internal const ulong Cr4De = 1 << 3;
    internal const ulong Cr4Pse = 1 << 4;
    internal const ulong Cr4Pae = 1 << 5;
    internal const ulong Cr4Mce = 1 << 6;
    internal const ulong Cr4Pge = 1 << 7;
    internal const ulong Cr4Osfxsr = 1 << 9;
    internal const ulong Cr4Osxmmexcpt = 1 << 10;
    internal const ulong Cr4Umip = 1 << 11;
    internal const ulong Cr4La57 = 1 << 12;
    internal const ulong Cr4Fsgsbase = 1 << 16;
    internal const ulong Cr4Pcide = 1 << 17;
    internal const ulong Cr4Osxsave = 1 << 18;
    internal const ulong Cr4Smep = 1 << 20;
    internal const ulong Cr4Smap = 1 << 21;
    internal const ulong Cr4Pke = 1 << 22;
    internal const ulong Cr4Pks = 1 << 24;
    internal const ulong Cr4LamSup = 1 << 28;

    internal const ulong EferSce = 1 << 0;
    internal const ulong EferLme = 1 << 8;
    internal const ulong EferLma = 1 << 10;
    internal const ulong EferNxe = 1 << 11;
    internal const ulong EferFfxsr = 1 << 14;

    internal const ulong Dr6SingleStep = 1 << 14;
    internal const ulong Dr6GeneralDetect = 1 << 13;
    internal const ulong Dr6Fixed = 0xFFFF_0FF0;
    internal const ulong Dr7Fixed = 0x400;
    internal const ulong Dr7GeneralDetect = 1 << 13;

    internal const ulong Xcr0SseAvx = 6;
    internal const ulong Xcr0Avx512 = 0xE6;

    internal const byte VectorDe = 0;
    internal const byte VectorDb = 1;
    internal const byte VectorNmi = 2;
    internal const byte VectorBp = 3;
    internal const byte VectorOf = 4;
    internal const byte VectorBr = 5;
    internal const byte VectorUd = 6;
    internal const byte VectorNm = 7;
    internal const byte VectorDf = 8;
    internal const byte VectorTs = 10;
    internal const byte VectorNp = 11;
    internal const byte VectorSs = 12;
    internal const byte VectorGp = 13;
    internal const byte VectorPf = 14;
    internal const byte VectorMf = 16;
    internal const byte VectorAc = 17;
    internal const byte VectorXm = 19;
}
