using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests.Systems;

/// <summary>Makes the slots of a system program.</summary>
/// <param name="random">What they are made of.</param>
/// <param name="memory">Where what they point to is written.</param>
/// <param name="mode">What the program begins in.</param>
internal sealed class SystemSteps(Random random, SystemImage memory, SystemMode mode)
{
    private readonly SystemTransfers transfers = new(random, memory, mode);

    /// <summary>One slot.</summary>
    internal byte[] Assemble(int bits, int slot)
    {
        while (true)
        {
            byte[] code = RunningGuest.Assemble(bits, a => Write(a, bits, slot), SystemLayout.OffsetOf(bits, slot));
            if (code.Length <= SystemLayout.SlotBytes)
            {
                return code;
            }
        }
    }

    private void Write(Assembler a, int bits, int slot)
    {
        switch (random.Next(16))
        {
            case 0 or 1:
                LoadSegment(a, bits);
                break;
            case 2:
                Inspect(a, bits);
                break;
            case 3:
                transfers.Far(a, bits, slot);
                break;
            case 4:
                transfers.ReturnFar(a, bits, slot);
                break;
            case 5 or 6:
                transfers.ReturnFromInterrupt(a, bits, slot);
                break;
            case 7:
                Interrupt(a, bits);
                break;
            case 8:
                transfers.FastCall(a, bits, slot);
                break;
            case 9 or 10:
                new SystemRegisterSteps(random, mode).Write(a, bits);
                break;
            case 11:
                new SystemRegisterSteps(random, mode).ChangeMode(a, bits, slot);
                break;
            case 12:
                Flags(a, bits);
                break;
            default:
                Access(a, bits);
                break;
        }
    }

    /// <summary>An address in the stack's segment, which always is one that reaches it: of the others QEMU's processor checks neither
    /// limits nor whether they are there.</summary>
    internal static MemoryOperand Place(ulong address, int bits) => new(
        Register.None, (long)address, bits == 16 ? 2 : 4, isBroadcast: false, bits == 64 ? Register.None : Register.SS);

    private ushort Selector() => random.Next(6) == 0
        ? (ushort)random.Next(0x120)
        : (ushort)((random.Next(SystemLayout.TableLimit / 8) << 3) | (random.Next(3) == 0 ? random.Next(8) : random.Next(2) * 3));

    private ulong Page() => SystemLayout.RandomPages + ((ulong)random.Next(SystemLayout.RandomPageCount * 0x400) * 4);

    private void LoadSegment(Assembler a, int bits)
    {
        // Where it has no descriptor, all that programs point to would lie elsewhere with another SS.
        AssemblerRegisterSegment segment = random.Next(6) switch
        {
            0 => es,
            1 => ds,
            2 => fs,
            3 => gs,
            4 when !transfers.IsReal(bits) => ss,
            _ => ds,
        };
        if (segment == ss)
        {
            a.mov(ax, transfers.StackSelector());
            a.mov(ss, ax);
            return;
        }

        if (random.Next(4) == 0 && (bits != 64 || segment == fs || segment == gs))
        {
            a.push(Selector());
            a.pop(segment);
            return;
        }

        a.mov(ax, Selector());
        a.mov(segment, ax);
    }

    private void Inspect(Assembler a, int bits)
    {
        a.mov(ax, Selector());
        switch (random.Next(5))
        {
            case 0:
                a.lar(cx, ax);
                break;
            case 1 when bits != 16:
                a.lar(ecx, eax);
                break;
            case 2:
                a.lsl(dx, ax);
                break;
            case 3:
                a.verr(ax);
                break;
            default:
                a.verw(ax);
                break;
        }
    }

    private void Interrupt(Assembler a, int bits)
    {
        switch (random.Next(8))
        {
            case 0:
                a.int3();
                break;
            case 1 when bits != 64:
                a.add(al, al);
                a.into();
                break;
            case 2:
                a.ud2();
                break;
            case 3:
                a.xor(ecx, ecx);
                a.div(ecx);
                break;
            case 4:
                a.int1();
                break;
            default:
                a.@int((byte)(SystemLayout.FirstProgramVector + random.Next(SystemLayout.ProgramVectors)));
                break;
        }
    }

    private void Flags(Assembler a, int bits)
    {
        switch (random.Next(6))
        {
            case 0:
                a.cli();
                break;
            case 1:
                a.sti();
                break;
            case 2:
                SystemTransfers.PushWide(a, bits, (uint)random.Next() & (SystemTransfers.ProgramFlags & ~0x4100u) | 0x3000);
                a.AddInstruction(Instruction.Create(bits == 64 ? Code.Popfq : Code.Popfd));
                break;
            case 3:
                a.AddInstruction(Instruction.Create(bits == 64 ? Code.Pushfq : Code.Pushfd));
                break;
            default:
                a.@out((byte)(random.Next(2) == 0 ? 0xE8 : 0xF1), al);
                break;
        }
    }

    private void Access(Assembler a, int bits)
    {
        if (bits == 16)
        {
            // What 64 KiB reach are tables and stacks, and only the scratch page is the program's to write.
            AssemblerMemoryOperand near = __dword_ptr.ss[SystemLayout.Scratch + ((ulong)random.Next(0x100) * 2)];
            _ = random.Next(2) == 0 ? Store(a, near) : Load(a, near);
            return;
        }

        AssemblerMemoryOperandFactory place = bits != 64 ? __dword_ptr.ss : random.Next(2) == 0 ? __dword_ptr.fs : __dword_ptr;
        AssemblerMemoryOperand operand = bits == 64 ? place[rbx] : place[ebx];
        a.mov(ebx, (int)Page());
        switch (random.Next(4))
        {
            case 0:
                _ = Store(a, operand);
                break;
            case 1 when bits == 64:
                a.call(rbx);
                break;
            case 1:
                a.call(ebx);
                break;
            default:
                _ = Load(a, operand);
                break;
        }
    }

    private static bool Store(Assembler a, AssemblerMemoryOperand operand)
    {
        a.mov(operand, eax);
        return true;
    }

    private static bool Load(Assembler a, AssemblerMemoryOperand operand)
    {
        a.mov(edx, operand);
        return false;
    }
}
