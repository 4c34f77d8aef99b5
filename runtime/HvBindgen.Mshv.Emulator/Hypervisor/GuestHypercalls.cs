using System.Runtime.InteropServices;
using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>The hypercalls of one processor's guest: where their input and output are, and what their result is.</summary>
/// <remarks>
/// 64-bit code has the control word in RCX, input and output in RDX and R8, and the result in RAX; other code has pairs of registers, the
/// high half first: EDX:EAX, EBX:ECX, EDI:ESI, and EDX:EAX. A fast call has its input in the two, and in XMM0 to XMM5 behind them.
/// </remarks>
/// <param name="partition">The processor's partition.</param>
/// <param name="engine">What executes it.</param>
/// <param name="calls">What the calls do.</param>
internal sealed class GuestHypercalls(VirtualPartition partition, IProcessorEngine engine, GuestCalls calls)
{
    private const int PageBytes = 1 << GuestMemoryMap.PageShift;
    private const int PairBytes = 2 * sizeof(ulong);
    private const int FastBytes = PairBytes + (HvX64.HV_HYPERCALL_MAX_XMM_REGISTERS * VectorBytes);
    private const int VectorBytes = 16;
    private const int Alignment = 8;

    private readonly byte[] inputPage = new byte[PageBytes];
    private readonly byte[] outputPage = new byte[PageBytes];
    private readonly MemoryExit missing = new();

    // What is being called: none of it outlives a call.
    private GuestCallControl control;
    private ulong inputPlace;
    private ulong outputPlace;

    /// <summary>Answers a call.</summary>
    /// <returns>What is left to the client: memory that is not there, or the call itself where it wants it; null for nothing.</returns>
    internal ProcessorExit? Answer(HypercallExit exit)
    {
        if (!HypercallPage.IsEnabled(partition))
        {
            engine.AnswerHypercall(faults: true);
            return null;
        }

        ReadRegisters();
        int repsCompleted = control.FirstRep;
        int status = Execute(ref repsCompleted, out ulong? absent, out MemoryAccess access);
        if (absent is { } gpa)
        {
            missing.Gpa = gpa;
            missing.Access = access;
            missing.SetInstruction(((ReadOnlySpan<byte>)exit.InstructionBytes)[..exit.InstructionByteCount], 0);
            return missing;
        }

        if (status is Hv.HV_STATUS_INVALID_HYPERCALL_CODE or Hv.HV_STATUS_INVALID_CONNECTION_ID
            && partition.Intercepts.TakesCall(isOfConnection: status == Hv.HV_STATUS_INVALID_CONNECTION_ID))
        {
            return exit;
        }

        WriteResult((ushort)status | ((ulong)(uint)repsCompleted << Hv.HV_HYPERCALL_REP_COMP_OFFSET));
        engine.AnswerHypercall(faults: false);
        return null;
    }

    private int Execute(ref int repsCompleted, out ulong? absent, out MemoryAccess access)
    {
        absent = null;
        access = MemoryAccess.Read;
        if (control.HasReserved)
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        if (GuestCallShape.Of(control.Code) is not { } shape)
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_CODE;
        }

        if (!shape.Fits(control))
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        int inputBytes = shape.InputBytesOf(control);
        int outputBytes = shape.OutputBytesOf(control);
        if (control.IsFast)
        {
            return ExecuteFast(shape, inputBytes, outputBytes, ref repsCompleted);
        }

        if (!IsPlace(inputPlace, inputBytes) || (outputBytes != 0 && !IsPlace(outputPlace, outputBytes)))
        {
            return Hv.HV_STATUS_INVALID_ALIGNMENT;
        }

        Span<byte> input = inputPage.AsSpan(0, inputBytes);
        Span<byte> output = outputPage.AsSpan(0, outputBytes);
        if (partition.Memory.Map.Read(inputPlace, input) != inputBytes)
        {
            absent = inputPlace;
            return Hv.HV_STATUS_SUCCESS;
        }

        // What is there of the output stays where elements were done before, or are not done.
        if (outputBytes != 0 && !(partition.Memory.Map.TryResolve(outputPlace, out HostRange range) && range.IsWritable
            && partition.Memory.Map.Read(outputPlace, output) == outputBytes))
        {
            absent = outputPlace;
            access = MemoryAccess.Write;
            return Hv.HV_STATUS_SUCCESS;
        }

        int status = Execute(shape, input, output, ref repsCompleted);
        if (outputBytes != 0)
        {
            _ = partition.Memory.Map.Write(outputPlace, output);
        }

        return status;
    }

    // Output is in the registers behind the input's.
    private int ExecuteFast(GuestCallShape shape, int inputBytes, int outputBytes, ref int repsCompleted)
    {
        int outputStart = Math.Max(PairBytes, (inputBytes + VectorBytes - 1) / VectorBytes * VectorBytes);
        if (inputBytes > FastBytes
            || (outputBytes != 0 && (outputStart + outputBytes > FastBytes || partition.Properties.Features.fast_hypercall_output == 0)))
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        Span<byte> block = inputPage.AsSpan(0, FastBytes);
        MemoryMarshal.Write(block, in inputPlace);
        MemoryMarshal.Write(block[sizeof(ulong)..], in outputPlace);
        if (inputBytes <= PairBytes && outputBytes == 0)
        {
            return Execute(shape, block[..inputBytes], [], ref repsCompleted);
        }

        engine.Stored.ReadFxState(out FxsaveArea area);
        Span<hv_u128> vectors = ((Span<hv_u128>)area.Xmm)[..HvX64.HV_HYPERCALL_MAX_XMM_REGISTERS];
        MemoryMarshal.AsBytes(vectors).CopyTo(block[PairBytes..]);
        int status = Execute(shape, block[..inputBytes], block.Slice(outputStart, outputBytes), ref repsCompleted);
        if (outputBytes != 0)
        {
            block[PairBytes..].CopyTo(MemoryMarshal.AsBytes(vectors));
            _ = engine.Stored.TryWriteFxState(in area);
        }

        return status;
    }

    private int Execute(GuestCallShape shape, Span<byte> input, Span<byte> output, ref int repsCompleted)
    {
        HypercallFrame frame = new(input, output, control.Reps) { RepsCompleted = repsCompleted };
        int headerBytes = control.HeaderWords * sizeof(ulong);
        ReadOnlySpan<ulong> header = MemoryMarshal.Cast<byte, ulong>(input.Slice(shape.InputBytes, headerBytes));
        int status = calls.Execute(control.Code, header, ref frame);
        repsCompleted = frame.RepsCompleted;
        return status;
    }

    // A list lies in one page that a processor can address.
    private static bool IsPlace(ulong gpa, int sizeBytes) => gpa % Alignment == 0 && (gpa % PageBytes) + (ulong)sizeBytes <= PageBytes
        && GuestMemoryMap.IsInAddressSpace(gpa >> GuestMemoryMap.PageShift, 1);

    private void ReadRegisters()
    {
        ReadOnlySpan<ulong> general = engine.State.General;
        bool isWide = engine.State.Is64BitCode;
        control = new GuestCallControl(
            isWide ? general[ProcessorState.Rcx] : Join(general[ProcessorState.Rdx], general[ProcessorState.Rax]));
        inputPlace = isWide ? general[ProcessorState.Rdx] : Join(general[ProcessorState.Rbx], general[ProcessorState.Rcx]);
        outputPlace = isWide ? general[ProcessorState.R8] : Join(general[ProcessorState.Rdi], general[ProcessorState.Rsi]);
    }

    private void WriteResult(ulong result)
    {
        if (engine.State.Is64BitCode)
        {
            engine.State.General[ProcessorState.Rax] = result;
        }
        else
        {
            engine.State.General[ProcessorState.Rax] = (uint)result;
            engine.State.General[ProcessorState.Rdx] = result >> 32;
        }

        engine.State.GeneralChanged = true;
    }

    private static ulong Join(ulong high, ulong low) => (high << 32) | (uint)low;
}
