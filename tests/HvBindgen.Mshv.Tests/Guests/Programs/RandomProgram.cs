using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests.Programs;

/// <summary>A random program of 64-bit code, most of whose instructions touch its processor's device.</summary>
/// <remarks>
/// RBX is the device, RBP the data; RDI, RSI and RCX are set before each string instruction. Nothing asks for flags that the processor
/// leaves undefined, but for the adjust flag.
/// </remarks>
internal sealed class RandomProgram
{
    /// <summary>How many of a program's instructions touch a device.</summary>
    internal const int DeviceInstructions = 100;

    private const int VectorBytes = 16;
    private const ulong VectorResults = 0x7c0; // in the data, whose rest is what strings go to and come from

    // Immediates whose bytes are instructions, seen from behind: string stores, pushes, prefixes.
    private static readonly uint[] LookAlikes =
        [0xa5a5a5a5, 0xabababab, 0xaaaaaaaa, 0xa4a4a4a4, 0x50505050, 0x5757ab48, 0xabf3abf3, 0x06c70689];

    private readonly Random random;
    private readonly ProgramPlace place;
    private readonly Assembler a = new(64);
    private readonly Action[] kinds;
    private ulong shared;

    private RandomProgram(Random random, ProgramPlace place)
    {
        this.random = random;
        this.place = place;
        kinds =
        [
            Load, Store, StoreImmediate, StoreImmediate, Update, UpdateLocked, Exchange, Alone, Compare, Bit, Condition, Stack,
            StringCopy, StringCopy, StringOther, StringRepeated, Vector, Port,
        ];
    }

    private AssemblerRegister64 Wide => Pick(rax, rcx, rdx, r8, r9, r10, r11, r12, r13, r14, r15);

    private AssemblerRegister32 Double => Pick(eax, ecx, edx, r8d, r9d, r10d, r11d, r12d, r13d, r14d, r15d);

    private AssemblerRegister16 Word => Pick(ax, cx, dx, r8w, r9w, r10w, r11w, r12w);

    private AssemblerRegister8 Byte => Pick(al, cl, dl, ah, ch, dh);

    private AssemblerRegisterXMM VectorRegister => Pick(xmm0, xmm1, xmm2, xmm3);

    private uint Immediate => random.Next(2) == 0 ? Pick(LookAlikes) : (uint)random.NextInt64(1L << 32);

    /// <summary>Writes a program.</summary>
    /// <returns>Its code, and what it adds to the shared counter.</returns>
    internal static (byte[] Code, ulong Shared) Create(Random random, ProgramPlace place)
    {
        RandomProgram program = new(random, place);
        program.Begin();
        for (int index = 0; index < DeviceInstructions; index++)
        {
            program.Pick(program.kinds)();
            program.Between();
        }

        program.End();
        MemoryStream stream = new();
        _ = program.a.Assemble(new StreamCodeWriter(stream), place.CodeGpa);
        return (stream.ToArray(), program.shared);
    }

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    // In the device; the first processor's at times from the last bytes of memory on.
    private AssemblerMemoryOperand Place(int sizeBytes) =>
        place.Processor == 0 && sizeBytes > 1 && random.Next(12) == 0 ? rbx - random.Next(1, sizeBytes) : Inside();

    private AssemblerMemoryOperand Inside() => rbx + (random.Next(2) == 0 ? random.Next(0x40) : random.Next(0x40, 0x400));

    private void Begin()
    {
        a.mov(rbx, place.DeviceGpa);
        a.mov(rbp, place.DataGpa);
        foreach (AssemblerRegister64 register in (ReadOnlySpan<AssemblerRegister64>)[rax, rcx, rdx, r8, r9, r10, r11, r12, r13, r14, r15])
        {
            a.mov(register, random.NextInt64());
        }

        a.movups(xmm0, __xmmword_ptr[rbp]);
        a.movups(xmm1, __xmmword_ptr[rbp + VectorBytes]);
        a.movups(xmm2, __xmmword_ptr[rbp + (2 * VectorBytes)]);
        a.movups(xmm3, __xmmword_ptr[rbp + (3 * VectorBytes)]);
    }

    private void End()
    {
        a.movups(__xmmword_ptr[rbp + (long)VectorResults], xmm0);
        a.movups(__xmmword_ptr[rbp + (long)VectorResults + VectorBytes], xmm1);
        a.movups(__xmmword_ptr[rbp + (long)VectorResults + (2 * VectorBytes)], xmm2);
        a.movups(__xmmword_ptr[rbp + (long)VectorResults + (3 * VectorBytes)], xmm3);
        a.cld();
        a.@out((byte)place.EndPort, al);
    }

    // What stands between accesses decides how code can be read from behind.
    private void Between()
    {
        switch (random.Next(8))
        {
            case 0: a.add(Wide, Wide); break;
            case 1: a.mov(Double, Immediate); break;
            case 2: a.lea(Wide, __[rbp + 0x40]); break;
            case 3: a.mov(__qword_ptr[rbp + random.Next(0x100)], Wide); break;
            case 4: a.mov(Wide, __qword_ptr[rbp + random.Next(0x100)]); break;
            case 5: a.nop(); break;
            case 6:
                byte added = (byte)random.Next(1, 0x80);
                shared += added;
                a.@lock.add(__qword_ptr[ProgramPlace.SharedGpa], added);
                a.cmp(rbx, rbp); // the flags are the other processors' too
                break;
        }
    }

    private void Load()
    {
        switch (random.Next(7))
        {
            case 0: a.mov(Byte, __byte_ptr[Place(1)]); break;
            case 1: a.mov(Word, __word_ptr[Place(2)]); break;
            case 2: a.mov(Double, __dword_ptr[Place(4)]); break;
            case 3: a.mov(Wide, __qword_ptr[Place(8)]); break;
            case 4: a.movzx(Double, __word_ptr[Place(2)]); break;
            case 5: a.movsx(Wide, __byte_ptr[Place(1)]); break;
            default: a.movsxd(Wide, __dword_ptr[Place(4)]); break;
        }
    }

    private void Store()
    {
        switch (random.Next(5))
        {
            case 0: a.mov(__byte_ptr[Place(1)], Byte); break;
            case 1: a.mov(__word_ptr[Place(2)], Word); break;
            case 2: a.mov(__dword_ptr[Place(4)], Double); break;
            case 3: a.mov(__qword_ptr[Place(8)], Wide); break;
            default: a.movnti(__dword_ptr[Inside()], Double); break;
        }
    }

    private void StoreImmediate()
    {
        switch (random.Next(4))
        {
            case 0: a.mov(__byte_ptr[Place(1)], (sbyte)Immediate); break;
            case 1: a.mov(__word_ptr[Place(2)], (short)Immediate); break;
            case 2: a.mov(__dword_ptr[Place(4)], Immediate); break;
            default: a.mov(__qword_ptr[Place(8)], (int)Immediate); break;
        }
    }

    private void Update()
    {
        AssemblerMemoryOperand at = Place(4);
        switch (random.Next(7))
        {
            case 0: a.add(__dword_ptr[at], Double); break;
            case 1: a.sub(__dword_ptr[at], (int)Immediate); break;
            case 2: a.adc(__qword_ptr[Place(8)], Wide); break;
            case 3: a.xor(__word_ptr[Place(2)], Word); break;
            case 4: a.or(__byte_ptr[Place(1)], (sbyte)Immediate); break;
            case 5: a.and(__qword_ptr[Inside()], (int)Immediate); break;
            default: a.add(Wide, __qword_ptr[Place(8)]); break;
        }
    }

    private void UpdateLocked()
    {
        switch (random.Next(4))
        {
            case 0: a.@lock.add(__dword_ptr[Inside()], Double); break;
            case 1: a.@lock.xor(__byte_ptr[Inside()], Byte); break;
            case 2: a.@lock.inc(__qword_ptr[Inside()]); break;
            default: a.@lock.xadd(__dword_ptr[Inside()], Double); break;
        }
    }

    private void Exchange()
    {
        switch (random.Next(4))
        {
            case 0: a.xchg(__dword_ptr[Inside()], Double); break;
            case 1: a.xchg(__byte_ptr[Inside()], Byte); break;
            case 2: a.xadd(__qword_ptr[Inside()], Wide); break;
            default: a.cmpxchg(__dword_ptr[Inside()], Double); break;
        }
    }

    private void Alone()
    {
        switch (random.Next(4))
        {
            case 0: a.inc(__byte_ptr[Place(1)]); break;
            case 1: a.dec(__dword_ptr[Place(4)]); break;
            case 2: a.not(__qword_ptr[Place(8)]); break;
            default: a.neg(__word_ptr[Place(2)]); break;
        }
    }

    private void Compare()
    {
        switch (random.Next(3))
        {
            case 0: a.cmp(__dword_ptr[Place(4)], Double); break;
            case 1: a.cmp(Byte, __byte_ptr[Place(1)]); break;
            default: a.test(__qword_ptr[Place(8)], Wide); break;
        }
    }

    private void Bit()
    {
        byte bit = (byte)random.Next(32);
        switch (random.Next(3))
        {
            case 0: a.bts(__dword_ptr[Inside()], bit); break;
            case 1: a.@lock.btr(__dword_ptr[Inside()], bit); break;
            default: a.bt(__qword_ptr[Inside()], bit); break;
        }
    }

    private void Condition()
    {
        switch (random.Next(4))
        {
            case 0: a.setb(__byte_ptr[Place(1)]); break;
            case 1: a.sete(__byte_ptr[Place(1)]); break;
            case 2: a.cmovs(Double, __dword_ptr[Place(4)]); break;
            default: a.cmovb(Wide, __qword_ptr[Place(8)]); break;
        }
    }

    private void Stack()
    {
        if (random.Next(2) == 0)
        {
            a.push(__qword_ptr[Inside()]);
            a.pop(Wide);
        }
        else
        {
            a.push(Wide);
            a.pop(__qword_ptr[Inside()]);
        }
    }

    private void StringCopy()
    {
        bool isFrom = random.Next(2) == 0;
        a.mov(rsi, (isFrom ? place.DeviceGpa : place.DataGpa) + 0x100 + (ulong)random.Next(0x100));
        a.mov(rdi, (isFrom ? place.DataGpa : place.DeviceGpa) + 0x300 + (ulong)random.Next(0x100));
        SetDirection();
        switch (random.Next(4))
        {
            case 0: a.movsb(); break;
            case 1: a.movsw(); break;
            case 2: a.movsd(); break;
            default: a.movsq(); break;
        }
    }

    private void StringOther()
    {
        SetStrings();
        switch (random.Next(6))
        {
            case 0: a.stosb(); break;
            case 1: a.stosd(); break;
            case 2: a.stosq(); break;
            case 3: a.lodsw(); break;
            case 4: a.scasd(); break;
            default: a.cmpsb(); break;
        }
    }

    private void StringRepeated()
    {
        SetStrings();
        a.mov(ecx, random.Next(6));
        switch (random.Next(5))
        {
            case 0: a.rep.stosb(); break;
            case 1: a.rep.stosd(); break;
            case 2: a.rep.movsw(); break;
            case 3: a.rep.movsq(); break;
            default: a.repne.scasb(); break;
        }
    }

    // From device to device, from data to it, and from it to data.
    private void SetStrings()
    {
        int from = random.Next(3);
        a.mov(rsi, (from == 1 ? place.DataGpa : place.DeviceGpa) + 0x200 + (ulong)random.Next(0x100));
        a.mov(rdi, (from == 2 ? place.DataGpa : place.DeviceGpa) + 0x400 + (ulong)random.Next(0x100));
        SetDirection();
    }

    private void SetDirection()
    {
        if (random.Next(3) == 0)
        {
            a.std();
        }
        else
        {
            a.cld();
        }
    }

    private void Vector()
    {
        switch (random.Next(7))
        {
            case 0: a.movups(VectorRegister, __xmmword_ptr[Inside()]); break;
            case 1: a.movups(__xmmword_ptr[Inside()], VectorRegister); break;
            case 2: a.movdqu(__xmmword_ptr[Inside()], VectorRegister); break;
            case 3: a.movd(VectorRegister, __dword_ptr[Inside()]); break;
            case 4: a.movq(__qword_ptr[Inside()], VectorRegister); break;
            case 5: a.movaps(VectorRegister, __xmmword_ptr[rbx + (VectorBytes * random.Next(16))]); break;
            default: a.paddd(VectorRegister, __xmmword_ptr[rbx + (VectorBytes * random.Next(16))]); break;
        }
    }

    private void Port()
    {
        byte port = (byte)(place.FirstPort + random.Next(ProgramPlace.PortCount - 3));
        switch (random.Next(7))
        {
            case 0: a.@in(al, port); break;
            case 1: a.@in(eax, port); break;
            case 2: a.@out(port, al); break;
            case 3: a.@out(port, ax); break;
            case 4:
                a.mov(edx, port);
                a.@out(dx, eax);
                break;
            case 5:
                SetPortString(port);
                a.insb();
                break;
            default:
                SetPortString(port);
                a.rep.outsw();
                break;
        }
    }

    private void SetPortString(byte port)
    {
        a.mov(edx, port);
        a.mov(ecx, random.Next(4));
        a.mov(rdi, place.DataGpa + 0x500 + (ulong)random.Next(0x80));
        a.mov(rsi, place.DataGpa + 0x580 + (ulong)random.Next(0x80));
        SetDirection();
    }
}
