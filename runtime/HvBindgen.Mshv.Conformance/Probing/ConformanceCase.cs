namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>One sequence of requests, whose answers a device gives or does not give as the driver of Linux does.</summary>
/// <param name="Name">What is tried: <c>subject: how</c>. Names are unique.</param>
/// <param name="Body">Makes the requests; what the probe notes is the outcome.</param>
internal sealed record ConformanceCase(string Name, Action<Probe> Body);
