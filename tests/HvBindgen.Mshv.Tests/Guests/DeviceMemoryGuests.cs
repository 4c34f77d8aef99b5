using HvBindgen.Emulation.Tests.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using Iced.Intel;
using Xunit;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>
/// Instructions of guests that access a device. Each runs twice, from the same state: with memory at the device's address, where
/// the processor executes it, and with a device that behaves as memory does. Nothing may differ.
/// </summary>
public sealed class DeviceMemoryGuests(ITestOutputHelper output)
{
    private const ulong DeviceBytes = 0x1_0000;
    private const int ComparedBytes = 0x2000;
    private const ulong StackPageGpa = RunningGuest.StackTop - 0x1000;
    private const ushort DeviceSelector = (ushort)(RunningGuest.DeviceGpa >> 4);
    private const ushort DataSelector = (ushort)(RunningGuest.DataGpa >> 4);
    private const ulong CarryFlag = 1;
    private const ulong DirectionFlag = 1 << 10;

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void Every_access_to_a_device_has_the_effect_of_one_to_memory(int bits)
    {
        using RunningGuest guest = new();
        MemoryInstruction[] instructions = [.. MemoryInstructions.All(bits)];
        using GuestMemory memory = GuestMemory.Allocate(DeviceBytes);
        MemoryRegion region = guest.Partition.Memory.Map(RunningGuest.DeviceGpa, memory);
        Outcome[] expected = [.. instructions.Select(each => Execute(guest, bits, each, memory.GetSpan(0, ComparedBytes)))];
        guest.Partition.Memory.Unmap(region);
        ByteDevice device = new((int)DeviceBytes);
        guest.Handlers.Mmio.Map(RunningGuest.DeviceGpa, DeviceBytes, device);

        List<string> differences = [];
        int refused = 0;
        int accesses = 0;
        for (int i = 0; i < instructions.Length; i++)
        {
            if (expected[i].End != nameof(RunEnd.PowerOff))
            {
                // What the processor itself refuses has no effect to compare.
                Assert.True(instructions[i].Instruction.Mnemonic == Mnemonic.Movbe, $"{instructions[i].Name} on memory: {expected[i].End}");
                refused++;
                continue;
            }

            Outcome actual = Execute(guest, bits, instructions[i], device.Bytes.AsSpan(0, ComparedBytes));
            string? difference = expected[i].DifferenceTo(actual, DefinedStatus(instructions[i].Instruction, actual));
            if (difference is not null)
            {
                differences.Add($"{instructions[i].Name}: {difference}");
            }
            else if (device.Accesses == accesses)
            {
                differences.Add($"{instructions[i].Name}: the device was not asked");
            }

            accesses = device.Accesses;
        }

        output.WriteLine($"{bits} bits: {instructions.Length} instructions, of which the processor refused {refused}; {accesses} accesses");
        Assert.True(differences.Count == 0, $"{differences.Count} of {instructions.Length}:\n{string.Join('\n', differences.Take(40))}");
    }

    private static Outcome Execute(RunningGuest guest, int bits, MemoryInstruction instruction, Span<byte> device)
    {
        Random random = new(instruction.Name.Length);
        random.NextBytes(device);
        random.NextBytes(guest.Partition.Memory.GetSpan(RunningGuest.DataGpa, ComparedBytes));
        random.NextBytes(guest.Partition.Memory.GetSpan(RunningGuest.DeviceGpa - 0x100, 0x100));
        random.NextBytes(guest.Partition.Memory.GetSpan(StackPageGpa, 0x1000));
        guest.Load(bits, a =>
        {
            a.AddInstruction(instruction.Instruction);
            a.@out((byte)RunningGuest.EndPort, AssemblerRegisters.al);
        });
        State(bits, instruction, random).ApplyTo(guest.Processor);
        hv_u128 vector = new() { low_part = (ulong)random.NextInt64(), high_part = (ulong)random.NextInt64() };
        guest.Processor.Registers.Set(hv_register_name.HV_X64_REGISTER_XMM3, new hv_register_value { reg128 = vector });
        guest.Reports.Clear();
        RunResult result = guest.Run();
        return new Outcome(
            guest.Reports.IsEmpty ? $"{result.End}{result.Detail}" : "an exception",
            guest.Processor.X64.General,
            guest.Processor.X64.FloatingPoint.Xmm[3],
            device.ToArray(),
            [
                .. guest.Partition.Memory.GetSpan(StackPageGpa, 0x1000),
                .. guest.Partition.Memory.GetSpan(RunningGuest.DataGpa, ComparedBytes),
                .. guest.Partition.Memory.GetSpan(RunningGuest.DeviceGpa - 0x100, 0x100),
            ]);
    }

    private static X64BootState State(int bits, MemoryInstruction instruction, Random random)
    {
        X64BootState state = new();
        ulong device = bits == 16 ? 0 : RunningGuest.DeviceGpa;
        ulong data = bits == 16 ? 0x700 : RunningGuest.DataGpa + 0x700;
        ulong inDevice = device + (ulong)instruction.OffsetBytes;
        bool isDivision = instruction.Instruction.Mnemonic is Mnemonic.Div or Mnemonic.Idiv;
        ulong counter = instruction.Place == StringPlace.None ? (ulong)random.NextInt64() : 5;
        if (instruction.Instruction.Mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc)
        {
            counter &= 0xff;
        }
        else if (instruction.Instruction.Mnemonic is Mnemonic.Shld or Mnemonic.Shrd)
        {
            counter &= ~0x10UL; // a double shift by more than its 16 bits is not defined, and processors differ
        }

        // A dividend that the quotient of does not overflow; everything else is noise.
        state.Set(hv_register_name.HV_X64_REGISTER_RAX, isDivision ? 0x15 : (ulong)random.NextInt64())
            .Set(hv_register_name.HV_X64_REGISTER_RDX, isDivision ? 0 : (ulong)random.NextInt64())
            .Set(hv_register_name.HV_X64_REGISTER_RCX, bits == 64 ? counter : (uint)counter)
            .Set(hv_register_name.HV_X64_REGISTER_RBX, inDevice)
            .Set(hv_register_name.HV_X64_REGISTER_RSI, instruction.Place is StringPlace.ToDevice ? data : inDevice)
            .Set(hv_register_name.HV_X64_REGISTER_RDI, instruction.Place is StringPlace.FromDevice ? data : inDevice + 0x40)
            .Set(hv_register_name.HV_X64_REGISTER_RSP, RunningGuest.StackTop - 0x100)
            .Set(hv_register_name.HV_X64_REGISTER_RFLAGS, 2 | CarryFlag | (instruction.IsBackward ? DirectionFlag : 0));
        if (bits == 16)
        {
            ushort source = instruction.Place is StringPlace.ToDevice ? DataSelector : DeviceSelector;
            ushort destination = instruction.Place is StringPlace.FromDevice ? DataSelector : DeviceSelector;
            state.Set(hv_register_name.HV_X64_REGISTER_DS, Real(source)).Set(hv_register_name.HV_X64_REGISTER_ES, Real(destination));
            if (instruction.OffsetBytes < 0)
            {
                // Before the segment's first byte: an earlier segment.
                const ushort Earlier = 0x1000;
                state.Set(hv_register_name.HV_X64_REGISTER_DS, Real(DeviceSelector - (Earlier >> 4)))
                    .Set(hv_register_name.HV_X64_REGISTER_RBX, (ulong)(Earlier + instruction.OffsetBytes));
            }
        }

        return state;
    }

    // Status flags that the architecture leaves open may differ, all others may not.
    private static ulong DefinedStatus(in Instruction instruction, Outcome outcome)
    {
        const ulong StatusFlags = 0x8d5;
        int shiftCount = instruction.OpCount > 1 && instruction.GetOpKind(instruction.OpCount - 1) == OpKind.Immediate8
            ? instruction.Immediate8 : (byte)outcome.General.Rcx;
        return ~StatusFlags | DefinedFlags.Of(in instruction, shiftCount);
    }

    private static hv_x64_segment_register Real(int selector) =>
        new() { selector = (ushort)selector, @base = (ulong)selector << 4, limit = 0xffff, attributes = 0x93 };

    private sealed record Outcome(string End, X64GeneralRegisters General, hv_u128 Vector, byte[] Device, byte[] Memory)
    {
        internal string? DifferenceTo(Outcome other, ulong comparedFlags) =>
            End != other.End ? $"{End} became {other.End}"
            : !(General with { Rflags = 0 }).Equals(other.General with { Rflags = 0 }) ? $"{General} became {other.General}"
            : ((General.Rflags ^ other.General.Rflags) & comparedFlags) is not 0 and ulong flags ? $"flags 0x{flags:x} differ"
            : !Vector.Equals(other.Vector) ? "a vector register differs"
            : !Device.SequenceEqual(other.Device) ? $"the device differs from byte {SameBytes(Device, other.Device):x} on"
            : !Memory.SequenceEqual(other.Memory) ? $"memory differs from byte {SameBytes(Memory, other.Memory):x} on"
            : null;

        private static int SameBytes(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.CommonPrefixLength(right);
    }

    /// <summary>A device of bytes that keep what is written to them.</summary>
    private sealed class ByteDevice(int sizeBytes) : IMmioHandler
    {
        internal byte[] Bytes { get; } = new byte[sizeBytes];

        internal int Accesses { get; private set; }

        public ulong Read(uint vpIndex, ulong offset, int sizeBytes)
        {
            Accesses++;
            Span<byte> value = stackalloc byte[8];
            value.Clear();
            Bytes.AsSpan((int)offset, sizeBytes).CopyTo(value);
            return BitConverter.ToUInt64(value);
        }

        public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
        {
            Accesses++;
            BitConverter.GetBytes(value).AsSpan(0, sizeBytes).CopyTo(Bytes.AsSpan((int)offset));
        }
    }
}
