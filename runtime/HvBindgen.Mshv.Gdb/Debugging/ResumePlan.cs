using System.Diagnostics.CodeAnalysis;
using HvBindgen.Mshv.Gdb.Protocol;

namespace HvBindgen.Mshv.Gdb.Debugging;

/// <summary>What each processor does next, as a vCont command says it: of the actions that name a processor the first counts.</summary>
internal sealed class ResumePlan
{
    private readonly List<(ProcessorAction Action, uint? VpIndex)> actions = [];

    private ResumePlan()
    {
    }

    internal static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out ResumePlan? plan)
    {
        plan = null;
        ResumePlan parsed = new();
        ArgumentReader reader = new(text);
        do
        {
            ProcessorAction action;
            if (reader.TryTake("c"u8))
            {
                action = ProcessorAction.Continue;
            }
            else if (reader.TryTake("s"u8))
            {
                action = ProcessorAction.Step;
            }
            else if (reader.TryTake("C"u8) && reader.TryTakeNumber(out _))
            {
                // With a signal, which means nothing to a machine.
                action = ProcessorAction.Continue;
            }
            else if (reader.TryTake("S"u8) && reader.TryTakeNumber(out _))
            {
                action = ProcessorAction.Step;
            }
            else
            {
                return false;
            }

            uint? vpIndex = null;
            if (reader.TryTake(":"u8) && !reader.TryTakeThread(out vpIndex))
            {
                return false;
            }

            parsed.actions.Add((action, vpIndex));
        }
        while (reader.TryTake(";"u8));

        plan = parsed;
        return reader.Rest.IsEmpty;
    }

    internal ProcessorAction ActionOf(uint vpIndex)
    {
        foreach ((ProcessorAction action, uint? named) in actions)
        {
            if (named is null || named == vpIndex)
            {
                return action;
            }
        }

        return ProcessorAction.Stay;
    }
}
