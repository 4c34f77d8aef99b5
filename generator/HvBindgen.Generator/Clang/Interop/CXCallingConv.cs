namespace ClangSharp.Interop;

/// <summary>Calling convention of a function type.</summary>
public enum CXCallingConv
{
    /// <summary>The target's own.</summary>
    CXCallingConv_Default = 0,

    /// <summary>cdecl.</summary>
    CXCallingConv_C = 1,

    /// <summary>stdcall of x86.</summary>
    CXCallingConv_X86StdCall = 2,

    /// <summary>fastcall of x86.</summary>
    CXCallingConv_X86FastCall = 3,

    /// <summary>thiscall of x86.</summary>
    CXCallingConv_X86ThisCall = 4,

    /// <summary>pascal of x86.</summary>
    CXCallingConv_X86Pascal = 5,

    /// <summary>Base convention of ARM.</summary>
    CXCallingConv_AAPCS = 6,

    /// <summary>Convention of ARM with floating-point registers.</summary>
    CXCallingConv_AAPCS_VFP = 7,

    /// <summary>regcall of x86.</summary>
    CXCallingConv_X86RegCall = 8,

    /// <summary>OpenCL of Intel.</summary>
    CXCallingConv_IntelOclBicc = 9,

    /// <summary>ms_abi.</summary>
    CXCallingConv_Win64 = 10,

    /// <summary>sysv_abi.</summary>
    CXCallingConv_X86_64SysV = 11,

    /// <summary>vectorcall of x86.</summary>
    CXCallingConv_X86VectorCall = 12,

    /// <summary>Swift.</summary>
    CXCallingConv_Swift = 13,

    /// <summary>preserve_most.</summary>
    CXCallingConv_PreserveMost = 14,

    /// <summary>preserve_all.</summary>
    CXCallingConv_PreserveAll = 15,

    /// <summary>aarch64_vector_pcs.</summary>
    CXCallingConv_AArch64VectorCall = 16,

    /// <summary>Swift, asynchronous.</summary>
    CXCallingConv_SwiftAsync = 17,

    /// <summary>aarch64_sve_pcs.</summary>
    CXCallingConv_AArch64SVEPCS = 18,

    /// <summary>No function.</summary>
    CXCallingConv_Invalid = 100,

    /// <summary>One that libclang has no number for.</summary>
    CXCallingConv_Unexposed = 200,
}
