using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Processors;

/// <summary>The fixed part of the extended state that XSAVE writes; its components follow. Intel's manual, volume 1, 13.4: the legacy
/// area and the header.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct XsaveArea
{
    /// <summary>What FXSAVE writes.</summary>
    internal FxsaveArea Legacy;

    /// <summary>What the rest of the area holds.</summary>
    internal XsaveHeader Header;
}

/// <summary>The header of the extended state; what has no name here stays zero.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct XsaveHeader
{
    /// <summary>In <see cref="Format"/>: the components lie one behind the other, and the other bits say which have room.</summary>
    internal const ulong IsCompacted = 1UL << 63;

    /// <summary>x87, in <see cref="Present"/>.</summary>
    internal const ulong X87 = 1 << 0;

    /// <summary>SSE, in <see cref="Present"/>.</summary>
    internal const ulong Sse = 1 << 1;

    /// <summary>AVX, in <see cref="Present"/>: its component, the upper halves of YMM registers, comes first in every format.</summary>
    internal const ulong Avx = 1 << 2;

    /// <summary>A bit for each component that is not in its initial state (XSTATE_BV).</summary>
    internal ulong Present;

    /// <summary>Whether the state is compacted, and which components have room then (XCOMP_BV).</summary>
    internal ulong Format;
}

/// <summary>x87 and SSE state as FXSAVE writes it in 64-bit mode. Intel's manual, volume 1, 10.5.1. The hypervisor's two registers of
/// control and status are its first 32 bytes; the last 96 are not the processor's.</summary>
[StructLayout(LayoutKind.Sequential, Size = 512)]
internal struct FxsaveArea
{
    /// <summary>Control, status and tag word of x87, the last instruction's opcode and address.</summary>
    internal hv_x64_fp_control_status_register FpControlStatus;

    /// <summary>Address of the last x87 operand, MXCSR, and which of its bits may be set.</summary>
    internal hv_x64_xmm_control_status_register XmmControlStatus;

    /// <summary>The x87 stack from ST0 on, which MMX registers share; ten bytes of each slot are used.</summary>
    internal FpRegisters Fp;

    /// <summary>XMM0 to XMM15.</summary>
    internal XmmRegisters Xmm;

    /// <summary>Eight registers of x87.</summary>
    [InlineArray(8)]
    internal struct FpRegisters
    {
        private hv_u128 first;
    }

    /// <summary>Sixteen vector registers.</summary>
    [InlineArray(16)]
    internal struct XmmRegisters
    {
        private hv_u128 first;
    }
}
