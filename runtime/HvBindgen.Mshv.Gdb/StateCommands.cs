using System.Text;
using HvBindgen.Mshv.Gdb.Debugging;
using HvBindgen.Mshv.Gdb.Protocol;
using HvBindgen.Mshv.Gdb.Registers;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Gdb;

/// <summary>Commands that read and write registers and memory of a processor, and the description of its registers.</summary>
internal sealed class StateCommands(DebuggedMachine machine)
{
    private readonly RegisterSet registers = RegisterSet.Of(machine.Processors[0].Architecture);

    internal byte[] ReadDescription(ref ArgumentReader arguments)
    {
        if (!arguments.TryTakePair(out ulong offset, out ulong count))
        {
            return Encoding.ASCII.GetBytes(Replies.BadCommand);
        }

        ReadOnlySpan<byte> text = registers.Description.Span;
        int start = (int)Math.Min(offset, (ulong)text.Length);

        // Escapes may double what is sent.
        int length = (int)Math.Min(Math.Min(count, PacketStream.MaxContentBytes / 2), (ulong)(text.Length - start));
        byte kind = start + length == text.Length ? (byte)'l' : (byte)'m';
        return [kind, .. text.Slice(start, length)];
    }

    internal string ReadRegisters(VirtualProcessor processor)
    {
        RegisterImage image = registers.Read(processor);
        byte[] all = new byte[registers.SizeBytes];
        int place = 0;
        foreach (GdbRegister register in registers.Registers)
        {
            RegisterSet.Encode(register, image, all.AsSpan(place));
            place += register.SizeBytes;
        }

        return Convert.ToHexStringLower(all);
    }

    internal string WriteRegisters(VirtualProcessor processor, ref ArgumentReader arguments)
    {
        byte[] all = new byte[registers.SizeBytes];
        if (!arguments.TryTakeBytes(all))
        {
            return Replies.BadCommand;
        }

        RegisterImage before = registers.Read(processor);
        RegisterImage after = registers.Read(processor);
        int place = 0;
        foreach (GdbRegister register in registers.Registers)
        {
            RegisterSet.Decode(register, after, all.AsSpan(place));
            place += register.SizeBytes;
        }

        registers.Write(processor, before, after);
        return Replies.Ok;
    }

    internal string ReadRegister(VirtualProcessor processor, ref ArgumentReader arguments)
    {
        if (!arguments.TryTakeNumber(out ulong number) || number >= (ulong)registers.Registers.Count)
        {
            return Replies.BadCommand;
        }

        GdbRegister register = registers.Registers[(int)number];
        byte[] bytes = new byte[register.SizeBytes];
        RegisterSet.Encode(register, registers.Read(processor), bytes);
        return Convert.ToHexStringLower(bytes);
    }

    internal string WriteRegister(VirtualProcessor processor, ref ArgumentReader arguments)
    {
        if (!arguments.TryTakeNumber(out ulong number) || number >= (ulong)registers.Registers.Count || !arguments.TryTake("="u8))
        {
            return Replies.BadCommand;
        }

        GdbRegister register = registers.Registers[(int)number];
        byte[] bytes = new byte[register.SizeBytes];
        if (!arguments.TryTakeBytes(bytes))
        {
            return Replies.BadCommand;
        }

        RegisterImage before = registers.Read(processor);
        RegisterImage after = registers.Read(processor);
        RegisterSet.Decode(register, after, bytes);
        registers.Write(processor, before, after);
        return Replies.Ok;
    }

    internal byte[] ReadMemory(VirtualProcessor processor, ref ArgumentReader arguments, bool isBinary)
    {
        if (!arguments.TryTakePair(out ulong address, out ulong count))
        {
            return Encoding.ASCII.GetBytes(Replies.BadCommand);
        }

        // Two characters a byte, as digits or, at worst, as escapes.
        byte[] data = new byte[(int)Math.Min(count, (PacketStream.MaxContentBytes / 2) - 1)];
        int read = machine.Memory.Read(processor, address, data, machine.Software);
        ReadOnlySpan<byte> done = data.AsSpan(0, read);
        return read == 0 && count > 0 ? Encoding.ASCII.GetBytes(Replies.BadAddress)
            : isBinary ? [(byte)'b', .. done]
            : Encoding.ASCII.GetBytes(Convert.ToHexStringLower(done));
    }

    internal string WriteMemory(VirtualProcessor processor, ref ArgumentReader arguments, bool isBinary)
    {
        if (!arguments.TryTakePair(out ulong address, out ulong count) || !arguments.TryTake(":"u8)
            || count > PacketStream.MaxContentBytes)
        {
            return Replies.BadCommand;
        }

        byte[] data = new byte[(int)count];
        bool isWhole = isBinary ? arguments.Rest.Length == data.Length : arguments.TryTakeBytes(data);
        if (!isWhole)
        {
            return Replies.BadCommand;
        }

        if (isBinary)
        {
            arguments.Rest.CopyTo(data);
        }

        return machine.Memory.TryWrite(processor, address, data, machine.Software) ? Replies.Ok : Replies.BadAddress;
    }
}
