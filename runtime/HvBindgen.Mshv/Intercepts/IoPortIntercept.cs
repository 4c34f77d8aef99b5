using System.Diagnostics.CodeAnalysis;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Intercepts;

/// <summary>Port I/O: <c>IN</c>, <c>OUT</c>, <c>INS</c>, <c>OUTS</c>, with or without <c>REP</c>.</summary>
public readonly ref struct IoPortIntercept : IInterceptView<IoPortIntercept>
{
    private readonly ref readonly hv_x64_io_port_intercept_message payload;

    private IoPortIntercept(ref readonly hv_x64_io_port_intercept_message payload)
    {
        this.payload = ref payload;
    }

    /// <summary>State of the processor.</summary>
    public ref readonly hv_x64_intercept_message_header Header => ref payload.header;

    /// <summary>The payload as the header declares it.</summary>
    public ref readonly hv_x64_io_port_intercept_message Payload => ref payload;

    /// <summary>Port.</summary>
    public ushort Port => payload.port_number;

    /// <summary>Bytes of one access. 1, 2 or 4 in a sane message.</summary>
    public int SizeBytes => payload.access_info.access_size;

    /// <summary>Whether the guest reads from the port.</summary>
    public bool IsRead => payload.header.intercept_access_type == (byte)InterceptAccess.Read;

    /// <summary>Whether it is a string instruction, which moves data between the port and memory.</summary>
    public bool IsString => payload.access_info.string_op != 0;

    /// <summary>Whether it repeats.</summary>
    public bool IsRepeated => payload.access_info.rep_prefix != 0;

    /// <summary>RAX before the instruction.</summary>
    public ulong Rax => payload.rax;

    /// <summary>Bytes of the instruction, as far as the hypervisor fetched them; often none.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> InstructionBytes => InstructionWindow.Of(in payload.instruction_bytes, payload.instruction_byte_count);

    static bool IInterceptView<IoPortIntercept>.TryShow(Intercept intercept, out IoPortIntercept view)
    {
        bool carries = intercept.Carries<hv_x64_io_port_intercept_message>();
        view = carries ? new IoPortIntercept(in intercept.PayloadAs<hv_x64_io_port_intercept_message>()) : default;
        return carries;
    }
}
