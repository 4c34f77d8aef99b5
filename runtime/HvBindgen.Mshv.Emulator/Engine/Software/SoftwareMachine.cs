using HvBindgen.Emulation;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>A machine of software processors: memory, and interrupts between its APICs.</summary>
internal sealed class SoftwareMachine : IMachineEngine
{
    internal const byte LowestPriority = 1;
    internal const byte Nmi = 4;
    internal const byte Init = 5;
    internal const byte Startup = 6;

    private readonly bool hasApic;
    private readonly SoftwareInterruptEvents events;
    private readonly Lock gate = new();
    private readonly CpuidEntry[] supported = SoftwareCpuid.Build();
    private volatile MachineProcessor[] processors = [];
    private volatile MsrIntercept[] msrIntercepts = [];
    private volatile uint[] cpuidIntercepts = [];
    private volatile InterruptRoute[] routes = [];
    private int changes;

    internal SoftwareMachine(bool hasApic, MachineClock clock, ulong? seed, RunStatistics statistics)
    {
        this.hasApic = hasApic;
        Clock = clock;
        Counter = new GuestClock(clock);
        Seed = seed;
        Statistics = statistics;
        Memory = new SoftwareMemory(hasApic);
        events = new SoftwareInterruptEvents(Raise);
    }

    internal SoftwareMemory Memory { get; }

    internal SoftwareDoorbells Doorbells { get; } = new();

    public MachineClock Clock { get; }

    /// <summary>The processors' time-stamp counter.</summary>
    internal GuestClock Counter { get; }

    /// <summary>Seed of the processors' random numbers; null for the host's.</summary>
    internal ulong? Seed { get; }

    internal RunStatistics Statistics { get; }

    public ReadOnlySpan<CpuidEntry> SupportedCpuid => supported;

    public bool StartsProcessors => true;

    public uint LevelRouteCount => uint.MaxValue;

    public int MapMemory(in MemorySlot slot)
    {
        MemorySlot added = slot;
        Change(() => Memory.Set(in added));
        return 0;
    }

    public int UnmapMemory(uint slotIndex)
    {
        Change(() => Memory.Remove(slotIndex));
        return 0;
    }

    public int TakeDirtyPages(uint slotIndex, Span<ulong> bitmap) => Memory.TakeWritten(slotIndex, bitmap) ? 0 : Errno.ENOENT;

    public bool RecordsAccesses => true;

    // Processors note a page when they look for where it is: they look again afterwards.
    public int TakeAccessedPages(uint slotIndex, Span<ulong> bitmap)
    {
        ulong[] taken = new ulong[bitmap.Length];
        bool isRecorded = false;
        Change(() => isRecorded = Memory.TakeAccessed(slotIndex, taken));
        taken.CopyTo(bitmap);
        return isRecorded ? 0 : Errno.ENOENT;
    }

    // Every end of a level-triggered interrupt is told, whether or not a route is known.
    public int SetRoutes(ReadOnlySpan<InterruptRoute> replacement)
    {
        routes = replacement.ToArray();
        return 0;
    }

    public int SignalMessage(in InterruptMessage message)
    {
        Deliver(in message, except: null);
        return 0;
    }

    public int SetInterruptEvent(int eventFd, uint gsi, bool assign) => events.Set(eventFd, gsi, assign);

    public int SetDoorbell(in Doorbell doorbell, bool assign) => Doorbells.Set(in doorbell, assign);

    public bool TakesHypercalls => true;

    public bool CanInterceptExceptions(uint vectors) => true;

    public int SetMsrIntercepts(ReadOnlySpan<MsrIntercept> intercepts)
    {
        msrIntercepts = intercepts.ToArray();
        return 0;
    }

    public int SetCpuidIntercepts(ReadOnlySpan<uint> functions)
    {
        cpuidIntercepts = functions.ToArray();
        return 0;
    }

    public int CreateProcessor(uint index, IGuestPhysicalMemory memory, out IProcessorEngine? processor)
    {
        MachineProcessor made = new(this, index, hasApic);
        lock (gate)
        {
            processors = [.. processors, made];
            (Clock as VirtualClock)?.Add(made.Pace);
        }

        processor = made;
        return 0;
    }

    public void Dispose() => events.Dispose();

    /// <summary>A processor is gone.</summary>
    internal void Remove(MachineProcessor processor)
    {
        lock (gate)
        {
            processors = [.. processors.Where(each => each != processor)];
            (Clock as VirtualClock)?.Remove(processor.Pace);
        }
    }

    internal bool IsIntercepted(uint index, bool isWrite)
    {
        foreach (MsrIntercept intercept in msrIntercepts)
        {
            if (intercept.Index == index && (isWrite ? intercept.Writes : intercept.Reads))
            {
                return true;
            }
        }

        return false;
    }

    internal bool InterceptsCpuid(uint function) => cpuidIntercepts.AsSpan().Contains(function);

    /// <summary>Lets a change of memory that waits for processors come first.</summary>
    internal void WaitForChange()
    {
        while (Volatile.Read(ref changes) != 0)
        {
            Thread.Sleep(0);
        }
    }

    /// <summary>Carries out what a processor's guest has written to the command register of its APIC.</summary>
    internal void Send(MachineProcessor sender, ulong command)
    {
        const int Self = 1;
        const int AllBut = 3;
        const uint AssertBit = 1 << 14;
        uint low = (uint)command;
        byte mode = (byte)((low >> 8) & 7);
        int shorthand = (int)(low >> 18) & 3;
        uint destination = sender.Apic!.IsX2 ? (uint)(command >> 32) : (uint)(command >> 56);
        InterruptMessage message = new(
            shorthand == 0 ? destination : uint.MaxValue, shorthand == 0 && (low & (1 << 11)) != 0, mode, (byte)low, false);

        // The end of an INIT, which processors of today ignore.
        if (mode == Init && (low & AssertBit) == 0)
        {
            return;
        }

        if (shorthand == Self)
        {
            sender.Accept(in message);
        }
        else
        {
            Deliver(in message, shorthand == AllBut ? sender : null);
        }
    }

    /// <summary>Does something to a processor while it executes nothing, before it executes anything again.</summary>
    internal void ChangeBetweenSlices(Action<MachineProcessor> change, MachineProcessor processor)
    {
        _ = Interlocked.Increment(ref changes);
        try
        {
            processor.WhileStopped(change);
        }
        finally
        {
            _ = Interlocked.Decrement(ref changes);
        }
    }

    private void Raise(uint gsi)
    {
        foreach (InterruptRoute route in routes)
        {
            if (route.Gsi == gsi)
            {
                Deliver(route.Message, except: null);
            }
        }
    }

    private void Deliver(in InterruptMessage message, MachineProcessor? except)
    {
        foreach (MachineProcessor processor in processors)
        {
            if (processor != except && processor.Apic is { } apic && apic.IsAddressed(message.DestinationId, message.IsLogical))
            {
                processor.Accept(in message);
                if (message.DeliveryMode == LowestPriority)
                {
                    return;
                }
            }
        }
    }

    // While memory changes no processor executes: what the client takes away is gone when this returns.
    private void Change(Action change)
    {
        _ = Interlocked.Increment(ref changes);
        try
        {
            lock (gate)
            {
                Change(processors, change);
            }
        }
        finally
        {
            _ = Interlocked.Decrement(ref changes);
        }
    }

    private static void Change(ReadOnlySpan<MachineProcessor> left, Action change)
    {
        if (left.IsEmpty)
        {
            change();
            return;
        }

        MachineProcessor[] others = left[1..].ToArray();
        left[0].ChangeMemory(() => Change(others, change));
    }
}
