using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;
using HvBindgen.Emulation.X64.Processor;
using HvBindgen.Mshv.Interop;
using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>Tells what a software processor has stopped for, with the instruction that it stopped in front of.</summary>
internal sealed class ExitDescription
{
    private readonly ProcessorState state;
    private readonly X64Processor processor;
    private readonly InstructionReader reader;
    private readonly UnreadableCode code;
    private readonly PortExit portExit = new();
    private readonly MemoryExit memoryExit = new();
    private readonly MsrExit msrExit = new();
    private readonly CpuidExit cpuidExit = new();
    private readonly HypercallExit hypercallExit = new();
    private readonly ExceptionExit exceptionExit = new();
    private readonly ApicEoiExit eoiExit = new();

    internal ExitDescription(ProcessorState state, X64Processor processor, IGuestPhysicalMemory memory)
    {
        this.state = state;
        this.processor = processor;
        LinearMemory linear = new(state, memory);
        reader = new InstructionReader(state, linear);
        code = new UnreadableCode(state, linear);
    }

    /// <summary>What the next instruction cannot be fetched from.</summary>
    /// <returns>Null when memory backs all of it.</returns>
    internal MemoryExit? FindUnbackedCode() => code.FindNeeded();

    /// <summary>End of a level-triggered interrupt.</summary>
    internal ApicEoiExit OfEnd(byte vector)
    {
        eoiExit.Vector = vector;
        return eoiExit;
    }

    /// <summary>An access that the client carries out.</summary>
    internal InstructionExit OfDevice(in DeviceAccess access)
    {
        if (!access.IsPort)
        {
            return OfMemory(access.Address, access.IsWrite ? MemoryAccess.Write : MemoryAccess.Read, processor.StoppedAt);
        }

        bool isKnown = reader.TryDecode(state.Rip, out Instruction instruction);
        portExit.Port = (ushort)access.Address;
        portExit.SizeBytes = (byte)access.SizeBytes;
        portExit.IsWrite = access.IsWrite;
        portExit.IsString = isKnown && instruction.IsStringInstruction;
        portExit.HasRepeat = isKnown && MemoryOperands.IsRepeated(in instruction);
        reader.DescribeAt(state.Rip, portExit);
        return portExit;
    }

    /// <summary>Code, or a page table, that lies in no memory.</summary>
    internal ProcessorExit OfNoMemory() => processor.Outcome.Limit == EmulationLimit.PageTableNotInMemory
        ? OfMemory(processor.MissingTable, MemoryAccess.Read, linear: null)
        : (ProcessorExit?)code.Find() ?? OfUnsupported();

    /// <summary>An access to a model-specific register.</summary>
    internal MsrExit OfMsr(in MsrAccess access)
    {
        msrExit.Index = access.Index;
        msrExit.Value = access.Value;
        msrExit.IsWrite = access.IsWrite;
        msrExit.IsIntercepted = access.IsIntercepted;
        reader.DescribeAt(state.Rip, msrExit);
        return msrExit;
    }

    /// <summary>CPUID that is intercepted.</summary>
    /// <param name="stored">What it would give.</param>
    internal CpuidExit OfIdentification(SoftwareStoredState stored)
    {
        uint function = (uint)state.General[ProcessorState.Rax];
        uint index = (uint)state.General[ProcessorState.Rcx];
        X64Identification result = stored.Identify(function, index);
        cpuidExit.Result = new CpuidEntry(function, index, HasIndex: true, result.Eax, result.Ebx, result.Ecx, result.Edx);
        reader.DescribeAt(state.Rip, cpuidExit);
        return cpuidExit;
    }

    /// <summary>A call of the hypervisor.</summary>
    internal HypercallExit OfHypercall()
    {
        reader.DescribeAt(state.Rip, hypercallExit);
        return hypercallExit;
    }

    /// <summary>An exception that is intercepted.</summary>
    internal ExceptionExit OfException()
    {
        exceptionExit.Vector = processor.Intercepted.Vector;
        exceptionExit.ErrorCode = processor.Intercepted.ErrorCode;
        exceptionExit.Parameter = exceptionExit.Vector switch
        {
            X64Bits.VectorPf => processor.Outcome.FaultAddress,
            X64Bits.VectorDb => processor.System.Debug.Dr6,
            _ => 0,
        };
        reader.DescribeAt(state.Rip, exceptionExit);
        return exceptionExit;
    }

    /// <summary>What is not carried out in software.</summary>
    internal FailedExit OfUnsupported() => new(
        Errno.EIO,
        $"the software processor cannot go on at RIP 0x{state.Rip:x}: {processor.Outcome.InstructionName} "
        + $"({processor.Outcome.Limit}), in {reader.BytesAround(state.Rip)}");

    /// <summary>A fault of the software itself.</summary>
    internal FailedExit OfFault(Exception exception) => new(
        Errno.EIO, $"the software processor failed at RIP 0x{processor.State.Rip:x}: {exception.Message}");

    private MemoryExit OfMemory(ulong gpa, MemoryAccess access, ulong? linear)
    {
        memoryExit.Gpa = gpa;
        memoryExit.Access = access;
        memoryExit.Gva = linear;
        if (state.Events.IsInterruptionPending)
        {
            memoryExit.SetInstruction([], 0); // no instruction accesses it, but the delivery of an event
            return memoryExit;
        }

        reader.DescribeAt(state.Rip, memoryExit);
        memoryExit.InstructionLength = 0; // the hypervisor gives bytes, not a length
        return memoryExit;
    }
}
