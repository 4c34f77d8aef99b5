namespace HvBindgen.Mshv.Running;

/// <summary>How a machine ended.</summary>
/// <param name="VpIndex">The processor that ended it; null when it was asked for.</param>
/// <param name="Result">How that processor's run ended.</param>
public readonly record struct MachineResult(int? VpIndex, RunResult Result)
{
    /// <summary>The processor and how its run ended.</summary>
    /// <returns>A sentence.</returns>
    public override string ToString() => VpIndex is { } index ? $"Processor {index}: {Result}" : Result.ToString();
}
