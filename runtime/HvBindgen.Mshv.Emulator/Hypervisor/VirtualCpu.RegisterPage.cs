using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <content>The register page: filled when a run ends, taken back, where marked dirty, before anything else happens.</content>
internal sealed unsafe partial class VirtualCpu
{
    private const ulong Cr4OsXsave = 1 << 18;
    private const int FxStateSizeBytes = 512;
    private const int FxStateXmmOffset = 160;
    private const int PageXmmBytes = 6 * 16;

    /// <summary>Whether the client has ever mapped the page: what takes requests of their own is filled in only then.</summary>
    internal bool IsRegisterPageMapped { get; private set; }

    /// <summary>The client maps the page.</summary>
    internal void MapRegisterPage()
    {
        using Stop stop = StopForAccess();
        IsRegisterPageMapped = true;
        RefreshRegisterPage();
    }

    /// <summary>The client has set DR7.</summary>
    internal void ShowDebugControl(ulong value) => Pages.Registers->dr7 = value;

    /// <summary>The client has set XCR0.</summary>
    internal void ForgetExtendedFeatures() => Pages.Registers->xfem = 0;

    private void InvalidateRegisterPage() => Pages.Registers->isvalid = 0;

    private void AbsorbRegisterPage()
    {
        hv_vp_register_page* page = Pages.Registers;
        RegisterPage view = new(page);
        RegisterClasses dirty = view.IsValid ? view.TakeDirty() : RegisterClasses.None;
        if (dirty == RegisterClasses.None)
        {
            return;
        }

        if ((dirty & RegisterClasses.General) != 0)
        {
            State.General = page->gp_registers;
        }

        if ((dirty & RegisterClasses.InstructionPointer) != 0)
        {
            State.Rip = page->rip;
        }

        if ((dirty & RegisterClasses.Flags) != 0)
        {
            State.Rflags = page->rflags;
        }

        State.GeneralChanged |= (dirty & (RegisterClasses.General | RegisterClasses.InstructionPointer | RegisterClasses.Flags)) != 0;
        if ((dirty & RegisterClasses.Segment) != 0)
        {
            ((ReadOnlySpan<hv_x64_segment_register>)page->segment_registers).CopyTo(State.Segments);
            State.SystemChanged = true;
        }

        if ((dirty & RegisterClasses.Vector) != 0)
        {
            Span<byte> fx = stackalloc byte[FxStateSizeBytes];
            Engine.Stored.ReadFxState(fx);
            MemoryMarshal.AsBytes((ReadOnlySpan<hv_u128>)page->xmm_registers).CopyTo(fx[FxStateXmmOffset..]);
            _ = Engine.Stored.TryWriteFxState(fx);
        }
    }

    /// <summary>Registers were set by name: the page, where it holds anything, follows.</summary>
    internal void RefreshRegisterPage()
    {
        if (Pages.Registers->isvalid != 0)
        {
            PublishRegisterPage();
        }
    }

    private void PublishRegisterPage()
    {
        hv_vp_register_page* page = Pages.Registers;
        page->gp_registers = State.General;
        page->rip = State.Rip;
        page->rflags = State.Rflags;
        ((ReadOnlySpan<hv_x64_segment_register>)State.Segments)[..(ProcessorState.Gs + 1)].CopyTo(page->segment_registers);
        page->cr0 = State.Cr0;
        page->cr3 = State.Cr3;
        page->cr4 = State.Cr4;
        page->cr8 = State.Cr8;
        page->efer = State.Efer;
        page->pending_interruption = EventRegisters.Interruption(in State.Events);
        page->interrupt_state.interrupt_shadow = State.Events.InterruptShadow ? 1UL : 0;
        page->interrupt_state.nmi_masked = State.Events.NmiMasked ? 1UL : 0;
        page->instruction_emulation_hints = 0;
        if (IsRegisterPageMapped)
        {
            PublishExtendedState(page);
        }

        page->dirty = 0;
        page->isvalid = 1;
    }

    // DR7 is what the client last set: the guest's own changes cost a request that no client is known to need.
    private void PublishExtendedState(hv_vp_register_page* page)
    {
        Span<byte> fx = stackalloc byte[FxStateSizeBytes];
        Engine.Stored.ReadFxState(fx);
        fx.Slice(FxStateXmmOffset, PageXmmBytes).CopyTo(MemoryMarshal.AsBytes((Span<hv_u128>)page->xmm_registers));

        // Only XSETBV changes XCR0, and only where CR4 allows it.
        if (page->xfem == 0 || (State.Cr4 & Cr4OsXsave) != 0)
        {
            page->xfem = Engine.Stored.ReadXcr0();
        }
    }
}
