using HvBindgen.Emulation;
using HvBindgen.Emulation.A64;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Processors;

/// <content>Guest-virtual addresses.</content>
public sealed unsafe partial class VirtualProcessor
{
    // No driver that has been released has it; one that says so is not asked again.
    private volatile bool lacksTranslationRequest;

    /// <summary>Translates a guest-virtual address by the processor's present page tables.</summary>
    /// <remarks>
    /// Asks the hypervisor; where that cannot see a page, because the kernel moves guest memory and nobody has touched it yet, or does
    /// not answer at all, the driver is asked to bring the pages along (<c>MSHV_TRANSLATE_GVA</c>, headers/vmm/mshv_requests.h, which
    /// Linux 7.3 does not have), and where it cannot, the page tables are walked in software. On arm64 the walk looks at no permissions:
    /// the page that it leads to is touched, the hypervisor is asked again, and only where that cannot tell either the walk's address is
    /// given. Where the walk leads nowhere the hypervisor's answer stays.
    /// </remarks>
    /// <param name="gva">Guest-virtual address.</param>
    /// <param name="access">What the access would do.</param>
    /// <param name="privilege">On whose behalf.</param>
    /// <returns>The translation.</returns>
    /// <exception cref="HypervisorException">The hypervisor refused, and there is no other way.</exception>
    /// <exception cref="InvalidOperationException">The processor is running.</exception>
    public GvaTranslation TranslateGva(
        ulong gva, AccessKind access = AccessKind.Read, AccessPrivilege privilege = AccessPrivilege.Supervisor)
    {
        HypercallResult result = Partition.Hypercalls.TryTranslateGva(
            Index, gva, FlagsOf(access, privilege), out GvaTranslation translation);
        if (IsConclusive(in result, in translation))
        {
            return translation;
        }

        if (TryTranslateByRequest(gva, FlagsOf(access, privilege), out GvaTranslation brought))
        {
            return brought;
        }

        if (Architecture == GuestArchitecture.X64)
        {
            return Walk(gva, access, privilege);
        }

        // What the driver does not bring is touched here, and asked for once more.
        if (TryWalkArm64(gva, out ulong gpa))
        {
            HypercallResult again = Partition.Hypercalls.TryTranslateGva(
                Index, gva, FlagsOf(access, privilege), out GvaTranslation second);
            return IsConclusive(in again, in second)
                ? second
                : new GvaTranslation(hv_translate_gva_result_code.HV_TRANSLATE_GVA_SUCCESS, gpa);
        }

        result.ThrowIfFailed($"Translating guest-virtual address 0x{gva:x} of virtual processor {Index}");
        return translation;
    }

    private bool TryTranslateByRequest(ulong gva, int flags, out GvaTranslation translation)
    {
        translation = default;
        if (lacksTranslationRequest)
        {
            return false;
        }

        // Both are this method's and stay where they are while the request lasts; of the first the driver may write the code alone.
        hv_translate_gva_result found = default;
        ulong gpa = 0;
        mshv_translate_gva request = new() { gva = gva, flags = (ulong)flags, result = &found, gpa = &gpa };
        using Access access = Enter();
        IoctlResult answer = VpIoctls.MSHV_TRANSLATE_GVA(access.Descriptor, ref request);
        lacksTranslationRequest = answer.Errno == Errno.ENOTTY;
        hv_translate_gva_result_code code = (hv_translate_gva_result_code)found.result_code;
        translation = new GvaTranslation(code, code == hv_translate_gva_result_code.HV_TRANSLATE_GVA_SUCCESS ? gpa : 0);
        return answer.IsSuccess && IsConclusive(translation.Code);
    }

    private static bool IsConclusive(in HypercallResult result, in GvaTranslation translation) =>
        result.IsSuccess && IsConclusive(translation.Code);

    private static bool IsConclusive(hv_translate_gva_result_code code) => code is not (
        hv_translate_gva_result_code.HV_TRANSLATE_GVA_GPA_UNMAPPED
        or hv_translate_gva_result_code.HV_TRANSLATE_GVA_GPA_NO_READ_ACCESS
        or hv_translate_gva_result_code.HV_TRANSLATE_GVA_GPA_NO_WRITE_ACCESS);

    // The walk reads the tables, and the page is read here: what the process did not have yet, it has then.
    private bool TryWalkArm64(ulong gva, out ulong gpa)
    {
        ReadOnlySpan<Abi.Arm64.hv_register_name> names =
        [
            Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_SCTLR_EL1, Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_TCR_EL1,
            Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_TTBR0_EL1, Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_TTBR1_EL1,
        ];
        Span<Abi.Arm64.hv_register_value> values = stackalloc Abi.Arm64.hv_register_value[names.Length];
        Registers.Get(names, values);
        A64PagingState paging = new(values[0].reg64, values[1].reg64, values[2].reg64, values[3].reg64);
        Span<byte> touched = stackalloc byte[1];
        return A64PageWalker.TryTranslate(in paging, Partition.Memory, gva, out gpa) && Partition.Memory.TryRead(gpa, touched);
    }

    private GvaTranslation Walk(ulong gva, AccessKind access, AccessPrivilege privilege)
    {
        X64ControlRegisters control = X64.Control;
        ulong rflags = Registers.Get(Abi.X64.hv_register_name.HV_X64_REGISTER_RFLAGS).reg64;
        PagingState paging = new(control.Cr0, control.Cr3, control.Cr4, control.Efer, rflags) { PhysicalAddressBits = physicalAddressBits };
        TranslationResult walked = PageWalker.Translate(paging, Partition.Memory, gva, access, privilege, setAccessedDirty: false);

        // Bit 0 of a page fault's error code: the page is there, and the access is what is not allowed.
        const uint FaultIsProtection = 1;
        return walked.Status switch
        {
            TranslationStatus.Success => new GvaTranslation(hv_translate_gva_result_code.HV_TRANSLATE_GVA_SUCCESS, walked.Gpa),
            TranslationStatus.TableNotBacked => new GvaTranslation(hv_translate_gva_result_code.HV_TRANSLATE_GVA_GPA_UNMAPPED, 0),
            _ when (walked.ErrorCode & FaultIsProtection) != 0 =>
                new GvaTranslation(hv_translate_gva_result_code.HV_TRANSLATE_GVA_PRIVILEGE_VIOLATION, 0),
            _ => new GvaTranslation(hv_translate_gva_result_code.HV_TRANSLATE_GVA_PAGE_NOT_PRESENT, 0),
        };
    }

    private static int FlagsOf(AccessKind access, AccessPrivilege privilege)
    {
        int flags = access switch
        {
            AccessKind.Write => Constants.HV_TRANSLATE_GVA_VALIDATE_READ | Constants.HV_TRANSLATE_GVA_VALIDATE_WRITE,
            AccessKind.Execute => Constants.HV_TRANSLATE_GVA_VALIDATE_EXECUTE,
            _ => Constants.HV_TRANSLATE_GVA_VALIDATE_READ,
        };
        return privilege == AccessPrivilege.User
            ? flags | Constants.HV_TRANSLATE_GVA_USER_ACCESS
            : flags | Constants.HV_TRANSLATE_GVA_SUPERVISOR_ACCESS;
    }
}
