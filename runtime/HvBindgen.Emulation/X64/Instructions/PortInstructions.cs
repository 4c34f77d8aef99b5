using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>IN and OUT, and who may use ports.</summary>
internal sealed class PortInstructions(X64Context context, IX64Bus bus)
{
    internal bool In()
    {
        if (!IsPortAllowed())
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        int size = RegisterNames.SizeBytes(context.Instruction.Op0Register);
        ushort port = PortOf(context.Instruction.Op1Kind);

        if (!bus.TryReadPort(port, size, out uint value))
        {
            return context.Abandon();
        }

        context.WriteGpr(Gpr.Rax, value, size);
        return true;
    }

    internal bool Out()
    {
        if (!IsPortAllowed())
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        int size = RegisterNames.SizeBytes(context.Instruction.Op1Register);
        ushort port = PortOf(context.Instruction.Op0Kind);
        return bus.TryWritePort(port, size, (uint)context.ReadGpr(Gpr.Rax, size)) || context.Abandon();
    }

    // Above the I/O privilege level the task segment's bitmap decides, and the processor has looked at it if it reported the access.
    internal bool IsPortAllowed() =>
        context.PortAccessIsGranted
        || (context.State.Cr0 & X64Bits.Cr0Pe) == 0
        || ((context.State.Rflags & X64Bits.FlagVm) == 0
            && context.State.PrivilegeLevel <= (int)((context.State.Rflags & X64Bits.FlagIopl) >> 12));

    private ushort PortOf(OpKind operand) =>
        (ushort)(operand == OpKind.Register ? context.State.Gpr[Gpr.Rdx] : context.Instruction.Immediate8);
}
