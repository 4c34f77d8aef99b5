using System.Runtime.CompilerServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Calls;

/// <summary>Hypercalls on the partition's descriptor. They never wait for a running processor: its index is part of the input.</summary>
public sealed unsafe partial class PartitionHypercalls
{
    private readonly PartitionHandle handle;
    private readonly GuestArchitecture architecture;

    internal PartitionHypercalls(PartitionHandle handle, GuestArchitecture architecture)
    {
        this.handle = handle;
        this.architecture = architecture;
    }

    /// <summary>What the hypervisor lets a monitor do with the partition; 0 where it tells nothing.</summary>
    public ulong VmmCapabilities
    {
        get
        {
            PropertyHypercalls.GetVmmCapabilities(handle, out ulong bits);
            return bits;
        }
    }

    /// <summary>Makes a hypercall without output.</summary>
    /// <typeparam name="TInput">Input record; its first 8 bytes are the partition's id, which the kernel fills in.</typeparam>
    /// <param name="call">Hypercall.</param>
    /// <param name="input">Input.</param>
    /// <returns>What the kernel and the hypervisor said.</returns>
    public HypercallResult Call<TInput>(CallSignature<TInput> call, in TInput input)
        where TInput : unmanaged => HypercallClient.Call(handle, call, input);

    /// <summary>Makes a hypercall with output.</summary>
    /// <typeparam name="TInput">Input record; its first 8 bytes are the partition's id, which the kernel fills in.</typeparam>
    /// <typeparam name="TOutput">Output record.</typeparam>
    /// <param name="call">Hypercall.</param>
    /// <param name="input">Input.</param>
    /// <param name="output">Output; zeros after a failure.</param>
    /// <returns>What the kernel and the hypervisor said.</returns>
    public HypercallResult Call<TInput, TOutput>(CallSignature<TInput, TOutput> call, in TInput input, out TOutput output)
        where TInput : unmanaged
        where TOutput : unmanaged => HypercallClient.Call(handle, call, input, out output);

    /// <summary>Makes a hypercall over a list; it is cut into pages, and resumed where it was left.</summary>
    /// <param name="code">Hypercall code.</param>
    /// <param name="header">Input before the list; its first 8 bytes are the partition's id, which the kernel fills in.</param>
    /// <param name="elements">List.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    /// <param name="outputs">Receives an output for each element; empty for none.</param>
    /// <returns>What the kernel and the hypervisor said; the count is over the whole list.</returns>
    public HypercallResult CallList(
        ushort code, ReadOnlySpan<byte> header, ReadOnlySpan<byte> elements, int elementBytes, Span<byte> outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(elementBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(header.Length, sizeof(ulong), nameof(header));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(header.Length, HypercallClient.PageBytes - elementBytes, nameof(header));
        if (elements.Length % elementBytes != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(elements), elements.Length, $"The bytes must be whole elements of {elementBytes} bytes each.");
        }

        int count = elements.Length / elementBytes;
        int outputBytes = count == 0 ? 0 : outputs.Length / count;
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Length, count * outputBytes, nameof(outputs));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputBytes, HypercallClient.PageBytes, nameof(outputs));
        return RepHypercall.Call(handle, code, header, elements, elementBytes, outputs, outputBytes);
    }

    /// <summary>Makes guest actions of a kind come out as messages.</summary>
    /// <param name="type">Number of the kind: <c>hv_intercept_type</c> of the guest's architecture.</param>
    /// <param name="accessMask"><c>HV_INTERCEPT_ACCESS_MASK_*</c>; 0 takes the intercept away.</param>
    /// <param name="parameter">Which port, leaf, exception or register; its meaning depends on the kind.</param>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void InstallIntercept(uint type, int accessMask, ulong parameter)
    {
        // Both architectures have the same layout; X64 stands for either.
        Abi.X64.hv_input_install_intercept input = new() { access_type = (uint)accessMask, intercept_type = type };
        input.intercept_parameter.as_uint64 = parameter;
        HypercallClient.Call(handle, Abi.X64.Hypercalls.HVCALL_INSTALL_INTERCEPT, input)
            .ThrowIfFailed($"Installing intercept {DescribeIntercept(type)} for access {accessMask} with parameter 0x{parameter:x}");
    }

    /// <summary>Makes guest actions of a kind come out as messages; arm64.</summary>
    /// <param name="type">Kind.</param>
    /// <param name="accessMask"><c>HV_INTERCEPT_ACCESS_MASK_*</c>; 0 takes the intercept away.</param>
    /// <param name="parameter">Which exception or register; its meaning depends on the kind.</param>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void InstallIntercept(Abi.Arm64.hv_intercept_type type, int accessMask, ulong parameter)
    {
        CheckArchitecture(GuestArchitecture.Arm64);
        InstallIntercept((uint)type, accessMask, parameter);
    }

    /// <summary>Lets another external interrupt (ExtInt) be asserted, after the guest has acknowledged the one before.</summary>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void ClearVirtualInterrupt() =>
        HypercallClient.Call(handle, Abi.Hypercalls.HVCALL_CLEAR_VIRTUAL_INTERRUPT, default(hv_input_clear_virtual_interrupt))
            .ThrowIfFailed("Clearing the acknowledgement of an external interrupt");

    /// <summary>Makes guest actions of a kind come out as messages; x86-64.</summary>
    /// <param name="type">Kind.</param>
    /// <param name="accessMask"><c>HV_INTERCEPT_ACCESS_MASK_*</c>; 0 takes the intercept away.</param>
    /// <param name="parameter">Which port, leaf, exception or register; its meaning depends on the kind.</param>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void InstallIntercept(Abi.X64.hv_intercept_type type, int accessMask, Abi.X64.hv_intercept_parameters parameter)
    {
        CheckArchitecture(GuestArchitecture.X64);
        InstallIntercept((uint)type, accessMask, parameter.as_uint64);
    }

    /// <summary>Asks for a message as soon as interrupts of these kinds can be delivered. The processor may be running.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="notifications">What to tell of; the register has no other wishes afterwards.</param>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void RequestDeliverabilityNotifications(uint vpIndex, hv_deliverability_notifications_register notifications)
    {
        const uint Name = (uint)Abi.X64.hv_register_name.HV_REGISTER_DELIVERABILITY_NOTIFICATIONS;
        hv_u128 value = new() { low_part = notifications.as_uint64 };
        RegisterHypercalls.Set(handle, vpIndex, [Name], new ReadOnlySpan<hv_u128>(in value))
            .ThrowIfFailed($"Asking virtual processor {vpIndex} for deliverability notifications 0x{notifications.as_uint64:x}");
    }

    /// <summary>Translates a guest-virtual address by the processor's present page tables.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="gva">Guest-virtual address.</param>
    /// <param name="flags"><c>HV_TRANSLATE_GVA_*</c>.</param>
    /// <returns>
    /// The translation. On kernels that move guest memory the hypervisor may have no access to a page that nobody touched yet;
    /// a page walk in software knows better (<see cref="Processors.VirtualProcessor"/> has one).
    /// </returns>
    /// <exception cref="HypervisorException">The hypervisor refused to translate at all.</exception>
    public GvaTranslation TranslateGva(uint vpIndex, ulong gva, int flags)
    {
        TryTranslateGva(vpIndex, gva, flags, out GvaTranslation translation)
            .ThrowIfFailed($"Translating guest-virtual address 0x{gva:x} of virtual processor {vpIndex}");
        return translation;
    }

    internal HypercallResult TryTranslateGva(uint vpIndex, ulong gva, int flags, out GvaTranslation translation)
    {
        hv_input_translate_virtual_address input = new()
        {
            vp_index = vpIndex,
            control_flags = (uint)flags,
            gva_page = gva / Constants.MSHV_HV_PAGE_SIZE,
        };
        HypercallResult result = HypercallClient.Call(
            handle, Abi.Hypercalls.HVCALL_TRANSLATE_VIRTUAL_ADDRESS, input, out hv_output_translate_virtual_address output);
        hv_translate_gva_result_code code = (hv_translate_gva_result_code)output.translation_result.result_code;

        // The hypervisor knows pages only; the offset is the same on both sides.
        ulong gpa = (output.gpa_page * Constants.MSHV_HV_PAGE_SIZE) | (gva & (Constants.MSHV_HV_PAGE_SIZE - 1));
        translation = new GvaTranslation(code, result.IsSuccess && code == hv_translate_gva_result_code.HV_TRANSLATE_GVA_SUCCESS ? gpa : 0);
        return result;
    }

    private string DescribeIntercept(uint type) => architecture == GuestArchitecture.X64
        ? $"{(Abi.X64.hv_intercept_type)type}"
        : $"{(Abi.Arm64.hv_intercept_type)type}";

    private void CheckArchitecture(GuestArchitecture needed, [CallerMemberName] string caller = "")
    {
        if (architecture != needed)
        {
            throw new InvalidOperationException($"{caller} is for {needed} guests; this partition's guest is {architecture}.");
        }
    }
}
