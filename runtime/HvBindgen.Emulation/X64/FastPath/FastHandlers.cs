using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.FastPath;

#pragma warning disable IDE0060 // All have the parameters of FastInstruction.Handler, whether or not they need each.

/// <summary>Carries out instructions of the fast path. RIP has moved behind the instruction already.</summary>
/// <remarks>Static, as pointers of <see cref="FastInstruction"/> lead to them.</remarks>
internal static unsafe class FastHandlers
{
    internal static bool RegisterRegister<TOperation, TSize>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TOperation : struct, IFastOperation
        where TSize : struct, IOperandSize
    {
        ComputeRegister<TOperation, TSize>(ref state, what.First, X64Value.Truncate(state.Gpr[what.Second], TSize.Bytes));
        return true;
    }

    internal static bool RegisterImmediate<TOperation, TSize>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TOperation : struct, IFastOperation
        where TSize : struct, IOperandSize
    {
        ComputeRegister<TOperation, TSize>(ref state, what.First, X64Value.Truncate(what.Immediate, TSize.Bytes));
        return true;
    }

    internal static bool RegisterMemory<TOperation, TSize>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TOperation : struct, IFastOperation
        where TSize : struct, IOperandSize
    {
        if (!memory.TryLoad<TSize>(what.AddressIn(in state), out ulong right))
        {
            return false;
        }

        ComputeRegister<TOperation, TSize>(ref state, what.First, right);
        return true;
    }

    internal static bool MemoryRegister<TOperation, TSize>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TOperation : struct, IFastOperation
        where TSize : struct, IOperandSize =>
        TryComputeMemory<TOperation, TSize>(ref state, memory, in what, X64Value.Truncate(state.Gpr[what.Second], TSize.Bytes));

    internal static bool MemoryImmediate<TOperation, TSize>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TOperation : struct, IFastOperation
        where TSize : struct, IOperandSize =>
        TryComputeMemory<TOperation, TSize>(ref state, memory, in what, X64Value.Truncate(what.Immediate, TSize.Bytes));

    /// <summary>IMUL of a register and an immediate into another.</summary>
    internal static bool MultiplyByImmediate<TSize>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TSize : struct, IOperandSize
    {
        ulong left = X64Value.Truncate(state.Gpr[what.Second], TSize.Bytes);
        ulong right = X64Value.Truncate(what.Immediate, TSize.Bytes);
        TSize.Write(ref state.Gpr[what.First], ImulOperation.Compute(left, right, TSize.Bytes, ref state.Rflags));
        return true;
    }

    internal static bool ZeroExtendRegister<TFrom, TTo>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TFrom : struct, IOperandSize
        where TTo : struct, IOperandSize
    {
        TTo.Write(ref state.Gpr[what.First], X64Value.Truncate(state.Gpr[what.Second], TFrom.Bytes));
        return true;
    }

    internal static bool ZeroExtendMemory<TFrom, TTo>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TFrom : struct, IOperandSize
        where TTo : struct, IOperandSize
    {
        if (!memory.TryLoad<TFrom>(what.AddressIn(in state), out ulong value))
        {
            return false;
        }

        TTo.Write(ref state.Gpr[what.First], value);
        return true;
    }

    internal static bool SignExtendRegister<TFrom, TTo>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TFrom : struct, IOperandSize
        where TTo : struct, IOperandSize
    {
        TTo.Write(ref state.Gpr[what.First], X64Value.SignExtend(state.Gpr[what.Second], TFrom.Bytes));
        return true;
    }

    internal static bool SignExtendMemory<TFrom, TTo>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TFrom : struct, IOperandSize
        where TTo : struct, IOperandSize
    {
        if (!memory.TryLoad<TFrom>(what.AddressIn(in state), out ulong value))
        {
            return false;
        }

        TTo.Write(ref state.Gpr[what.First], X64Value.SignExtend(value, TFrom.Bytes));
        return true;
    }

    internal static bool LoadAddress<TSize>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TSize : struct, IOperandSize
    {
        TSize.Write(ref state.Gpr[what.First], what.AddressIn(in state));
        return true;
    }

    internal static bool SetRegister(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
    {
        OneByte.Write(ref state.Gpr[what.First], FastConditions.Holds(what.Condition, state.Rflags) ? 1UL : 0);
        return true;
    }

    /// <summary>CMOVcc. It clears the upper half whether or not it moves.</summary>
    internal static bool MoveRegisterOnCondition<TSize>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TSize : struct, IOperandSize
    {
        ulong source = state.Gpr[FastConditions.Holds(what.Condition, state.Rflags) ? what.Second : what.First];
        TSize.Write(ref state.Gpr[what.First], source);
        return true;
    }

    /// <summary>CMOVcc from memory, which is read whether or not it moves.</summary>
    internal static bool MoveMemoryOnCondition<TSize>(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
        where TSize : struct, IOperandSize
    {
        if (!memory.TryLoad<TSize>(what.AddressIn(in state), out ulong value))
        {
            return false;
        }

        ref ulong register = ref state.Gpr[what.First];
        TSize.Write(ref register, FastConditions.Holds(what.Condition, state.Rflags) ? value : register);
        return true;
    }

    internal static bool JumpOnCondition(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
    {
        if (FastConditions.Holds(what.Condition, state.Rflags))
        {
            state.Rip = what.Immediate;
        }

        return true;
    }

    internal static bool Jump(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
    {
        state.Rip = what.Immediate;
        return true;
    }

    internal static bool JumpToRegister(ref X64State state, FastMemory memory, ref readonly FastInstruction what) =>
        TryGoTo(ref state, state.Gpr[what.First]);

    internal static bool JumpToMemory(ref X64State state, FastMemory memory, ref readonly FastInstruction what) =>
        memory.TryLoad<EightBytes>(what.AddressIn(in state), out ulong target) && TryGoTo(ref state, target);

    internal static bool Call(ref X64State state, FastMemory memory, ref readonly FastInstruction what) =>
        TryCall(ref state, memory, what.Immediate);

    internal static bool CallRegister(ref X64State state, FastMemory memory, ref readonly FastInstruction what) =>
        TryCall(ref state, memory, state.Gpr[what.First]);

    internal static bool CallMemory(ref X64State state, FastMemory memory, ref readonly FastInstruction what) =>
        memory.TryLoad<EightBytes>(what.AddressIn(in state), out ulong target) && TryCall(ref state, memory, target);

    internal static bool Return(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
    {
        ref ulong pointer = ref state.Gpr[Gpr.Rsp];

        if (!memory.TryLoad<EightBytes>(pointer, out ulong target) || !TryGoTo(ref state, target))
        {
            return false;
        }

        pointer += sizeof(ulong);
        return true;
    }

    internal static bool PushRegister(ref X64State state, FastMemory memory, ref readonly FastInstruction what) =>
        TryPush(ref state, memory, state.Gpr[what.First]);

    internal static bool PushImmediate(ref X64State state, FastMemory memory, ref readonly FastInstruction what) =>
        TryPush(ref state, memory, what.Immediate);

    internal static bool Pop(ref X64State state, FastMemory memory, ref readonly FastInstruction what)
    {
        ref ulong pointer = ref state.Gpr[Gpr.Rsp];

        if (!memory.TryLoad<EightBytes>(pointer, out ulong value))
        {
            return false;
        }

        // POP RSP leaves what was popped.
        pointer += sizeof(ulong);
        state.Gpr[what.First] = value;
        return true;
    }

    internal static bool DoNothing(ref X64State state, FastMemory memory, ref readonly FastInstruction what) => true;

    private static void ComputeRegister<TOperation, TSize>(ref X64State state, int register, ulong right)
        where TOperation : struct, IFastOperation
        where TSize : struct, IOperandSize
    {
        ref ulong first = ref state.Gpr[register];
        ulong result = TOperation.Compute(X64Value.Truncate(first, TSize.Bytes), right, TSize.Bytes, ref state.Rflags);

        if (TOperation.WritesDestination)
        {
            TSize.Write(ref first, result);
        }
    }

    private static bool TryComputeMemory<TOperation, TSize>(
        ref X64State state, FastMemory memory, ref readonly FastInstruction what, ulong right)
        where TOperation : struct, IFastOperation
        where TSize : struct, IOperandSize
    {
        ulong linear = what.AddressIn(in state);

        if (!TOperation.WritesDestination)
        {
            if (!memory.TryLoad<TSize>(linear, out ulong old))
            {
                return false;
            }

            _ = TOperation.Compute(old, right, TSize.Bytes, ref state.Rflags);
            return true;
        }

        byte* place = memory.FindStore<TSize>(linear, out ulong gpa);

        if (place == null)
        {
            return false;
        }

        ulong left = TOperation.ReadsDestination ? TSize.Load(place) : 0;
        memory.Store<TSize>(place, gpa, TOperation.Compute(left, right, TSize.Bytes, ref state.Rflags));
        return true;
    }

    private static bool TryGoTo(ref X64State state, ulong target)
    {
        if (!FastInstruction.IsCanonical(target))
        {
            return false;
        }

        state.Rip = target;
        return true;
    }

    private static bool TryCall(ref X64State state, FastMemory memory, ulong target)
    {
        if (!FastInstruction.IsCanonical(target) || !TryPush(ref state, memory, state.Rip))
        {
            return false;
        }

        state.Rip = target;
        return true;
    }

    private static bool TryPush(ref X64State state, FastMemory memory, ulong value)
    {
        ref ulong pointer = ref state.Gpr[Gpr.Rsp];
        byte* place = memory.FindStore<EightBytes>(pointer - sizeof(ulong), out ulong gpa);

        if (place == null)
        {
            return false;
        }

        memory.Store<EightBytes>(place, gpa, value);
        pointer -= sizeof(ulong);
        return true;
    }
}
