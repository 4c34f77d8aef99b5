using System.Runtime.Intrinsics.X86;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>A component of the extended (XSAVE) state, by the number that it has in XCR0.</summary>
internal enum ExtendedComponent
{
    /// <summary>The upper halves of YMM0 to YMM15.</summary>
    Avx = 2,

    /// <summary>The mask registers.</summary>
    Masks = 5,

    /// <summary>The upper halves of ZMM0 to ZMM15.</summary>
    UpperZmm = 6,

    /// <summary>ZMM16 to ZMM31.</summary>
    HighZmm = 7,
}

/// <summary>Where the components of an extended state lie.</summary>
internal static unsafe class ExtendedStateLayout
{
    // SDM volume 1, 13.5: sizes in bytes of the components from AVX on, which no processor has otherwise.
    private static ReadOnlySpan<int> SizesBytes => [256, 64, 64, 64, 512, 1024];

    internal static int SizeBytes(ExtendedComponent component) => SizesBytes[component - ExtendedComponent.Avx];

    /// <summary>The offset of a component.</summary>
    /// <param name="component">Which one.</param>
    /// <param name="format"><see cref="XsaveHeader.Format"/>.</param>
    /// <returns>Null when the state has no room for it, or it isn't known where.</returns>
    internal static int? OffsetOf(ExtendedComponent component, ulong format)
    {
        if (component != ExtendedComponent.Avx && (format & XsaveHeader.IsCompacted) == 0)
        {
            return StandardOffset(component);
        }

        if ((format & XsaveHeader.IsCompacted) != 0 && (format & (1UL << (int)component)) == 0)
        {
            return null;
        }

        // Compacted: those before it that have room. AVX comes first in both formats.
        int offset = sizeof(XsaveArea);
        for (int before = (int)ExtendedComponent.Avx; before < (int)component; before++)
        {
            offset += (format & (1UL << before)) != 0 ? SizesBytes[before - (int)ExtendedComponent.Avx] : 0;
        }

        return offset;
    }

    // Makers of processors chose otherwise; the guest's processor is this one.
    private static int? StandardOffset(ExtendedComponent component)
    {
        const int StateLeaf = 0xD;
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < StateLeaf)
        {
            return null;
        }

        int offset = X86Base.CpuId(StateLeaf, (int)component).Ebx;
        return offset >= sizeof(XsaveArea) ? offset : null;
    }
}
