using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Interrupts;

/// <summary>Interrupts of a partition: asserted from here, or by the kernel when an event is signalled.</summary>
/// <remarks>May be used from any thread, also while processors run.</remarks>
public sealed unsafe class PartitionInterrupts
{
    private readonly PartitionHandle partition;
    private readonly GuestArchitecture architecture;
    private readonly IGuestPhysicalMemory memory;
    private readonly Func<uint, bool> hasProcessor;
    private readonly Lock changeLock = new();
    private readonly List<InterruptLine> lines = [];
    private readonly List<Doorbell> doorbells = [];
    private MsiRoutingTable routes = new();

    internal PartitionInterrupts(
        PartitionHandle partition, GuestArchitecture architecture, IGuestPhysicalMemory memory, Func<uint, bool> hasProcessor)
    {
        this.partition = partition;
        this.architecture = architecture;
        this.memory = memory;
        this.hasProcessor = hasProcessor;
    }

    /// <summary>A copy of the routes that the driver has.</summary>
    public MsiRoutingTable Routes
    {
        get
        {
            lock (changeLock)
            {
                return routes.Copy();
            }
        }
    }

    /// <summary>Asserts an interrupt; x86-64.</summary>
    /// <remarks>
    /// A level-triggered one needs a line with a resampling event whose number is the vector. The driver of Linux 7.3 leaves the message of
    /// an end that nobody asked for where it is, and the processor's next intercept never arrives.
    /// </remarks>
    /// <param name="request">Which, and where.</param>
    /// <exception cref="ArgumentOutOfRangeException">No interrupt can be asserted so.</exception>
    /// <exception cref="ArgumentException">It is level-triggered, and no event is told of its end.</exception>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void Assert(in InterruptRequest request)
    {
        CheckArchitecture(GuestArchitecture.X64);
        request.Check();
        if (request.HasEnd)
        {
            CheckEnd(request.Vector);
        }

        Abi.X64.hv_input_assert_virtual_interrupt input = new() { dest_addr = request.Destination, vector = request.Vector };
        input.control.interrupt_type = (uint)request.Type;
        input.control.level_triggered = request.IsLevelTriggered ? 1u : 0;
        input.control.logical_dest_mode = request.IsLogical ? 1u : 0;
        HypercallClient.Call(partition, Abi.X64.Hypercalls.HVCALL_ASSERT_VIRTUAL_INTERRUPT, input)
            .ThrowIfFailed($"Asserting interrupt {request}");
    }

    /// <summary>Raises or lowers an interrupt line of the GIC; arm64.</summary>
    /// <param name="interruptId">Number of the shared or private peripheral interrupt, from 16 on.</param>
    /// <param name="isAsserted">Whether the line is raised.</param>
    /// <param name="processorIndex">Processor of a private interrupt; 0 for a shared one.</param>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void SetLine(uint interruptId, bool isAsserted, ulong processorIndex = 0)
    {
        // Numbers 0 to 15 are the guest's own, between its processors; from 1020 on they are special.
        const uint FirstPeripheral = 16;
        const uint FirstSpecial = 1020;
        CheckArchitecture(GuestArchitecture.Arm64);
        ArgumentOutOfRangeException.ThrowIfLessThan(interruptId, FirstPeripheral);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interruptId, FirstSpecial);
        Abi.Arm64.hv_input_assert_virtual_interrupt input = new() { dest_addr = processorIndex, vector = interruptId };
        input.control.asserted = isAsserted ? 1u : 0;
        HypercallClient.Call(partition, Abi.Arm64.Hypercalls.HVCALL_ASSERT_VIRTUAL_INTERRUPT, input)
            .ThrowIfFailed($"{(isAsserted ? "Raising" : "Lowering")} interrupt line {interruptId}");
    }

    /// <summary>Gives the driver a new set of routes, in place of all it had.</summary>
    /// <param name="table">Routes; a copy is kept.</param>
    /// <exception cref="ArgumentException">The driver would misread a route, or it breaks an event that is attached.</exception>
    /// <exception cref="HypervisorException">The kernel refused; the routes are the old ones.</exception>
    public void SetRoutes(MsiRoutingTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        lock (changeLock)
        {
            MsiRoutingTable next = table.Copy();
            Check(next);
            IoctlResult result;
            fixed (byte* argument = next.ToArgument())
            {
                result = PartitionIoctls.MSHV_SET_MSI_ROUTING(
                    new UninterruptedDescriptor(partition), (mshv_user_irq_table*)argument);
            }

            if (!result.IsSuccess)
            {
                throw new HypervisorException($"Setting {next.Count} interrupt routes", result.Errno);
            }

            routes = next;
        }
    }

    /// <summary>Lets the kernel send a route's interrupt whenever an event is signalled.</summary>
    /// <param name="gsi">
    /// Global interrupt number; on arm64, for a resampled line, and below the highest number that is routed it has its route already.
    /// </param>
    /// <param name="trigger">Event that triggers it; signalled already, it triggers at once.</param>
    /// <param name="resample">
    /// Event that the kernel signals when the guest has ended the interrupt, so that the device can raise it again; a level-triggered
    /// interrupt needs one, an edge-triggered one takes none. x86-64 only. The driver recognizes the end only when the route's vector
    /// equals the number.
    /// </param>
    /// <returns>The attachment, which the caller disposes to detach the events.</returns>
    /// <exception cref="ArgumentException">The driver would refuse, or never deliver.</exception>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public InterruptLine AttachEvent(uint gsi, EventHandle trigger, EventHandle? resample = null)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        MsiRoutingTable.CheckGsi(gsi);
        lock (changeLock)
        {
            CheckLine(gsi, trigger, resample);
            InterruptLine line = new(this, partition, gsi, trigger, resample);
            lines.Add(line);
            return line;
        }
    }

    /// <summary>Lets the kernel signal an event, without an exit, whenever the guest writes to an address that no memory backs.</summary>
    /// <remarks>Only memory-mapped writes: the driver has no doorbells for ports.</remarks>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="sizeBytes">Size of the write: 1, 2, 4 or 8; 0 for any.</param>
    /// <param name="signal">Event to signal.</param>
    /// <param name="value">Value that the write must have; null for any.</param>
    /// <returns>The doorbell, which the caller disposes to take it away.</returns>
    /// <exception cref="ArgumentException">The driver would refuse, or memory is mapped there.</exception>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public Doorbell AttachDoorbell(ulong gpa, int sizeBytes, EventHandle signal, ulong? value = null)
    {
        ArgumentNullException.ThrowIfNull(signal);
        Doorbell.Check(gpa, sizeBytes, value);
        if (memory.TryResolve(gpa, out _))
        {
            throw new ArgumentException($"Memory is mapped at 0x{gpa:x}; a write there goes to the memory and rings nothing.", nameof(gpa));
        }

        lock (changeLock)
        {
            foreach (Doorbell other in doorbells)
            {
                if (other.Gpa == gpa && other.SizeBytes == sizeBytes && (other.Value is null || value is null || other.Value == value))
                {
                    throw new ArgumentException($"There is a doorbell at 0x{gpa:x} already that the same write would ring.", nameof(gpa));
                }
            }

            Doorbell doorbell = new(this, partition, gpa, sizeBytes, signal, value);
            doorbells.Add(doorbell);
            return doorbell;
        }
    }

    /// <summary>Passes if <see cref="SetRoutes"/> would not refuse a table by itself.</summary>
    /// <exception cref="ArgumentException">It would.</exception>
    internal void CheckRoutes(MsiRoutingTable table)
    {
        lock (changeLock)
        {
            Check(table);
        }
    }

    /// <summary>The events that are attached now.</summary>
    internal IReadOnlyList<InterruptLine> Lines
    {
        get
        {
            lock (changeLock)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>The doorbells that are attached now.</summary>
    internal IReadOnlyList<Doorbell> Doorbells
    {
        get
        {
            lock (changeLock)
            {
                return [.. doorbells];
            }
        }
    }

    internal void Remove(InterruptLine line)
    {
        lock (changeLock)
        {
            lines.Remove(line);
        }
    }

    internal void Remove(Doorbell doorbell)
    {
        lock (changeLock)
        {
            doorbells.Remove(doorbell);
        }
    }

    private void Check(MsiRoutingTable next)
    {
        if (architecture != GuestArchitecture.X64)
        {
            return;
        }

        foreach ((uint gsi, MsiMessage message) in next.Routes)
        {
            X64Msi.Check(gsi, message, hasProcessor);
        }

        foreach (InterruptLine line in lines)
        {
            CheckRoute(line.Gsi, line.IsResampled, next);
            if (line.IsResampled && !(next.Routes.TryGetValue(line.Gsi, out MsiMessage message) && X64Msi.IsLevelTriggered(message)))
            {
                throw new ArgumentException(
                    $"A resampled event is attached to {line.Gsi}, whose route must stay and stay level-triggered; detach the event "
                        + "first.");
            }
        }
    }

    private void CheckLine(uint gsi, EventHandle trigger, EventHandle? resample)
    {
        foreach (InterruptLine line in lines)
        {
            if (ReferenceEquals(line.Trigger, trigger))
            {
                throw new ArgumentException($"The event triggers {line.Gsi} already; the driver takes an event once.", nameof(trigger));
            }
        }

        bool isRouted = routes.Routes.TryGetValue(gsi, out MsiMessage message);
        if (architecture == GuestArchitecture.Arm64)
        {
            if (resample is not null)
            {
                throw new ArgumentException("The driver resamples interrupts of x86-64 guests only.", nameof(resample));
            }

            if (!isRouted)
            {
                throw new ArgumentException($"Set the route of {gsi} first; the driver needs it when the event is attached.", nameof(gsi));
            }
        }
        else if (resample is null)
        {
            CheckRoute(gsi, isResampled: false, routes);
        }
        else
        {
            if (!isRouted || !X64Msi.IsLevelTriggered(message))
            {
                throw new ArgumentException($"A resampled event needs a level-triggered route; set that of {gsi} first.", nameof(gsi));
            }

            if (X64Msi.Vector(message) != gsi)
            {
                throw new ArgumentException(
                    $"The driver tells the end of an interrupt by its vector: {gsi} has vector {X64Msi.Vector(message)}, so its end would "
                        + "go unnoticed. Use a number that equals the vector.",
                    nameof(gsi));
            }
        }
    }

    // Where numbers above it are routed, the driver takes one without a route for vector 0 of processor 0.
    private static void CheckRoute(uint gsi, bool isResampled, MsiRoutingTable table)
    {
        if (!table.Routes.TryGetValue(gsi, out MsiMessage message))
        {
            if (table.Routes.Keys.Any(other => other > gsi))
            {
                throw new ArgumentException(
                    $"{gsi} has an event and no route, though higher numbers have one: the driver would send vector 0. Route {gsi} too.");
            }
        }
        else if (!isResampled && X64Msi.IsLevelTriggered(message))
        {
            throw new ArgumentException(
                $"The route of {gsi} is level-triggered, and no event is told of the interrupt's end: the processor would not run on after "
                    + "it. Attach a resampling event, or make the route edge-triggered.");
        }
    }

    private void CheckEnd(byte vector)
    {
        lock (changeLock)
        {
            foreach (InterruptLine line in lines)
            {
                if (line.IsResampled && line.Gsi == vector)
                {
                    return;
                }
            }
        }

        throw new ArgumentException(
            $"Vector 0x{vector:x} is level-triggered, and no event is told of the interrupt's end: the processor would not run on after "
                + $"it. Attach a resampling event to interrupt {vector} first.");
    }

    private void CheckArchitecture(GuestArchitecture needed)
    {
        if (architecture != needed)
        {
            throw new InvalidOperationException(
                $"The partition's guest is {architecture}; {nameof(Assert)} is for x86-64 and {nameof(SetLine)} for arm64.");
        }
    }
}
