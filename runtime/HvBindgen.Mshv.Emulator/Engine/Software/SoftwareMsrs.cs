using HvBindgen.Emulation.X64.Processor;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>Model-specific registers of a software processor: its own, those of its clock and those of its APIC.</summary>
/// <param name="processor">The processor.</param>
/// <param name="state">Its registers at hand, of which one is the APIC's base.</param>
/// <param name="apic">Its APIC, if it has one.</param>
/// <param name="clock">The machine's clock.</param>
internal sealed class SoftwareMsrs(X64Processor processor, ProcessorState state, LocalApic? apic, GuestClock clock)
{
    private const uint TimestampCounter = 0x10;
    private const uint ApicBase = 0x1B;
    private const uint TimestampAdjust = 0x3B;
    private const uint TimestampDeadline = 0x6E0;
    private const uint FirstX2Apic = 0x800;
    private const uint LastX2Apic = 0x83F;
    private const uint CommandRegister = 0x830;
    private const int CommandLow = 0x300;
    private const int CommandHigh = 0x310;
    private const ulong GloballyEnabled = 1 << 11;
    private const ulong X2Enabled = 1 << 10;
    private const ulong BaseReserved = 0x2FF;

    private ulong offset;
    private ulong adjust;

    /// <summary>The time-stamp counter now.</summary>
    internal ulong Timestamp => clock.Now + offset;

    /// <summary>Reads a register.</summary>
    /// <returns>False when the processor has none such.</returns>
    internal bool TryRead(uint index, out ulong value)
    {
        switch (index)
        {
            case TimestampCounter:
                value = Timestamp;
                return true;
            case TimestampAdjust:
                value = adjust;
                return true;
            case ApicBase when apic is not null:
                value = state.ApicBase;
                return true;
            case TimestampDeadline when apic is not null:
                value = apic.Timer.DeadlineCount is var count and not 0 ? count + offset : 0;
                return true;
            case CommandRegister when apic is { IsX2: true }:
                value = ((ulong)apic.Read(CommandHigh) << 32) | apic.Read(CommandLow);
                return true;
            case >= FirstX2Apic and <= LastX2Apic when apic is { IsX2: true } && LocalApic.MayReadAsMsr(OffsetOf(index)):
                value = apic.Read(OffsetOf(index));
                return true;
            default:
                return processor.Models.TryRead(index, out value);
        }
    }

    /// <summary>Writes a register.</summary>
    /// <returns>Null when the processor has none such, false when it does not take the value.</returns>
    internal bool? TryWrite(uint index, ulong value)
    {
        switch (index)
        {
            case TimestampCounter:
                adjust += value - Timestamp;
                offset = value - clock.Now;
                return true;
            case TimestampAdjust:
                offset += value - adjust;
                adjust = value;
                return true;
            case ApicBase when apic is not null:
                return TryWriteApicBase(value);
            case TimestampDeadline when apic is not null:
                apic.Timer.DeadlineCount = value == 0 ? 0 : Math.Max(1, value - offset);
                return true;
            case >= FirstX2Apic and <= LastX2Apic when apic is { IsX2: true } && !LocalApic.MayWriteAsMsr(OffsetOf(index), value):
                return false;
            case CommandRegister when apic is { IsX2: true }:
                apic.Write(CommandHigh, (uint)(value >> 32));
                apic.Write(CommandLow, (uint)value);
                return true;
            case >= FirstX2Apic and <= LastX2Apic when apic is { IsX2: true }:
                apic.Write(OffsetOf(index), (uint)value);
                return true;
            default:
                return processor.Models.TryWrite(index, value);
        }
    }

    // x2APIC mode is entered from xAPIC mode, and left by disabling the APIC alone.
    private bool TryWriteApicBase(ulong value)
    {
        ulong mode = value & (GloballyEnabled | X2Enabled);
        ulong before = state.ApicBase & (GloballyEnabled | X2Enabled);
        bool isInvalid = mode == X2Enabled
            || (before == (GloballyEnabled | X2Enabled) && mode == GloballyEnabled)
            || (before == 0 && mode == (GloballyEnabled | X2Enabled))
            || (value & BaseReserved) != 0
            || value >> SoftwareCpuid.PhysicalAddressBits != 0;
        if (isInvalid)
        {
            return false;
        }

        state.ApicBase = value;
        apic!.Follow(value);
        return true;
    }

    private static int OffsetOf(uint index) => (int)(index - FirstX2Apic) * 0x10;
}
