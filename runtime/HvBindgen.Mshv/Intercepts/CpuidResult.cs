namespace HvBindgen.Mshv.Intercepts;

/// <summary>What <c>CPUID</c> leaves in the registers; the upper halves become zero.</summary>
/// <param name="Eax">EAX.</param>
/// <param name="Ebx">EBX.</param>
/// <param name="Ecx">ECX.</param>
/// <param name="Edx">EDX.</param>
public readonly record struct CpuidResult(uint Eax, uint Ebx, uint Ecx, uint Edx);
