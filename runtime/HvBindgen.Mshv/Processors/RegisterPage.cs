using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Processors;

/// <summary>Registers of an x86-64 processor in memory that it shares with the hypervisor: read and written without a hypercall.</summary>
/// <remarks>
/// <para>A view of <c>struct hv_vp_register_page</c>, which whoever made the view keeps mapped. Between two runs it belongs to the thread
/// that runs the processor, but for <c>interrupt_vectors</c>, which the driver writes at any time.</para>
/// <para>Registers that are not on the page are written first, by hypercall, and the page afterwards. A refused hypercall
/// then leaves the page as it was, and what the hypervisor does to the page after a hypercall, where it may publish registers anew, loses
/// nothing that was written to it.</para>
/// </remarks>
internal readonly unsafe struct RegisterPage(hv_vp_register_page* page)
{
    /// <summary>Bytes from the beginning that only changes between runs can alter; the driver's vectors of interrupts lie behind.</summary>
    internal static int OwnBytes { get; } = MeasureOwnBytes();

    /// <summary>Whether there is a page. arm64 has none, and neither have encrypted guests.</summary>
    internal bool Exists => page is not null;

    /// <summary>Whether the page holds the processor's registers. The hypervisor decides at each exit.</summary>
    internal bool IsValid => page is not null && Volatile.Read(ref page->isvalid) != 0;

    /// <summary>
    /// The whole page, which exists; what is not among the registers below is a copy from the last exit, to be read only.
    /// </summary>
    internal ref readonly hv_vp_register_page Content => ref *page;

    /// <summary>Whether a register is kept here: general registers, RIP, RFLAGS, XMM0 to XMM5 and the six segments.</summary>
    /// <remarks>The control registers on the page are not: the hypervisor takes none back, and a value set by hypercall since the last exit
    /// does not show.</remarks>
    internal static bool Contains(uint name) => (Name)name is (>= Name.HV_X64_REGISTER_RAX and <= Name.HV_X64_REGISTER_RFLAGS)
        or (>= Name.HV_X64_REGISTER_XMM0 and <= Name.HV_X64_REGISTER_XMM5)
        or (>= Name.HV_X64_REGISTER_ES and <= Name.HV_X64_REGISTER_GS);

    /// <summary>Reads a register from a valid page.</summary>
    /// <param name="name">Register.</param>
    /// <param name="value">Its value.</param>
    /// <returns>False when the register is not kept here.</returns>
    internal bool TryGet(uint name, out hv_u128 value)
    {
        value = default;
        switch ((Name)name)
        {
            case >= Name.HV_X64_REGISTER_RAX and <= Name.HV_X64_REGISTER_RFLAGS:
                value.low_part = page->registers[Distance(name, Name.HV_X64_REGISTER_RAX)];
                return true;
            case >= Name.HV_X64_REGISTER_XMM0 and <= Name.HV_X64_REGISTER_XMM5:
                value = page->xmm_registers[Distance(name, Name.HV_X64_REGISTER_XMM0)];
                return true;
            case >= Name.HV_X64_REGISTER_ES and <= Name.HV_X64_REGISTER_GS:
                hv_register_value segment = new() { segment = page->segment_registers[Distance(name, Name.HV_X64_REGISTER_ES)] };
                value = segment.reg128;
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Writes those of the registers that are kept here to a valid page, and then says which classes are to be taken over.
    /// </summary>
    /// <param name="names">Registers; those that are not kept here have been written by hypercall already.</param>
    /// <param name="values">Their values; as long as the names.</param>
    internal void Set(ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values)
    {
        RegisterClasses changed = RegisterClasses.None;
        for (int i = 0; i < names.Length; i++)
        {
            changed |= Set(names[i], in values[i]);
        }

        MarkDirty(changed);
    }

    /// <summary>Takes what the other side has marked; the marks are gone then.</summary>
    internal RegisterClasses TakeDirty()
    {
        RegisterClasses marked = (RegisterClasses)page->dirty;
        page->dirty = 0;
        return marked;
    }

    // Only the register is written: other fields of the page are the driver's.
    private RegisterClasses Set(uint name, in hv_u128 value)
    {
        switch ((Name)name)
        {
            case >= Name.HV_X64_REGISTER_RAX and <= Name.HV_X64_REGISTER_R15:
                page->gp_registers[Distance(name, Name.HV_X64_REGISTER_RAX)] = value.low_part;
                return RegisterClasses.General;
            case Name.HV_X64_REGISTER_RIP:
                page->rip = value.low_part;
                return RegisterClasses.InstructionPointer;
            case Name.HV_X64_REGISTER_RFLAGS:
                page->rflags = value.low_part;
                return RegisterClasses.Flags;
            case >= Name.HV_X64_REGISTER_XMM0 and <= Name.HV_X64_REGISTER_XMM5:
                page->xmm_registers[Distance(name, Name.HV_X64_REGISTER_XMM0)] = value;
                return RegisterClasses.Vector;
            case >= Name.HV_X64_REGISTER_ES and <= Name.HV_X64_REGISTER_GS:
                page->segment_registers[Distance(name, Name.HV_X64_REGISTER_ES)] = new hv_register_value { reg128 = value }.segment;
                return RegisterClasses.Segment;
            default:
                return RegisterClasses.None;
        }
    }

    // Last, so that no one sees a mark before its registers.
    private void MarkDirty(RegisterClasses classes)
    {
        if (classes != RegisterClasses.None)
        {
            Volatile.Write(ref page->dirty, page->dirty | (uint)classes);
        }
    }

    private static int Distance(uint name, Name first) => (int)(name - (uint)first);

    private static int MeasureOwnBytes()
    {
        hv_vp_register_page page;
        return (int)((byte*)&page.interrupt_vectors - (byte*)&page);
    }
}
