using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64.Processor;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>The rest of a software processor's state.</summary>
internal sealed class SoftwareStoredState(
    X64Processor processor, ProcessorState state, SoftwareMsrs msrs, LocalApic? apic) : IStoredState
{
    /// <summary>Size of the extended state.</summary>
    internal const int AreaBytes = ExtendedState.AreaBytes;

    /// <summary>Where the upper halves of vectors lie in it.</summary>
    internal const int UpperHalvesOffset = ExtendedState.UpperHalvesOffset;

    /// <summary>Size of the upper halves.</summary>
    internal const int UpperHalvesBytes = AreaBytes - UpperHalvesOffset;

    private const int LegacyBytes = 512;
    private const int VectorsOffset = 160;

    public int XsaveSizeBytes => AreaBytes;

    public ProcessorActivity Activity { get; set; }

    private CpuidEntry[] Cpuid { get; set; } = [];

    /// <summary>What CPUID gives now: a few bits follow registers.</summary>
    internal X64Identification Identify(uint function, uint index)
    {
        const uint XsaveEnabledBit = 1 << 27;
        const uint ApicBit = 1 << 9;
        const uint MonitorBit = 1 << 3;
        const ulong Cr4OsXsave = 1 << 18;
        const ulong ApicEnabled = 1 << 11;
        foreach (CpuidEntry entry in Cpuid)
        {
            if (entry.Function == function && (!entry.HasIndex || entry.Index == index))
            {
                bool hasApic = apic is not null && (state.ApicBase & ApicEnabled) != 0;
                uint absent = processor.Models.IsMonitorEnabled ? 0 : MonitorBit;
                bool hasXsave = (processor.State.Cr4 & Cr4OsXsave) != 0;
                return function != 1
                    ? new X64Identification(entry.Eax, OfEnabled(entry), entry.Ecx, entry.Edx)
                    : new X64Identification(
                        entry.Eax,
                        entry.Ebx,
                        (hasXsave ? entry.Ecx | XsaveEnabledBit : entry.Ecx & ~XsaveEnabledBit) & ~absent,
                        hasApic ? entry.Edx : entry.Edx & ~ApicBit);
            }
        }

        return default;
    }

    // EBX of the extended state is the size of what is enabled now.
    private uint OfEnabled(CpuidEntry entry)
    {
        const ulong UpperHalvesEnabled = 4;
        bool isSmaller = entry is { Function: 0xD, Index: 0 or 1 } && (processor.State.Xcr0 & UpperHalvesEnabled) == 0;
        return isSmaller ? Math.Min(entry.Ebx, UpperHalvesOffset) : entry.Ebx;
    }

    public bool TryReadMsr(uint index, out ulong value) => msrs.TryRead(index, out value);

    public bool TryWriteMsr(uint index, ulong value) => msrs.TryWrite(index, value) == true;

    public int WriteMsrs(ReadOnlySpan<(uint Index, ulong Value)> values)
    {
        int written = 0;
        while (written < values.Length && TryWriteMsr(values[written].Index, values[written].Value))
        {
            written++;
        }

        return written;
    }

    public void ReadFxState(out FxsaveArea area)
    {
        Span<byte> whole = stackalloc byte[AreaBytes];
        ReadXsave(whole);
        area = MemoryMarshal.Read<FxsaveArea>(whole);
    }

    public bool TryWriteFxState(in FxsaveArea area)
    {
        if ((area.XmmControlStatus.xmm_status_control & ~VectorFile.MxcsrMask) != 0)
        {
            return false;
        }

        WriteLegacy(MemoryMarshal.AsBytes(new ReadOnlySpan<FxsaveArea>(in area)));
        return true;
    }

    public void ReadXsave(Span<byte> area)
    {
        area[..AreaBytes].Clear();
        processor.Vectors.ReadFloatingPoint(area);
        for (int index = 0; index < VectorFile.Count; index++)
        {
            processor.Vectors.Low(index).CopyTo(area[(VectorsOffset + (index * VectorFile.LowBytes))..]);
            processor.Vectors.High(index).CopyTo(area[(UpperHalvesOffset + (index * VectorFile.LowBytes))..]);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(area[LegacyBytes..], XsaveHeader.X87 | XsaveHeader.Sse | XsaveHeader.Avx);
    }

    // A component that the area does not hold has the values that it has after a reset.
    public bool TryWriteXsave(ReadOnlySpan<byte> area)
    {
        ulong present = BinaryPrimitives.ReadUInt64LittleEndian(area[LegacyBytes..]);
        if ((present & ~(XsaveHeader.X87 | XsaveHeader.Sse | XsaveHeader.Avx)) != 0)
        {
            return false;
        }

        uint mxcsr = MemoryMarshal.Read<FxsaveArea>(area).XmmControlStatus.xmm_status_control;
        if ((mxcsr & ~VectorFile.MxcsrMask) != 0)
        {
            return false;
        }

        Span<byte> complete = stackalloc byte[LegacyBytes];
        area[..LegacyBytes].CopyTo(complete);
        if ((present & XsaveHeader.X87) == 0)
        {
            complete[..VectorsOffset].Clear();
            ref FxsaveArea legacy = ref MemoryMarshal.AsRef<FxsaveArea>(complete);
            legacy.FpControlStatus.fp_control = VectorFile.ControlAfterInit;
            legacy.XmmControlStatus.xmm_status_control = mxcsr;
        }

        if ((present & XsaveHeader.Sse) == 0)
        {
            complete[VectorsOffset..].Clear();
        }

        WriteLegacy(complete);
        for (int index = 0; index < VectorFile.Count; index++)
        {
            Span<byte> half = processor.Vectors.High(index);
            half.Clear();
            if ((present & XsaveHeader.Avx) != 0)
            {
                area.Slice(UpperHalvesOffset + (index * VectorFile.LowBytes), VectorFile.LowBytes).CopyTo(half);
            }
        }

        return true;
    }

    public ulong ReadXcr0() => processor.State.Xcr0;

    public bool TryWriteXcr0(ulong value)
    {
        const ulong Known = XsaveHeader.X87 | XsaveHeader.Sse | XsaveHeader.Avx;
        bool isValid = (value & XsaveHeader.X87) != 0 && (value & ~Known) == 0
            && (value & (XsaveHeader.Sse | XsaveHeader.Avx)) != XsaveHeader.Avx;
        processor.State.Xcr0 = isValid ? value : processor.State.Xcr0;
        return isValid;
    }

    public void ReadDebugRegisters(Span<ulong> registers)
    {
        DebugRegisters debug = processor.System.Debug;
        debug.Addresses.CopyTo(registers);
        registers[4] = debug.Dr6;
        registers[5] = debug.Dr7;
    }

    public bool TryWriteDebugRegisters(ReadOnlySpan<ulong> registers)
    {
        DebugRegisters debug = processor.System.Debug;
        if (Math.Max(registers[4], registers[5]) > uint.MaxValue)
        {
            return false;
        }

        for (int number = 0; number < debug.Addresses.Length; number++)
        {
            debug.SetAddress(number, registers[number]);
        }

        debug.SetStatus(registers[4]);
        debug.SetControl(registers[5]);
        return true;
    }

    public bool TryReadApic(Span<byte> page)
    {
        apic?.Follow(state.ApicBase);
        apic?.ReadPage(page);
        return apic is not null;
    }

    public bool TryWriteApic(ReadOnlySpan<byte> page)
    {
        apic?.Follow(state.ApicBase);
        apic?.WritePage(page);
        return apic is not null;
    }

    public bool TrySetCpuid(ReadOnlySpan<CpuidEntry> entries)
    {
        Cpuid = entries.ToArray();
        return true;
    }

    private void WriteLegacy(ReadOnlySpan<byte> area)
    {
        processor.Vectors.WriteFloatingPoint(area[..VectorsOffset]);
        for (int index = 0; index < VectorFile.Count; index++)
        {
            area.Slice(VectorsOffset + (index * VectorFile.LowBytes), VectorFile.LowBytes).CopyTo(processor.Vectors.Low(index));
        }
    }
}
