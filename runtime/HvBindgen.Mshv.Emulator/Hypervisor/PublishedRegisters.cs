using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>The register page: filled when a run ends, taken back, where marked dirty, before anything else happens.</summary>
/// <param name="page">The page, which the client may map and write at any time; valid as long as the processor.</param>
/// <param name="state">Registers at hand.</param>
/// <param name="stored">The others.</param>
internal sealed unsafe class PublishedRegisters(hv_vp_register_page* page, ProcessorState state, IStoredState stored)
{
    private const ulong Cr4OsXsave = 1 << 18;
    private const int PageXmmCount = 6;

    // What takes requests of their own is filled in only once the client has mapped the page.
    private bool isMapped;

    /// <summary>The client maps the page.</summary>
    internal void OnMapped()
    {
        isMapped = true;
        Refresh();
    }

    /// <summary>The client has set DR7.</summary>
    internal void ShowDebugControl(ulong value) => page->dr7 = value;

    /// <summary>The client has set XCR0.</summary>
    internal void ForgetExtendedFeatures() => page->xfem = 0;

    /// <summary>The page holds nothing while the processor runs.</summary>
    internal void Invalidate() => page->isvalid = 0;

    /// <summary>Takes what the client has written.</summary>
    internal void Absorb()
    {
        RegisterPage view = new(page);
        RegisterClasses dirty = view.IsValid ? view.TakeDirty() : RegisterClasses.None;
        if (dirty == RegisterClasses.None)
        {
            return;
        }

        if ((dirty & RegisterClasses.General) != 0)
        {
            state.General = page->gp_registers;
        }

        if ((dirty & RegisterClasses.InstructionPointer) != 0)
        {
            state.Rip = page->rip;
        }

        if ((dirty & RegisterClasses.Flags) != 0)
        {
            state.Rflags = page->rflags;
        }

        state.GeneralChanged |= (dirty & (RegisterClasses.General | RegisterClasses.InstructionPointer | RegisterClasses.Flags)) != 0;
        if ((dirty & RegisterClasses.Segment) != 0)
        {
            ((ReadOnlySpan<hv_x64_segment_register>)page->segment_registers).CopyTo(state.Segments);
            state.SystemChanged = true;
        }

        if ((dirty & RegisterClasses.Vector) != 0)
        {
            stored.ReadFxState(out FxsaveArea fx);
            ((ReadOnlySpan<hv_u128>)page->xmm_registers).CopyTo(fx.Xmm);
            _ = stored.TryWriteFxState(in fx);
        }
    }

    /// <summary>Registers were set by name: the page, where it holds anything, follows.</summary>
    internal void Refresh()
    {
        if (page->isvalid != 0)
        {
            Publish();
        }
    }

    /// <summary>Fills the page.</summary>
    internal void Publish()
    {
        page->gp_registers = state.General;
        page->rip = state.Rip;
        page->rflags = state.Rflags;
        ((ReadOnlySpan<hv_x64_segment_register>)state.Segments)[..(ProcessorState.Gs + 1)].CopyTo(page->segment_registers);
        page->cr0 = state.Cr0;
        page->cr3 = state.Cr3;
        page->cr4 = state.Cr4;
        page->cr8 = state.Cr8;
        page->efer = state.Efer;
        page->pending_interruption = EventRegisters.Interruption(in state.Events);
        page->interrupt_state.interrupt_shadow = state.Events.InterruptShadow ? 1UL : 0;
        page->interrupt_state.nmi_masked = state.Events.NmiMasked ? 1UL : 0;
        page->instruction_emulation_hints = 0;
        if (isMapped)
        {
            PublishExtendedState();
        }

        page->dirty = 0;
        page->isvalid = 1;
    }

    // DR7 is what the client last set: the guest's own changes cost a request that no client is known to need.
    private void PublishExtendedState()
    {
        stored.ReadFxState(out FxsaveArea fx);
        ((ReadOnlySpan<hv_u128>)fx.Xmm)[..PageXmmCount].CopyTo(page->xmm_registers);

        // Only XSETBV changes XCR0, and only where CR4 allows it.
        if (page->xfem == 0 || (state.Cr4 & Cr4OsXsave) != 0)
        {
            page->xfem = stored.ReadXcr0();
        }
    }
}
