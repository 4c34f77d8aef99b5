using System.Text;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Gdb.Debugging;
using HvBindgen.Mshv.Gdb.Protocol;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Gdb;

/// <summary>A conversation with one debugger, from its coming to its going.</summary>
internal sealed class Session(PacketStream packets, DebuggedMachine machine)
{
    private const int SignalInterrupt = 2;
    private const int SignalTrap = 5;

    private readonly StateCommands state = new(machine);
    private Stop last;
    private VirtualProcessor current = machine.Processors[0];
    private uint? continued;
    private bool isOver;

    // The machine goes on; what it stops at is this task's result.
    private Task<Stop>? running;

    /// <summary>Talks until the debugger goes.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            last = await machine.AttachAsync();
            Task<Packet> reading = packets.ReadAsync(cancellation).AsTask();
            while (!isOver)
            {
                if (running is not null && await Task.WhenAny(reading, running) == running)
                {
                    await TellStopAsync(await running, cancellation);
                    continue;
                }

                Packet packet = await reading;
                if (packet.Kind == PacketKind.End)
                {
                    return;
                }

                await ObeyAsync(packet, cancellation);
                reading = isOver ? reading : packets.ReadAsync(cancellation).AsTask();
            }
        }
        finally
        {
            await machine.DetachAsync();
        }
    }

    private async Task TellStopAsync(Stop stop, CancellationToken cancellation)
    {
        running = null;
        last = stop;
        if (machine.Processors.FirstOrDefault(processor => processor.Index == stop.VpIndex) is { } processor)
        {
            current = processor;
        }

        await SendAsync(Describe(stop), cancellation);
    }

    private async Task ObeyAsync(Packet packet, CancellationToken cancellation)
    {
        if (packet.Kind == PacketKind.Interrupt)
        {
            if (running is not null)
            {
                machine.Interrupt();
            }

            return;
        }

        byte[]? answer;
        try
        {
            answer = Answer(packet.Content.Span);
        }
        catch (Exception exception) when (exception is HypervisorException or InvalidOperationException or ArgumentException)
        {
            answer = Encoding.ASCII.GetBytes(Replies.Refused);
        }

        if (answer is not null)
        {
            await packets.SendAsync(answer, cancellation);
        }
    }

    private ValueTask SendAsync(string answer, CancellationToken cancellation) =>
        packets.SendAsync(Encoding.ASCII.GetBytes(answer), cancellation);

    // Null: the answer comes when the machine stands again, or there is none.
    private byte[]? Answer(ReadOnlySpan<byte> command)
    {
        if (command.IsEmpty)
        {
            return [];
        }

        ArgumentReader arguments = new(command[1..]);
        if (running is not null && command[0] is not (byte)'k')
        {
            return Encoding.ASCII.GetBytes(Replies.Refused);
        }

        switch (command[0])
        {
            case (byte)'x':
                return state.ReadMemory(current, ref arguments, isBinary: true);
            case (byte)'q' when arguments.TryTake("Xfer:features:read:target.xml:"u8):
                return state.ReadDescription(ref arguments);
            case (byte)'c' or (byte)'C' or (byte)'s' or (byte)'S':
                return TextOf(GoOnSimply(command[0], ref arguments));
            case (byte)'v' when arguments.TryTake("Cont;"u8):
                return TextOf(GoOn(arguments.Rest));
            case (byte)'k':
                machine.End();
                isOver = true;
                return null;
            case (byte)'m':
                return state.ReadMemory(current, ref arguments, isBinary: false);
            default:
                return Encoding.ASCII.GetBytes(AnswerText(command[0], ref arguments));
        }
    }

    private static byte[]? TextOf(string? answer) => answer is null ? null : Encoding.ASCII.GetBytes(answer);

    private string AnswerText(byte command, ref ArgumentReader arguments)
    {
        switch (command)
        {
            case (byte)'?':
                return Describe(last);
            case (byte)'g':
                return state.ReadRegisters(current);
            case (byte)'G':
                return state.WriteRegisters(current, ref arguments);
            case (byte)'p':
                return state.ReadRegister(current, ref arguments);
            case (byte)'P':
                return state.WriteRegister(current, ref arguments);
            case (byte)'M':
                return state.WriteMemory(current, ref arguments, isBinary: false);
            case (byte)'X':
                return state.WriteMemory(current, ref arguments, isBinary: true);
            case (byte)'Z' or (byte)'z':
                return ChangeBreakpoint(ref arguments, isInserted: command == 'Z');
            case (byte)'H':
                return ChooseThread(ref arguments);
            case (byte)'T':
                return arguments.TryTakeThread(out uint? asked) && Find(asked) is not null ? Replies.Ok : Replies.BadCommand;
            case (byte)'D':
                isOver = true;
                return Replies.Ok;
            case (byte)'q':
                return AnswerQuery(ref arguments);
            case (byte)'Q' when arguments.TryTake("StartNoAckMode"u8):
                packets.IsAcknowledged = false;
                return Replies.Ok;
            case (byte)'v' when arguments.TryTake("Cont?"u8):
                return "vCont;c;C;s;S";
            default:
                return "";
        }
    }

    private string AnswerQuery(ref ArgumentReader arguments)
    {
        if (arguments.TryTake("Supported"u8))
        {
            return $"PacketSize={PacketStream.MaxContentBytes:x};qXfer:features:read+;QStartNoAckMode+;swbreak+;hwbreak+;vContSupported+"
                + ";binary-upload+";
        }

        if (arguments.TryTake("fThreadInfo"u8))
        {
            return "m" + string.Join(',', machine.Processors.Select(processor => $"{ThreadOf(processor.Index):x}"));
        }

        return arguments.TryTake("sThreadInfo"u8) ? "l"
            : arguments.TryTake("ThreadExtraInfo,"u8) ? DescribeThread(ref arguments)
            : arguments.TryTake("Attached"u8) ? "1"
            : arguments.TryTake("Symbol:"u8) ? Replies.Ok
            : arguments.Rest.SequenceEqual("C"u8) ? $"QC{ThreadOf(current.Index):x}"
            : "";
    }

    private string DescribeThread(ref ArgumentReader arguments) =>
        arguments.TryTakeThread(out uint? asked) && asked is not null && Find(asked) is { } processor
            ? Convert.ToHexStringLower(Encoding.ASCII.GetBytes($"virtual processor {processor.Index}"))
            : Replies.BadCommand;

    private string ChangeBreakpoint(ref ArgumentReader arguments, bool isInserted)
    {
        if (!machine.HasBreakpoints)
        {
            return "";
        }

        if (!arguments.TryTakeNumber(out ulong type) || !arguments.TryTake(","u8)
            || !arguments.TryTakePair(out ulong address, out ulong length))
        {
            return Replies.BadCommand;
        }

        if (type == 0)
        {
            if (isInserted)
            {
                return machine.Software.TryInsert(current, address) ? Replies.Ok : Replies.BadAddress;
            }

            machine.Software.Remove(address);
            return Replies.Ok;
        }

        // gdb's number 3, reading alone, is none of the processor's.
        Watch? watch = type switch
        {
            1 => new Watch(WatchKind.Execute, address, 1),
            2 => new Watch(WatchKind.Write, address, (int)Math.Min(length, int.MaxValue)),
            4 => new Watch(WatchKind.Access, address, (int)Math.Min(length, int.MaxValue)),
            _ => null,
        };
        if (watch is not { } wanted)
        {
            return "";
        }

        if (isInserted)
        {
            return machine.Hardware.TryInsert(wanted) ? Replies.Ok : Replies.BadCommand;
        }

        machine.Hardware.Remove(wanted);
        return Replies.Ok;
    }

    private string ChooseThread(ref ArgumentReader arguments)
    {
        bool isForRegisters = arguments.TryTake("g"u8);
        if ((!isForRegisters && !arguments.TryTake("c"u8)) || !arguments.TryTakeThread(out uint? asked))
        {
            return Replies.BadCommand;
        }

        if (Find(asked) is not { } processor)
        {
            return Replies.BadCommand;
        }

        if (!isForRegisters)
        {
            continued = asked;
        }
        else if (asked is not null)
        {
            current = processor;
        }

        return Replies.Ok;
    }

    // The old form of going on: one thread steps, or all continue.
    private string? GoOnSimply(byte command, ref ArgumentReader arguments)
    {
        if (command is (byte)'C' or (byte)'S')
        {
            // A signal means nothing to a machine.
            if (!arguments.TryTakeNumber(out _))
            {
                return Replies.BadCommand;
            }

            _ = arguments.TryTake(";"u8);
        }

        // At another address: gdb does not ask for that, it writes the register before.
        if (!arguments.Rest.IsEmpty)
        {
            return Replies.BadCommand;
        }

        bool isStep = command is (byte)'s' or (byte)'S';
        uint stepped = continued ?? current.Index;
        return Begin(index => isStep && index == stepped ? ProcessorAction.Step : ProcessorAction.Continue);
    }

    private string? GoOn(ReadOnlySpan<byte> actions)
    {
        if (!ResumePlan.TryParse(actions, out ResumePlan? plan))
        {
            return Replies.BadCommand;
        }

        return Begin(plan.ActionOf);
    }

    private string? Begin(Func<uint, ProcessorAction> plan)
    {
        bool[] steps = [.. machine.Processors.Select(processor => plan(processor.Index) == ProcessorAction.Step)];
        if (!machine.HasBreakpoints && steps.Contains(true))
        {
            return Replies.Refused;
        }

        running = machine.GoOn(plan);
        return null;
    }

    // Any processor where gdb says "any" or "all".
    private VirtualProcessor? Find(uint? vpIndex) =>
        vpIndex is null ? current : machine.Processors.FirstOrDefault(processor => processor.Index == vpIndex);

    private static ulong ThreadOf(uint vpIndex) => vpIndex + 1UL;

    private static string Describe(Stop stop)
    {
        string thread = $"thread:{ThreadOf(stop.VpIndex):x};";
        return stop.Reason switch
        {
            StopReason.End => "W00",
            StopReason.Interrupt => $"T{SignalInterrupt:x2}{thread}",
            StopReason.SoftwareBreakpoint => $"T{SignalTrap:x2}swbreak:;{thread}",
            StopReason.HardwareBreakpoint when stop.Watch is { Kind: WatchKind.Write } watch =>
                $"T{SignalTrap:x2}watch:{watch.Address:x};{thread}",
            StopReason.HardwareBreakpoint when stop.Watch is { Kind: WatchKind.Access } watch =>
                $"T{SignalTrap:x2}awatch:{watch.Address:x};{thread}",
            StopReason.HardwareBreakpoint => $"T{SignalTrap:x2}hwbreak:;{thread}",
            _ => $"T{SignalTrap:x2}{thread}",
        };
    }
}
