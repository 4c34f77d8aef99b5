using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>The vector registers during the emulation of one instruction: fetched when it names one, written back with the rest.</summary>
/// <remarks>
/// The low halves (XMM) are registers: the first six are on the register page. The upper halves are only in the processor's
/// extended state, so an instruction that reads or clears them costs two more calls.
/// </remarks>
internal sealed class VectorRegisters(IProcessor processor, RegisterWriteBack registers) : IX64VectorRegisters
{
    private const int XmmBytes = 16;
    private const uint FirstVector = (uint)hv_register_name.HV_X64_REGISTER_XMM0;

    private readonly RegisterPage page = processor.RegisterPage;
    private readonly uint[] name = new uint[1];
    private ExtendedState? extended;

    /// <summary>Error number of the first call that was refused while the instruction was emulated; its result must not be used
    /// then.</summary>
    internal int Errno { get; private set; }

    internal void Begin()
    {
        Errno = 0;
        extended?.Forget();
    }

    public void ReadVector(int index, Span<byte> value)
    {
        hv_u128 low = ReadLow(index);
        MemoryMarshal.AsBytes(new ReadOnlySpan<hv_u128>(in low)).CopyTo(value);
        if (value.Length > XmmBytes)
        {
            Note(Extended.ReadUpper(index, value[XmmBytes..]));
        }
    }

    public void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
    {
        registers.Replace(FirstVector + (uint)index, in MemoryMarshal.AsRef<hv_u128>(value));
        if (value.Length > XmmBytes)
        {
            Note(Extended.WriteUpper(index, value[XmmBytes..]));
        }
        else if (clearUpper)
        {
            Span<byte> zeros = stackalloc byte[XmmBytes];
            zeros.Clear();
            Note(Extended.WriteUpper(index, zeros));
        }
    }

    private ExtendedState Extended => extended ??= new ExtendedState(processor);

    private hv_u128 ReadLow(int index)
    {
        name[0] = FirstVector + (uint)index;
        if (registers.TryPeek(name[0], out hv_u128 value) || (page.IsValid && page.TryGet(name[0], out value)))
        {
            return value;
        }

        HypercallResult result = processor.GetRegisters(name, new Span<hv_u128>(ref value));
        Note(result.IsSuccess ? 0 : result.Errno == 0 ? Interop.Errno.EIO : result.Errno);
        return value;
    }

    private void Note(int errno)
    {
        if (Errno == 0)
        {
            Errno = errno;
        }
    }
}
