using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;
using HvBindgen.Emulation.X64.Execution;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed unsafe class X64EmulatorAtomicTests
{
    private const int Rounds = 200_000;

    // Linux slows a thread down that locks across cache lines, on purpose.
    private const int SplitRounds = 300;

    [Theory]
    [InlineData(0x4000, Rounds)] // aligned
    [InlineData(0x403E, SplitRounds)] // across cache lines
    [InlineData(0x4FFE, SplitRounds)] // across pages
    public void Locked_additions_lose_nothing_beside_the_host(int address, int rounds)
    {
        Assert.SkipUnless(
            address % sizeof(uint) == 0 || RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "this host raises a fault for an operand that lies so");
        using X64Machine machine = new(64);
        uint* counter = (uint*)(machine.Memory.Pointer + address);
        machine.State.Gpr[3] = (ulong)address;

        Thread host = new(() =>
        {
            for (int round = 0; round < rounds; round++)
            {
                Interlocked.Increment(ref *counter);
            }
        });
        host.Start();

        for (int round = 0; round < rounds; round++)
        {
            Assert.Equal(EmulationResult.Completed, machine.Step(0xF0, 0xFF, 0x03).Result); // lock inc dword [rbx]
        }

        host.Join();
        Assert.Equal(2u * (uint)rounds, *counter);
    }

    [Fact]
    public void Wide_exchanges_of_two_processors_lose_nothing()
    {
        Assert.SkipUnless(WideExchange.IsAvailable, "this host cannot exchange 16 bytes");
        using X64Machine machine = new(64);
        X64Emulator second = new(machine.Memory, new RecordingBus());
        X64State other = machine.State;

        Thread counting = new(() => CountWide(second, ref other));
        counting.Start();
        CountWide(machine.Emulator, ref machine.State);
        counting.Join();

        // Both halves count together.
        Assert.Equal(2UL * Rounds / 4, machine.Memory.Words[0x4000 / 8]);
        Assert.Equal(2UL * Rounds / 4, machine.Memory.Words[(0x4000 / 8) + 1]);
    }

    private static void CountWide(X64Emulator emulator, ref X64State state)
    {
        for (int done = 0; done < Rounds / 4;)
        {
            state.Gpr[1] = state.Gpr[2] + 1;
            state.Gpr[3] = state.Gpr[0] + 1;
            state.Gpr[6] = 0x4000;
            EmulationInput input = new() { InstructionBytes = [0xF0, 0x48, 0x0F, 0xC7, 0x0E] }; // lock cmpxchg16b [rsi]

            if (emulator.Execute(ref state, input).Result != EmulationResult.Completed)
            {
                throw new InvalidOperationException("not completed");
            }

            done += (state.Rflags & (1 << 6)) != 0 ? 1 : 0;
        }
    }
}
