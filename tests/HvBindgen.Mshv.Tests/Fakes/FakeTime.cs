using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Tests.Fakes;

/// <summary>Time of a machine that is no partition; says how often it was made to stand still.</summary>
internal sealed class FakeTime : IGuestTime
{
    private int freezes;

    internal int Freezes => Volatile.Read(ref freezes);

    internal int Thaws { get; private set; }

    public IDisposable Freeze()
    {
        Interlocked.Increment(ref freezes);
        return new Scope(this);
    }

    private sealed class Scope(FakeTime time) : IDisposable
    {
        public void Dispose() => time.Thaws++;
    }
}
