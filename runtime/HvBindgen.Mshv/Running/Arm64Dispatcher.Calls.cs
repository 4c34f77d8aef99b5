using HvBindgen.Mshv.Diagnostics;
using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Running;

/// <content>Hypercalls of the guest.</content>
internal sealed partial class Arm64Dispatcher
{
    // SMCCC: the answer to a function that is not there.
    private const ulong NotSupported = ulong.MaxValue;

    // Of the control word; SMCCC function numbers are 32 bits.
    private const ulong CallCodeMask = uint.MaxValue;

    private readonly ulong[] callRegisters = new ulong[ArmHypercallIntercept.RegisterCount];

    private Treatment OnHypercall(in ArmHypercallIntercept call)
    {
        call.X.CopyTo(callRegisters);
        if (!(handlers.Hypercalls?.TryCall(Processor.Index, in call, callRegisters) ?? false))
        {
            if (!Passes(options.Hypercalls, UnclaimedKind.Hypercall, call.X[0] & CallCodeMask, isWrite: false))
            {
                return End(RunEnd.Unhandled, $"no handler knows the call with immediate {call.Payload.immediate} and X0 0x{call.X[0]:x}");
            }

            call.X.CopyTo(callRegisters);
            callRegisters[0] = call.IsHypervisorCall ? Abi.Constants.HV_STATUS_INVALID_HYPERCALL_CODE : NotSupported;
        }

        registers.Clear();
        for (int i = 0; i < callRegisters.Length; i++)
        {
            if (callRegisters[i] != call.X[i])
            {
                registers.Set(i, callRegisters[i]);
            }
        }

        // The message's PC is that of the instruction; HVC has no short form.
        registers.SetPc(unchecked(call.Header.pc + InstructionBytes));
        return CommitRegisters();
    }
}
