using System.Collections.Concurrent;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Says, once each, what the emulator cannot do where the hypervisor could.</summary>
/// <param name="report">Takes the text.</param>
internal sealed class Refusals(Action<string> report)
{
    private readonly ConcurrentDictionary<string, byte> reported = new();

    internal void Report(string what)
    {
        if (reported.TryAdd(what, 0))
        {
            report($"emulated /dev/mshv: {what}");
        }
    }
}
