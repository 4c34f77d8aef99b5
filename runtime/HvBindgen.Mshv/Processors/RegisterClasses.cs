using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Processors;

/// <summary>Groups of registers on the register page that are handed over together (<c>HV_X64_REGISTER_CLASS_*</c>).</summary>
[Flags]
internal enum RegisterClasses : uint
{
    /// <summary>No register.</summary>
    None = 0,

    /// <summary>RAX to R15.</summary>
    General = 1u << Constants.HV_X64_REGISTER_CLASS_GENERAL,

    /// <summary>RIP.</summary>
    InstructionPointer = 1u << Constants.HV_X64_REGISTER_CLASS_IP,

    /// <summary>XMM0 to XMM5.</summary>
    Vector = 1u << Constants.HV_X64_REGISTER_CLASS_XMM,

    /// <summary>ES to GS.</summary>
    Segment = 1u << Constants.HV_X64_REGISTER_CLASS_SEGMENT,

    /// <summary>RFLAGS.</summary>
    Flags = 1u << Constants.HV_X64_REGISTER_CLASS_FLAGS,
}
