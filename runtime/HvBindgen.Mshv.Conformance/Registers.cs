using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Conformance;

/// <summary>Registers of a processor, by hypercall.</summary>
internal static unsafe class Registers
{
    internal static void Set(Probe probe, int processor, hv_register_name name, ulong value) =>
        Set(probe, processor, name, new hv_register_value { reg64 = value });

    internal static void Set(Probe probe, int processor, hv_register_name name, hv_register_value value)
    {
        Span<byte> input = stackalloc byte[hv_input_set_vp_registers.AllocationSize(1)];
        input.Clear();
        hv_input_set_vp_registers.elements(input)[0] = new hv_register_assoc { name = (uint)name, value = value };
        Probe.Require(Hypercall.Make(probe, processor, Hv.HVCALL_SET_VP_REGISTERS, input, [], 1, out _));
    }

    internal static ulong Get(Probe probe, int processor, hv_register_name name)
    {
        Span<byte> input = stackalloc byte[hv_input_get_vp_registers.AllocationSize(1)];
        input.Clear();
        hv_input_get_vp_registers.names(input)[0] = (uint)name;
        Span<byte> output = stackalloc byte[sizeof(hv_register_value)];
        Probe.Require(Hypercall.Make(probe, processor, Hv.HVCALL_GET_VP_REGISTERS, input, output, 1, out _));
        return MemoryMarshal.Read<ulong>(output);
    }
}

/// <summary>A hypercall that the driver passes on.</summary>
internal static unsafe class Hypercall
{
    internal static IoctlResult Make(
        Probe probe, int fd, int code, ReadOnlySpan<byte> input, Span<byte> output, int reps, out mshv_root_hvcall call)
    {
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            call = new()
            {
                code = (ushort)code,
                reps = (ushort)reps,
                in_sz = (ushort)input.Length,
                out_sz = (ushort)output.Length,
                in_ptr = (ulong)from,
                out_ptr = (ulong)to,
            };
            return probe.Request(fd, Hv.MSHV_ROOT_HVCALL, ref call);
        }
    }

    /// <summary>Makes a call; answer, status and number of completed repetitions belong to the outcome.</summary>
    internal static IoctlResult Try(Probe probe, int fd, int code, ReadOnlySpan<byte> input, Span<byte> output, int reps = 0)
    {
        IoctlResult result = Make(probe, fd, code, input, output, reps, out mshv_root_hvcall call);
        probe.Note(result);
        probe.Note("status", call.status);
        if (reps != 0)
        {
            probe.Note("reps", call.reps);
        }

        return result;
    }
}
