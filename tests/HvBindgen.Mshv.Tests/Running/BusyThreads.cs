namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Threads that keep the processors busy while something is tested.</summary>
internal sealed class BusyThreads : IDisposable
{
    private readonly List<Thread> threads = [];
    private bool stop;

    internal BusyThreads(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Thread thread = new(() =>
            {
                while (!Volatile.Read(ref stop))
                {
                    Thread.SpinWait(10_000);
                    Thread.Yield();
                }
            });
            thread.Start();
            threads.Add(thread);
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref stop, true);
        threads.ForEach(thread => thread.Join());
    }
}
