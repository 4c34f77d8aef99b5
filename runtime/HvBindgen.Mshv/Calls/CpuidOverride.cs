namespace HvBindgen.Mshv.Calls;

/// <summary>The four registers that CPUID gives.</summary>
/// <param name="Eax">EAX.</param>
/// <param name="Ebx">EBX.</param>
/// <param name="Ecx">ECX.</param>
/// <param name="Edx">EDX.</param>
public readonly record struct CpuidValues(uint Eax, uint Ebx, uint Ecx, uint Edx);

/// <summary>What a guest sees in a leaf of CPUID instead of what the hypervisor would say.</summary>
/// <param name="Leaf">Leaf, in EAX.</param>
/// <param name="Subleaf">Subleaf, in ECX; null for every subleaf.</param>
/// <param name="Value">New bits.</param>
/// <param name="Mask">Bits that are taken from <paramref name="Value"/>, so that bits can be cleared too; the others stay the
/// hypervisor's.</param>
public readonly record struct CpuidOverride(uint Leaf, uint? Subleaf, CpuidValues Value, CpuidValues Mask)
{
    /// <summary>A mask that takes every bit.</summary>
    public static CpuidValues EveryBit => new(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue);

    /// <summary>Whether the override also holds where the hypervisor insists on a value of its own.</summary>
    public bool Always { get; init; }
}
