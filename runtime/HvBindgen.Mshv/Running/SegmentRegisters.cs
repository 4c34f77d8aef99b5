using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Running;

/// <summary>Segment registers of the hypervisor as those of the instruction emulator, and back.</summary>
/// <remarks>Both have the processor's fields and attributes in the same places, which a test compares, so nothing is converted.</remarks>
internal static class SegmentRegisters
{
    internal static ReadOnlySpan<X64SegmentState> AsStates(ReadOnlySpan<hv_x64_segment_register> registers) =>
        MemoryMarshal.Cast<hv_x64_segment_register, X64SegmentState>(registers);

    internal static ref readonly hv_x64_segment_register AsRegister(ref readonly X64SegmentState state) =>
        ref Unsafe.As<X64SegmentState, hv_x64_segment_register>(ref Unsafe.AsRef(in state));
}
