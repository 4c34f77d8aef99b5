using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Which operation carries out which instruction of a whole processor.</summary>
internal static class SystemTable
{
    private static readonly Dictionary<Mnemonic, Func<SystemInstructions, bool>> Operations = new()
    {
        [Mnemonic.Cpuid] = static set => set.Models.Identify(),
        [Mnemonic.Rdmsr] = static set => set.Models.ReadMsr(),
        [Mnemonic.Wrmsr] = static set => set.Models.WriteMsr(),
        [Mnemonic.Vmcall] = static set => set.Models.CallHypervisor(),
        [Mnemonic.Vmmcall] = static set => set.Models.RefuseOtherVendor(),
        [Mnemonic.Rdtsc] = static set => set.Models.ReadTimestamp(),
        [Mnemonic.Rdtscp] = static set => set.Models.ReadTimestamp(),
        [Mnemonic.Rdpmc] = static set => set.Models.ReadCounter(),
        [Mnemonic.Rdrand] = static set => set.Models.ReadRandom(),
        [Mnemonic.Rdseed] = static set => set.Models.ReadRandom(),
        [Mnemonic.Rdpid] = static set => set.Models.ReadProcessorId(),
        [Mnemonic.Swapgs] = static set => set.Models.SwapGs(),
        [Mnemonic.Rdfsbase] = static set => set.Models.ReadBase(X64SegmentFile.Fs),
        [Mnemonic.Rdgsbase] = static set => set.Models.ReadBase(X64SegmentFile.Gs),
        [Mnemonic.Wrfsbase] = static set => set.Models.WriteBase(X64SegmentFile.Fs),
        [Mnemonic.Wrgsbase] = static set => set.Models.WriteBase(X64SegmentFile.Gs),

        [Mnemonic.Lgdt] = static set => set.Tables.LoadTable(isInterrupts: false),
        [Mnemonic.Lidt] = static set => set.Tables.LoadTable(isInterrupts: true),
        [Mnemonic.Sgdt] = static set => set.Tables.StoreTable(isInterrupts: false),
        [Mnemonic.Sidt] = static set => set.Tables.StoreTable(isInterrupts: true),
        [Mnemonic.Lldt] = static set => set.Tables.LoadSystemSegment(isTask: false),
        [Mnemonic.Ltr] = static set => set.Tables.LoadSystemSegment(isTask: true),
        [Mnemonic.Sldt] = static set => set.Tables.StoreSystemSegment(isTask: false),
        [Mnemonic.Str] = static set => set.Tables.StoreSystemSegment(isTask: true),
        [Mnemonic.Lar] = static set => set.Tables.Inspect(),
        [Mnemonic.Lsl] = static set => set.Tables.Inspect(),
        [Mnemonic.Verr] = static set => set.Tables.Inspect(),
        [Mnemonic.Verw] = static set => set.Tables.Inspect(),
        [Mnemonic.Arpl] = static set => set.Tables.AdjustPrivilege(),

        [Mnemonic.Lmsw] = static set => set.Control.LoadMachineStatus(),
        [Mnemonic.Clts] = static set => set.Control.ClearTaskSwitched(),
        [Mnemonic.Invlpg] = static set => set.Control.ForgetPage(),
        [Mnemonic.Invpcid] = static set => set.Control.ForgetContext(),
        [Mnemonic.Cli] = static set => set.Control.SetInterrupts(isOn: false),
        [Mnemonic.Sti] = static set => set.Control.SetInterrupts(isOn: true),
        [Mnemonic.Clac] = static set => set.Control.SetAccessToUser(isOn: false),
        [Mnemonic.Stac] = static set => set.Control.SetAccessToUser(isOn: true),
        [Mnemonic.Hlt] = static set => set.Waits.Halt(),
        [Mnemonic.Monitor] = static set => set.Waits.Monitor(),
        [Mnemonic.Mwait] = static set => set.Waits.Wait(),
        [Mnemonic.Xgetbv] = static set => set.States.ReadControl(),
        [Mnemonic.Xsetbv] = static set => set.Control.WriteExtendedControl(),

        [Mnemonic.Xsave] = static set => set.States.Save(),
        [Mnemonic.Xsave64] = static set => set.States.Save(),
        [Mnemonic.Xsaveopt] = static set => set.States.Save(),
        [Mnemonic.Xsaveopt64] = static set => set.States.Save(),
        [Mnemonic.Xsavec] = static set => set.States.SaveCompacted(isForSystem: false),
        [Mnemonic.Xsavec64] = static set => set.States.SaveCompacted(isForSystem: false),
        [Mnemonic.Xsaves] = static set => set.States.SaveCompacted(isForSystem: true),
        [Mnemonic.Xsaves64] = static set => set.States.SaveCompacted(isForSystem: true),
        [Mnemonic.Xrstor] = static set => set.States.Restore(isForSystem: false),
        [Mnemonic.Xrstor64] = static set => set.States.Restore(isForSystem: false),
        [Mnemonic.Xrstors] = static set => set.States.Restore(isForSystem: true),
        [Mnemonic.Xrstors64] = static set => set.States.Restore(isForSystem: true),

        [Mnemonic.Iret] = static set => set.Returns.ReturnFromInterrupt(),
        [Mnemonic.Iretd] = static set => set.Returns.ReturnFromInterrupt(),
        [Mnemonic.Iretq] = static set => set.Returns.ReturnFromInterrupt(),
        [Mnemonic.Retf] = static set => set.Far.Return(),
        [Mnemonic.Syscall] = static set => set.Fast.SystemCall(),
        [Mnemonic.Sysret] = static set => set.Fast.SystemReturn(),
        [Mnemonic.Sysretq] = static set => set.Fast.SystemReturn(),
        [Mnemonic.Sysenter] = static set => set.Fast.Enter(),
        [Mnemonic.Sysexit] = static set => set.Fast.Exit(),
        [Mnemonic.Sysexitq] = static set => set.Fast.Exit(),
        [Mnemonic.Int] = static set => set.InterruptByNumber(),
        [Mnemonic.Int1] = static set => set.Interrupt(X64Bits.VectorDb),
        [Mnemonic.Int3] = static set => set.Interrupt(X64Bits.VectorBp),
        [Mnemonic.Into] = static set => set.InterruptOnOverflow(),

        [Mnemonic.In] = static set => set.AccessPort(),
        [Mnemonic.Out] = static set => set.AccessPort(),
        [Mnemonic.Insb] = static set => set.AccessPort(),
        [Mnemonic.Insw] = static set => set.AccessPort(),
        [Mnemonic.Insd] = static set => set.AccessPort(),
        [Mnemonic.Outsb] = static set => set.AccessPort(),
        [Mnemonic.Outsw] = static set => set.AccessPort(),
        [Mnemonic.Outsd] = static set => set.AccessPort(),
    };

    /// <summary>The operation of an instruction.</summary>
    /// <returns>Null when it needs no whole processor.</returns>
    internal static Func<SystemInstructions, bool>? Find(in Instruction instruction)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Mov when IsControl(instruction.Op0Register) || IsControl(instruction.Op1Register):
                return static set => set.Control.MoveControl();
            case Mnemonic.Mov when IsDebug(instruction.Op0Register) || IsDebug(instruction.Op1Register):
                return static set => set.Control.MoveDebug();
            case Mnemonic.Jmp when instruction.IsJmpFar || instruction.IsJmpFarIndirect:
                return static set => set.Far.Jump();
            case Mnemonic.Call when instruction.IsCallFar || instruction.IsCallFarIndirect:
                return static set => set.Far.Call();
            default:
                return Operations.GetValueOrDefault(instruction.Mnemonic);
        }
    }

    private static bool IsControl(Register register) => register is >= Register.CR0 and <= Register.CR15;

    private static bool IsDebug(Register register) => register is >= Register.DR0 and <= Register.DR15;
}
