using ClangSharp.Interop;
using HvBindgen.Generator.Clang;

namespace HvBindgen.Generator.Parsing;

/// <summary>How functions are called, where it is not the target's own way: the attribute that says so in C.</summary>
internal static class CallingConventions
{
    private const string RegisterParameters = "regparm";

    /// <summary>The attribute without its parentheses, for example <c>ms_abi</c>; empty for the target's own way.</summary>
    internal static string Of(ClangType function) => function.Convention switch
    {
        CXCallingConv.CXCallingConv_Default => "",
        CXCallingConv.CXCallingConv_C => RegistersOf(function),
        CXCallingConv.CXCallingConv_X86StdCall => "stdcall",
        CXCallingConv.CXCallingConv_X86FastCall => "fastcall",
        CXCallingConv.CXCallingConv_X86ThisCall => "thiscall",
        CXCallingConv.CXCallingConv_X86Pascal => "pascal",
        CXCallingConv.CXCallingConv_X86RegCall => "regcall",
        CXCallingConv.CXCallingConv_X86VectorCall => "vectorcall",
        CXCallingConv.CXCallingConv_Win64 => "ms_abi",
        CXCallingConv.CXCallingConv_X86_64SysV => "sysv_abi",
        CXCallingConv.CXCallingConv_AAPCS => "pcs(\"aapcs\")",
        CXCallingConv.CXCallingConv_AAPCS_VFP => "pcs(\"aapcs-vfp\")",
        CXCallingConv.CXCallingConv_Swift => "swiftcall",
        CXCallingConv.CXCallingConv_PreserveMost => "preserve_most",
        CXCallingConv.CXCallingConv_PreserveAll => "preserve_all",
        CXCallingConv.CXCallingConv_AArch64VectorCall => "aarch64_vector_pcs",
        { } other => $"unknown_convention_{(int)other}",
    };

    // libclang has no number for registers that parameters are passed in; the spelling of the type tells them, behind the parameters.
    private static string RegistersOf(ClangType function)
    {
        string spelling = function.Canonical.Spelling;
        int start = spelling.LastIndexOf(RegisterParameters, StringComparison.Ordinal);
        int end = start < 0 ? -1 : spelling.IndexOf(')', start);

        // "regparm (3)", in some versions without the space.
        return end < 0 ? "" : spelling[start..(end + 1)].Replace(" ", "", StringComparison.Ordinal);
    }
}
