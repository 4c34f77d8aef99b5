using System.Runtime.InteropServices;
using HvBindgen.Emulation.A64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.Arm64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>The registers that one exit of an arm64 processor reads and changes; only these, for writing others back does harm.</summary>
/// <remarks>arm64 has no register page.</remarks>
internal sealed class ArmRegisters(IProcessor processor) : IA64VectorRegisters
{
    // 31 general registers, the stack pointer, 32 vector registers, PC and PSTATE.
    private const int Capacity = 72;
    private const int GeneralCount = 31;
    private const int ZeroRegister = 31;

    private static readonly uint[] StateNames = BuildStateNames();

    private readonly hv_u128[] state = new hv_u128[StateNames.Length];
    private readonly uint[] names = new uint[Capacity];
    private readonly hv_u128[] values = new hv_u128[Capacity];
    private readonly uint[] name = new uint[1];
    private readonly Redirection redirection = processor.Redirection;
    private readonly uint[] accessNames = new uint[2];
    private readonly hv_u128[] accessValues = new hv_u128[2];
    private int count;

    /// <summary>The first call for a vector register that was refused since <see cref="Clear"/>.</summary>
    internal HypercallResult? Refusal { get; private set; }

    /// <summary>Begins with the registers of another exit.</summary>
    internal void Begin()
    {
        Clear();
        redirection.Clear();
    }

    internal void Clear()
    {
        count = 0;
        Refusal = null;
    }

    /// <summary>Reads the general registers, the stack pointer and PC, and what translates addresses.</summary>
    internal HypercallResult TryRead(ref A64State registers, out A64PagingState paging)
    {
        paging = default;
        HypercallResult result = processor.GetRegisters(StateNames, state);
        if (result.IsSuccess)
        {
            for (int i = 0; i < GeneralCount; i++)
            {
                registers.X[i] = state[i].low_part;
            }

            registers.Sp = state[GeneralCount].low_part;
            registers.Pc = state[GeneralCount + 1].low_part;
            registers.Sctlr = state[GeneralCount + 2].low_part;
            paging = new A64PagingState(
                registers.Sctlr, state[GeneralCount + 3].low_part, state[GeneralCount + 4].low_part, state[GeneralCount + 5].low_part);
        }

        return result;
    }

    /// <summary>Reads what an access that the syndrome describes depends on: the byte order, and for a store its register.</summary>
    /// <param name="stored">General register that is stored; null: none.</param>
    /// <param name="registers">Receives both.</param>
    internal HypercallResult TryReadForAccess(int? stored, ref A64State registers)
    {
        int wanted = stored is null ? 1 : 2;
        accessNames[0] = (uint)hv_register_name.HV_ARM64_REGISTER_SCTLR_EL1;
        accessNames[1] = (uint)hv_register_name.HV_ARM64_REGISTER_X0 + (uint)(stored ?? 0);
        HypercallResult result = processor.GetRegisters(accessNames.AsSpan(0, wanted), accessValues.AsSpan(0, wanted));
        if (result.IsSuccess)
        {
            registers.Sctlr = accessValues[0].low_part;
            registers.Write(stored ?? ZeroRegister, accessValues[1].low_part);
        }

        return result;
    }

    public void ReadVector(int index, Span<byte> value)
    {
        HypercallResult result = TryRead((uint)hv_register_name.HV_ARM64_REGISTER_Q0 + (uint)index, out hv_u128 whole);
        if (!result.IsSuccess)
        {
            Refusal ??= result;
        }

        MemoryMarshal.AsBytes(new ReadOnlySpan<hv_u128>(in whole)).CopyTo(value);
    }

    public void WriteVector(int index, ReadOnlySpan<byte> value) =>
        Set((uint)hv_register_name.HV_ARM64_REGISTER_Q0 + (uint)index, in MemoryMarshal.AsRef<hv_u128>(value));

    private HypercallResult TryRead(uint registerName, out hv_u128 value)
    {
        value = default;
        name[0] = registerName;
        return processor.GetRegisters(name, new Span<hv_u128>(ref value));
    }

    internal void Set(int register, ulong value) =>
        Set((uint)hv_register_name.HV_ARM64_REGISTER_X0 + (uint)register, new hv_u128 { low_part = value });

    internal void SetPc(ulong value) => Set((uint)hv_register_name.HV_ARM64_REGISTER_PC, new hv_u128 { low_part = value });

    internal void SetPstate(ulong value) => Set((uint)hv_register_name.HV_ARM64_REGISTER_PSTATE, new hv_u128 { low_part = value });

    internal void SetSp(ulong value) => Set((uint)hv_register_name.HV_ARM64_REGISTER_SP, new hv_u128 { low_part = value });

    private void Set(uint registerName, in hv_u128 value)
    {
        names[count] = registerName;
        values[count] = value;
        count++;
    }

    private static uint[] BuildStateNames()
    {
        // X0 to X28, the frame pointer and the link register have successive names.
        uint[] names = new uint[GeneralCount + 6];
        for (int i = 0; i < GeneralCount; i++)
        {
            names[i] = (uint)hv_register_name.HV_ARM64_REGISTER_X0 + (uint)i;
        }

        names[GeneralCount] = (uint)hv_register_name.HV_ARM64_REGISTER_SP;
        names[GeneralCount + 1] = (uint)hv_register_name.HV_ARM64_REGISTER_PC;
        names[GeneralCount + 2] = (uint)hv_register_name.HV_ARM64_REGISTER_SCTLR_EL1;
        names[GeneralCount + 3] = (uint)hv_register_name.HV_ARM64_REGISTER_TCR_EL1;
        names[GeneralCount + 4] = (uint)hv_register_name.HV_ARM64_REGISTER_TTBR0_EL1;
        names[GeneralCount + 5] = (uint)hv_register_name.HV_ARM64_REGISTER_TTBR1_EL1;
        return names;
    }

    /// <summary>Writes the registers; none, if a handler has set where the processor goes on.</summary>
    internal HypercallResult Commit() =>
        redirection.IsSet ? default : processor.SetRegisters(names.AsSpan(0, count), values.AsSpan(0, count));
}
