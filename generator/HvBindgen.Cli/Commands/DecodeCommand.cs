using System.CommandLine;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Cli.Sets;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Model;

namespace HvBindgen.Cli.Commands;

/// <summary><c>decode</c>: explains the number of a request, or the bytes of a message.</summary>
internal static class DecodeCommand
{
    internal static Command Create(GlobalOptions globals)
    {
        SelectionOptions selection = new();
        Argument<string?> number = new("number")
        {
            Description = "Request number such as 0xc020b807, in decimal, or as strace prints it: '_IOC(_IOC_READ, 0xb8, 0, 0x100)'.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> message = new("--message", "-m")
        {
            Description =
                "Explain the message in this file, '-' for standard input: binary, hexadecimal, xxd, hexdump -C or a string of strace -xx.",
            HelpName = "FILE",
        };
        Option<string?> record = new("--record", "-r") { Description = "The bytes of --message are this record.", HelpName = "NAME" };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Command command = new("decode", "Explains a request number or a message; exits with 1 when nothing known fits.")
        {
            number, message, record, json,
        };
        selection.AddTo(command, "The machine that made the number or the message; by default the first of the set that has it.");
        command.Validators.Add(result =>
        {
            if (result.GetValue(number) is null == result.GetValue(message) is null)
            {
                result.AddError("Give either a number or --message FILE.");
            }
        });
        command.Needs(result => result.HasGiven(message), "it says what the bytes of --message are; give both.", record);
        command.SetAction(parsed =>
        {
            CommandContext context = new(parsed, globals);
            IReadOnlyList<InspectedSet> sets = InspectedSets.Read(context, selection);
            return (int)(parsed.GetValue(message) is { } file
                ? PrintMessage(context, MessageInput.Read(file, parsed.GetValue(record), sets), parsed.GetValue(json))
                : PrintNumber(context, parsed.GetValue(number)!, sets, parsed.GetValue(json)));
        });
        return command;
    }

    private static ExitCode PrintNumber(CommandContext context, string text, IReadOnlyList<InspectedSet> sets, bool isJson)
    {
        TargetInfo target = sets[0].Models[0].Target;
        uint request = IoctlNumber.Parse(text, target) ?? RequestNamed(text, sets);
        NumberPage page = new(request, target, sets);
        if (isJson)
        {
            context.Terminal.Out.Write(page.Write());
        }
        else
        {
            context.Terminal.Print(page.Draw(context.Terminal.Width));
        }

        return page.IsKnown ? ExitCode.Ok : ExitCode.Difference;
    }

    private static ExitCode PrintMessage(CommandContext context, MessagePage page, bool isJson)
    {
        if (isJson)
        {
            context.Terminal.Out.Write(page.Write());
        }
        else
        {
            context.Terminal.Print(page.Draw(context.Terminal.Width));
        }

        return page.IsKnown ? ExitCode.Ok : ExitCode.Difference;
    }

    // strace prints the name of a request that it knows.
    private static uint RequestNamed(string text, IReadOnlyList<InspectedSet> sets)
    {
        AbiIoctl[] all = [.. sets.SelectMany(set => set.Models).SelectMany(model => model.Ioctls)];
        if (Array.Find(all, ioctl => ioctl.Name == text) is { } named)
        {
            return named.Request;
        }

        string? near = NearestName.Of(text, all.Select(ioctl => ioctl.Name));
        throw new ConfigurationException(
            $"{text} is neither a number of 32 bits nor the name of a request" + (near is null ? "" : $"; did you mean {near}?"),
            "Write it like 0xc020b807, -1071597561 or '_IOC(_IOC_READ, 0xb8, 0, 0x100)'.");
    }
}
