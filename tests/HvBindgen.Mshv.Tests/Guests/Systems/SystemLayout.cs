namespace HvBindgen.Mshv.Tests.Guests.Systems;

/// <summary>Where the tables, the code and the stacks of a system program are, and the descriptors that each one has.</summary>
internal static class SystemLayout
{
    internal const ulong Level4 = 0x1000;
    internal const ulong Level2 = 0x5000;
    internal const ulong PaePointers = 0x7000;
    internal const ulong Task32 = 0x8000;
    internal const ulong Task64 = 0x8400;
    internal const ulong Pointers = 0x9000;
    internal const ulong TablePointers = 0x9700;
    internal const ulong Scratch = 0x9800;
    internal const int StacksStart = 0xA000;
    internal const int StacksBytes = 0x3000;
    internal const ulong InnerStackTop = 0xAF00;
    internal const ulong StackTop = 0xBF00;
    internal const ulong UserStackTop = 0xCF00;
    internal const ulong Gdt = 0xD000;
    internal const ulong Ldt = 0xD800;
    internal const ulong Idt64 = 0xE000;
    internal const ulong Idt32 = 0xF000;
    internal const ulong Code16 = 0x1_0000;
    internal const ulong RealCode = 0x1_2000;
    internal const ulong Code32 = 0x1_4000;
    internal const ulong Code64 = 0x1_8000;
    internal const ulong Handlers = 0x1_C000;
    internal const ulong HandlersOfBits = 0x1000;
    internal const ulong RandomPages = 0x2_0000;
    internal const int RandomPageCount = 16;
    internal const ulong End = RandomPages + (RandomPageCount * PageBytes);
    internal const ulong PageBytes = 0x1000;

    /// <summary>How long the code between two returns of a handler is.</summary>
    internal const int SlotBytes = 32;

    /// <summary>How many slots there are; the last ends the program.</summary>
    internal const int Slots = 24;

    /// <summary>The first slot that is random.</summary>
    internal const int FirstSlot = 2;

    /// <summary>Where system calls arrive.</summary>
    internal const int CallSlot = Slots - 4;

    internal const uint Vectors = 64;
    internal const byte FirstProgramVector = 0x30;
    internal const int ProgramVectors = 8;
    internal const ushort TableLimit = 0xFF;
    internal const ushort TaskLimit = 0x88;
    internal const ushort Flat32 = 0x08;
    internal const ushort Data = 0x10;
    internal const ushort Flat16 = 0x18;
    internal const ushort Data16 = 0x20;
    internal const ushort Flat64 = 0x28;
    internal const ushort SystemReturn = 0x38;
    internal const ushort UserFlat32 = 0x38;
    internal const ushort UserData = 0x40;
    internal const ushort UserFlat64 = 0x48;
    internal const ushort UserFlat16 = 0x50;
    internal const ushort TaskOfLongMode = 0x60;
    internal const ushort TaskOfProtectedMode = 0x70;
    internal const ushort LocalTable = 0x78;

    private const ulong PresentWritable = 3;
    private const ulong User = 4;
    private const ulong SecondPart = 0x3000;
    private const ulong LongTable = 0x4000;
    private const ulong Table32 = 0x6000;
    private const int FirstRandom = 0xD0;

    /// <summary>Where a slot is, as its code segment counts.</summary>
    internal static uint OffsetOf(int bits, int slot) =>
        (uint)(slot * SlotBytes) + (bits == 16 ? 0 : (uint)(bits == 32 ? Code32 : Code64));

    /// <summary>Whose code a slot of a width is.</summary>
    internal static ulong PlaceOf(int bits, int slot) => OffsetOf(bits, slot) + (bits == 16 ? Code16 : 0);

    /// <summary>How wide the code at a place is.</summary>
    /// <returns>0 where there is none.</returns>
    internal static int BitsOf(ulong place) => place switch
    {
        < Code16 or >= Handlers + (3 * HandlersOfBits) => 0,
        < Code32 or (>= Handlers and < Handlers + HandlersOfBits) => 16,
        < Code64 or (>= Handlers and < Handlers + (2 * HandlersOfBits)) => 32,
        _ => 64,
    };

    /// <summary>The code segment of a width and of the highest or the lowest privilege.</summary>
    internal static ushort CodeOf(int bits, bool isUser) => bits switch
    {
        16 => isUser ? (ushort)(UserFlat16 | 3) : Flat16,
        32 => isUser ? (ushort)(UserFlat32 | 3) : Flat32,
        _ => isUser ? (ushort)(UserFlat64 | 3) : Flat64,
    };

    /// <summary>Writes everything but the code.</summary>
    internal static void WriteTables(SystemImage memory, Random random)
    {
        WritePages(memory, random);
        WriteDescriptors(memory, random);
        WriteGates(memory, random);
        WriteTasks(memory);
    }

    private static void WritePages(SystemImage memory, Random random)
    {
        memory.Write(Level4, 0x2000UL | PresentWritable | User);
        memory.Write(0x2000UL, SecondPart | PresentWritable | User);
        memory.Write(PaePointers, SecondPart | 1);
        memory.Write(SecondPart, LongTable | PresentWritable | User);
        memory.Write(Level2, (uint)(Table32 | PresentWritable | User));
        for (ulong page = 0; page < End / PageBytes; page++)
        {
            ulong gpa = page * PageBytes;
            bool isOfPrograms = gpa is (UserStackTop & ~0xFFFUL) or Pointers or (>= Code16 and < Handlers);
            ulong rights = PresentWritable | (isOfPrograms ? User : 0);
            if (gpa >= RandomPages)
            {
                rights = (ulong)random.Next(8) | (ulong)(random.Next(4) == 0 ? 0 : 1);
            }

            memory.Write(LongTable + (page * 8), gpa | rights);
            memory.Write(Table32 + (page * 4), (uint)(gpa | rights));
        }
    }

    private static void WriteDescriptors(SystemImage memory, Random random)
    {
        ReadOnlySpan<ulong> fixedOnes =
        [
            0, 0x00CF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x0000_9B01_0000_FFFF,
            0x008F_9300_0000_FFFF, 0x00AF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x00CF_FB00_0000_FFFF,
            0x00CF_F300_0000_FFFF, 0x00AF_FB00_0000_FFFF, 0x0000_FB01_0000_FFFF, 0x008F_F300_0000_FFFF,
            0x0000_8900_0000_0000 | TaskLimit | (Task64 << 16), 0, 0x0000_8900_0000_0000 | TaskLimit | (Task32 << 16),
            0x0000_8200_0000_003F | (Ldt << 16), 0,
            0x00CF_9F00_0000_FFFF, // conforming code
            0x00CF_9900_0000_FFFF, // code that cannot be read
            0x00C0_9700_0000_0007, // expands down
            0x00CF_1300_0000_FFFF, // not present
            0x00CF_9000_0000_FFFF, // read-only, not accessed yet
            Gate(0xC, random.Next(4), Flat64, OffsetOf(64, CallSlot)), 0,
            Gate(0xC, random.Next(4), Flat32, OffsetOf(32, CallSlot)) | ((ulong)random.Next(3) << 32),
            Gate(0x4, random.Next(4), Flat16, OffsetOf(16, CallSlot)) | ((ulong)random.Next(3) << 32),
        ];
        for (int index = 0; index < fixedOnes.Length; index++)
        {
            memory.Write(Gdt + ((ulong)index * 8), fixedOnes[index]);
        }

        for (ulong offset = FirstRandom; offset < TableLimit; offset += 8)
        {
            memory.Write(Gdt + offset, RandomDescriptor(random));
        }

        for (ulong offset = 0; offset < 0x40; offset += 8)
        {
            memory.Write(Ldt + offset, RandomDescriptor(random));
        }
    }

    // Code has the base and the limit that its width needs: QEMU's processor does not look at limits. Data have a small base.
    private static ulong RandomDescriptor(Random random)
    {
        const ulong CodeType = 0x18;
        const ulong Big = 4;
        const ulong Granular = 8;
        ulong access = (uint)random.Next(256) | (random.Next(5) == 0 ? 0 : 0x80u) | (random.Next(5) == 0 ? 0 : 0x10u);
        ulong flags = (uint)random.Next(16);
        bool isCode = (access & CodeType) == CodeType;
        ulong @base = !isCode ? (uint)random.Next(0x2_0000) : (flags & Big) != 0 ? 0 : Code16;
        ulong limit = isCode ? 0xF_FFFF : (uint)random.Next(0x10_0000);
        flags |= isCode ? Granular : 0;
        return (limit & 0xFFFF) | (@base << 16) | (access << 40) | (limit >> 16 << 48) | (flags << 52);
    }

    private static ulong Gate(int type, int privilege, ushort selector, uint offset) =>
        (offset & 0xFFFF) | ((ulong)selector << 16) | ((ulong)(uint)(0x80 | (privilege << 5) | type) << 40) | ((ulong)(offset >> 16) << 48);

    // Those of exceptions are good: a fault on the way to a handler has bit 0 in its error code by the manual, and none on QEMU's
    // processor. Those of the program's own vectors may be wrong in every way.
    private static void WriteGates(SystemImage memory, Random random)
    {
        for (uint vector = 0; vector < Vectors; vector++)
        {
            bool isOfProgram = vector >= FirstProgramVector;
            int privilege = random.Next(2) * 3;
            ulong gate = Gate(0xE | random.Next(2), privilege, Flat32, HandlerOffset(32, vector));
            ulong longGate = Gate(0xE | random.Next(2), privilege, Flat64, HandlerOffset(64, vector));
            if (isOfProgram && random.Next(2) == 0)
            {
                gate = Spoil(gate, random);
                longGate = Spoil(longGate, random);
            }

            memory.Write(Idt32 + (vector * 8), gate);
            memory.Write(Idt64 + (vector * 16), longGate);
            memory.Write(Idt64 + (vector * 16) + 8, 0UL);
            memory.Write(vector * 4, ((uint)(Code16 >> 4) << 16) | HandlerOffset(16, vector));
        }
    }

    // Not present; another segment, of privilege 0 or 3, or none; another type, but none of another width; no segment.
    private static ulong Spoil(ulong gate, Random random) => random.Next(4) switch
    {
        0 => gate & ~(1UL << 47),
        1 => (gate & ~(0xFFFFUL << 16)) | ((ulong)(uint)OtherSelector(random) << 16),
        2 => gate ^ (random.Next(4) switch { 0 => 1UL << 40, 1 => 1UL << 41, 2 => 1UL << 42, _ => 1UL << 44 }),
        _ => gate & ~(0xFFFFUL << 16),
    };

    private static int OtherSelector(Random random) =>
        ((random.Next(4) == 0 ? (TableLimit / 8) + 1 : random.Next(SystemTransfers.FixedSelectors)) << 3) | random.Next(4);

    /// <summary>Where a handler is, as its code segment counts.</summary>
    internal static uint HandlerOffset(int bits, uint vector) =>
        (uint)(HandlerPlace(bits, vector) - (bits == 16 ? Code16 : 0));

    /// <summary>Where a handler is.</summary>
    internal static ulong HandlerPlace(int bits, uint vector) =>
        Handlers + (bits switch { 16 => 0UL, 32 => 1, _ => 2 } * HandlersOfBits) + (vector * SlotBytes);

    // Ports are allowed but for those of the last eighth of the first page.
    private static void WriteTasks(SystemImage memory)
    {
        const int BitmapOffset = 0x68;
        foreach (ulong task in (ReadOnlySpan<ulong>)[Task32, Task64])
        {
            memory.Write(task, new byte[TaskLimit + 1]);
            memory.Write(task + 0x66, (ushort)BitmapOffset);
            memory.Write(task + BitmapOffset + 28, (ushort)0xFFFF);
            memory.Write(task + TaskLimit, (byte)0xFF);
        }

        for (uint level = 0; level < 3; level++)
        {
            memory.Write(Task32 + 4 + (level * 8), (uint)InnerStackTop - (level * 0x100));
            memory.Write(Task32 + 8 + (level * 8), level == 0 ? (uint)Data : 0);
            memory.Write(Task64 + 4 + (level * 8), InnerStackTop - (level * 0x100));
        }
    }
}
