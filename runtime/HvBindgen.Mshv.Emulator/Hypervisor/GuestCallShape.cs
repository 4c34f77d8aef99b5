using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>What a hypercall takes and gives.</summary>
/// <param name="InputBytes">Size of the fixed part of its input.</param>
/// <param name="ElementBytes">Size of an element of its list; 0 where it has none.</param>
/// <param name="OutputElementBytes">What each element gives.</param>
/// <param name="HasHeader">Whether a part of variable length is between the two.</param>
internal readonly record struct GuestCallShape(int InputBytes, int ElementBytes = 0, int OutputElementBytes = 0, bool HasHeader = false)
{
    /// <summary>The shape of a call that guests may make.</summary>
    /// <returns>Null when there is none.</returns>
    internal static GuestCallShape? Of(ushort code) => code switch
    {
        Hv.HVCALL_NOTIFY_LONG_SPIN_WAIT => new(sizeof(ulong)),
        Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE => new(Unsafe.SizeOf<hv_tlb_flush>()),
        Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST => new(hv_tlb_flush.gva_list_offset, sizeof(ulong)),
        Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE_EX => new(Unsafe.SizeOf<hv_tlb_flush_ex>(), HasHeader: true),
        Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST_EX => new(hv_tlb_flush_ex.gva_list_offset, sizeof(ulong), HasHeader: true),
        Hv.HVCALL_SEND_IPI => new(Unsafe.SizeOf<hv_send_ipi>()),
        Hv.HVCALL_SEND_IPI_EX => new(Unsafe.SizeOf<hv_send_ipi_ex>(), HasHeader: true),
        Hv.HVCALL_POST_MESSAGE => new(Unsafe.SizeOf<PostedMessage>() + Hv.HV_MESSAGE_PAYLOAD_BYTE_COUNT),
        Hv.HVCALL_SIGNAL_EVENT => new(Unsafe.SizeOf<SignalledEvent>()),
        Hv.HVCALL_GET_VP_INDEX_FROM_APIC_ID => new(hv_get_vp_from_apic_id_in.apic_ids_offset, sizeof(uint), sizeof(uint)),
        Hv.HVCALL_START_VP => new(Unsafe.SizeOf<hv_enable_vp_vtl>()),
        Hv.HVCALL_GET_VP_REGISTERS => new(hv_input_get_vp_registers.names_offset, sizeof(uint), Unsafe.SizeOf<hv_register_value>()),
        Hv.HVCALL_SET_VP_REGISTERS => new(hv_input_set_vp_registers.elements_offset, Unsafe.SizeOf<hv_register_assoc>()),
        _ => null,
    };

    /// <summary>Whether a guest's word asks for a call of this shape.</summary>
    internal bool Fits(GuestCallControl control) =>
        (HasHeader || control.HeaderWords == 0)
        && (ElementBytes == 0 ? control.Reps == 0 && control.FirstRep == 0 : control.FirstRep < control.Reps);

    /// <summary>Size of the whole input.</summary>
    internal int InputBytesOf(GuestCallControl control) =>
        InputBytes + (control.HeaderWords * sizeof(ulong)) + (control.Reps * ElementBytes);

    /// <summary>Size of the whole output.</summary>
    internal int OutputBytesOf(GuestCallControl control) => control.Reps * OutputElementBytes;
}

/// <summary>Input of HvCallPostMessage, in front of the payload.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct PostedMessage
{
    internal readonly hv_connection_id Connection;
    internal readonly uint Reserved;
    internal readonly uint MessageType;
    internal readonly uint PayloadBytes;
}

/// <summary>Input of HvCallSignalEvent.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct SignalledEvent
{
    internal readonly hv_connection_id Connection;
    internal readonly ushort FlagNumber;
    internal readonly ushort Reserved;
}
