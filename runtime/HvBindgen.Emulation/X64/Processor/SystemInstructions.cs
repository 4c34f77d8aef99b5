using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Instructions;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>The instructions that only a whole processor has: they need more than the state of one instruction.</summary>
internal sealed class SystemInstructions
{
    private readonly X64Context context;
    private readonly InstructionSet instructions;

    internal SystemInstructions(
        X64Context context,
        X64AddressSpace space,
        X64Stack stack,
        DescriptorReader descriptors,
        TaskStacks stacks,
        TaskSwitches tasks,
        SystemRegisters system,
        ModelRegisters registers,
        VectorFile vectors,
        IX64Surroundings surroundings,
        InstructionSet instructions)
    {
        this.context = context;
        this.instructions = instructions;
        X64Operands operands = new(context, space);
        CodeSegments code = new(context, space, descriptors);
        Control = new ControlInstructions(context, space, operands, system, surroundings);
        Waits = new WaitInstructions(context, space, registers, Control);
        Tables = new TableInstructions(context, space, operands, descriptors, system);
        Models = new ModelInstructions(context, space, operands, registers, surroundings);
        CallGates gates = new(context, space, stack, descriptors, stacks, code);
        Far = new FarTransfers(context, space, operands, stack, code, descriptors, gates, tasks);
        Returns = new InterruptReturns(context, stack, code, system, tasks);
        Fast = new FastCalls(context, space, registers);
        States = new ExtendedStateInstructions(context, space, operands, new ExtendedState(context, vectors));
        Ports = new PortPermissions(context, space, system);
    }

    internal ControlInstructions Control { get; }

    internal WaitInstructions Waits { get; }

    internal TableInstructions Tables { get; }

    internal ModelInstructions Models { get; }

    internal FarTransfers Far { get; }

    internal InterruptReturns Returns { get; }

    internal FastCalls Fast { get; }

    internal ExtendedStateInstructions States { get; }

    internal PortPermissions Ports { get; }

    /// <summary>The interrupt that the instruction raises by name, if it does.</summary>
    internal byte? SoftwareInterrupt { get; set; }

    /// <summary>Forgets what the instruction before has left.</summary>
    internal void Begin()
    {
        SoftwareInterrupt = null;
        Control.Stop = null;
        Control.HoldsInterruptsBack = false;
        Models.StopsFor = null;
    }

    /// <summary>An interrupt that the program names.</summary>
    internal bool Interrupt(byte vector)
    {
        ref X64State state = ref context.State;

        if ((state.Rflags & X64Bits.FlagVm) != 0
            && context.Instruction.Mnemonic == Mnemonic.Int
            && (state.Rflags & X64Bits.FlagIopl) != X64Bits.FlagIopl)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        SoftwareInterrupt = vector;
        return true;
    }

    /// <summary>INT n.</summary>
    internal bool InterruptByNumber() => Interrupt(context.Instruction.Immediate8);

    /// <summary>INTO: an interrupt where OF is set.</summary>
    internal bool InterruptOnOverflow() => (context.State.Rflags & X64Bits.FlagOf) == 0 || Interrupt(X64Bits.VectorOf);

    /// <summary>IN, OUT, INS and OUTS, once the task's permissions have been looked at.</summary>
    internal bool AccessPort()
    {
        ulong count = context.State.Gpr[Gpr.Rcx];

        if (!Ports.TryGrant())
        {
            return false;
        }

        bool hasEnded = instructions.TryExecute();

        // A repeated instruction that has come to its end accesses none.
        if (!(context.Instruction.HasRepPrefix || context.Instruction.HasRepnePrefix) || context.State.Gpr[Gpr.Rcx] != count)
        {
            Ports.NoteAccess();
        }

        return hasEnded;
    }
}
