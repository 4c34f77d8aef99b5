using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.Arm64;

namespace HvBindgen.Mshv;

/// <summary>The registers that one exit of an arm64 processor reads and changes; only these, for writing others back does harm.</summary>
/// <remarks>arm64 has no register page.</remarks>
internal sealed class ArmRegisters(ProcessorPort processor)
{
    // 31 general registers, the stack pointer, 32 vector registers and PC.
    private const int Capacity = 72;
    private const int ZeroRegister = 31;

    private readonly uint[] names = new uint[Capacity];
    private readonly hv_u128[] values = new hv_u128[Capacity];
    private readonly uint[] name = new uint[1];
    private int count;

    internal void Clear() => count = 0;

    /// <summary>Reads a general register; 31 reads as zero.</summary>
    internal HypercallResult TryRead(int register, out ulong value)
    {
        if (register == ZeroRegister)
        {
            value = 0;
            return default;
        }

        HypercallResult result = TryRead((uint)hv_register_name.HV_ARM64_REGISTER_X0 + (uint)register, out hv_u128 whole);
        value = whole.low_part;
        return result;
    }

    internal HypercallResult TryRead(uint registerName, out hv_u128 value)
    {
        value = default;
        name[0] = registerName;
        return processor.GetRegisters(name, new Span<hv_u128>(ref value));
    }

    internal void Set(int register, ulong value) => Set((uint)hv_register_name.HV_ARM64_REGISTER_X0 + (uint)register, new hv_u128 { low_part = value });

    internal void SetPc(ulong value) => Set((uint)hv_register_name.HV_ARM64_REGISTER_PC, new hv_u128 { low_part = value });

    internal void Set(uint registerName, in hv_u128 value)
    {
        names[count] = registerName;
        values[count] = value;
        count++;
    }

    internal HypercallResult Commit() => processor.SetRegisters(names.AsSpan(0, count), values.AsSpan(0, count));
}
