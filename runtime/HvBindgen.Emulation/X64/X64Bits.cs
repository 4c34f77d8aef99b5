namespace HvBindgen.Emulation.X64;

/// <summary>Architectural bits and vectors of x64 (Intel SDM volume 3, chapters 2 and 6).</summary>
internal static class X64Bits
{
    public const ulong FlagCf = 1 << 0;
    public const ulong FlagPf = 1 << 2;
    public const ulong FlagAf = 1 << 4;
    public const ulong FlagZf = 1 << 6;
    public const ulong FlagSf = 1 << 7;
    public const ulong FlagTf = 1 << 8;
    public const ulong FlagIf = 1 << 9;
    public const ulong FlagDf = 1 << 10;
    public const ulong FlagOf = 1 << 11;
    public const ulong FlagIopl = 3 << 12;
    public const ulong FlagNt = 1 << 14;
    public const ulong FlagRf = 1 << 16;
    public const ulong FlagVm = 1 << 17;
    public const ulong FlagAc = 1 << 18;
    public const ulong FlagVif = 1 << 19;
    public const ulong FlagVip = 1 << 20;
    public const ulong FlagId = 1 << 21;
    public const ulong FlagsStatus = FlagCf | FlagPf | FlagAf | FlagZf | FlagSf | FlagOf;

    public const ulong Cr0Pe = 1 << 0;
    public const ulong Cr0Mp = 1 << 1;
    public const ulong Cr0Em = 1 << 2;
    public const ulong Cr0Ts = 1 << 3;
    public const ulong Cr0Wp = 1 << 16;
    public const ulong Cr0Am = 1 << 18;
    public const ulong Cr0Pg = 1UL << 31;

    public const ulong Cr3LamU57 = 1UL << 61;
    public const ulong Cr3LamU48 = 1UL << 62;

    public const ulong Cr4Pse = 1 << 4;
    public const ulong Cr4Pae = 1 << 5;
    public const ulong Cr4Osfxsr = 1 << 9;
    public const ulong Cr4Umip = 1 << 11;
    public const ulong Cr4La57 = 1 << 12;
    public const ulong Cr4Osxsave = 1 << 18;
    public const ulong Cr4Smep = 1 << 20;
    public const ulong Cr4Smap = 1 << 21;
    public const ulong Cr4Pke = 1 << 22;
    public const ulong Cr4Pks = 1 << 24;
    public const ulong Cr4LamSup = 1 << 28;

    public const ulong EferLma = 1 << 10;
    public const ulong EferNxe = 1 << 11;

    public const ulong Xcr0SseAvx = 6;
    public const ulong Xcr0Avx512 = 0xE6;

    public const byte VectorDe = 0;
    public const byte VectorBr = 5;
    public const byte VectorUd = 6;
    public const byte VectorNm = 7;
    public const byte VectorSs = 12;
    public const byte VectorGp = 13;
    public const byte VectorPf = 14;
    public const byte VectorMf = 16;
    public const byte VectorAc = 17;
}
