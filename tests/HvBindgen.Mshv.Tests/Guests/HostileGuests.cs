using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Guests of noise that really execute: code, page tables, registers and repeat counts made up at random.</summary>
public sealed class HostileGuests(ITestOutputHelper output)
{
    private const int Seed = 20261123;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(30);

    // Bytes that begin instructions which leave the guest, so that the noise reaches the run loop often.
    private static readonly byte[] Leaving =
    [
        0xec, 0xee, 0xed, 0xef, 0x6c, 0x6d, 0x6e, 0x6f, 0xa4, 0xa5, 0xaa, 0xab, 0xf3, 0xf2, 0xf0, 0x66, 0x67, 0x0f, 0x87, 0x89, 0x8b,
    ];

    [Theory]
    [InlineData(16, 40)]
    [InlineData(32, 60)]
    [InlineData(64, 60)]
    public void Noise_neither_breaks_nor_holds_the_monitor(int bits, int guests)
    {
        // A host that is busy elsewhere gets few instructions done before the patience ends.
        for (TimeSpan patience = Patience; RunNoise(bits, guests, patience) <= guests / 4; patience *= 2)
        {
            Assert.True(patience < TimeSpan.FromSeconds(2), "the noise makes hardly any exits");
        }
    }

    private long RunNoise(int bits, int guests, TimeSpan patience)
    {
        Random random = new(Seed);
        Dictionary<string, int> ends = [];
        long exits = 0;
        for (int i = 0; i < guests; i++)
        {
            using RunningGuest guest = new(options: new RunOptions
            {
                Ports = UnclaimedAccess.AsHardware,
                Mmio = UnclaimedAccess.AsHardware,
                Msrs = UnclaimedAccess.AsHardware,
            });
            guest.Handlers.Mmio.Map(RunningGuest.DeviceGpa, 0x1000, new NoiseDevice(random));
            guest.Load(bits, Noise(random, 0x1000));
            Scramble(guest, bits, random);

            // Whatever the guest does, it can be stopped.
            using CancellationTokenSource stop = new(patience);
            RunResult result = default;
            Thread runner = new(() => result = guest.Loop.Run(stop.Token)) { IsBackground = true };
            runner.Start();
            Assert.True(runner.Join(RunningGuest.TooLong), $"guest {i} cannot be stopped");
            exits += guest.Loop.ExitCount;
            ends[$"{result.End}"] = ends.GetValueOrDefault($"{result.End}") + 1;
            Assert.True(
                result.End is not (RunEnd.DeviceFault or RunEnd.MalformedMessage),
                $"guest {i}: {result.End} {result.Detail} {result.Fault}");
        }

        string summary = string.Join(", ", ends.Select(end => $"{end.Value} {end.Key}"));
        output.WriteLine($"seed {Seed}, {guests} guests of {bits} bits, {exits} exits: {summary}");
        return exits;
    }

    private static byte[] Noise(Random random, int sizeBytes)
    {
        byte[] noise = new byte[sizeBytes];
        random.NextBytes(noise);
        for (int i = 0; i < sizeBytes; i++)
        {
            if (random.Next(3) != 0)
            {
                noise[i] = Leaving[random.Next(Leaving.Length)];
            }
        }

        return noise;
    }

    private static void Scramble(RunningGuest guest, int bits, Random random)
    {
        ulong[] pointers =
            [RunningGuest.DataGpa, RunningGuest.DeviceGpa + 0xffc, RunningGuest.DeviceGpa, 0xffff_fffc, ulong.MaxValue, 0x9fffe];
        X64BootState state = new();
        for (hv_register_name name = hv_register_name.HV_X64_REGISTER_RAX; name <= hv_register_name.HV_X64_REGISTER_R15; name++)
        {
            ulong value = random.Next(3) == 0 ? (ulong)random.NextInt64() : pointers[random.Next(pointers.Length)];
            state.Set(name, bits == 64 ? value : (uint)value);
        }

        state.ApplyTo(guest.Processor);
        if (bits == 64)
        {
            // Some entries of the tables lead anywhere: out of memory, to the device, back to the tables.
            for (int i = 0; i < 200; i++)
            {
                ulong entry = ((ulong)random.Next(0x200) << 12) | (uint)random.Next(0x1000) | ((ulong)random.Next(2) << 63);
                guest.Partition.Memory.Write(RunningGuest.PageTablesGpa + 0x2000 + ((ulong)random.Next(1, 0x600) * 8), entry);
            }
        }
    }

    private sealed class NoiseDevice(Random random) : IMmioHandler
    {
        public ulong Read(uint vpIndex, ulong offset, int sizeBytes) => (ulong)random.NextInt64();

        public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
        {
        }
    }
}
