using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Handlers;

/// <summary>What becomes of an intercepted access to guest memory.</summary>
public enum MemoryAction
{
    /// <summary>The instruction is emulated: RAM by itself, the rest by the devices on the bus.</summary>
    Emulate,

    /// <summary>The guest tries again; the handler has mapped what was missing.</summary>
    Retry,

    /// <summary>The run ends as unhandled, with the message.</summary>
    Unhandled,
}

/// <summary>Decides about accesses to guest memory before they are emulated: mapping on demand, watching, unaccepted pages.</summary>
public interface IMemoryInterceptHandler
{
    /// <summary>The guest is about to access memory.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="access">What it is about to do.</param>
    /// <param name="isUnaccepted">Whether the page belongs to the guest, but the guest has not accepted it.</param>
    /// <returns>What becomes of it.</returns>
    MemoryAction OnMemoryIntercept(uint vpIndex, ulong gpa, InterceptAccess access, bool isUnaccepted);
}
