namespace HvBindgen.Emulation.A64;

/// <summary>Registers that choose how EL1 and EL0 translate addresses.</summary>
/// <param name="Sctlr">SCTLR_EL1.</param>
/// <param name="Tcr">TCR_EL1.</param>
/// <param name="Ttbr0">TTBR0_EL1: the tables of low addresses.</param>
/// <param name="Ttbr1">TTBR1_EL1: the tables of high addresses.</param>
public readonly record struct A64PagingState(ulong Sctlr, ulong Tcr, ulong Ttbr0, ulong Ttbr1);
