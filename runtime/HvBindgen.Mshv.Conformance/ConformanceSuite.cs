using System.Reflection;
using HvBindgen.Mshv.Conformance.Cases;
using HvBindgen.Mshv.Conformance.Probing;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Conformance;

/// <summary>All cases, and what the driver of Linux answers to them.</summary>
internal static class ConformanceSuite
{
    /// <summary>Every case.</summary>
    internal static IReadOnlyList<ConformanceCase> Cases { get; } =
    [
        .. CreationCases.All(),
        .. DescriptorCases.All(),
        .. HypercallCases.All(),
        .. PassedCases.All(),
        .. SynicCases.All(),
        .. MemoryCases.All(),
        .. FaultingCases.All(),
        .. InterruptCases.All(),
        .. ExternalInterruptCases.All(),
        .. DoorbellCases.All(),
        .. RouteCases.All(),
        .. BitmapCases.All(),
        .. StateCases.All(),
        .. PageCases.All(),
        .. RunCases.All(),
        .. SignalCases.All(),
        .. LimitCases.All(),
    ];

    /// <summary>What the driver of Linux 7.3 answered in user-mode Linux, by the case's name.</summary>
    internal static IReadOnlyDictionary<string, string> Expected { get; } = ReadExpected();

    /// <summary>Runs cases on a device, one after the other.</summary>
    /// <param name="system">The device's system calls.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="slowness">How much longer than usual is waited for what guests do meanwhile; no answer depends on it.</param>
    /// <returns>Each case's outcome.</returns>
    internal static IEnumerable<ConformanceOutcome> Run(ISystemCalls system, IEnumerable<ConformanceCase> cases, int slowness = 1)
    {
        foreach (ConformanceCase each in cases)
        {
            yield return new ConformanceOutcome(each.Name, Run(system, each, slowness));
        }
    }

    private static string Run(ISystemCalls system, ConformanceCase each, int slowness)
    {
        using Probe probe = new(system, slowness);
        try
        {
            each.Body(probe);
            return probe.Outcome;
        }
        catch (ConformanceException fault)
        {
            return $"{probe.Outcome}; cannot go on, {fault.Message}";
        }
    }

    private static Dictionary<string, string> ReadExpected()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("expected.txt")!;
        using StreamReader reader = new(stream);
        Dictionary<string, string> expected = [];
        while (reader.ReadLine() is { } line)
        {
            if (ConformanceOutcome.TryParse(line, out ConformanceOutcome? outcome))
            {
                expected.Add(outcome.Name, outcome.Text);
            }
        }

        return expected;
    }
}
