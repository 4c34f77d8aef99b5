namespace HvBindgen.Generator.Headers;

/// <summary>The kernel's name for the architecture of a target folder: <c>arm64</c> of <c>aarch64-linux-gnu</c>.</summary>
internal static class KernelArchitecture
{
    internal static string Of(string multiarch) => multiarch.Split('-')[0] switch
    {
        "x86_64" or "i386" or "i486" or "i586" or "i686" => "x86",
        "aarch64" => "arm64",
        string name when name.StartsWith("arm", StringComparison.Ordinal) => "arm",
        string name when name.StartsWith("mips", StringComparison.Ordinal) => "mips",
        string name when name.StartsWith("powerpc", StringComparison.Ordinal) => "powerpc",
        string name when name.StartsWith("riscv", StringComparison.Ordinal) => "riscv",
        string name when name.StartsWith("sparc", StringComparison.Ordinal) => "sparc",
        "s390x" => "s390",
        "sh4" => "sh",
        "loongarch64" => "loongarch",
        "hppa" => "parisc",
        string name => name,
    };
}
