using HvBindgen.Mshv.Abi;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Processors;

/// <summary>Which registers are on the register page, and where: general registers, RIP, RFLAGS, XMM0 to XMM5 and six segments.</summary>
/// <remarks>
/// The control registers on the page are copies made at the last exit that nobody may write; they are not served from here, because
/// a value set by hypercall since then would not show. Classes are marked dirty after all values, never before.
/// </remarks>
internal static unsafe class RegisterPageMap
{
    internal static bool IsOnPage(uint name) => Locate(name, out _, out _, out _);

    /// <summary>Reads a register from the page, which the caller has found valid.</summary>
    internal static bool TryGet(VirtualProcessor processor, uint name, out hv_u128 value)
    {
        value = default;
        if (!Locate(name, out int offset, out int sizeBytes, out _))
        {
            return false;
        }

        byte* field = (byte*)processor.RegisterPage + offset;
        if (sizeBytes == sizeof(ulong))
        {
            value.low_part = *(ulong*)field;
        }
        else
        {
            value = *(hv_u128*)field;
        }

        return true;
    }

    /// <summary>Writes a register to the page, which the caller has found valid, and adds its class to those to mark dirty at the
    /// end.</summary>
    internal static bool TrySet(VirtualProcessor processor, uint name, hv_u128 value, ref uint dirtyClasses)
    {
        if (!Locate(name, out int offset, out int sizeBytes, out int registerClass))
        {
            return false;
        }

        byte* field = (byte*)processor.RegisterPage + offset;
        if (sizeBytes == sizeof(ulong))
        {
            *(ulong*)field = value.low_part;
        }
        else
        {
            *(hv_u128*)field = value;
        }

        dirtyClasses |= 1u << registerClass;
        return true;
    }

    /// <summary>Tells the hypervisor what to take over; the values are there already.</summary>
    /// <param name="processor">Processor, which has a page unless there is nothing to mark.</param>
    /// <param name="classes">Bits numbered by <c>HV_X64_REGISTER_CLASS_*</c>.</param>
    internal static void MarkDirty(VirtualProcessor processor, uint classes)
    {
        if (classes != 0)
        {
            Abi.X64.hv_vp_register_page* page = processor.RegisterPage;
            Volatile.Write(ref page->dirty, page->dirty | classes);
        }
    }

    // Offsets follow from hvhdk.h, struct hv_vp_register_page: the register numbers and the page have the same order.
    private static bool Locate(uint name, out int offset, out int sizeBytes, out int registerClass)
    {
        const int GeneralOffset = 8;
        const int XmmOffset = 160;
        const int SegmentOffset = 256;
        switch ((Name)name)
        {
            case >= Name.HV_X64_REGISTER_RAX and <= Name.HV_X64_REGISTER_RFLAGS:
                offset = GeneralOffset + (int)(name - (uint)Name.HV_X64_REGISTER_RAX) * sizeof(ulong);
                sizeBytes = sizeof(ulong);
                registerClass = (Name)name switch
                {
                    Name.HV_X64_REGISTER_RIP => Constants.HV_X64_REGISTER_CLASS_IP,
                    Name.HV_X64_REGISTER_RFLAGS => Constants.HV_X64_REGISTER_CLASS_FLAGS,
                    _ => Constants.HV_X64_REGISTER_CLASS_GENERAL,
                };
                return true;
            case >= Name.HV_X64_REGISTER_XMM0 and <= Name.HV_X64_REGISTER_XMM5:
                offset = XmmOffset + (int)(name - (uint)Name.HV_X64_REGISTER_XMM0) * sizeof(hv_u128);
                sizeBytes = sizeof(hv_u128);
                registerClass = Constants.HV_X64_REGISTER_CLASS_XMM;
                return true;
            case >= Name.HV_X64_REGISTER_ES and <= Name.HV_X64_REGISTER_GS:
                offset = SegmentOffset + (int)(name - (uint)Name.HV_X64_REGISTER_ES) * sizeof(hv_u128);
                sizeBytes = sizeof(hv_u128);
                registerClass = Constants.HV_X64_REGISTER_CLASS_SEGMENT;
                return true;
            default:
                offset = sizeBytes = registerClass = 0;
                return false;
        }
    }
}
