using System.Runtime.CompilerServices;
using HvBindgen.Mshv.Abi;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Gdb.Registers;

/// <summary>Control and status of x87 and SSE, which gdb has as registers of their own.</summary>
internal static class X87Control
{
    private const int RegisterCount = 8;
    private const ushort EmptyTag = 3;

    internal static IEnumerable<GdbRegister> Registers(string feature) =>
    [
        Of(feature, "fctrl", image => Fp(image).fp_control, (image, value) => Fp(image).fp_control = (ushort)value),
        Of(feature, "fstat", image => Fp(image).fp_status, (image, value) => Fp(image).fp_status = (ushort)value),
        Of(feature, "ftag", image => Expand(Fp(image).fp_tag), (image, value) => Fp(image).fp_tag = Abridge((ushort)value)),
        Of(feature, "fiseg", image => Fp(image).last_fp_cs, (image, value) => Fp(image).last_fp_cs = (ushort)value),
        Of(feature, "fioff", image => Fp(image).last_fp_eip, (image, value) => Fp(image).last_fp_eip = value),
        Of(feature, "foseg", image => Xmm(image).last_fp_ds, (image, value) => Xmm(image).last_fp_ds = (ushort)value),
        Of(feature, "fooff", image => Xmm(image).last_fp_dp, (image, value) => Xmm(image).last_fp_dp = value),
        Of(feature, "fop", image => Fp(image).last_fp_op, (image, value) => Fp(image).last_fp_op = (ushort)value),
    ];

    internal static GdbRegister Mxcsr(string feature) => Of(
        feature, "mxcsr", image => Xmm(image).xmm_status_control, (image, value) => Xmm(image).xmm_status_control = value);

    private static GdbRegister Of(string feature, string name, Func<RegisterImage, uint> get, Action<RegisterImage, uint> set) => new(
        feature, name, 32, "int32", image => new hv_u128 { low_part = get(image) }, (image, value) => set(image, (uint)value.low_part));

    // One bit a register, as FXSAVE has it, to two: "empty" or not. Zeros and infinities show in the registers themselves.
    private static ushort Expand(byte abridged)
    {
        ushort tags = 0;
        for (int i = 0; i < RegisterCount; i++)
        {
            tags |= (ushort)((abridged >> i & 1) != 0 ? 0 : EmptyTag << (2 * i));
        }

        return tags;
    }

    private static byte Abridge(ushort tags)
    {
        byte abridged = 0;
        for (int i = 0; i < RegisterCount; i++)
        {
            abridged |= (byte)((tags >> (2 * i) & EmptyTag) == EmptyTag ? 0 : 1 << i);
        }

        return abridged;
    }

    private static ref hv_x64_fp_control_status_register Fp(RegisterImage image) =>
        ref Unsafe.As<hv_u128, hv_x64_fp_control_status_register>(ref image[(uint)Name.HV_X64_REGISTER_FP_CONTROL_STATUS]);

    private static ref hv_x64_xmm_control_status_register Xmm(RegisterImage image) =>
        ref Unsafe.As<hv_u128, hv_x64_xmm_control_status_register>(ref image[(uint)Name.HV_X64_REGISTER_XMM_CONTROL_STATUS]);
}
