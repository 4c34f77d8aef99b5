using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>The model-specific registers that are the processor's own (SDM volume 4, chapter 2).</summary>
/// <remarks>Those that only keep what is written (memory types, above all) are in a table. The time-stamp counter, the APIC's base and all
/// others are for whoever runs the processor.</remarks>
internal sealed class ModelRegisters(X64Context context, X64AddressSpace space)
{
    /// <summary>IA32_PAT.</summary>
    internal const uint Pat = 0x277;

    private const uint Efer = 0xC000_0080;
    private const ulong PatAfterReset = 0x0007_0406_0007_0406;
    private const uint MicrocodeRevision = 0x8B;
    private const uint FixedMtrr64K = 0x250;
    private const uint FixedMtrr16K = 0x258;
    private const uint FixedMtrr4K = 0x268;
    private const uint FirstVariableMtrr = 0x200;
    private const uint VariableMtrrCount = 8;
    private const uint MtrrCapabilities = 0xFE;
    private const uint MtrrDefaultType = 0x2FF;
    private const uint MiscEnable = 0x1A0;
    private const uint FastStrings = 1;
    private const uint MonitorEnabled = 1 << 18;
    private const uint SupervisorStates = 0xDA0;
    private const uint MtrrsAreFixedToo = 0x500 | VariableMtrrCount;

    private readonly Dictionary<uint, ulong> kept = MakeTable();

    internal ulong Star { get; private set; }

    internal ulong Lstar { get; private set; }

    internal ulong Cstar { get; private set; }

    /// <summary>SFMASK.</summary>
    internal ulong SyscallMask { get; private set; }

    internal ulong KernelGsBase { get; set; }

    internal ulong SysenterCs { get; private set; }

    internal ulong SysenterStack { get; private set; }

    internal ulong SysenterTarget { get; private set; }

    /// <summary>IA32_TSC_AUX.</summary>
    internal uint TimestampAux { get; private set; }

    /// <summary>Whether MONITOR and MWAIT are there (IA32_MISC_ENABLE).</summary>
    internal bool IsMonitorEnabled => (kept[MiscEnable] & MonitorEnabled) != 0;

    /// <summary>Reads a register.</summary>
    /// <returns>False when it is not one of these.</returns>
    internal bool TryRead(uint index, out ulong value)
    {
        ref X64State state = ref context.State;

        switch (index)
        {
            case Efer:
                value = state.Efer;
                return true;
            case 0xC000_0081:
                value = Star;
                return true;
            case 0xC000_0082:
                value = Lstar;
                return true;
            case 0xC000_0083:
                value = Cstar;
                return true;
            case 0xC000_0084:
                value = SyscallMask;
                return true;
            case 0xC000_0100:
                value = state.Segments[X64SegmentFile.Fs].Base;
                return true;
            case 0xC000_0101:
                value = state.Segments[X64SegmentFile.Gs].Base;
                return true;
            case 0xC000_0102:
                value = KernelGsBase;
                return true;
            case 0xC000_0103:
                value = TimestampAux;
                return true;
            case 0x174:
                value = SysenterCs;
                return true;
            case 0x175:
                value = SysenterStack;
                return true;
            case 0x176:
                value = SysenterTarget;
                return true;
            default:
                return kept.TryGetValue(index, out value);
        }
    }

    /// <summary>Writes a register.</summary>
    /// <returns>Null when it is not one of these, false when it does not take the value.</returns>
    internal bool? TryWrite(uint index, ulong value)
    {
        ref X64State state = ref context.State;

        switch (index)
        {
            case Efer:
                return TryWriteEfer(value);
            case 0xC000_0081:
                Star = value;
                return true;
            case 0xC000_0084:
                SyscallMask = (uint)value;
                return true;
            case 0xC000_0103:
                TimestampAux = (uint)value;
                return value <= uint.MaxValue;
            case 0x174:
                SysenterCs = (uint)value;
                return true;
            case 0xC000_0082 or 0xC000_0083 or 0xC000_0100 or 0xC000_0101 or 0xC000_0102 or 0x175 or 0x176:
                if (!space.IsCanonical(value))
                {
                    return false;
                }

                WriteAddress(index, value);
                return true;
            case MtrrCapabilities:
                return false;
            case SupervisorStates:
                // There is no such state: not one bit can be set.
                return value == 0;
            case Pat:
                return TryWritePat(value);
            default:
                if (!kept.ContainsKey(index))
                {
                    return null;
                }

                kept[index] = value;
                return true;
        }
    }

    private void WriteAddress(uint index, ulong value)
    {
        switch (index)
        {
            case 0xC000_0082:
                Lstar = value;
                break;
            case 0xC000_0083:
                Cstar = value;
                break;
            case 0xC000_0100:
                context.State.Segments[X64SegmentFile.Fs].Base = value;
                break;
            case 0xC000_0101:
                context.State.Segments[X64SegmentFile.Gs].Base = value;
                break;
            case 0xC000_0102:
                KernelGsBase = value;
                break;
            case 0x175:
                SysenterStack = value;
                break;
            default:
                SysenterTarget = value;
                break;
        }
    }

    // LMA follows LME and paging; LME cannot change while paging is on.
    private bool TryWriteEfer(ulong value)
    {
        const ulong Writable = X64Bits.EferSce | X64Bits.EferLme | X64Bits.EferNxe | X64Bits.EferFfxsr;
        ref X64State state = ref context.State;
        bool changesMode = ((value ^ state.Efer) & X64Bits.EferLme) != 0;

        if ((value & ~(Writable | X64Bits.EferLma)) != 0 || (changesMode && (state.Cr0 & X64Bits.Cr0Pg) != 0))
        {
            return false;
        }

        state.Efer = (value & Writable) | (state.Efer & X64Bits.EferLma);
        space.Pages.Kept?.Clear();
        return true;
    }

    // Memory types 0, 1, 4, 5, 6 and 7, one a byte.
    private bool TryWritePat(ulong value)
    {
        for (int shift = 0; shift < 64; shift += 8)
        {
            if ((byte)(value >> shift) is 2 or 3 or > 7)
            {
                return false;
            }
        }

        kept[Pat] = value;
        return true;
    }

    private static Dictionary<uint, ulong> MakeTable()
    {
        Dictionary<uint, ulong> table = new()
        {
            [Pat] = PatAfterReset,
            [MtrrCapabilities] = MtrrsAreFixedToo,
            [MtrrDefaultType] = 0,
            [FixedMtrr64K] = 0,
            [FixedMtrr16K] = 0,
            [FixedMtrr16K + 1] = 0,
            [MiscEnable] = FastStrings | MonitorEnabled,
            [SupervisorStates] = 0,
            [MicrocodeRevision] = 0,
        };

        for (uint index = 0; index < 8; index++)
        {
            table[FixedMtrr4K + index] = 0;
        }

        for (uint index = 0; index < 2 * VariableMtrrCount; index++)
        {
            table[FirstVariableMtrr + index] = 0;
        }

        return table;
    }
}
