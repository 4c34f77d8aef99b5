using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>The descriptor tables of a processor, which no register page has: asked for when an instruction loads a segment.</summary>
internal sealed class DescriptorTables(IProcessor processor) : IX64DescriptorTables
{
    private static readonly uint[] Names = [(uint)hv_register_name.HV_X64_REGISTER_GDTR, (uint)hv_register_name.HV_X64_REGISTER_LDTR];

    private readonly hv_u128[] values = new hv_u128[Names.Length];

    public bool TryReadTables(out X64DescriptorTable global, out X64DescriptorTable local)
    {
        bool isRead = processor.GetRegisters(Names, values).IsSuccess;
        hv_x64_table_register table = new hv_register_value { reg128 = values[0] }.table;
        hv_x64_segment_register segment = new hv_register_value { reg128 = values[1] }.segment;
        global = new X64DescriptorTable(table.@base, table.limit);
        local = segment.present != 0 ? new X64DescriptorTable(segment.@base, segment.limit) : default;
        return isRead;
    }
}
