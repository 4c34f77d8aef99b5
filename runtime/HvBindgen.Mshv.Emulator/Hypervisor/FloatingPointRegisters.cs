using System.Buffers.Binary;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>x87, SSE, XCR0 and debug registers.</summary>
internal sealed class FloatingPointRegisters(IStoredState stored, PublishedRegisters page) : IRegisterBank
{
    // SDM volume 1, 10.5.1: layout of the FXSAVE area.
    private const int FxStateSizeBytes = 512;
    private const int LastIpOffset = 8;
    private const int LastDpOffset = 16;
    private const int MxcsrOffset = 24;
    private const int StackOffset = 32;
    private const int XmmOffset = 160;
    private const int RegisterBytes = 16;
    private const int DebugRegisterCount = 6;

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

        Span<byte> fx = stackalloc byte[FxStateSizeBytes];
        stored.ReadFxState(fx);
        switch (name)
        {
            case hv_register_name.HV_X64_REGISTER_FP_CONTROL_STATUS:
                value.reg128.low_part = BinaryPrimitives.ReadUInt64LittleEndian(fx);
                value.reg128.high_part = BinaryPrimitives.ReadUInt64LittleEndian(fx[LastIpOffset..]);
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_X64_REGISTER_XMM_CONTROL_STATUS:
                value.reg128.low_part = BinaryPrimitives.ReadUInt64LittleEndian(fx[LastDpOffset..]);
                value.reg128.high_part = BinaryPrimitives.ReadUInt64LittleEndian(fx[MxcsrOffset..]);
                return Hv.HV_STATUS_SUCCESS;
            default:
                Span<byte> slot = fx.Slice(OffsetOf(name), RegisterBytes);
                value.reg128.low_part = BinaryPrimitives.ReadUInt64LittleEndian(slot);
                value.reg128.high_part = BinaryPrimitives.ReadUInt64LittleEndian(slot[8..]);
                return Hv.HV_STATUS_SUCCESS;
        }
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

        Span<byte> fx = stackalloc byte[FxStateSizeBytes];
        stored.ReadFxState(fx);
        switch (name)
        {
            case hv_register_name.HV_X64_REGISTER_FP_CONTROL_STATUS:
                BinaryPrimitives.WriteUInt64LittleEndian(fx, value.reg128.low_part);
                BinaryPrimitives.WriteUInt64LittleEndian(fx[LastIpOffset..], value.reg128.high_part);
                break;
            case hv_register_name.HV_X64_REGISTER_XMM_CONTROL_STATUS:
                BinaryPrimitives.WriteUInt64LittleEndian(fx[LastDpOffset..], value.reg128.low_part);
                BinaryPrimitives.WriteUInt64LittleEndian(fx[MxcsrOffset..], value.reg128.high_part);
                break;
            default:
                Span<byte> slot = fx.Slice(OffsetOf(name), RegisterBytes);
                BinaryPrimitives.WriteUInt64LittleEndian(slot, value.reg128.low_part);
                BinaryPrimitives.WriteUInt64LittleEndian(slot[8..], value.reg128.high_part);
                break;
        }

        return StatusOf(stored.TryWriteFxState(fx));
    }

    private static bool IsFx(hv_register_name name) =>
        name is >= hv_register_name.HV_X64_REGISTER_XMM0 and <= hv_register_name.HV_X64_REGISTER_XMM_CONTROL_STATUS;

    private static int OffsetOf(hv_register_name name) => name <= hv_register_name.HV_X64_REGISTER_XMM15
        ? XmmOffset + ((int)(name - hv_register_name.HV_X64_REGISTER_XMM0) * RegisterBytes)
        : StackOffset + ((int)(name - hv_register_name.HV_X64_REGISTER_FP_MMX0) * RegisterBytes);

    private static bool IsDebug(hv_register_name name) =>
        name is >= hv_register_name.HV_X64_REGISTER_DR0 and <= hv_register_name.HV_X64_REGISTER_DR7;

    // DR4 and DR5 have no names: DR6 and DR7 follow DR3.
    private static int DebugIndex(hv_register_name name) => (int)(name - hv_register_name.HV_X64_REGISTER_DR0);

    private static int StatusOf(bool isWritten) => isWritten ? Hv.HV_STATUS_SUCCESS : Hv.HV_STATUS_INVALID_REGISTER_VALUE;
}
