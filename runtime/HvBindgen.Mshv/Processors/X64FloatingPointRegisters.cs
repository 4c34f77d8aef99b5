using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Processors;

/// <summary>x87, MMX and SSE registers. Wider vector registers are in the XSAVE state.</summary>
public struct X64FloatingPointRegisters
{
    private Array16<hv_u128> xmm;
    private Array8<hv_u128> mmx;

    /// <summary>XMM0 to XMM15, in place.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public Span<hv_u128> Xmm => xmm;

    /// <summary>The eight x87 registers, which MMX shares, in place.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public Span<hv_u128> Mmx => mmx;

    /// <summary>x87 control, status and tags.</summary>
    public hv_x64_fp_control_status_register FpControlStatus { get; set; }

    /// <summary>MXCSR and its mask.</summary>
    public hv_x64_xmm_control_status_register XmmControlStatus { get; set; }
}
