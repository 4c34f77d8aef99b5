using System.Globalization;
using HvBindgen.Emulation.A64;
using HvBindgen.Emulation.X64;

namespace HvBindgen.Emulation.Tests;

/// <summary>Devices that answer one value everywhere and remember every access in words.</summary>
internal sealed class RecordingBus : IX64Bus, IX64VectorRegisters, IA64VectorRegisters
{
    private const int VectorBytes = 64;

    public ulong Answer { get; set; }

    /// <summary>Accesses that are still answered.</summary>
    public int Patience { get; set; } = int.MaxValue;

    /// <summary>What an access that is not answered throws instead; null: nothing.</summary>
    public Exception? Fault { get; set; }

    public List<string> Log { get; } = [];

    /// <summary>32 registers of 64 bytes.</summary>
    public byte[] Vectors { get; } = new byte[32 * VectorBytes];

    public ulong[] Masks { get; } = new ulong[8];

    public bool HasAvx512 { get; set; }

    /// <summary>The registers of x87, as FXSAVE writes them.</summary>
    public byte[] FloatingPoint { get; } = new byte[160];

    public bool HasFloatingPoint { get; set; }

    public bool TryReadMemory(ulong gpa, Span<byte> data)
    {
        for (int index = 0; index < data.Length; index++)
        {
            data[index] = (byte)(Answer >> (8 * (index & 7)));
        }

        return TryLog(string.Create(CultureInfo.InvariantCulture, $"read {data.Length} at {gpa:x}"));
    }

    public bool TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data) =>
        TryLog(string.Create(CultureInfo.InvariantCulture, $"write {data.Length} at {gpa:x}: {Convert.ToHexString(data)}"));

    public bool TryReadPort(ushort port, int sizeBytes, out uint value)
    {
        value = (uint)Answer;
        return TryLog(string.Create(CultureInfo.InvariantCulture, $"in {sizeBytes} from {port:x}"));
    }

    public bool TryWritePort(ushort port, int sizeBytes, uint value) =>
        TryLog(string.Create(CultureInfo.InvariantCulture, $"out {sizeBytes} to {port:x}: {value:x}"));

    void IX64VectorRegisters.ReadVector(int index, Span<byte> value) => Vectors.AsSpan(index * VectorBytes, value.Length).CopyTo(value);

    void IX64VectorRegisters.WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper) =>
        value.CopyTo(Vectors.AsSpan(index * VectorBytes));

    ulong IX64VectorRegisters.ReadMask(int index) => Masks[index];

    void IX64VectorRegisters.WriteMask(int index, ulong value) => Masks[index] = value;

    void IX64VectorRegisters.ReadFloatingPoint(Span<byte> image) => FloatingPoint.CopyTo(image);

    void IX64VectorRegisters.WriteFloatingPoint(ReadOnlySpan<byte> image) => image.CopyTo(FloatingPoint);

    void IA64VectorRegisters.ReadVector(int index, Span<byte> value) => value.Clear();

    void IA64VectorRegisters.WriteVector(int index, ReadOnlySpan<byte> value) =>
        Log.Add(string.Create(CultureInfo.InvariantCulture, $"v{index} = {Convert.ToHexString(value)}"));

    private bool TryLog(string access)
    {
        if (Patience == 0)
        {
            return Fault is null ? false : throw Fault;
        }

        Patience--;
        Log.Add(access);
        return true;
    }
}
