using HvBindgen.Mshv.Emulator.Engine.Software;
using Xunit;

namespace HvBindgen.Mshv.Tests.Hostile;

/// <summary>Local APICs of the software engine that a guest writes noise to, on a clock that goes on at random.</summary>
public sealed class HostileApicTests(ITestOutputHelper output)
{
    private const int Accesses = 2000;

    // In steps of sixteen bytes the first kilobyte of its page is its registers.
    private const int RegisterCount = 64;
    private const int RegisterBytes = 16;
    private const int SpuriousVector = 0xF0;
    private const uint EnabledValue = 0x1FF;

    public static TheoryData<int> Seeds => [.. FuzzRounds.Seeds];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_access_throws_and_no_interrupt_comes_at_a_priority_that_holds_it_back(int seed)
    {
        long taken = 0;
        FuzzRounds.Repeat(seed, 40, 20_000, random =>
        {
            VirtualClock clock = new((ulong)random.NextInt64(1, 1_000_000_000_000));
            Instructions instructions = new();
            clock.Add(instructions);
            LocalApic apic = new((uint)random.Next(256), new GuestClock(clock));
            apic.Reset();
            byte[] page = new byte[LocalApic.PageBytes];

            for (int access = 0; access < Accesses; access++)
            {
                instructions.InstructionCount += random.NextInt64(1 + (1L << random.Next(40)));
                int offset = random.Next(RegisterCount) * RegisterBytes;
                switch (random.Next(12))
                {
                    case 0:
                        apic.Follow((ulong)random.Next(4) << 10);
                        break;
                    case 1:
                        apic.Accept((byte)random.Next(256), random.Next(2) == 0);
                        break;
                    case 2 or 3:
                        taken += Take(apic) ? 1 : 0;
                        break;
                    case 4:
                        _ = apic.TryExpire();
                        break;
                    case 5:
                        apic.Timer.DeadlineCount = (ulong)random.NextInt64() >> random.Next(63);
                        break;
                    case 6:
                        _ = (apic.TakeCommand(), apic.TakeEndedLevel(), apic.IsAddressed((uint)random.Next(), random.Next(2) == 0));
                        break;
                    case 7 when random.Next(40) == 0:
                        random.NextBytes(page);
                        apic.WritePage(page);
                        break;
                    case 8:
                        apic.ReadPage(page);
                        break;
                    case 9 when random.Next(2) == 0:
                        apic.Write(SpuriousVector, EnabledValue);
                        break;
                    case 9:
                        _ = (apic.Read(offset), apic.Timer.RemainingNanoseconds, apic.HasNext);
                        break;
                    default:
                        apic.Write(offset, random.Next(2) == 0 ? (uint)random.Next(0x200) : (uint)random.NextInt64());
                        break;
                }
            }
        }, output.WriteLine);

        Assert.True(taken > 0, "no interrupt was taken");
        output.WriteLine($"{taken} interrupts");
    }

    private static bool Take(LocalApic apic)
    {
        byte before = apic.TaskPriority;
        bool isNext = apic.HasNext;
        bool isTaken = apic.TryTake(out byte vector);

        Assert.Equal(isNext, isTaken);
        Assert.True(!isTaken || vector >> 4 > before >> 4, $"vector {vector:x} at task priority {before:x}");
        return isTaken;
    }

    private sealed class Instructions : IClockedProcessor
    {
        public long InstructionCount { get; set; }

        public bool IsExecuting => true;

        public ulong? TimerDue => null;

        public void OnClockChanged()
        {
        }
    }
}
