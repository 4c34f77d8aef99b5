using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Benchmarks;

/// <summary>Programs of one kind of instruction each: which kind the processor in software spends its time on.</summary>
/// <remarks>RSI and RDI point to memory, ECX counts rounds down; a program is what a round does.</remarks>
internal static class SoftwareMixes
{
    // More instructions than are kept decoded.
    private const int ManyInstructions = 40_000;

    /// <summary>What a round does, and which share of the rounds that all are given it takes.</summary>
    internal static IReadOnlyList<(string Name, double Share, Action<Assembler> Write)> All { get; } =
    [
        ("registers: add, xor, lea, shl, sub", 1, Registers),
        ("flags: cmp, setcc, cmovcc, adc", 1, Flags),
        ("jumps, taken and not", 1, Jumps),
        ("multiplication and division", 1, Products),
        ("loads and stores", 1, Memory),
        ("a copy, word by word", 1, Copy),
        ("calls, pushes and pops", 1, Calls),
        ("SSE: moves, integers, floats", 1, Vectors),
        ("x87", 1, FloatingPoint),
        ("strings: rep movsq of 64 bytes", 1, Strings),
        ("a page's first access after mov cr3", 0.2, Translations),
        ("decoding: code that is met once a round", 5.0 / ManyInstructions, Decoding),
    ];

    internal static byte[] Assemble(Action<Assembler> write, ulong at)
    {
        Assembler a = new(64);
        Label again = a.CreateLabel();
        Label end = a.CreateLabel();
        a.Label(ref again);
        write(a);
        a.dec(ecx);
        a.je(end);
        a.jmp(again);
        a.Label(ref end);
        a.hlt();
        MemoryStream code = new();
        _ = a.Assemble(new StreamCodeWriter(code), at);
        return code.ToArray();
    }

    private static void Registers(Assembler a)
    {
        a.add(rax, rcx);
        a.xor(rdx, rax);
        a.lea(rbx, __[rax + (rdx * 2)]);
        a.shl(rbx, 3);
        a.sub(ebx, eax);
        a.and(edx, 0xffff);
        a.mov(r8, rbx);
        a.movzx(r9d, bl);
    }

    private static void Flags(Assembler a)
    {
        a.cmp(rax, rcx);
        a.setl(bl);
        a.cmovg(rdx, rcx);
        a.adc(rax, 1);
        a.test(eax, ecx);
        a.setne(bl);
    }

    private static void Jumps(Assembler a)
    {
        for (int i = 0; i < 4; i++)
        {
            Label next = a.CreateLabel();
            Label further = a.CreateLabel();
            a.test(ecx, ecx);
            a.je(next);
            a.jmp(further);
            a.Label(ref next);
            a.nop();
            a.Label(ref further);
            a.nop();
        }
    }

    private static void Products(Assembler a)
    {
        a.mov(eax, 12345);
        a.mul(ecx);
        a.imul(rbx, rax, 7);
        a.xor(edx, edx);
        a.mov(r8d, 17);
        a.div(r8);
    }

    private static void Memory(Assembler a)
    {
        a.mov(rax, __[rsi]);
        a.add(__qword_ptr[rsi + 8], rax);
        a.mov(__dword_ptr[rsi + 16], ecx);
        a.movzx(ebx, __byte_ptr[rsi + 17]);
        a.cmp(__word_ptr[rsi + 24], 5);
        a.mov(__byte_ptr[rdi], bl);
    }

    private static void Copy(Assembler a)
    {
        for (int i = 0; i < 4; i++)
        {
            a.mov(rax, __[rsi + (8 * i)]);
            a.mov(__[rdi + (8 * i)], rax);
        }
    }

    private static void Calls(Assembler a)
    {
        Label function = a.CreateLabel();
        Label after = a.CreateLabel();
        a.call(function);
        a.jmp(after);
        a.Label(ref function);
        a.push(rbp);
        a.mov(rbp, rsp);
        a.push(rbx);
        a.pop(rbx);
        a.pop(rbp);
        a.ret();
        a.Label(ref after);
        a.nop();
    }

    private static void Vectors(Assembler a)
    {
        a.movdqu(xmm0, __[rsi]);
        a.paddd(xmm1, xmm0);
        a.pxor(xmm2, xmm1);
        a.addps(xmm3, xmm4);
        a.mulsd(xmm5, xmm6);
        a.movdqa(__[rdi], xmm2);
    }

    private static void FloatingPoint(Assembler a)
    {
        a.fld1();
        a.fld(__qword_ptr[rsi]);
        a.faddp(st1, st0);
        a.fmul(st0, st0);
        a.fstp(__qword_ptr[rdi]);
    }

    private static void Strings(Assembler a)
    {
        a.mov(r8d, ecx);
        a.mov(r9, rsi);
        a.mov(r10, rdi);
        a.mov(ecx, 8);
        a.rep.movsq();
        a.mov(ecx, r8d);
        a.mov(rsi, r9);
        a.mov(rdi, r10);
    }

    private static void Translations(Assembler a)
    {
        a.mov(rax, cr3);
        a.mov(cr3, rax);

        for (int page = 0; page < 8; page++)
        {
            a.mov(rax, __[rsi + (page * 0x1000)]);
        }
    }

    private static void Decoding(Assembler a)
    {
        for (int i = 0; i < ManyInstructions; i++)
        {
            a.add(eax, 0x1234_0000 + i);
        }
    }
}
