using Xunit;

namespace HvBindgen.Mshv.Tests.Guests.Programs;

/// <summary>Loops over a device in C, as gcc makes code of them.</summary>
internal static class CompiledLoops
{
    // What is filled, copied and changed is volatile: a compiler keeps each access, and may choose any instruction for it.
    private const string Source =
        """
        typedef unsigned char u8;
        typedef unsigned short u16;
        typedef unsigned int u32;
        typedef unsigned long u64;

        #define DEVICE(type, offset) ((volatile type *)(DEVICE_GPA + (offset)))
        #define DATA(type, offset) ((type *)(DATA_GPA + (offset)))

        static void run(void);

        __attribute__((section(".text.startup"), used)) void start(void)
        {
            run();
            for (;;)
                __asm__ volatile("outb %%al, %0" : : "i"(END_PORT));
        }

        static void fill(volatile u32 *at, u32 count)
        {
            for (u32 i = 0; i < count; i++)
                at[i] = FILL;
        }

        static void fill_bytes(volatile u8 *at, u8 value, int count)
        {
            while (count--)
                *at++ = value;
        }

        static void fill_words(volatile u16 *at, int count)
        {
            for (int i = count - 1; i >= 0; i--)
                at[i] = (u16)(FILL >> i);
        }

        static void copy_out(volatile u64 *to, const u64 *from, int count)
        {
            for (int i = 0; i < count; i++)
                to[i] = from[i] ^ (u64)i * FILL;
        }

        static void copy_in(u32 *to, const volatile u32 *from, int count)
        {
            for (int i = 0; i < count; i++)
                to[i] = from[i] + (u32)i;
        }

        static u32 poll(const volatile u8 *at, int count)
        {
            u32 sum = 0;
            while (count-- && (*at & 0x81) != 0x81)
                sum = sum * 31 + *at;
            return sum;
        }

        static void change(volatile u32 *at, int count)
        {
            for (int i = 0; i < count; i++) {
                at[i] |= FILL;
                at[i] &= ~(1u << (i & 31));
                at[i]++;
                at[i] -= i;
            }
        }

        struct registers { u8 kind; u16 length; u32 value; u64 address; };

        static void program(volatile struct registers *at, int count)
        {
            for (int i = 0; i < count; i++, at++) {
                at->kind = (u8)(i | 0xa0);
                at->length = (u16)(i * 0xa5a5);
                at->value = FILL;
                at->address = (u64)at->value << 32 | at->length;
            }
        }

        static void run(void)
        {
            u32 *results = DATA(u32, 0x600);
            fill(DEVICE(u32, 0x10), 9);
            fill_bytes(DEVICE(u8, 0x41), 0xab, 7);
            fill_bytes(DEVICE(u8, 0x51), (u8)FILL, 5);
            fill_words(DEVICE(u16, 0x62), 6);
            copy_out(DEVICE(u64, 0x80), DATA(u64, 0x40), 8);
            copy_in(DATA(u32, 0x200), DEVICE(u32, 0x100), 11);
            results[0] = poll(DEVICE(u8, 0x140), 20);
            change(DEVICE(u32, 0x180), 5);
            program(DEVICE(struct registers, 0x200), 4);
            results[1] = *DEVICE(u32, 0x300) > FILL ? *DEVICE(u16, 0x304) : *DEVICE(u8, 0x306);
            results[2] = (u32)__atomic_exchange_n(DEVICE(u32, 0x308), FILL, __ATOMIC_SEQ_CST);
            results[3] = (u32)__atomic_fetch_add(DEVICE(u32, 0x30c), 3, __ATOMIC_SEQ_CST);
        }
        """;

    /// <summary>Compiles the loops.</summary>
    /// <param name="level">Of optimisation, as gcc takes it.</param>
    /// <param name="fill">The number that is stored most.</param>
    /// <param name="place">Where the program runs.</param>
    /// <returns>Its code, from its first instruction on.</returns>
    internal static byte[] Compile(string level, uint fill, ProgramPlace place)
    {
        Requirement.Program("gcc", "gcc");
        using TemporaryFolder folder = new TemporaryFolder().With("loops.c", Source);
        Ending ending = ChildProgram.Run(
            "gcc",
            level, "-m64", "-ffreestanding", "-nostdlib", "-static", "-fno-pie", "-no-pie", "-mno-red-zone", "-mgeneral-regs-only",
            "-fcf-protection=none", "-fno-stack-protector", "-fno-asynchronous-unwind-tables", "-Wall", "-Wextra", "-Werror",
            $"-DFILL=0x{fill:x}u", $"-DDEVICE_GPA=0x{place.DeviceGpa:x}", $"-DDATA_GPA=0x{place.DataGpa:x}",
            $"-DEND_PORT=0x{place.EndPort:x}", $"-Wl,-Ttext=0x{place.CodeGpa:x},--oformat=binary,--build-id=none,-e,start",
            folder["loops.c"], "-o", folder["loops.bin"]);
        Assert.True(ending.ExitCode == 0, ending.Error);
        return File.ReadAllBytes(folder["loops.bin"]);
    }
}
