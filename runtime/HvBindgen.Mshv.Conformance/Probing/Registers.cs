using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>Registers of processors, by hypercall.</summary>
internal sealed unsafe class Registers(Probe probe)
{
    internal void Set(int processor, hv_register_name name, ulong value) =>
        Set(processor, name, new hv_register_value { reg64 = value });

    internal void Set(int processor, hv_register_name name, hv_register_value value)
    {
        Span<byte> input = stackalloc byte[hv_input_set_vp_registers.AllocationSize(1)];
        input.Clear();
        hv_input_set_vp_registers.elements(input)[0] = new hv_register_assoc { name = (uint)name, value = value };
        Probe.Require(probe.Hypercalls.Make(processor, Hv.HVCALL_SET_VP_REGISTERS, input, [], 1, out _));
    }

    internal ulong Get(int processor, hv_register_name name)
    {
        Span<byte> input = stackalloc byte[hv_input_get_vp_registers.AllocationSize(1)];
        input.Clear();
        hv_input_get_vp_registers.names(input)[0] = (uint)name;
        Span<byte> output = stackalloc byte[sizeof(hv_register_value)];
        Probe.Require(probe.Hypercalls.Make(processor, Hv.HVCALL_GET_VP_REGISTERS, input, output, 1, out _));
        return MemoryMarshal.Read<ulong>(output);
    }
}
