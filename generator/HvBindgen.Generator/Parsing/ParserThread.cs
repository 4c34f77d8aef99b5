using System.Collections.Concurrent;

namespace HvBindgen.Generator.Parsing;

/// <summary>A thread for parses, which nothing can stop where clang turns in a circle.</summary>
internal sealed class ParserThread
{
    // As much as clang gives a thread of its own.
    private const int StackBytes = 8 << 20;

    private static readonly ConcurrentBag<ParserThread> Idle = [];

    private readonly object gate = new();
    private Action? work;

    private ParserThread() => new Thread(DoAll, StackBytes) { IsBackground = true, Name = "parser" }.Start();

    /// <summary>What each of them does first.</summary>
    internal static Action? Starts { get; set; }

    /// <summary>Makes one that the next parse finds ready.</summary>
    internal static void Prepare() => Idle.Add(new ParserThread());

    /// <summary>Does some work and waits for its end.</summary>
    /// <param name="action">The work, which throws nothing.</param>
    /// <param name="limit">How long to wait.</param>
    /// <returns>Whether the work has come to its end; else it goes on in the background, and the thread is not used again.</returns>
    internal static bool Run(Action action, TimeSpan limit)
    {
        ParserThread thread = Idle.TryTake(out ParserThread? idle) ? idle : new ParserThread();
        if (!thread.Do(action, limit))
        {
            return false;
        }

        Idle.Add(thread);
        return true;
    }

    private bool Do(Action action, TimeSpan limit)
    {
        long end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        lock (gate)
        {
            work = action;
            Monitor.PulseAll(gate);
            while (work is not null)
            {
                long rest = end - Environment.TickCount64;
                if (rest <= 0)
                {
                    return false;
                }

                Monitor.Wait(gate, TimeSpan.FromMilliseconds(rest));
            }

            return true;
        }
    }

    private void DoAll()
    {
        Starts?.Invoke();
        while (true)
        {
            Action next;
            lock (gate)
            {
                while (work is null)
                {
                    Monitor.Wait(gate);
                }

                next = work;
            }

            next();
            lock (gate)
            {
                work = null;
                Monitor.PulseAll(gate);
            }
        }
    }
}
