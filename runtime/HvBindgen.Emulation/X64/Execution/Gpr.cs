namespace HvBindgen.Emulation.X64.Execution;

/// <summary>Numbers of the general registers that instructions name without encoding them.</summary>
internal static class Gpr
{
    internal const int Rax = 0;
    internal const int Rcx = 1;
    internal const int Rdx = 2;
    internal const int Rbx = 3;
    internal const int Rsp = 4;
    internal const int Rbp = 5;
    internal const int Rsi = 6;
    internal const int Rdi = 7;
}
