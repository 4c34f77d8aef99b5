using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Running;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Pages that change while a guest runs, whoever writes them.</summary>
public sealed class MigratedGuests
{
    private const int Pages = 256;
    private const ulong Ram = RunningGuest.HighRamGpa;

    [Fact]
    public void Pages_that_the_host_writes_are_taken_like_those_of_the_guest()
    {
        using RunningGuest guest = new();
        guest.Handlers.Mmio.Map(RunningGuest.DeviceGpa, 0x1000, new Source());
        guest.Load(64, code =>
        {
            // The emulation of an instruction stores to page 9; the guest itself to page 2.
            code.mov(rsi, RunningGuest.DeviceGpa);
            code.mov(rdi, Ram + (9 * 4096));
            code.movsb();
            code.inc(__byte_ptr[Ram + (2 * 4096)]);
            code.@out((byte)RunningGuest.EndPort, al);
        });
        GuestAddressSpace memory = guest.Partition.Memory;
        memory.Write(Ram, 1);
        memory.StartTracking();

        guest.RunToEnd();
        memory.Write(Ram + (5 * 4096), (byte)1);
        memory.Write(Ram + (7 * 4096) - 4, 1UL);
        memory.GetSpan(Ram + (12 * 4096), 1)[0] = 1;
        memory.NoteWrite(Ram + (12 * 4096), 1);

        Assert.Equal([2, 5, 6, 7, 9, 12], Take(memory));
        Assert.Empty(Take(memory));
        memory.StopTracking();
        memory.Write(Ram, 1);
        memory.StartTracking();
        Assert.Empty(Take(memory));
    }

    [Fact]
    public void A_guest_that_stores_while_host_and_devices_write_is_copied_until_both_sides_are_equal()
    {
        using RunningGuest guest = new();
        guest.Handlers.Mmio.Map(RunningGuest.DeviceGpa, 0x1000, new Source());
        guest.Load(64, code =>
        {
            Label forever = code.CreateLabel();
            code.xor(ebx, ebx);
            code.Label(ref forever);
            code.add(ebx, 4096 + 8);
            code.and(ebx, (Pages * 4096) - 8);
            code.mov(rax, Ram);
            code.inc(__qword_ptr[rax + rbx]);
            code.test(ebx, 0x7000);
            code.jne(forever);

            // Now and then by an instruction that is emulated.
            code.mov(rsi, RunningGuest.DeviceGpa);
            code.lea(rdi, __[rax + rbx]);
            code.movsq();
            code.jmp(forever);
        });
        GuestAddressSpace memory = guest.Partition.Memory;
        byte[] copy = new byte[Pages * 4096];
        memory.StartTracking();
        memory.Read(Ram, copy);
        using Machine machine = new(guest.Loops);
        machine.Start();
        bool isOver = false;
        Thread host = new(() =>
        {
            Random random = new(4);
            while (!Volatile.Read(ref isOver))
            {
                memory.Write(Ram + ((ulong)random.Next(Pages * 512) * 8), random.NextInt64());
            }
        });
        host.Start();
        for (int round = 0; round < 200; round++)
        {
            CopyDirty();
        }

        Volatile.Write(ref isOver, true);
        host.Join();
        machine.Pause();
        CopyDirty();

        byte[] now = new byte[copy.Length];
        memory.Read(Ram, now);
        Assert.True(now.AsSpan().SequenceEqual(copy), $"the copy differs at 0x{now.AsSpan().CommonPrefixLength(copy):x}");
        Assert.Contains(copy, each => each != 0);
        machine.Resume();
        machine.RequestEnd(RunEnd.PowerOff);
        Assert.Equal(RunEnd.PowerOff, machine.WaitForEnd(RunningGuest.TooLong)!.Value.Result.End);

        void CopyDirty()
        {
            foreach (int page in Take(memory))
            {
                memory.Read(Ram + ((ulong)page * 4096), copy.AsSpan(page * 4096, 4096));
            }
        }
    }

    private static int[] Take(GuestAddressSpace memory)
    {
        ulong[] bitmap = new ulong[Pages / 64];
        memory.TakeDirtyPages(Ram, Pages * 4096, bitmap);
        return [.. Enumerable.Range(0, Pages).Where(page => (bitmap[page / 64] >> (page % 64) & 1) != 0)];
    }

    private sealed class Source : IMmioHandler
    {
        private ulong last = 0x0101_0101_0101_0101;

        public ulong Read(uint vpIndex, ulong offset, int sizeBytes) => last += 0x0101_0101_0101_0101;

        public void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value)
        {
        }
    }
}
