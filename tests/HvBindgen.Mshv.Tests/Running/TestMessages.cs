using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.Arm64;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Messages made by hand.</summary>
internal static class TestMessages
{
    internal const ulong Rip = 0x1000;

    internal static hv_message Of<T>(hv_message_type type, in T payload, int? payloadSize = null)
        where T : unmanaged
    {
        hv_message message = default;
        message.header.message_type = (uint)type;
        message.header.payload_size = (byte)(payloadSize ?? Unsafe.SizeOf<T>());
        Unsafe.As<Array30<ulong>, T>(ref message.u.payload) = payload;
        return message;
    }

    internal static hv_x64_intercept_message_header Header(
        InterceptAccess access = InterceptAccess.Read, byte length = 2, ulong rip = Rip, ulong rflags = 2)
    {
        hv_x64_intercept_message_header header = new()
        {
            vp_index = TestProcessor.Index,
            intercept_access_type = (byte)access,
            rip = rip,
            rflags = rflags,
            instruction_length = length,
        };
        header.execution_state.cr0_pe = 1;
        header.cs_segment._default = 1;
        return header;
    }

    internal static hv_x64_intercept_message_header Header64(
        InterceptAccess access = InterceptAccess.Read, byte length = 2, ulong rip = Rip)
    {
        hv_x64_intercept_message_header header = Header(access, length, rip);
        header.execution_state.efer_lma = 1;
        header.cs_segment._long = 1;
        header.cs_segment._default = 0;
        return header;
    }

    internal static hv_message IoPort(
        InterceptAccess access, ushort port, int sizeBytes, ulong rax = 0, bool isString = false, bool isRepeated = false, byte length = 2,
        ulong rflags = 2, ReadOnlySpan<byte> bytes = default)
    {
        hv_x64_io_port_intercept_message payload = new()
        {
            header = Header64(access, length),
            port_number = port,
            rax = rax,
        };
        payload.header.rflags = rflags;
        payload.access_info.access_size = (byte)sizeBytes;
        payload.access_info.string_op = isString ? (byte)1 : (byte)0;
        payload.access_info.rep_prefix = isRepeated ? (byte)1 : (byte)0;
        payload.instruction_byte_count = (byte)bytes.Length;
        bytes.CopyTo(payload.instruction_bytes);
        return Of(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, in payload);
    }

    internal static hv_message Memory(
        InterceptAccess access, ulong gpa, ReadOnlySpan<byte> bytes, ulong? gva = null, bool isTranslated = true,
        hv_message_type type = hv_message_type.HVMSG_UNMAPPED_GPA, bool interruptionPending = false)
    {
        hv_x64_memory_intercept_message payload = new()
        {
            header = Header(access, length: 0),
            guest_physical_address = gpa,
            guest_virtual_address = gva ?? gpa,
        };
        payload.header.execution_state.interruption_pending = interruptionPending ? (ushort)1 : (ushort)0;
        payload.memory_access_info.gva_valid = 1;
        payload.memory_access_info.gva_gpa_valid = isTranslated ? (byte)1 : (byte)0;
        payload.instruction_byte_count = (byte)bytes.Length;
        bytes.CopyTo(payload.instruction_bytes);
        return Of(type, in payload);
    }

    internal static hv_message Msr(InterceptAccess access, uint msr, ulong value = 0, byte length = 2) =>
        Of(hv_message_type.HVMSG_X64_MSR_INTERCEPT, new hv_x64_msr_intercept_message
        {
            header = Header64(access, length),
            msr_number = msr,
            rax = (uint)value,
            rdx = value >> 32,
        });

    internal static hv_message ArmMemory(
        ulong gpa, ulong syndrome, ulong? gva = null, uint instruction = 0, ulong pstate = 0)
    {
        hv_arm64_memory_intercept_message payload = new()
        {
            guest_physical_address = gpa,
            guest_virtual_address = gva ?? gpa,
            syndrome = syndrome,
        };
        payload.header.pc = Rip;
        payload.header.cpsr = pstate;
        payload.header.intercept_access_type = (byte)((syndrome >> 6) & 1);
        payload.memory_access_info.gva_valid = 1;
        payload.memory_access_info.gva_gpa_valid = 1;
        if (instruction != 0)
        {
            payload.instruction_byte_count = 4;
            MemoryMarshal.Write(payload.instruction_bytes, in instruction);
        }

        return Of(hv_message_type.HVMSG_UNMAPPED_GPA, in payload);
    }

    /// <summary>A syndrome that describes the access.</summary>
    internal static ulong ArmSyndrome(
        int sizeBytes, int register, bool isWrite, bool isSigned = false, bool is64Bit = true, bool isLong = true) =>
        (0x24UL << 26) | (isLong ? 1UL << 25 : 0) | (1UL << 24) | ((ulong)int.Log2(sizeBytes) << 22) | (isSigned ? 1UL << 21 : 0)
        | ((ulong)register << 16) | (is64Bit ? 1UL << 15 : 0) | (isWrite ? 1UL << 6 : 0);
}
