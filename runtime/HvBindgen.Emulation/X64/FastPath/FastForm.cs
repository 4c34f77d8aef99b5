namespace HvBindgen.Emulation.X64.FastPath;

/// <summary>Kinds of an instruction's operands.</summary>
internal enum FastForm
{
    None,
    Register,
    Memory,
    Immediate,
    Branch,
    RegisterRegister,
    RegisterImmediate,
    RegisterMemory,
    MemoryRegister,
    MemoryImmediate,
    RegisterRegisterImmediate,
}
