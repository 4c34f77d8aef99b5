using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Remembers what it was asked, and answers with a fixed value.</summary>
internal sealed class TestDevice(ulong answer = 0) : IPortIoHandler, IMmioHandler
{
    internal List<(bool IsWrite, ulong Offset, int SizeBytes, ulong Value)> Accesses { get; } = [];

    internal uint? LastVpIndex { get; private set; }

    public uint Read(uint vpIndex, int offset, int sizeBytes) => (uint)Read(vpIndex, (ulong)offset, sizeBytes);

    public void Write(uint vpIndex, int offset, int sizeBytes, uint value) =>
        Write(vpIndex, (ulong)offset, sizeBytes, (ulong)value);

    public ulong Read(uint vpIndex, ulong offset, int sizeBytes)
    {
        LastVpIndex = vpIndex;
        Accesses.Add((false, offset, sizeBytes, 0));
        return answer;
    }

    public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
    {
        LastVpIndex = vpIndex;
        Accesses.Add((true, offset, sizeBytes, value));
    }
}

/// <summary>Answers everything that is not a device, and remembers what it was told.</summary>
internal sealed class TestAnswers
    : IMsrHandler, ICpuidHandler, IHypercallHandler, IExceptionHandler, IMemoryInterceptHandler, IEoiHandler, ISintHandler,
    IInterruptionHandler,
        ISipiHandler, IHaltHandler
{
    internal const uint KnownMsr = 0x40000000;

    internal List<string> Calls { get; } = [];

    internal ExceptionAction ExceptionAction { get; init; } = ExceptionAction.Deliver;

    internal MemoryAction MemoryAction { get; init; } = MemoryAction.Emulate;

    internal ushort SourcesAgain { get; init; }

    internal byte? Vector { get; init; }

    public bool TryRead(uint vpIndex, uint msr, out ulong value)
    {
        value = 0x1122334455667788;
        Calls.Add($"rdmsr {msr:x}");
        return msr == KnownMsr;
    }

    public bool TryWrite(uint vpIndex, uint msr, ulong value)
    {
        Calls.Add($"wrmsr {msr:x} {value:x}");
        return msr == KnownMsr;
    }

    public CpuidResult GetResult(uint vpIndex, uint leaf, uint subleaf, CpuidResult hypervisorResult)
    {
        Calls.Add($"cpuid {leaf:x} {subleaf:x}");
        return hypervisorResult with { Eax = 0xa, Ebx = 0xb };
    }

    public bool TryCall(uint vpIndex, in HypercallIntercept call, out ulong result)
    {
        Calls.Add($"call {call.Control:x} {call.Input:x} {call.Output:x}");
        result = 0x1_0000_0003;
        return (call.Control & 0xffff) == 0x5c;
    }

    public bool TryCall(uint vpIndex, in ArmHypercallIntercept call, Span<ulong> x)
    {
        Calls.Add($"call {call.Payload.immediate} {call.Control:x} {call.Input:x} {call.Output:x}");
        x[0] = 0x1_0000_0003;
        x[17] = 17;
        return (call.Control & 0xffff) == 0x5c;
    }

    public ExceptionAction OnException(uint vpIndex, in ExceptionIntercept exception) => ExceptionAction;

    public MemoryAction OnMemoryIntercept(uint vpIndex, ulong gpa, InterceptAccess access, bool isUnaccepted)
    {
        Calls.Add($"memory {gpa:x} {access} {isUnaccepted}");
        return MemoryAction;
    }

    public void OnEndOfInterrupt(uint vpIndex, uint vector) => Calls.Add($"eoi {vpIndex} {vector:x}");

    public ushort OnSintDeliverable(uint vpIndex, ushort sources)
    {
        Calls.Add($"sint {sources:x}");
        return SourcesAgain;
    }

    public byte? OnInterruptionDeliverable(uint vpIndex, bool isNonMaskable) => Vector;

    public void OnStartup(uint vpIndex, uint targetVpIndex, uint vector) => Calls.Add($"sipi {targetVpIndex} {vector:x}");

    public bool OnHalt(uint vpIndex, CancellationToken interrupted) => true;
}
