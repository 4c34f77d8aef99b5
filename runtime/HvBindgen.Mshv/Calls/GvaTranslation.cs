using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Calls;

/// <summary>What the hypervisor made of a guest-virtual address.</summary>
/// <param name="Code">Whether it is translated, and why not.</param>
/// <param name="Gpa">Guest-physical address with the offset in the page; 0 unless it is translated.</param>
public readonly record struct GvaTranslation(hv_translate_gva_result_code Code, ulong Gpa)
{
    /// <summary>Whether the address is translated and may be accessed as asked.</summary>
    public bool IsSuccess => Code == hv_translate_gva_result_code.HV_TRANSLATE_GVA_SUCCESS;
}
