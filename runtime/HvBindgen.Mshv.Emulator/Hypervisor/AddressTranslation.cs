using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Translation of guest-virtual addresses, as the client asks for it.</summary>
internal sealed class AddressTranslation(GuestMemoryMap memory)
{
    /// <summary>Translates an address with the registers of a stopped processor.</summary>
    internal hv_output_translate_virtual_address Translate(ProcessorState state, in hv_input_translate_virtual_address input)
    {
        hv_output_translate_virtual_address output = default;
        output.translation_result.result_code = (uint)Translate(state, in input, out ulong gpa);
        output.gpa_page = gpa >> GuestMemoryMap.PageShift;
        return output;
    }

    private hv_translate_gva_result_code Translate(ProcessorState state, in hv_input_translate_virtual_address input, out ulong gpa)
    {
        ulong flags = input.control_flags;
        bool isWrite = (flags & Hv.HV_TRANSLATE_GVA_VALIDATE_WRITE) != 0;
        AccessKind access = isWrite ? AccessKind.Write
            : (flags & Hv.HV_TRANSLATE_GVA_VALIDATE_EXECUTE) != 0 ? AccessKind.Execute
            : AccessKind.Read;
        bool isExempt = (flags & HvX64.HV_TRANSLATE_GVA_PRIVILEGE_EXEMPT) != 0;
        bool isUser = !isExempt && (flags & Hv.HV_TRANSLATE_GVA_SUPERVISOR_ACCESS) == 0
            && ((flags & Hv.HV_TRANSLATE_GVA_USER_ACCESS) != 0 || state.Cpl == 3);

        ulong rflags = isExempt || (flags & HvX64.HV_TRANSLATE_GVA_OVERRIDE_SMAP) != 0 ? state.Rflags | X64Bits.FlagAc
            : (flags & HvX64.HV_TRANSLATE_GVA_ENFORCE_SMAP) != 0 ? state.Rflags & ~X64Bits.FlagAc
            : state.Rflags;
        PagingState paging = new(state.Cr0, state.Cr3, state.Cr4, state.Efer, rflags);
        TranslationResult result = PageWalker.Translate(
            in paging,
            memory,
            input.gva_page << GuestMemoryMap.PageShift,
            access,
            isUser ? AccessPrivilege.User : AccessPrivilege.Supervisor,
            (flags & Hv.HV_TRANSLATE_GVA_SET_PAGE_TABLE_BITS) != 0);
        gpa = result.Gpa;
        switch (result.Status)
        {
            case TranslationStatus.TableNotBacked:
                return hv_translate_gva_result_code.HV_TRANSLATE_GVA_GPA_UNMAPPED;
            case TranslationStatus.PageFault:
                gpa = 0;
                return (result.ErrorCode & 1) == 0 ? hv_translate_gva_result_code.HV_TRANSLATE_GVA_PAGE_NOT_PRESENT
                    : (result.ErrorCode & 8) != 0 ? hv_translate_gva_result_code.HV_TRANSLATE_GVA_INVALIDE_PAGE_TABLE_FLAGS
                    : hv_translate_gva_result_code.HV_TRANSLATE_GVA_PRIVILEGE_VIOLATION;
        }

        return !memory.TryResolve(gpa, out HostRange range) ? hv_translate_gva_result_code.HV_TRANSLATE_GVA_GPA_UNMAPPED
            : isWrite && !range.IsWritable ? hv_translate_gva_result_code.HV_TRANSLATE_GVA_GPA_NO_WRITE_ACCESS
            : hv_translate_gva_result_code.HV_TRANSLATE_GVA_SUCCESS;
    }
}
