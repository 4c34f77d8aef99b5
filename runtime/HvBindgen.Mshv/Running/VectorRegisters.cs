using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>The vector registers during the emulation of one instruction: fetched when it names one, written back with the rest.</summary>
/// <remarks>
/// The low parts (XMM) are registers: the first six are on the register page. All else is only in the processor's extended state, so an
/// instruction that reads or clears it costs two more calls.
/// </remarks>
internal sealed class VectorRegisters(IProcessor processor, RegisterWriteBack registers) : IX64VectorRegisters
{
    private const int XmmBytes = 16;
    private const int YmmBytes = 32;
    private const int ZmmBytes = 64;
    private const int LowCount = 16;
    private const uint FirstVector = (uint)hv_register_name.HV_X64_REGISTER_XMM0;

    private static readonly uint[] FloatingPointNames =
    [
        (uint)hv_register_name.HV_X64_REGISTER_FP_CONTROL_STATUS,
        (uint)hv_register_name.HV_X64_REGISTER_XMM_CONTROL_STATUS,
        (uint)hv_register_name.HV_X64_REGISTER_FP_MMX0,
        (uint)hv_register_name.HV_X64_REGISTER_FP_MMX1,
        (uint)hv_register_name.HV_X64_REGISTER_FP_MMX2,
        (uint)hv_register_name.HV_X64_REGISTER_FP_MMX3,
        (uint)hv_register_name.HV_X64_REGISTER_FP_MMX4,
        (uint)hv_register_name.HV_X64_REGISTER_FP_MMX5,
        (uint)hv_register_name.HV_X64_REGISTER_FP_MMX6,
        (uint)hv_register_name.HV_X64_REGISTER_FP_MMX7,
    ];

    private readonly RegisterPage page = processor.RegisterPage;
    private readonly uint[] name = new uint[1];
    private hv_u128[]? floatingPoint;
    private ExtendedState? extended;

    /// <summary>Error number of the first call that was refused while the instruction was emulated; its result must not be used
    /// then.</summary>
    internal int Errno { get; private set; }

    internal void Begin()
    {
        Errno = 0;
        extended?.Forget();
    }

    public bool HasAvx512 =>
        Extended.Has(ExtendedComponent.Masks) && Extended.Has(ExtendedComponent.UpperZmm) && Extended.Has(ExtendedComponent.HighZmm);

    public void ReadVector(int index, Span<byte> value)
    {
        if (index >= LowCount)
        {
            Note(Extended.Read(ExtendedComponent.HighZmm, (index - LowCount) * ZmmBytes, value));
            return;
        }

        hv_u128 low = ReadLow(index);
        MemoryMarshal.AsBytes(new ReadOnlySpan<hv_u128>(in low)).CopyTo(value);
        if (value.Length > XmmBytes)
        {
            Note(Extended.Read(ExtendedComponent.Avx, index * XmmBytes, value[XmmBytes..YmmBytes]));
        }

        if (value.Length > YmmBytes)
        {
            Note(Extended.Read(ExtendedComponent.UpperZmm, index * YmmBytes, value[YmmBytes..]));
        }
    }

    public void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
    {
        Span<byte> whole = stackalloc byte[ZmmBytes];
        whole.Clear();
        value.CopyTo(whole);
        if (index >= LowCount)
        {
            Note(Extended.Write(ExtendedComponent.HighZmm, (index - LowCount) * ZmmBytes, whole));
            return;
        }

        registers.Replace(FirstVector + (uint)index, in MemoryMarshal.AsRef<hv_u128>(value));
        if (value.Length > XmmBytes || clearUpper)
        {
            Note(Extended.Write(ExtendedComponent.Avx, index * XmmBytes, whole[XmmBytes..YmmBytes]));
        }

        if (value.Length > YmmBytes || clearUpper)
        {
            Note(Extended.Write(ExtendedComponent.UpperZmm, index * YmmBytes, whole[YmmBytes..]));
        }
    }

    public ulong ReadMask(int index)
    {
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        Note(Extended.Read(ExtendedComponent.Masks, index * sizeof(ulong), value));
        return BinaryPrimitives.ReadUInt64LittleEndian(value);
    }

    public void WriteMask(int index, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Note(Extended.Write(ExtendedComponent.Masks, index * sizeof(ulong), bytes));
    }

    public bool HasFloatingPoint => true;

    // The hypervisor's registers lie one behind the other as the image has them.
    public void ReadFloatingPoint(Span<byte> image)
    {
        floatingPoint ??= new hv_u128[FloatingPointNames.Length];
        HypercallResult result = processor.GetRegisters(FloatingPointNames, floatingPoint);
        Note(result.IsSuccess ? 0 : result.Errno == 0 ? Interop.Errno.EIO : result.Errno);
        MemoryMarshal.AsBytes(floatingPoint.AsSpan()).CopyTo(image);
    }

    public void WriteFloatingPoint(ReadOnlySpan<byte> image)
    {
        ReadOnlySpan<hv_u128> values = MemoryMarshal.Cast<byte, hv_u128>(image);
        for (int i = 0; i < values.Length; i++)
        {
            registers.Replace(FloatingPointNames[i], in values[i]);
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
