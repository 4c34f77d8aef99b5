using HvBindgen.Emulation;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>
/// What a partition's processors share: memory, interrupt routing and doorbells. All members answer an error number, 0 if none.
/// </summary>
internal interface IMachineEngine : IDisposable
{
    /// <summary>CPUID leaves that the engine can give a guest.</summary>
    ReadOnlySpan<CpuidEntry> SupportedCpuid { get; }

    /// <summary>Whether INIT and startup interrupts reach waiting processors by themselves.</summary>
    bool StartsProcessors { get; }

    /// <summary>The clock that its guests see.</summary>
    MachineClock Clock { get; }

    /// <summary>Whether a guest's hypercalls end runs.</summary>
    bool TakesHypercalls { get; }

    /// <summary>Makes host memory guest-physical memory.</summary>
    int MapMemory(in MemorySlot slot);

    /// <summary>Takes a slot's memory away.</summary>
    int UnmapMemory(uint slotIndex);

    /// <summary>Reads and clears which pages of a slot were written since the last call: one bit per page.</summary>
    int TakeDirtyPages(uint slotIndex, Span<ulong> bitmap);

    /// <summary>Whether it records which pages processors accessed in any way.</summary>
    bool RecordsAccesses { get; }

    /// <summary>Reads and clears which pages of a slot were accessed since the last call, where that is recorded: one bit per page. An
    /// access after that is recorded again.</summary>
    int TakeAccessedPages(uint slotIndex, Span<ulong> bitmap);

    /// <summary>The end of a level-triggered interrupt is reported where a route with a number below this sends it.</summary>
    uint LevelRouteCount { get; }

    /// <summary>Replaces the table of message-signalled interrupt routes.</summary>
    int SetRoutes(ReadOnlySpan<InterruptRoute> routes);

    /// <summary>Sends one message-signalled interrupt.</summary>
    int SignalMessage(in InterruptMessage message);

    /// <summary>Connects an eventfd to a route, or takes it away.</summary>
    int SetInterruptEvent(int eventFd, uint gsi, bool assign);

    /// <summary>Connects guest writes to an eventfd, or takes it away.</summary>
    int SetDoorbell(in Doorbell doorbell, bool assign);

    /// <summary>Whether a processor can be told to end its run at all of some exceptions.</summary>
    /// <param name="vectors">One bit for each vector.</param>
    bool CanInterceptExceptions(uint vectors);

    /// <summary>Sets which MSR accesses end a run.</summary>
    int SetMsrIntercepts(ReadOnlySpan<MsrIntercept> intercepts);

    /// <summary>Sets which functions of CPUID end a run.</summary>
    int SetCpuidIntercepts(ReadOnlySpan<uint> functions);

    /// <summary>Creates a processor.</summary>
    int CreateProcessor(uint index, IGuestPhysicalMemory memory, out IProcessorEngine? processor);
}

/// <summary>A contiguous piece of guest memory.</summary>
internal readonly record struct MemorySlot(
    uint Index, ulong Gpa, ulong SizeBytes, nint HostAddress, bool IsWritable, bool IsExecutable, bool TracksWrites);

/// <summary>An interrupt as its message.</summary>
internal readonly record struct InterruptMessage(uint DestinationId, bool IsLogical, byte DeliveryMode, byte Vector, bool IsLevel);

/// <summary>An interrupt source and the message it sends.</summary>
internal readonly record struct InterruptRoute(uint Gsi, InterruptMessage Message);

/// <summary>Guest writes that signal an eventfd instead of ending a run.</summary>
internal readonly record struct Doorbell(ulong Gpa, uint SizeBytes, ulong? Match, int EventFd);

/// <summary>MSR accesses that end a run.</summary>
internal readonly record struct MsrIntercept(uint Index, bool Reads, bool Writes);
