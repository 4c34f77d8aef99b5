using System.Runtime.CompilerServices;
using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.FastPath;
using HvBindgen.Emulation.X64.Instructions;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>A processor in software: carries out instructions one after another, delivers what they raise, and takes interrupts.</summary>
/// <remarks>
/// <para>Used by one thread at a time, but for <see cref="RequestAttention"/> and <see cref="NoticeInterrupt"/>. It allocates nothing while
/// it runs. An instruction happens wholly or not at all, but for the progress of a repeated one.</para>
/// <para>What it does not carry out it refuses by name: it stops in front of it.</para>
/// </remarks>
internal sealed class X64Processor
{
    private readonly X64Context context = new();
    private readonly X64AddressSpace space;
    private readonly InstructionSet instructions;
    private readonly SystemInstructions systemInstructions;
    private readonly RaisedEvents events;
    private readonly IX64Surroundings surroundings;
    private readonly TranslationCache translations = new();
    private readonly DecodedCode code;
    private readonly FastRun fast;
    private readonly ProcessorSignals signals = new();

    // What an instruction began with, for one that comes to nothing: most change no more than general registers and flags.
    private X64RegisterFile savedGpr;
    private X64State saved;
    private ProcessorEvent pending;

    /// <summary>Makes a processor as it is after a reset.</summary>
    /// <param name="ram">Memory.</param>
    /// <param name="bus">Devices.</param>
    /// <param name="surroundings">What it asks for.</param>
    internal X64Processor(IGuestPhysicalMemory ram, IX64Bus bus, IX64Surroundings surroundings)
    {
        this.surroundings = surroundings;
        space = new X64AddressSpace(context, ram, bus, HostAlignment.OfThisProcess);
        space.Pages.Kept = translations;
        space.Pages.Watched = System.Debug.Watched;
        System.Debug.OnChanged = OnBreakpointsChanged;
        code = new DecodedCode(context, space, new InstructionFetcher(context, space, ram));
        fast = new FastRun(
            context, space, code, new FastMemory(translations, ram, HostAlignment.OfThisProcess), signals, System);
        instructions = new InstructionSet(context, space, bus, Vectors);
        instructions.Segments.Tables = System;
        Models = new ModelRegisters(context, space);
        X64Stack stack = new(context, space);
        DescriptorReader descriptors = new(context, space, System);
        TaskStacks stacks = new(context, space, stack, descriptors, System);
        TaskSwitches tasks = new(context, space, descriptors, System);
        EventDelivery delivery = new(context, space, stack, descriptors, System, stacks, tasks);
        events = new RaisedEvents(context, space, delivery, System, what => Pending = what);
        systemInstructions = new SystemInstructions(
            context, space, stack, descriptors, stacks, tasks, System, Models, Vectors, surroundings, instructions);
        context.Begin(default, new EmulationInput());
        System.Reset();
    }

    /// <summary>Registers. Whoever changes those that choose a mode calls <see cref="OnStateChanged"/> before the next run.</summary>
    internal ref X64State State => ref context.State;

    internal SystemRegisters System { get; } = new();

    internal ModelRegisters Models { get; }

    internal VectorFile Vectors { get; } = new();

    /// <summary>Instructions carried out so far; a repeated one counts once for each call that it takes.</summary>
    internal long InstructionCount { get; private set; }

    /// <summary>Exceptions that stop the processor instead of being delivered: one bit for each vector.</summary>
    internal uint InterceptedExceptions
    {
        get => events.Intercepts;
        set => events.Intercepts = value;
    }

    /// <summary>Width of a guest-physical address in bits.</summary>
    internal int PhysicalAddressBits
    {
        get => space.Pages.PhysicalAddressBits;
        init => space.Pages.PhysicalAddressBits = value;
    }

    /// <summary>How the instruction ended that the processor stopped at.</summary>
    internal EmulationOutcome Outcome => context.Outcome;

    /// <summary>The exception that stopped the processor.</summary>
    internal ProcessorEvent Intercepted => events.Intercepted;

    /// <summary>Linear address of the access that nobody answered.</summary>
    internal ulong StoppedAt => space.UnansweredLinear;

    /// <summary>Guest-physical address of the page table that lies in no memory.</summary>
    internal ulong MissingTable => space.Pages.MissingTable;

    /// <summary>What is delivered before the next instruction; null for nothing.</summary>
    internal ProcessorEvent? Pending
    {
        get => signals.Has(ProcessorSignals.Event) ? pending : null;
        set
        {
            pending = value ?? default;
            signals.Set(ProcessorSignals.Event, value is not null);
        }
    }

    /// <summary>Whether an NMI waits.</summary>
    internal bool NmiPending
    {
        get => signals.Has(ProcessorSignals.Nmi);
        set => signals.Set(ProcessorSignals.Nmi, value);
    }

    /// <summary>Whether to stop as soon as an interrupt could be taken.</summary>
    internal bool WantsInterruptWindow
    {
        get => signals.Has(ProcessorSignals.Window);
        set => signals.Set(ProcessorSignals.Window, value);
    }

    /// <summary>Makes a run, or else the next one, stop before its next instruction. From any thread.</summary>
    internal void RequestAttention() => signals.Set(ProcessorSignals.Attention, true);

    /// <summary>There may be an interrupt to take. From any thread.</summary>
    internal void NoticeInterrupt() => signals.Set(ProcessorSignals.Interrupt, true);

    /// <summary>Registers were changed from outside that choose a mode or a translation.</summary>
    internal void OnStateChanged()
    {
        OnModeChanged();
        translations.Clear();
        translations.Use(context.State.ProcessContext);
    }

    /// <summary>Registers were changed from outside, but none that choose a translation: CR0, CR3, CR4 and EFER are as they were.</summary>
    internal void OnModeChanged() => context.FollowMode();

    /// <summary>Forgets translations: memory has changed its place.</summary>
    internal void ForgetTranslations() => translations.Clear();

    /// <summary>Carries out instructions until something happens.</summary>
    /// <param name="most">How many at most.</param>
    internal ProcessorStop Run(long most)
    {
        for (long done = 0; done < most; done++)
        {
            ref DecodedInstruction next = ref fast.Run(most - done);
            InstructionCount += fast.Count;
            done += fast.Count;

            if (done < most && (signals.Raised != 0 ? StepWithSignals() : Step(ref next)) is { } stop)
            {
                return stop;
            }
        }

        return ProcessorStop.Limit;
    }

    private void OnBreakpointsChanged()
    {
        signals.Set(ProcessorSignals.Breakpoint, System.Debug.IsArmed);
        context.MaxIterations = System.Debug.LooksAtIterations ? 1 : EmulationInput.DefaultMaxIterations;

        if (!System.Debug.Watched.IsEmpty)
        {
            translations.Clear();
        }
    }

    // SDM volume 3, 6.9: breakpoints behind the last instruction come before interrupts, those on the next one after them.
    private ProcessorStop? StepWithSignals()
    {
        if (TryAnswerSignals(out ProcessorStop? stop))
        {
            return stop;
        }

        bool looksForBreakpoint = (context.State.Rflags & X64Bits.FlagRf) == 0 && !HoldsDebugBack;

        if (looksForBreakpoint && System.Debug.FindExecution(LinearRip) is not 0 and uint met)
        {
            // A fault, but one whose handler finds RF as it is.
            return events.RaiseDebug(met);
        }

        stop = Step(ref Unsafe.NullRef<DecodedInstruction>());
        return stop is null && HasDebugTrap ? events.RaiseDebug(0) : stop;
    }

    private ulong LinearRip => context.Is64BitMode
        ? context.State.Rip
        : (uint)(context.State.Segments[X64SegmentFile.Cs].Base + context.State.Rip);

    // Behind a load of SS, so that the stack pointer can follow it.
    private bool HoldsDebugBack => System.InterruptShadow && context.LoadsStackSegment;

    private bool HasDebugTrap => System.Debug.Watched.Hits != 0 && !HoldsDebugBack;

    // Whether something happens instead of the next instruction.
    private bool TryAnswerSignals(out ProcessorStop? stop)
    {
        int raised = signals.Raised;
        stop = null;

        if ((raised & ProcessorSignals.Attention) != 0)
        {
            signals.Set(ProcessorSignals.Attention, false);
            stop = ProcessorStop.Attention;
            return true;
        }

        if ((raised & ProcessorSignals.Event) != 0)
        {
            ProcessorEvent what = pending;
            signals.Set(ProcessorSignals.Event, false);
            System.InterruptShadow = false;
            stop = events.Deliver(what, context.State.Rip);
            return true;
        }

        // What the delivery of an event has met.
        if (HasDebugTrap)
        {
            stop = events.RaiseDebug(0);
            return true;
        }

        if (System.InterruptShadow)
        {
            return false;
        }

        if ((raised & ProcessorSignals.Nmi) != 0 && !System.NmiMasked)
        {
            signals.Set(ProcessorSignals.Nmi, false);
            System.NmiMasked = true;
            stop = events.Deliver(new ProcessorEvent(EventKind.Interrupt, X64Bits.VectorNmi, null), context.State.Rip);
            return true;
        }

        if ((context.State.Rflags & X64Bits.FlagIf) == 0)
        {
            return false;
        }

        if ((raised & ProcessorSignals.Interrupt) != 0)
        {
            // Before it is asked for: one that comes meanwhile is not forgotten.
            signals.Set(ProcessorSignals.Interrupt, false);

            if (surroundings.TryTakeInterrupt(out byte vector))
            {
                signals.Set(ProcessorSignals.Interrupt, true);
                stop = events.Deliver(new ProcessorEvent(EventKind.Interrupt, vector, null), context.State.Rip);
                return true;
            }
        }

        if ((raised & ProcessorSignals.Window) != 0)
        {
            signals.Set(ProcessorSignals.Window, false);
            stop = ProcessorStop.InterruptWindow;
            return true;
        }

        return false;
    }

    // The instruction is known already, or a null reference.
    private ProcessorStop? Step(ref DecodedInstruction decoded)
    {
        context.BeginNext();
        space.Begin();

        if (Unsafe.IsNullRef(ref decoded))
        {
            decoded = ref code.Fetch(out bool isFetched);

            if (!isFetched)
            {
                return Fail();
            }
        }

        ref X64State state = ref context.State;
        ulong flags = state.Rflags;
        savedGpr = state.Gpr;

        if (decoded.ChangesMode)
        {
            saved = state;
        }

        context.Instruction = decoded.Instruction;
        context.NextRip = context.MaskRip(state.Rip + (uint)decoded.Instruction.Length);
        state.Rflags &= ~X64Bits.FlagRf;
        bool hasEnded;

        if (decoded.System is { } operation)
        {
            systemInstructions.Begin();
            hasEnded = operation(systemInstructions);
        }
        else
        {
            // CPUID tells what there is; what has no operation is not there.
            hasEnded = decoded.Entry is { } entry ? instructions.TryExecute(entry) : context.Fault(X64Bits.VectorUd);
        }

        InstructionCount++;

        if (space.IsAbandoned)
        {
            hasEnded = context.Abandon();
        }

        if (!hasEnded)
        {
            if (!context.KeepsProgress)
            {
                Undo(decoded.ChangesMode, flags);
            }

            return Fail();
        }

        bool isSystem = decoded.System is not null;

        if (isSystem && systemInstructions.SoftwareInterrupt is { } vector)
        {
            return events.RaiseByName(vector);
        }

        state.Rip = context.NextRip;
        System.InterruptShadow = context.LoadsStackSegment || (isSystem && systemInstructions.Control.HoldsInterruptsBack);

        // SYSCALL and SYSRET step by the flags that they load, as kernels rely on that mask TF at their entry.
        flags = isSystem && FastCalls.LoadsFlags(decoded.Instruction.Mnemonic) ? state.Rflags : flags;

        if ((flags & X64Bits.FlagTf) != 0 && !context.LoadsStackSegment)
        {
            return events.RaiseDebug(X64Bits.Dr6SingleStep);
        }

        return isSystem ? systemInstructions.Control.Stop : null;
    }

    private void Undo(bool all, ulong flags)
    {
        ref X64State state = ref context.State;

        if (all)
        {
            state = saved;
            context.FollowMode();
            return;
        }

        state.Gpr = savedGpr;
        state.Rflags = flags;
    }

    private ProcessorStop? Fail()
    {
        EmulationOutcome outcome = context.Outcome;

        if (outcome.Result == EmulationResult.Continue)
        {
            // The next iteration is the same instruction: a breakpoint on it has been met.
            context.State.Rflags |= X64Bits.FlagRf;
            return outcome.SingleStepIsDue ? events.RaiseDebug(X64Bits.Dr6SingleStep) : null;
        }

        // What does not happen meets no breakpoint.
        System.Debug.Watched.Hits = 0;

        if (outcome.Result == EmulationResult.Fault)
        {
            System.InterruptShadow = false;
            return events.Raise(new ProcessorEvent(EventKind.Fault, outcome.Vector, outcome.ErrorCode), outcome.FaultAddress);
        }

        ProcessorStop? stop = systemInstructions.Models.StopsFor;
        systemInstructions.Models.StopsFor = null;
        return outcome.Result == EmulationResult.Abandoned && stop is not null ? stop : RaisedEvents.StopOf(in outcome);
    }
}
