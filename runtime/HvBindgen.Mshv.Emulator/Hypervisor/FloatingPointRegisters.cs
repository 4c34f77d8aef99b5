using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>x87, SSE, XCR0 and debug registers.</summary>
internal sealed class FloatingPointRegisters(IStoredState stored, PublishedRegisters page) : IRegisterBank
{
    private const int DebugRegisterCount = 6;

    private FxsaveArea pending;
    private bool isPending;

    public int? Get(hv_register_name name, ref hv_register_value value)
    {
        if (name == hv_register_name.HV_X64_REGISTER_XFEM)
        {
            value.reg64 = stored.ReadXcr0();
            return Hv.HV_STATUS_SUCCESS;
        }

        if (IsDebug(name))
        {
            Span<ulong> debug = stackalloc ulong[DebugRegisterCount];
            stored.ReadDebugRegisters(debug);
            value.reg64 = debug[DebugIndex(name)];
            return Hv.HV_STATUS_SUCCESS;
        }

        if (!IsFx(name))
        {
            return null;
        }

        stored.ReadFxState(out FxsaveArea fx);
        value.reg128 = Slot(ref fx, name);
        return Hv.HV_STATUS_SUCCESS;
    }

    public int? Set(hv_register_name name, in hv_register_value value)
    {
        if (name == hv_register_name.HV_X64_REGISTER_XFEM)
        {
            page.ForgetExtendedFeatures();
            return StatusOf(stored.TryWriteXcr0(value.reg64));
        }

        if (IsDebug(name))
        {
            Span<ulong> debug = stackalloc ulong[DebugRegisterCount];
            stored.ReadDebugRegisters(debug);
            debug[DebugIndex(name)] = value.reg64;
            page.ShowDebugControl(debug[DebugRegisterCount - 1]);
            return StatusOf(stored.TryWriteDebugRegisters(debug));
        }

        if (!IsFx(name))
        {
            return null;
        }

        if (!isPending)
        {
            stored.ReadFxState(out pending);
        }

        if (name != hv_register_name.HV_X64_REGISTER_XMM_CONTROL_STATUS)
        {
            Slot(ref pending, name) = value.reg128;
            isPending = true;
            return Hv.HV_STATUS_SUCCESS;
        }

        // The only one of them that has values which are refused: the others are not to be refused with it.
        Commit();
        Slot(ref pending, name) = value.reg128;
        return StatusOf(stored.TryWriteFxState(in pending));
    }

    public void Commit()
    {
        if (isPending)
        {
            isPending = false;
            _ = stored.TryWriteFxState(in pending);
        }
    }

    private static bool IsFx(hv_register_name name) =>
        name is >= hv_register_name.HV_X64_REGISTER_XMM0 and <= hv_register_name.HV_X64_REGISTER_XMM_CONTROL_STATUS;

    private static ref hv_u128 Slot(ref FxsaveArea fx, hv_register_name name)
    {
        switch (name)
        {
            case hv_register_name.HV_X64_REGISTER_FP_CONTROL_STATUS:
                return ref fx.FpControlStatus.as_uint128;
            case hv_register_name.HV_X64_REGISTER_XMM_CONTROL_STATUS:
                return ref fx.XmmControlStatus.as_uint128;
            case <= hv_register_name.HV_X64_REGISTER_XMM15:
                return ref fx.Xmm[(int)(name - hv_register_name.HV_X64_REGISTER_XMM0)];
            default:
                return ref fx.Fp[(int)(name - hv_register_name.HV_X64_REGISTER_FP_MMX0)];
        }
    }

    private static bool IsDebug(hv_register_name name) =>
        name is >= hv_register_name.HV_X64_REGISTER_DR0 and <= hv_register_name.HV_X64_REGISTER_DR7;

    // DR4 and DR5 have no names: DR6 and DR7 follow DR3.
    private static int DebugIndex(hv_register_name name) => (int)(name - hv_register_name.HV_X64_REGISTER_DR0);

    private static int StatusOf(bool isWritten) => isWritten ? Hv.HV_STATUS_SUCCESS : Hv.HV_STATUS_INVALID_REGISTER_VALUE;
}
