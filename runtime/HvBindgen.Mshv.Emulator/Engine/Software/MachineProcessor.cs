using HvBindgen.Emulation.X64.Processor;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>A virtual processor in software. It stops in front of whatever it stops for.</summary>
internal sealed class MachineProcessor : IProcessorEngine, IX64Surroundings
{
    private const int NoVector = -1;

    private readonly SoftwareMachine machine;
    private readonly X64Processor processor;
    private readonly RandomNumbers random;
    private readonly KeptPages pages;
    private readonly MachineBus bus;
    private readonly SoftwareMsrs msrs;
    private readonly MsrAccesses accesses;
    private readonly SoftwareStoredState stored;
    private readonly ProcessorExchange exchange;
    private readonly ExitDescription exits;
    private readonly InstructionAnswers answers;
    private readonly ProcessorSleep sleep;
    private readonly StartRequests starts = new();
    private readonly Lock running = new();
    private volatile bool isInterrupted;
    private int externalVector = NoVector;

    internal MachineProcessor(SoftwareMachine machine, uint index, bool hasApic)
    {
        this.machine = machine;
        Apic = hasApic ? new LocalApic(index, machine.Counter) : null;
        random = new RandomNumbers(machine.Seed, index);
        bus = new MachineBus(State, Apic, machine.Doorbells, AfterApic);
        pages = new KeptPages(new AccessedMemory(machine.Memory));
        processor = new X64Processor(pages, bus, this) { PhysicalAddressBits = SoftwareCpuid.PhysicalAddressBits };
        processor.State.Xcr0 = 1;
        msrs = new SoftwareMsrs(processor, State, Apic, machine.Counter);
        accesses = new MsrAccesses(machine, msrs);
        stored = new SoftwareStoredState(processor, State, msrs, Apic);
        exchange = new ProcessorExchange(State, processor);
        exits = new ExitDescription(State, processor, machine.Memory);
        Pace = new ProcessorPace(machine.Clock, processor, Apic, Attend);
        sleep = new ProcessorSleep(processor, Apic, machine.Clock as VirtualClock);
        answers = new InstructionAnswers(State, processor, pages);
        State.Reset(isFirst: index == 0);
        Apic?.Reset();
    }

    public ProcessorState State { get; } = new();

    public IStoredState Stored => stored;

    public bool TakesCpuid => true;

    public bool RequestInterruptWindow
    {
        get => processor.WantsInterruptWindow;
        set => processor.WantsInterruptWindow = value;
    }

    internal LocalApic? Apic { get; }

    internal ProcessorPace Pace { get; }

    public ulong TimestampCounter => msrs.Timestamp;

    public uint TimestampAux => processor.Models.TimestampAux;

    // Whether an interrupt of an external controller waits.
    private bool HasExternal => Volatile.Read(ref externalVector) != NoVector;

    public ProcessorExit Run()
    {
        exchange.Load();
        if (!pages.BeginRun())
        {
            processor.ForgetTranslations();
        }

        Apic?.Follow(State.ApicBase);
        OnTaskPriority();
        using PendingSignals signals = PendingSignals.Hold();
        long start = machine.Statistics.Start();
        ProcessorExit? exit;
        do
        {
            exit = RunOnce(in signals);
        }
        while (exit is null);

        // The client answers what stopped an instruction, and lets the processor go on; after any other end it may not.
        Pace.IsExecuting = exit is InstructionExit or ApicEoiExit or InterruptWindowExit;
        machine.Statistics.AddEntry(start);
        return exit;
    }

    public MemoryExit? FindUnbackedCode() => exits.FindUnbackedCode();

    public void Interrupt()
    {
        isInterrupted = true;
        processor.RequestAttention();
        sleep.Wake();
    }

    public void AnswerMsr(ulong value, bool faults) => answers.OfMsr(accesses.Last, value, faults);

    // Nothing has happened yet.
    public void AbandonMsr()
    {
    }

    public void AnswerHypercall(bool faults) => answers.OfHypercall(faults);

    public void ForgetTranslations() => machine.ChangeBetweenSlices(static each => each.processor.ForgetTranslations(), this);

    public bool TryStart(in hv_init_vp_context context)
    {
        if (stored.Activity != ProcessorActivity.WaitingForStartup || !starts.TryStart(in context))
        {
            return false;
        }

        Attend();
        return true;
    }

    public bool TryQueueExternalInterrupt(byte vector)
    {
        bool isQueued = Interlocked.CompareExchange(ref externalVector, vector, NoVector) == NoVector;
        Notice();
        return isQueued;
    }

    public bool TryQueueNmi()
    {
        State.Events.NmiPending = true;
        processor.NmiPending = true;
        sleep.Wake();
        return true;
    }

    public bool TryInterceptExceptions(uint vectors)
    {
        processor.InterceptedExceptions = vectors;
        return true;
    }

    public void Dispose()
    {
        machine.Remove(this);
        sleep.Dispose();
    }

    /// <summary>Keeps the processor from executing while memory changes, and has it forget where memory was.</summary>
    internal void ChangeMemory(Action change) => WhileStopped(each =>
    {
        change();
        each.pages.Clear();
        each.processor.ForgetTranslations();
    });

    /// <summary>Does something while the processor executes nothing.</summary>
    internal void WhileStopped(Action<MachineProcessor> action)
    {
        processor.RequestAttention();
        lock (running)
        {
            action(this);
        }
    }

    /// <summary>An interrupt arrives for the APIC. From any thread.</summary>
    internal void Accept(in InterruptMessage message)
    {
        switch (message.DeliveryMode)
        {
            case SoftwareMachine.Nmi:
                processor.NmiPending = true;
                sleep.Wake();
                break;
            case SoftwareMachine.Init:
                starts.Reset();
                Attend();
                break;
            case SoftwareMachine.Startup:
                starts.StartAt(message.Vector);
                Attend();
                break;
            default:
                Apic?.Accept(message.Vector, message.IsLevel);
                Notice();
                break;
        }
    }

    ulong IX64Surroundings.NextRandom() => random.Next();

    bool IX64Surroundings.TakesHypercalls => true;

    bool IX64Surroundings.InterceptsIdentification(uint function) => machine.InterceptsCpuid(function);

    X64Identification IX64Surroundings.Identify(uint function, uint index) => stored.Identify(function, index);

    MsrAnswer IX64Surroundings.ReadMsr(uint index, out ulong value) => accesses.Read(index, out value);

    MsrAnswer IX64Surroundings.WriteMsr(uint index, ulong value)
    {
        MsrAnswer answer = accesses.Write(index, value);
        if (answer != MsrAnswer.Stop)
        {
            AfterApic();
        }

        return answer;
    }

    public void OnTaskPriority()
    {
        if (Apic is { } apic && apic.TaskPriority >> 4 != (int)processor.State.Cr8)
        {
            apic.TaskPriority = (byte)(processor.State.Cr8 << 4);
            processor.NoticeInterrupt();
        }
    }

    bool IX64Surroundings.TryTakeInterrupt(out byte vector)
    {
        int external = Interlocked.Exchange(ref externalVector, NoVector);
        vector = (byte)Math.Max(external, 0);
        return external != NoVector || (Apic?.TryTake(out vector) ?? false);
    }

    private ProcessorExit? RunOnce(in PendingSignals signals)
    {
        if (isInterrupted || signals.IsAny)
        {
            return Leave(InterruptedExit.Instance);
        }

        TakeStartup();
        if (stored.Activity != ProcessorActivity.Running)
        {
            Sleep();
            return null;
        }

        Pace.Begin();
        if (Apic is { } apic && (apic.TryExpire() || apic.HasNext))
        {
            processor.NoticeInterrupt();
        }

        ProcessorStop stop;
        try
        {
            stop = RunSlice();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The run ends with an error number, as whatever is wrong behind a driver does.
            return Leave(exits.OfFault(exception));
        }

        if (Apic?.TakeCommand() is { } command)
        {
            machine.Send(this, command);
        }

        if (Apic?.TakeEndedLevel() is { } ended)
        {
            // What the slice stopped for, if anything, is met again.
            return Leave(exits.OfEnd(ended));
        }

        return Answer(stop);
    }

    private ProcessorStop RunSlice()
    {
        machine.WaitForChange();
        lock (running)
        {
            return processor.Run(Pace.SliceLength());
        }
    }

    private ProcessorExit? Answer(ProcessorStop stop)
    {
        switch (stop)
        {
            case ProcessorStop.Limit or ProcessorStop.Attention:
                return null;
            case ProcessorStop.Halt when Apic is null:
                return Leave(HaltExit.Instance);
            case ProcessorStop.Halt:
                stored.Activity = ProcessorActivity.Halted;
                return null;
            case ProcessorStop.Wait:
                // Behind MWAIT: as after HLT, but it goes on in any case; at once where time does not go on while nothing is executed.
                sleep.Begin();
                sleep.Wait(Pace.IsVirtual || sleep.IsOver(HasExternal) ? 0 : Pace.WaitingTime);
                return null;
            case ProcessorStop.Shutdown:
                return Leave(ShutdownExit.Instance);
            case ProcessorStop.InterruptWindow:
                return Leave(InterruptWindowExit.Instance);
        }

        exchange.Store();
        return stop switch
        {
            ProcessorStop.Unanswered => exits.OfDevice(bus.Refused),
            ProcessorStop.NoMemory => exits.OfNoMemory(),
            ProcessorStop.Msr => exits.OfMsr(accesses.Last),
            ProcessorStop.Identification => exits.OfIdentification(stored),
            ProcessorStop.Hypercall => exits.OfHypercall(),
            ProcessorStop.Exception => exits.OfException(),
            _ => exits.OfUnsupported(),
        };
    }

    private ProcessorExit Leave(ProcessorExit exit)
    {
        if (exit is InterruptedExit)
        {
            isInterrupted = false;
        }

        exchange.Store();
        return exit;
    }

    private void TakeStartup()
    {
        if (starts.TakeReset())
        {
            Apic?.Reset();
            stored.Activity = ProcessorActivity.WaitingForStartup;
        }

        if (starts.TryTake(State, stored, isTaken: stored.Activity == ProcessorActivity.WaitingForStartup))
        {
            processor.System.Reset();
            exchange.Load();
            stored.Activity = ProcessorActivity.Running;
        }
    }

    // After HLT, or before the start: until something arrives, but no longer than a signal may wait.
    private void Sleep()
    {
        sleep.Begin();
        if (stored.Activity == ProcessorActivity.Halted && sleep.IsOver(HasExternal))
        {
            stored.Activity = ProcessorActivity.Running;
            return;
        }

        if (!isInterrupted && !starts.IsAny)
        {
            // A timer that wakes nobody is not waited for without rest.
            if (Pace.TrySkip() && stored.Activity == ProcessorActivity.Halted && sleep.IsOver(HasExternal))
            {
                stored.Activity = ProcessorActivity.Running;
                return;
            }

            sleep.Wait(stored.Activity == ProcessorActivity.Halted ? Pace.WaitingTime : null);
        }
    }

    // What a write to the APIC asks for is done when the instruction has ended.
    private void AfterApic()
    {
        if (Apic is { } apic)
        {
            processor.State.Cr8 = (ulong)apic.TaskPriority >> 4;
            processor.NoticeInterrupt();
            if (apic.Command is not null || apic.EndedLevel is not null || Pace.IsVirtual)
            {
                processor.RequestAttention();
            }
        }
    }

    private void Notice()
    {
        processor.NoticeInterrupt();
        sleep.Wake();
    }

    private void Attend()
    {
        processor.RequestAttention();
        sleep.Wake();
    }
}
