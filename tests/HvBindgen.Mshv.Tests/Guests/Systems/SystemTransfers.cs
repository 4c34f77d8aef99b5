using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests.Systems;

/// <summary>Makes the slots of a system program that transfer control: far, by returns and by system calls.</summary>
/// <param name="random">What they are made of.</param>
/// <param name="memory">Where what they point to is written.</param>
/// <param name="mode">What the program begins in.</param>
internal sealed class SystemTransfers(Random random, SystemImage memory, SystemMode mode)
{
    /// <summary>Selectors below have descriptors that are the same in each program.</summary>
    internal const int FixedSelectors = 0x16;

    /// <summary>Flags that a program may change.</summary>
    internal const uint ProgramFlags = 0x4_4DD5;

    private readonly bool isLong = mode is SystemMode.Long or SystemMode.Compatibility;

    /// <summary>Goes to a slot with the lowest privilege.</summary>
    internal void EnterUser(Assembler a, int bits, int slot)
    {
        ushort selector = SystemLayout.CodeOf(bits, true);
        PushWide(a, bits, bits == 16 ? SystemLayout.UserFlat16 + 8u | 3 : SystemLayout.UserData | 3u);
        PushWide(a, bits, (uint)SystemLayout.UserStackTop);
        PushWide(a, bits, 2 | ((uint)random.Next(4) << 12));
        PushWide(a, bits, selector);
        PushWide(a, bits, SystemLayout.OffsetOf(bits, slot));
        a.AddInstruction(Instruction.Create(bits == 64 ? Code.Iretq : Code.Iretd));
    }

    // A selector and an offset of a later slot; most are right.
    private (ushort Selector, uint Offset, int Bits) Target(int bits, int slot)
    {
        if (IsReal(bits))
        {
            return ((ushort)(SystemLayout.RealCode >> 4), SystemLayout.OffsetOf(16, random.Next(slot + 1, SystemLayout.Slots)), 16);
        }

        int target = random.Next(3) switch { 0 => 16, 1 => 32, _ => bits };
        if (isLong && random.Next(3) == 0)
        {
            target = 64;
        }

        ushort selector = random.Next(6) == 0 ? OtherCode(target) : SystemLayout.CodeOf(target, random.Next(2) == 0);
        return (selector, SystemLayout.OffsetOf(target, random.Next(slot + 1, SystemLayout.Slots)), target);
    }

    // Code of another kind but of the same width, or what is no code.
    private ushort OtherCode(int bits)
    {
        ReadOnlySpan<ushort> others = [0, SystemLayout.Data, SystemLayout.LocalTable, 0xA0, 0xA8, 0x88, 0x90];
        return (ushort)(others[random.Next(bits == 32 ? others.Length : others.Length - 2)] | random.Next(4));
    }

    /// <summary>Jumps or calls, directly, by memory or by a gate.</summary>
    internal void Far(Assembler a, int bits, int slot)
    {
        (ushort selector, uint offset, _) = Target(bits, slot);
        if (random.Next(4) == 0 && !IsReal(bits) && slot < SystemLayout.CallSlot)
        {
            ReadOnlySpan<ushort> gates = isLong ? [0xB0, 0xB8, 0xC0, 0xC8] : [0xC0, 0xC8, 0xA8];
            selector = gates[random.Next(gates.Length)];
        }

        bool isCall = random.Next(2) == 0;
        if (bits == 64 || random.Next(3) == 0)
        {
            ulong row = bits switch { 16 => IsReal(bits) ? 3UL : 0, 32 => 1, _ => 2 };
            ulong place = SystemLayout.Pointers + (((row * SystemLayout.Slots) + (ulong)slot) * 16);
            bool isWide = bits == 64 && random.Next(2) == 0;
            memory.Write(place, bits == 16 ? offset & 0xFFFF | ((uint)selector << 16) : offset);
            memory.Write(place + (isWide ? 8UL : bits == 16 ? 2u : 4), selector);
            Code code = (bits, isCall) switch
            {
                (16, false) => Code.Jmp_m1616,
                (16, true) => Code.Call_m1616,
                (_, false) => isWide ? Code.Jmp_m1664 : Code.Jmp_m1632,
                (_, true) => isWide ? Code.Call_m1664 : Code.Call_m1632,
            };
            a.AddInstruction(Instruction.Create(code, SystemSteps.Place(place, bits)));
            return;
        }

        Code direct = (offset > ushort.MaxValue || bits == 32, isCall) switch
        {
            (true, false) => Code.Jmp_ptr1632,
            (true, true) => Code.Call_ptr1632,
            (false, false) => Code.Jmp_ptr1616,
            (false, true) => Code.Call_ptr1616,
        };
        a.AddInstruction(Instruction.CreateBranch(direct, selector, offset));
    }

    /// <summary>RETF.</summary>
    internal void ReturnFar(Assembler a, int bits, int slot)
    {
        (ushort selector, uint offset, int target) = Target(bits, slot);
        if (isLong || random.Next(3) != 0)
        {
            PushStack(a, bits, selector, target);
        }

        PushWide(a, bits, selector);
        PushWide(a, bits, offset);
        if (bits == 64)
        {
            a.AddInstruction(Instruction.Create(Code.Retfq));
        }
        else
        {
            a.AddInstruction(Instruction.Create(Code.Retfd));
        }
    }

    /// <summary>IRET.</summary>
    internal void ReturnFromInterrupt(Assembler a, int bits, int slot)
    {
        (ushort selector, uint offset, int target) = Target(bits, slot);
        uint flags = ((uint)random.Next() & ProgramFlags) | 2;
        if (random.Next(8) != 0)
        {
            flags &= ~0x4100u;
        }

        if (random.Next(2) == 0)
        {
            flags |= 0x3000;
        }

        bool isVirtual = bits == 32 && random.Next(8) == 0;
        if (isVirtual)
        {
            flags |= 1 << 17;
            selector = (ushort)(SystemLayout.RealCode >> 4);
            offset = SystemLayout.OffsetOf(16, slot + 1);
        }

        if (isVirtual)
        {
            // Where programs may store: far calls of virtual-8086 mode push with all rights on QEMU's processor.
            PushWide(a, bits, 0);
            PushWide(a, bits, (uint)SystemLayout.UserStackTop);
        }
        else if (isLong || random.Next(3) != 0)
        {
            PushStack(a, bits, selector, target);
        }

        PushWide(a, bits, flags);
        PushWide(a, bits, selector);
        PushWide(a, bits, offset);
        a.AddInstruction(Instruction.Create(bits == 64 ? Code.Iretq : Code.Iretd));
    }

    private void PushStack(Assembler a, int bits, ushort code, int target)
    {
        bool isUser = (code & 3) == 3;
        ushort stack = (isUser, target) switch
        {
            (true, 16) => SystemLayout.UserFlat16 + 8 | 3,
            (true, _) => SystemLayout.UserData | 3,
            (false, 16) => SystemLayout.Data16,
            _ => SystemLayout.Data,
        };
        PushWide(a, bits, random.Next(8) == 0 ? StackSelector() : stack);
        PushWide(a, bits, (uint)(isUser ? SystemLayout.UserStackTop : SystemLayout.StackTop));
    }

    // Four bytes, and eight of 64-bit code.
    internal static void PushWide(Assembler a, int bits, uint value)
    {
        if (value <= sbyte.MaxValue)
        {
            a.AddInstruction(Instruction.Create(bits == 64 ? Code.Pushq_imm8 : Code.Pushd_imm8, (int)value));
            return;
        }

        a.AddInstruction(bits == 64 ? Instruction.Create(Code.Pushq_imm32, (int)value) : Instruction.Create(Code.Pushd_imm32, value));
    }

    // SYSCALL outside 64-bit mode, and SYSENTER in long mode, are there on one vendor's processors alone.
    internal void FastCall(Assembler a, int bits, int slot)
    {
        if (slot >= SystemLayout.CallSlot)
        {
            return;
        }

        if (bits == 64)
        {
            if (random.Next(2) == 0)
            {
                a.syscall();
                return;
            }

            bool isWide = random.Next(2) == 0;
            a.mov(ecx, (int)SystemLayout.OffsetOf(isWide ? 64 : 32, random.Next(slot + 1, SystemLayout.Slots)));
            a.mov(r11d, random.Next() & (int)ProgramFlags & ~0x100);
            a.AddInstruction(Instruction.Create(isWide ? Code.Sysretq : Code.Sysretd));
            return;
        }

        if (isLong)
        {
            return;
        }

        if (random.Next(2) == 0)
        {
            a.sysenter();
            return;
        }

        a.mov(edx, (int)SystemLayout.OffsetOf(32, random.Next(slot + 1, SystemLayout.Slots)));
        a.mov(ecx, (int)SystemLayout.UserStackTop);
        a.AddInstruction(Instruction.Create(Code.Sysexitd));
    }

    // Of long mode's code of 32 bits QEMU's processor does not ask for a stack's segment where it returns to less privilege.
    internal ushort StackSelector() => (ushort)((random.Next(isLong ? 1 : 0, FixedSelectors) << 3) | (random.Next(2) * 3));

    /// <summary>Whether this makes code of real mode and virtual-8086 mode.</summary>
    internal bool IsReal(int bits) => mode == SystemMode.Real && bits == 16;
}
