using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Tests.Emulator;
using Xunit;

namespace HvBindgen.Mshv.Tests.Guests.Systems;

/// <summary>Random programs for the system's part of a processor, in software and on KVM: the same accesses to ports in the same order,
/// with the same registers at each, the same end and the same memory.</summary>
/// <remarks>
/// <para>Programs keep off what differs without being a fault of either, and off faults of QEMU's processor, on which this runs where no
/// other is: it checks no limits of segments, and not whether one is there; gives SS no selector where a gate has a stack of its own,
/// though the privilege stays (by the manual it does then alone where that changes); takes no stack's segment for one where long mode's
/// 32-bit code returns to less privilege; sets no bit 0 in the error codes of what goes wrong on the way to a handler; pushes with all
/// rights in far calls of virtual-8086 mode; keeps what null selectors ask for in returns to less privilege; comes to an end where a
/// stack is to be taken from a task's state that KVM says is busy; and loses its host's CR0 to a guest that has EFER.LME without
/// CR4.PAE. It takes addresses that are not canonical in model-specific registers, and bits of CR0's upper half; and looks for the stack
/// of privilege 1 or 2 before it finds that virtual-8086 mode enters 0 alone.</para>
/// <para>SYSCALL outside 64-bit mode and SYSENTER in long mode are there on one vendor's processors alone. A KVM shows its guest
/// CR4.MCE where that is its own, resets a processor that has shut down, and has extensions of virtual-8086 mode.</para>
/// <para>Where a program has gone astray on KVM, in code that is not its own, nothing is compared any more.</para>
/// </remarks>
public sealed class LockstepGuests(ITestOutputHelper output)
{
    private const int Rounds = 40;
    private const int LongRounds = 20_000;
    private const int FewEvents = 10;

    public static TheoryData<int> Seeds => [.. FuzzRounds.Seeds];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_program_does_in_software_what_it_does_on_KVM(int seed)
    {
        Assert.SkipWhen(GuestDevice.IsDriver, "guests run on the driver here");
        Requirement.Emulator();
        Assert.SkipWhen(Requirement.IsSoftware, "guests run in software here");
        Assert.SkipUnless(
            ExactStops.AreThere, "this host's KVM executes the system's part of a processor by itself, and not all of it");
        using LockstepMachine processor = new(MshvEngine.Kvm);
        using LockstepMachine software = new(MshvEngine.Software);
        int events = 0;
        List<string> differences = [];
        FuzzRounds.Repeat(
            seed,
            Rounds,
            LongRounds,
            random =>
            {
                int own = random.Next();
                IReadOnlyList<string> expected = processor.Run(new SystemProgram(own));
                IReadOnlyList<string> actual = software.Run(new SystemProgram(own));
                events += expected.Count;
                string difference = Compare(expected, actual) ?? Compare(processor.Memory(), software.Memory());
                if (difference.Length != 0)
                {
                    differences.Add($"program {own}: {difference}");
                }
            },
            output.WriteLine);
        output.WriteLine($"{events} events compared");
        Assert.True(events > Rounds * FewEvents, $"only {events} events");
        Assert.True(differences.Count == 0, string.Join("\n\n", differences.Take(10)));
    }

    private static string? Compare(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        for (int index = 0; index < Math.Max(expected.Count, actual.Count); index++)
        {
            string left = expected.ElementAtOrDefault(index) ?? "nothing";
            string right = actual.ElementAtOrDefault(index) ?? "nothing";
            if (left == LockstepMachine.Astray)
            {
                return "";
            }

            if (left == right)
            {
                continue;
            }

            string[] lefts = left.Split(' ');
            string[] rights = right.Split(' ');
            IEnumerable<string> differing = lefts.Except(rights).Select(each => $"KVM {each}")
                .Concat(rights.Except(lefts).Select(each => $"software {each}"));
            string before = index == 0 ? "the start" : expected[index - 1];
            return $"event {index}: {string.Join(", ", differing)}\nafter {before}\nKVM {left}\nsoftware {right}";
        }

        return null;
    }

    private static string Compare(byte[] expected, byte[] actual)
    {
        int same = expected.AsSpan().CommonPrefixLength(actual);
        return same == expected.Length ? "" : $"memory at {same:x}: KVM {expected[same]:x}, software {actual[same]:x}";
    }
}
