using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests.Systems;

/// <summary>Makes the slots of a system program that change registers of the system, and those that change the mode.</summary>
/// <param name="random">What they are made of.</param>
/// <param name="mode">What the program begins in.</param>
internal sealed class SystemRegisterSteps(Random random, SystemMode mode)
{
    private readonly bool isLong = mode is SystemMode.Long or SystemMode.Compatibility;

    private const uint Efer = 0xC000_0080;
    private const int LongModeBit = 8;
    private const int PhysicalAddressExtension = 5;

    // Each with values that are allowed and values that are not.
    private static readonly uint[] Registers =
    [
        Efer, 0xC000_0081, 0xC000_0082, 0xC000_0100, 0xC000_0101, 0xC000_0102, 0x174, 0x175, 0x176, 0x277,
    ];

    /// <summary>Changes a register, or asks for one.</summary>
    internal void Write(Assembler a, int bits)
    {
        switch (random.Next(16))
        {
            case 0 or 1:
                ChangeCr0(a, bits);
                break;
            case 2 or 3:
                ChangeCr4(a, bits);
                break;
            case 4 or 5:
                AccessModelRegister(a);
                break;
            case 6:
                LoadTask(a);
                break;
            case 7:
                StoreTable(a, bits);
                break;
            case 8:
                a.clts();
                break;
            case 9:
                a.mov(ax, (short)random.Next(16));
                a.lmsw(ax);
                break;
            case 10:
                a.smsw(cx);
                break;
            case 11 when bits == 64:
                a.swapgs();
                break;
            case 12:
                Register debug = Register.DR0 + random.Next(8);
                a.AddInstruction(bits == 64
                    ? Instruction.Create(Code.Mov_r64_dr, Register.RDX, debug)
                    : Instruction.Create(Code.Mov_r32_dr, Register.EDX, debug));
                break;
            case 13:
                a.AddInstruction(bits == 64
                    ? Instruction.Create(Code.Mov_cr_r64, Register.CR2, Register.RAX)
                    : Instruction.Create(Code.Mov_cr_r32, Register.CR2, Register.EAX));
                break;
            case 14 when bits == 64:
                a.wrfsbase(rbx);
                break;
            default:
                a.invlpg(bits == 64 ? __[rbx] : bits == 32 ? __[ebx] : __[bx]);
                break;
        }
    }

    /// <summary>Enters or leaves protected mode or long mode, with the far jump behind it.</summary>
    internal void ChangeMode(Assembler a, int bits, int slot)
    {
        int next = slot + 1;
        switch (random.Next(4))
        {
            case 0 when bits == 16:
                // To protected mode.
                a.AddInstruction(Instruction.Create(
                    Code.Lidt_m1632, SystemSteps.Place(SystemLayout.TablePointers + 16, bits)));
                ReadCr0(a, bits);
                a.or(al, 1);
                WriteCr0(a, bits);
                a.AddInstruction(Instruction.CreateBranch(
                    Code.Jmp_ptr1632, SystemLayout.Flat32, SystemLayout.OffsetOf(32, next)));
                break;
            case 1 when bits == 16:
                EnterRealMode(a, next);
                break;
            case 2 when bits == 32:
                // Long mode, or out of it: first the bit of EFER, then paging.
                AllowLongMode(a);
                a.mov(ecx, Efer);
                a.rdmsr();
                a.xor(eax, 1 << LongModeBit);
                a.wrmsr();
                break;
            case 3 when bits == 32 && !IsPae:
                ReadCr0(a, bits);
                a.xor(eax, int.MinValue);
                WriteCr0(a, bits);
                break;
            default:
                a.AddInstruction(Instruction.Create(
                    bits == 64 ? Code.Lidt_m1664 : Code.Lidt_m1632,
                    SystemSteps.Place(SystemLayout.TablePointers + (isLong ? 32UL : IsReal(bits) ? 0UL : 16), bits)));
                break;
        }
    }

    /// <summary>Leaves 16-bit protected mode for real mode.</summary>
    internal static void EnterRealMode(Assembler a, int slot)
    {
        const int Bits = 16;
        a.AddInstruction(Instruction.Create(
            Code.Lidt_m1632, SystemSteps.Place(SystemLayout.TablePointers, Bits)));
        ReadCr0(a, Bits);
        a.and(eax, ~1 & int.MaxValue);
        WriteCr0(a, Bits);
        a.AddInstruction(Instruction.CreateBranch(
            Code.Jmp_ptr1616, (ushort)(SystemLayout.RealCode >> 4), SystemLayout.OffsetOf(Bits, slot)));
    }

    private bool IsReal(int bits) => mode == SystemMode.Real && bits == 16;

    // What loads the root of PAE's tables anew: QEMU's processor sets a bit there that is reserved, and KVM looks at it.
    private bool IsPae => mode == SystemMode.Pae;

    private void ChangeCr0(Assembler a, int bits)
    {
        // MP, EM, TS, NE, WP, AM; now and then paging, or caches in a way that is not allowed.
        ReadOnlySpan<int> choices = [IsPae ? 3 : 31, IsPae ? 5 : 29, 1, 1, 2, 3, 5, 16, 16, 18];
        int bit = choices[random.Next(choices.Length)];
        ReadCr0(a, bits);
        a.xor(eax, (int)(1u << bit));
        WriteCr0(a, bits);
    }

    private void ChangeCr4(Assembler a, int bits)
    {
        ReadOnlySpan<int> choices = [2, 2, 2, 3, 4, PhysicalAddressExtension, 7, 16, 20, 21, 30, 11];
        int bit = choices[random.Next(choices.Length)];
        if (IsPae && bit is 4 or 5 or 7 or 20)
        {
            bit = 2;
        }

        if (bit == PhysicalAddressExtension && bits != 64)
        {
            LeaveLongMode(a);
        }

        Register general = bits == 64 ? Register.RAX : Register.EAX;
        a.AddInstruction(Instruction.Create(bits == 64 ? Code.Mov_r64_cr : Code.Mov_r32_cr, general, Register.CR4));
        a.xor(eax, (int)(1u << bit));
        a.AddInstruction(Instruction.Create(bits == 64 ? Code.Mov_cr_r64 : Code.Mov_cr_r32, Register.CR4, general));
    }

    // At the end of a stay in a guest that has EFER.LME without CR4.PAE QEMU's processor does not give its host CR0 back, and with it its
    // whole machine stands still: programs have the one only with the other.
    private static void AllowLongMode(Assembler a)
    {
        a.AddInstruction(Instruction.Create(Code.Mov_r32_cr, Register.EAX, Register.CR4));
        a.or(eax, 1 << PhysicalAddressExtension);
        a.AddInstruction(Instruction.Create(Code.Mov_cr_r32, Register.CR4, Register.EAX));
    }

    private static void LeaveLongMode(Assembler a)
    {
        a.mov(ecx, Efer);
        a.rdmsr();
        a.and(eax, ~(1 << LongModeBit));
        a.wrmsr();
    }

    private static void ReadCr0(Assembler a, int bits) => a.AddInstruction(bits == 64
        ? Instruction.Create(Code.Mov_r64_cr, Register.RAX, Register.CR0)
        : Instruction.Create(Code.Mov_r32_cr, Register.EAX, Register.CR0));

    private static void WriteCr0(Assembler a, int bits) => a.AddInstruction(bits == 64
        ? Instruction.Create(Code.Mov_cr_r64, Register.CR0, Register.RAX)
        : Instruction.Create(Code.Mov_cr_r32, Register.CR0, Register.EAX));

    private void AccessModelRegister(Assembler a)
    {
        a.mov(ecx, Registers[random.Next(Registers.Length)]);
        if (random.Next(2) == 0)
        {
            a.rdmsr();
            return;
        }

        // QEMU's processor takes addresses that are not canonical.
        a.mov(eax, random.Next(2) == 0 ? 0x0007_0406 : random.Next());
        a.mov(edx, random.Next(3) == 0 ? -1 : 0);

        // EFER keeps its mode; where system calls arrive must stay.
        a.cmp(ecx, Efer);
        Label isOther = a.CreateLabel();
        a.jne(isOther);
        a.mov(eax, 0x501);
        a.Label(ref isOther);
        a.wrmsr();
    }

    private void LoadTask(Assembler a)
    {
        a.mov(ax, random.Next(3) switch
        {
            0 => (short)(random.Next(SystemLayout.TableLimit / 8) << 3),
            1 => (short)SystemLayout.LocalTable,
            _ => (short)(isLong ? SystemLayout.TaskOfLongMode : SystemLayout.TaskOfProtectedMode),
        });
        if (random.Next(2) == 0)
        {
            a.lldt(ax);
        }
        else
        {
            a.ltr(ax);
        }
    }

    private void StoreTable(Assembler a, int bits)
    {
        MemoryOperand place = SystemSteps.Place(SystemLayout.Scratch, bits);
        Code code = (random.Next(4), bits) switch
        {
            (0, 64) => Code.Sgdt_m1664,
            (0, _) => Code.Sgdt_m1632,
            (1, 64) => Code.Sidt_m1664,
            (1, _) => Code.Sidt_m1632,
            (2, _) => Code.Sldt_r32m16,
            _ => Code.Str_r32m16,
        };
        a.AddInstruction(code is Code.Sldt_r32m16 or Code.Str_r32m16
            ? Instruction.Create(code, Register.ECX)
            : Instruction.Create(code, place));
    }
}
