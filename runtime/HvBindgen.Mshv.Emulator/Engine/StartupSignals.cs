namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>What INIT and the startup interrupt do to a processor, where the engine does not do it by itself.</summary>
internal static class StartupSignals
{
    /// <summary>Puts a processor where a startup interrupt sends it: real mode, at a page below 1 MiB.</summary>
    internal static void Start(IProcessorEngine engine, byte page)
    {
        ProcessorState state = engine.State;
        state.General = default;
        state.General[ProcessorState.Rdx] = 0x600; // family 6, as after any reset
        state.Rip = 0;
        state.Rflags = 2;
        for (int segment = ProcessorState.Es; segment <= ProcessorState.Gs; segment++)
        {
            state.Segments[segment] = new() { limit = 0xffff, attributes = 0x93 };
        }

        state.Segments[ProcessorState.Cs] = new() { @base = (ulong)page << 12, limit = 0xffff, selector = (ushort)(page << 8), attributes = 0x9b };
        state.Segments[ProcessorState.Ldtr] = new() { limit = 0xffff, attributes = 0x82 };
        state.Segments[ProcessorState.Tr] = new() { limit = 0xffff, attributes = 0x8b };
        state.Idtr = new() { limit = 0xffff };
        state.Gdtr = new() { limit = 0xffff };
        state.Cr0 = 0x10; // ET
        state.Cr2 = state.Cr3 = state.Cr4 = state.Cr8 = state.Efer = 0;
        state.Events = default;
        state.GeneralChanged = state.SystemChanged = state.EventsChanged = true;
        engine.Activity = ProcessorActivity.Running;
    }
}
