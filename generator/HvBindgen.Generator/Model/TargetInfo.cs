namespace HvBindgen.Generator.Model;

/// <summary>A machine whose C ABI is described: the sizes that C leaves to it, and how the tools name it.</summary>
/// <param name="Name">Name in configuration, file names and reports, for example <c>arm64</c>.</param>
/// <param name="Triple">Target triple for clang.</param>
/// <param name="Multiarch">Folder of the machine's own <c>asm/</c> headers below the include folder.</param>
/// <param name="CSharpName">Name of the sub-namespace for declarations that only this target has in this form.</param>
/// <param name="PointerBytes">Size of a pointer, of <c>long</c> and of <c>size_t</c>, in bytes.</param>
/// <param name="LongDoubleBytes">Size of <c>long double</c> in bytes.</param>
/// <param name="CharIsSigned">Whether plain <c>char</c> is signed.</param>
/// <param name="IsLittleEndian">Byte order; decides from which end bit-fields are counted.</param>
public sealed record TargetInfo(
    string Name,
    string Triple,
    string Multiarch,
    string CSharpName,
    int PointerBytes,
    int LongDoubleBytes,
    bool CharIsSigned,
    bool IsLittleEndian)
{
    /// <summary>
    /// Alignment of <c>__int128</c> in bytes by the machine's ABI; 0 where it has no such type. Compilers have had it wrong.
    /// </summary>
    internal int Int128AlignBytes => PointerBytes < 8 ? 0 : Name == "s390x" ? 8 : 16;

    /// <summary>What a number in a record is aligned to at most, in bytes: i386's ABI has 4 for 8 bytes too.</summary>
    internal int MostNumberAlignBytes => Name == "i686" ? 4 : 16;

    /// <summary>The targets the tool knows, by name. What is said of each is checked against clang at every parse.</summary>
    public static IReadOnlyList<TargetInfo> Known { get; } =
    [
        new("x86_64", "x86_64-linux-gnu", "x86_64-linux-gnu", "X64", 8, 16, true, true),
        new("arm64", "aarch64-linux-gnu", "aarch64-linux-gnu", "Arm64", 8, 16, false, true),
        new("i686", "i686-linux-gnu", "i386-linux-gnu", "X86", 4, 12, true, true),
        new("armv7", "armv7-linux-gnueabihf", "arm-linux-gnueabihf", "Arm", 4, 8, false, true),
        new("riscv64", "riscv64-linux-gnu", "riscv64-linux-gnu", "RiscV64", 8, 16, false, true),
        new("ppc64le", "powerpc64le-linux-gnu", "powerpc64le-linux-gnu", "Ppc64le", 8, 16, false, true),
        new("s390x", "s390x-linux-gnu", "s390x-linux-gnu", "S390x", 8, 16, false, false),
    ];

    /// <summary>Finds a known target.</summary>
    /// <param name="name">Name as in <see cref="Known"/>; <c>aarch64</c> and <c>amd64</c> are understood too.</param>
    /// <returns>The target, or null when the name is unknown.</returns>
    public static TargetInfo? Find(string name)
    {
        string canonical = name switch
        {
            "aarch64" => "arm64",
            "amd64" or "x64" => "x86_64",
            "i386" => "i686",
            _ => name,
        };

        return Known.FirstOrDefault(target => target.Name == canonical);
    }
}
