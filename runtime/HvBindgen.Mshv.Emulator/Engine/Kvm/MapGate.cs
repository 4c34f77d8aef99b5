using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>
/// Keeps processors out of their guests while the map of memory changes: KVM takes a slot away before it makes another, and an access
/// between the two would meet none.
/// </summary>
/// <remarks>
/// A processor says that it is inside, and then looks whether the map changes; who changes the map says so, and then looks who is inside:
/// at least one of the two sees the other. A run that is ended for a change may have been ended by a signal as well, so it tells one.
/// </remarks>
internal sealed class MapGate
{
    private static readonly TimeSpan KickInterval = TimeSpan.FromMilliseconds(1);

    private readonly Lock changes = new();
    private volatile Vcpu[] vcpus = [];
    private volatile bool isChanging;

    /// <summary>A processor that enters through the gate from now on.</summary>
    internal void Add(Vcpu vcpu)
    {
        lock (changes)
        {
            vcpus = [.. vcpus, vcpu];
        }
    }

    /// <summary>A processor that enters no more.</summary>
    internal void Remove(Vcpu vcpu)
    {
        lock (changes)
        {
            vcpus = [.. vcpus.Where(each => each != vcpu)];
        }
    }

    /// <summary>Lets a processor in as soon as the map stands still.</summary>
    internal void Enter(ref Place place)
    {
        place.Thread = KickSignal.CurrentThread();
        while (true)
        {
            Volatile.Write(ref place.IsInside, true);
            Interlocked.MemoryBarrier();
            if (!isChanging)
            {
                return;
            }

            Leave(ref place);
            changes.Enter();
            changes.Exit();
        }
    }

    /// <summary>The processor has come back.</summary>
    internal void Leave(ref Place place)
    {
        Volatile.Write(ref place.IsInside, false);
        Interlocked.MemoryBarrier();
        if (isChanging)
        {
            // Who is about to send this thread a signal has done so before the thread can end.
            place.Kick.Enter();
            place.Kick.Exit();
        }
    }

    /// <summary>Waits until every processor is out, and keeps them out until the result is disposed.</summary>
    internal Change Begin()
    {
        changes.Enter();
        isChanging = true;
        Interlocked.MemoryBarrier();
        foreach (Vcpu vcpu in vcpus)
        {
            // The signal may come just before KVM runs, and be lost.
            SpinWait wait = default;
            long next = 0;
            while (vcpu.IsInside)
            {
                if (Environment.TickCount64 >= next)
                {
                    vcpu.KickOut();
                    next = Environment.TickCount64 + (long)KickInterval.TotalMilliseconds;
                }

                wait.SpinOnce();
            }
        }

        return new Change(this);
    }

    /// <summary>Where a processor is.</summary>
    internal struct Place()
    {
        internal readonly Lock Kick = new();
        internal nint Thread;
        internal bool IsInside;
    }

    /// <summary>A change of the map.</summary>
    internal readonly ref struct Change(MapGate gate)
    {
        internal void Dispose()
        {
            gate.isChanging = false;
            gate.changes.Exit();
        }
    }
}
