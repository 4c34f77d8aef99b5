using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Processors;

/// <summary>Segment registers of x86-64 with what the processor has cached of their descriptors.</summary>
public record struct X64SegmentRegisters
{
    /// <summary>ES.</summary>
    public hv_x64_segment_register Es { get; set; }

    /// <summary>CS.</summary>
    public hv_x64_segment_register Cs { get; set; }

    /// <summary>SS.</summary>
    public hv_x64_segment_register Ss { get; set; }

    /// <summary>DS.</summary>
    public hv_x64_segment_register Ds { get; set; }

    /// <summary>FS.</summary>
    public hv_x64_segment_register Fs { get; set; }

    /// <summary>GS.</summary>
    public hv_x64_segment_register Gs { get; set; }

    /// <summary>Local descriptor table.</summary>
    public hv_x64_segment_register Ldtr { get; set; }

    /// <summary>Task register.</summary>
    public hv_x64_segment_register Tr { get; set; }
}
