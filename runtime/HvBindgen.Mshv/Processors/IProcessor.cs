using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Processors;

/// <summary>A virtual processor as the thread sees it that runs it.</summary>
/// <remarks>What is given here may be used from <see cref="Acquire"/> to <see cref="Release"/>, and stays the same, so that a loop asks for
/// it once.</remarks>
internal interface IProcessor
{
    /// <summary>Index within the partition.</summary>
    uint Index { get; }

    /// <summary>Architecture of the guest.</summary>
    GuestArchitecture Architecture { get; }

    /// <summary>The descriptor, which takes the requests of <see cref="VpIoctls"/>.</summary>
    BorrowedDescriptor Descriptor { get; }

    /// <summary>The register page, if there is one. Whether it is valid is asked at each exit.</summary>
    RegisterPage RegisterPage { get; }

    /// <summary>Guest memory as the emulation of instructions has to look at it.</summary>
    IGuestPhysicalMemory Memory { get; }

    /// <summary>Width of a guest-physical address in bits; 0 where the hypervisor does not say.</summary>
    int PhysicalAddressBits => 0;

    /// <summary>Whether somebody else than the loop has set where the processor goes on.</summary>
    Redirection Redirection => new();

    /// <summary>The time that the guest sees.</summary>
    IGuestTime Time { get; }

    /// <summary>The calling thread has the processor from now on: nobody else may touch it, and it stays open.</summary>
    /// <exception cref="InvalidOperationException">Another thread has it.</exception>
    /// <exception cref="ObjectDisposedException">It has been closed.</exception>
    void Acquire();

    /// <summary>The calling thread gives the processor back; nothing happens on a thread that does not have it.</summary>
    void Release();

    /// <summary>Reads registers by hypercall.</summary>
    HypercallResult GetRegisters(ReadOnlySpan<uint> names, Span<hv_u128> values) =>
        RegisterHypercalls.Get(Descriptor, Index, names, values);

    /// <summary>Writes registers by hypercall.</summary>
    HypercallResult SetRegisters(ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values) =>
        RegisterHypercalls.Set(Descriptor, Index, names, values);
}
