using System.Globalization;
using HvBindgen.Emulation.A64;
using HvBindgen.Emulation.X64;

namespace HvBindgen.Emulation.Tests;

/// <summary>Devices that answer one value everywhere and remember every access in words.</summary>
internal sealed class RecordingBus : IX64Bus, IX64VectorRegisters, IA64VectorRegisters
{
    public ulong Answer { get; set; }

    public List<string> Log { get; } = [];

    public byte[] Vectors { get; } = new byte[512];

    public void ReadMemory(ulong gpa, Span<byte> data)
    {
        for (int index = 0; index < data.Length; index++)
        {
            data[index] = (byte)(Answer >> (8 * (index & 7)));
        }

        Log.Add(string.Create(CultureInfo.InvariantCulture, $"read {data.Length} at {gpa:x}"));
    }

    public void WriteMemory(ulong gpa, ReadOnlySpan<byte> data) =>
        Log.Add(string.Create(CultureInfo.InvariantCulture, $"write {data.Length} at {gpa:x}: {Convert.ToHexString(data)}"));

    public uint ReadPort(ushort port, int sizeBytes)
    {
        Log.Add(string.Create(CultureInfo.InvariantCulture, $"in {sizeBytes} from {port:x}"));
        return (uint)Answer;
    }

    public void WritePort(ushort port, int sizeBytes, uint value) =>
        Log.Add(string.Create(CultureInfo.InvariantCulture, $"out {sizeBytes} to {port:x}: {value:x}"));

    void IX64VectorRegisters.ReadVector(int index, Span<byte> value) => Vectors.AsSpan(index * 32, value.Length).CopyTo(value);

    void IX64VectorRegisters.WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper) => value.CopyTo(Vectors.AsSpan(index * 32));

    void IA64VectorRegisters.ReadVector(int index, Span<byte> value) => value.Clear();

    void IA64VectorRegisters.WriteVector(int index, ReadOnlySpan<byte> value) =>
        Log.Add(string.Create(CultureInfo.InvariantCulture, $"v{index} = {Convert.ToHexString(value)}"));
}
