namespace HvBindgen.Mshv.Processors;

/// <summary>Lets one thread at a time at a processor, refuses what would wait for a running one, and closes it when it is left.</summary>
/// <remarks>
/// The driver holds a lock during a run: another request on the same processor would hang until the run returns. The gate refuses it
/// first. It also stands in for a reference count: whoever is in keeps the descriptor open.
/// </remarks>
internal struct ProcessorGate
{
    private const int Idle = 0;
    private const int Accessed = 1;
    private const int Running = 2;
    private const int ClosingFlag = 4;
    private const int Closed = 8;

    private int state;

    /// <summary>Whether a run is in progress on some thread.</summary>
    internal readonly bool IsRunning => (Volatile.Read(in state) & Running) != 0;

    /// <summary>Whether the processor has been disposed, or will be when it is left.</summary>
    internal readonly bool IsClosed => Volatile.Read(in state) >= ClosingFlag;

    /// <summary>Enters for a run.</summary>
    internal void EnterRun(VirtualProcessor processor)
    {
        if (Interlocked.CompareExchange(ref state, Running, Idle) != Idle)
        {
            WaitAndEnter(processor, Running);
        }
    }

    /// <summary>Enters for a short access.</summary>
    internal void EnterAccess(VirtualProcessor processor)
    {
        if (Interlocked.CompareExchange(ref state, Accessed, Idle) != Idle)
        {
            WaitAndEnter(processor, Accessed);
        }
    }

    /// <summary>Leaves after a run. True: the processor was disposed meanwhile, and the caller closes it.</summary>
    internal bool LeaveRun() => Leave(Running);

    /// <summary>Leaves after an access. True: the processor was disposed meanwhile, and the caller closes it.</summary>
    internal bool LeaveAccess() => Leave(Accessed);

    /// <summary>Marks the processor as disposed. True: nobody is in, and the caller closes it.</summary>
    internal bool TryClose()
    {
        while (true)
        {
            int seen = Volatile.Read(in state);
            if (seen >= ClosingFlag)
            {
                return false;
            }

            int next = seen == Idle ? Closed : seen | ClosingFlag;
            if (Interlocked.CompareExchange(ref state, next, seen) == seen)
            {
                return seen == Idle;
            }
        }
    }

    private bool Leave(int mine)
    {
        if (Interlocked.CompareExchange(ref state, Idle, mine) == mine)
        {
            return false;
        }

        Volatile.Write(ref state, Closed);
        return true;
    }

    // Another thread's access takes one short request; a run may take for ever.
    private void WaitAndEnter(VirtualProcessor processor, int wanted)
    {
        SpinWait wait = default;
        while (true)
        {
            int seen = Interlocked.CompareExchange(ref state, wanted, Idle);
            if (seen == Idle)
            {
                return;
            }

            ObjectDisposedException.ThrowIf(seen >= ClosingFlag, processor);
            if (seen == Running)
            {
                throw new InvalidOperationException(
                    $"Virtual processor {processor.Index} is running on another thread; stop it first. "
                        + "The driver would let this wait until the run returns, which may be never.");
            }

            wait.SpinOnce();
        }
    }
}
