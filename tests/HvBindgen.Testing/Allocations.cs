namespace HvBindgen.Testing;

/// <summary>What code allocates on the managed heap.</summary>
public static class Allocations
{
    private const int Attempts = 10;

    /// <summary>Bytes that an action allocates in each of its runs: the least of several.</summary>
    /// <remarks>
    /// The first runs meet code that is compiled anew, and what a thread has reserved and not used counts as allocated where a collection,
    /// which any other test may cause, takes it away. What the action itself allocates, it allocates in all of them.
    /// </remarks>
    /// <param name="action">What is measured, on the calling thread. It is run until it has allocated nothing, ten times at most.</param>
    public static long OfEach(Action action)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
