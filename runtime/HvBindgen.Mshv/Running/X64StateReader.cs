using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>Reads what the emulation of an instruction depends on: from the register page if it is valid, else by one hypercall.</summary>
internal sealed class X64StateReader(IProcessor processor)
{
    private const int GeneralCount = 16;
    private const int SegmentCount = 6;
    private const int RegistersBeforeSegments = GeneralCount + 2;

    private static readonly uint[] Names = BuildNames();

    private readonly RegisterPage page = processor.RegisterPage;
    private readonly hv_u128[] values = new hv_u128[Names.Length];

    internal HypercallResult Read(ref X64State state)
    {
        if (page.IsValid)
        {
            ReadPage(in page.Content, ref state);
            return default;
        }

        HypercallResult result = processor.GetRegisters(Names, values);
        if (result.IsSuccess)
        {
            ReadValues(ref state);
        }

        return result;
    }

    // The page is mapped as long as the loop runs, and the hypervisor leaves it alone while the processor is stopped.
    private static void ReadPage(ref readonly hv_vp_register_page content, ref X64State state)
    {
        ((ReadOnlySpan<ulong>)content.gp_registers).CopyTo(state.Gpr);
        state.Rip = content.rip;
        state.Rflags = content.rflags;
        SegmentRegisters.AsStates(content.segment_registers).CopyTo(state.Segments);
        state.Cr0 = content.cr0;
        state.Cr3 = content.cr3;
        state.Cr4 = content.cr4;
        state.Cr8 = content.cr8;
        state.Efer = content.efer;
        state.Xcr0 = content.xfem;

        // Not on the page, and not looked at: a page fault brings its own address.
        state.Cr2 = 0;
    }

    private void ReadValues(ref X64State state)
    {
        for (int i = 0; i < GeneralCount; i++)
        {
            state.Gpr[i] = values[i].low_part;
        }

        state.Rip = values[GeneralCount].low_part;
        state.Rflags = values[GeneralCount + 1].low_part;
        ReadOnlySpan<hv_u128> segments = values.AsSpan(RegistersBeforeSegments, SegmentCount);
        SegmentRegisters.AsStates(MemoryMarshal.Cast<hv_u128, hv_x64_segment_register>(segments)).CopyTo(state.Segments);
        ReadOnlySpan<hv_u128> rest = values.AsSpan(RegistersBeforeSegments + SegmentCount);
        state.Cr0 = rest[0].low_part;
        state.Cr3 = rest[1].low_part;
        state.Cr4 = rest[2].low_part;
        state.Cr8 = rest[3].low_part;
        state.Efer = rest[4].low_part;
        state.Xcr0 = rest[5].low_part;
        state.Cr2 = 0;
    }

    private static uint[] BuildNames()
    {
        List<uint> names = [];
        for (hv_register_name name = hv_register_name.HV_X64_REGISTER_RAX; name <= hv_register_name.HV_X64_REGISTER_RFLAGS; name++)
        {
            names.Add((uint)name);
        }

        for (hv_register_name name = hv_register_name.HV_X64_REGISTER_ES; name <= hv_register_name.HV_X64_REGISTER_GS; name++)
        {
            names.Add((uint)name);
        }

        names.AddRange(
        [
            (uint)hv_register_name.HV_X64_REGISTER_CR0,
            (uint)hv_register_name.HV_X64_REGISTER_CR3,
            (uint)hv_register_name.HV_X64_REGISTER_CR4,
            (uint)hv_register_name.HV_X64_REGISTER_CR8,
            (uint)hv_register_name.HV_X64_REGISTER_EFER,
            (uint)hv_register_name.HV_X64_REGISTER_XFEM,
        ]);
        return [.. names];
    }
}
