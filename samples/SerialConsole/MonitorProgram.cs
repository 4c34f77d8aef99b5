using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace SerialConsole;

/// <summary>The guest: a program of 64-bit code that waits for keys in HLT, echoes them, and knows a few commands.</summary>
internal sealed class MonitorProgram
{
    /// <summary>Where the program lies and starts.</summary>
    public const ulong LoadGpa = 0x1_0000;

    /// <summary>End of the stack, which grows downwards.</summary>
    public const ulong StackTop = 0x9000;

    /// <summary>Vector of the serial port's interrupt.</summary>
    public const byte SerialVector = 0x30;

    /// <summary>A write to this port switches the machine off.</summary>
    public const byte PowerPort = 0xf4;

    // Tables of the boot state end at 0x4000. The rest of memory is zero at first.
    private const int InterruptTable = 0xa000;
    private const uint Line = 0xb000;
    private const int MaxLineLength = 64;

    private const ushort SerialData = 0x3f8;
    private const ushort SerialInterruptEnable = 0x3f9;
    private const ushort SerialModemControl = 0x3fc;
    private const ushort SerialLineStatus = 0x3fd;

    private const uint ApicBaseMsr = 0x1b;
    private const uint ApicEndOfInterruptMsr = 0x80b;
    private const uint ApicSpuriousMsr = 0x80f;

    private const byte EndOfTransmission = 4; // Ctrl-D
    private const byte Backspace = 8;
    private const byte Delete = 0x7f;

    private readonly Assembler a = new(64);
    private readonly List<(Label Label, string Text)> texts = [];

    // R12 is the length of the line so far. R14 counts interrupts and belongs to the interrupt's code.
    private Label interrupt;
    private Label wait;
    private Label prompt;
    private Label print;
    private Label isLine;
    private Label off;

    private MonitorProgram()
    {
        interrupt = a.CreateLabel();
        wait = a.CreateLabel();
        prompt = a.CreateLabel();
        print = a.CreateLabel();
        isLine = a.CreateLabel();
        off = a.CreateLabel();
    }

    /// <summary>Assembles the program for <see cref="LoadGpa"/>.</summary>
    public static byte[] Assemble()
    {
        MonitorProgram program = new();
        program.Start();
        program.Wait();
        program.Commands();
        program.Subroutines();
        program.Texts();
        MemoryStream code = new();
        program.a.Assemble(new StreamCodeWriter(code), LoadGpa);
        return code.ToArray();
    }

    private void Start()
    {
        // An interrupt gate for the serial port's vector: 64-bit code in the segment with selector 8.
        a.lea(rax, __[interrupt]);
        a.mov(rbx, InterruptTable + (16 * SerialVector));
        a.mov(__word_ptr[rbx], ax);
        a.mov(__word_ptr[rbx + 2], 8);
        a.mov(__word_ptr[rbx + 4], 0x8e00);
        a.shr(rax, 16);
        a.mov(__word_ptr[rbx + 6], ax);
        a.push(0); // the operand of LIDT: a limit of two bytes, an address of eight
        a.mov(__word_ptr[rsp - 2], 0xfff);
        a.mov(__qword_ptr[rsp], InterruptTable);
        a.lidt(__[rsp - 2]);
        a.pop(rax);

        // The local APIC: x2APIC mode, so that its registers are MSRs; then on, with 0xff for interrupts that are gone again.
        a.mov(ecx, ApicBaseMsr);
        a.rdmsr();
        a.or(eax, 0xc00);
        a.wrmsr();
        a.mov(ecx, ApicSpuriousMsr);
        a.mov(eax, 0x1ff);
        a.xor(edx, edx);
        a.wrmsr();

        // The serial port: an interrupt when there is input, and its line connected.
        Out(SerialModemControl, 1 << 3);
        Out(SerialInterruptEnable, 1 << 0);
        a.xor(r14d, r14d);
        Print("HvBindgen serial console. Commands: help, count, off. Ctrl-D switches off, Ctrl-C ends the monitor.\r\n");
        a.jmp(prompt);
    }

    private void Wait()
    {
        Label key = a.CreateLabel();
        Label enter = a.CreateLabel();
        Label erase = a.CreateLabel();
        a.Label(ref wait);
        a.cli(); // from the question whether there is input until HLT, no interrupt may slip through unnoticed
        a.mov(dx, SerialLineStatus);
        a.@in(al, dx);
        a.test(al, 1);
        a.jnz(key);
        a.sti(); // takes effect after the next instruction
        a.hlt();
        a.jmp(wait);

        a.Label(ref key);
        a.sti();
        a.mov(dx, SerialData);
        a.@in(al, dx);
        a.cmp(al, (byte)'\r');
        a.je(enter);
        a.cmp(al, (byte)'\n');
        a.je(enter);
        a.cmp(al, EndOfTransmission);
        a.je(off);
        a.cmp(al, Backspace);
        a.je(erase);
        a.cmp(al, Delete);
        a.je(erase);
        a.cmp(al, (byte)' ');
        a.jb(wait);
        a.cmp(r12d, MaxLineLength);
        a.jae(wait);
        a.mov(__byte_ptr[r12 + Line], al);
        a.inc(r12d);
        a.@out(dx, al);
        a.jmp(wait);

        a.Label(ref erase);
        a.test(r12d, r12d);
        a.jz(wait);
        a.dec(r12d);
        Print("\b \b");
        a.jmp(wait);

        a.Label(ref enter);
        a.mov(__byte_ptr[r12 + Line], 0);
        Print("\r\n");
        a.test(r12d, r12d);
        a.jz(prompt);
    }

    private void Commands()
    {
        On("help", () =>
            Print("help   this text\r\ncount  how many interrupts the serial port has raised\r\noff    switches the machine off\r\n"));
        On("count", Count);
        On("off", () => a.jmp(off));
        Print("What? Try: help\r\n");

        a.Label(ref prompt);
        Print("> ");
        a.xor(r12d, r12d);
        a.jmp(wait);

        a.Label(ref off);
        Print("\r\nBye.\r\n");
        a.@out(PowerPort, al);
        a.hlt();
    }

    private void On(string command, Action perform)
    {
        Label next = a.CreateLabel();
        a.lea(rdi, __[Text(command)]);
        a.call(isLine);
        a.jne(next);
        perform();
        a.jmp(prompt);
        a.Label(ref next);
    }

    // Decimal digits, the last one first, by way of the stack.
    private void Count()
    {
        Label divide = a.CreateLabel();
        Label send = a.CreateLabel();
        a.mov(eax, r14d);
        a.mov(ecx, 10);
        a.xor(ebx, ebx);
        a.Label(ref divide);
        a.xor(edx, edx);
        a.div(ecx);
        a.push(rdx);
        a.inc(ebx);
        a.test(eax, eax);
        a.jnz(divide);
        a.mov(dx, SerialData);
        a.Label(ref send);
        a.pop(rax);
        a.add(al, (byte)'0');
        a.@out(dx, al);
        a.dec(ebx);
        a.jnz(send);
        Print("\r\n");
    }

    private void Subroutines()
    {
        Label sendNext = a.CreateLabel();
        Label sent = a.CreateLabel();
        a.Label(ref print); // the text at RSI, to its zero; the transmitter of this port is always empty
        a.mov(dx, SerialData);
        a.Label(ref sendNext);
        a.lodsb();
        a.test(al, al);
        a.jz(sent);
        a.@out(dx, al);
        a.jmp(sendNext);
        a.Label(ref sent);
        a.ret();

        Label compareNext = a.CreateLabel();
        Label compared = a.CreateLabel();
        a.Label(ref isLine); // whether the line is the text at RDI: ZF
        a.mov(esi, Line);
        a.Label(ref compareNext);
        a.lodsb();
        a.cmp(al, __byte_ptr[rdi]);
        a.jne(compared);
        a.inc(rdi);
        a.test(al, al);
        a.jnz(compareNext);
        a.Label(ref compared);
        a.ret();

        a.Label(ref interrupt); // only counts: the loop that was woken looks for input
        a.inc(r14d);
        a.push(rax);
        a.push(rcx);
        a.push(rdx);
        a.mov(ecx, ApicEndOfInterruptMsr);
        a.xor(eax, eax);
        a.xor(edx, edx);
        a.wrmsr();
        a.pop(rdx);
        a.pop(rcx);
        a.pop(rax);
        a.iretq();
    }

    private void Texts()
    {
        for (int i = 0; i < texts.Count; i++)
        {
            Label label = texts[i].Label;
            a.Label(ref label);
            a.db(System.Text.Encoding.ASCII.GetBytes(texts[i].Text + '\0'));
        }
    }

    private void Out(ushort port, byte value)
    {
        a.mov(dx, port);
        a.mov(al, value);
        a.@out(dx, al);
    }

    private void Print(string text)
    {
        a.lea(rsi, __[Text(text)]);
        a.call(print);
    }

    private Label Text(string text)
    {
        Label label = a.CreateLabel();
        texts.Add((label, text));
        return label;
    }
}
