using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;
using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Instructions;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Hosts whose volatile and interlocked accesses must be aligned. Their rule is tried here, not their faults.</summary>
public sealed unsafe class HostAlignmentTests
{
    private const int Rounds = 20_000;
    private const ulong Misaligned = 0x400E; // across 16 bytes
    private static readonly HostAlignment Strict = new(Architecture.Arm64);
    private static readonly X64State Flat = StateOfMachine();

    [Fact]
    public void Only_x86_takes_an_operand_anywhere()
    {
        HostAlignment any = new(Architecture.X64);
        byte* aligned = (byte*)0x4010;

        for (int size = 1; size <= 8; size *= 2)
        {
            Assert.True(Strict.Allows(aligned, size));
            Assert.True(any.Allows(aligned + 1, size));
            Assert.Equal(size == 1, Strict.Allows(aligned + 1, size));
            Assert.Equal(size < 8, Strict.Allows(aligned + 4, size));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Where_it_must_be_aligned_each_operand_is_moved_all_the_same(int sizeBytes)
    {
        using FlatMemory memory = new(0x10000);
        X64Emulator emulator = new(memory, new RecordingBus(), null, Strict);
        // mov reg, [rbx] and mov [rbx], reg
        (byte[] load, byte[] store) = sizeBytes switch
        {
            1 => (new byte[] { 0x8A, 0x03 }, new byte[] { 0x88, 0x0B }),
            2 => ([0x66, 0x8B, 0x03], [0x66, 0x89, 0x0B]),
            4 => ([0x8B, 0x03], [0x89, 0x0B]),
            _ => ([0x48, 0x8B, 0x03], [0x48, 0x89, 0x0B]),
        };

        for (ulong address = 0x4FF0; address < 0x5008; address++)
        {
            ulong value = 0x1122_3344_5566_7788 * (address | 1);
            X64State state = Flat;
            state.Gpr[1] = value;
            state.Gpr[3] = address;
            Assert.Equal(EmulationResult.Completed, emulator.Execute(ref state, new() { InstructionBytes = store }).Result);
            Assert.Equal(EmulationResult.Completed, emulator.Execute(ref state, new() { InstructionBytes = load }).Result);

            ulong mask = sizeBytes == 8 ? ulong.MaxValue : (1UL << (sizeBytes * 8)) - 1;
            Assert.Equal(value & mask, state.Gpr[0]);
            Assert.True(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value))[..sizeBytes].SequenceEqual(
                memory.Bytes.Slice((int)address, sizeBytes)));
        }
    }

    [Fact]
    public void Locked_additions_of_two_emulated_processors_lose_nothing_where_the_host_cannot_lock()
    {
        using FlatMemory memory = new(0x10000);
        Thread second = new(() => Count(memory));
        second.Start();
        Count(memory);
        second.Join();

        Assert.Equal(2u * Rounds, MemoryMarshal.Read<uint>(memory.Bytes[(int)Misaligned..]));
    }

    [Theory]
    [InlineData(Architecture.Arm64, Misaligned, true)]
    [InlineData(Architecture.Arm64, 0x4010UL, false)]
    [InlineData(Architecture.X64, Misaligned, false)]
    public void What_the_host_cannot_lock_waits_for_the_others(Architecture host, ulong address, bool waits)
    {
        Assert.SkipUnless(
            host == Architecture.Arm64 || RuntimeInformation.ProcessArchitecture == host, "this host raises a fault for what x64 locks");
        using FlatMemory memory = new(0x10000);
        X64Emulator emulator = new(memory, new RecordingBus(), null, new HostAlignment(host));
        Thread step = new(() => Step(emulator, address));

        lock (ReadModifyWrite.SplitLock)
        {
            step.Start();
            Assert.Equal(!waits, step.Join(waits ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromSeconds(30)));
        }

        step.Join();
        Assert.Equal(1u, MemoryMarshal.Read<uint>(memory.Bytes[(int)address..]));
    }

    private static void Count(FlatMemory memory)
    {
        X64Emulator emulator = new(memory, new RecordingBus(), null, Strict);

        for (int round = 0; round < Rounds; round++)
        {
            Step(emulator, Misaligned);
        }
    }

    private static void Step(X64Emulator emulator, ulong address)
    {
        X64State state = Flat;
        state.Gpr[3] = address;
        EmulationOutcome outcome = emulator.Execute(ref state, new() { InstructionBytes = [0xF0, 0xFF, 0x03] }); // lock inc dword [rbx]

        if (outcome.Result != EmulationResult.Completed)
        {
            throw new InvalidOperationException(outcome.ToString());
        }
    }

    private static X64State StateOfMachine()
    {
        using X64Machine machine = new(64);
        return machine.State;
    }
}
