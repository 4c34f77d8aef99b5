using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Interop;
using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>Finds the instruction of an access that no memory backs: KVM stops before one that reads, after one that writes.</summary>
internal sealed unsafe class MemoryRecovery(
    Vcpu vcpu, InstructionReader reader, MemoryOperands operands, HalfInstruction half, StoreRecovery stores)
{
    private readonly MemoryExit exit = new();

    private ProcessorState State => vcpu.State;

    internal ProcessorExit Recover()
    {
        kvm_run.mmio_t mmio = vcpu.Area->mmio;
        bool isWrite = mmio.is_write != 0;
        exit.Gpa = mmio.phys_addr;
        exit.Access = isWrite ? MemoryAccess.Write : MemoryAccess.Read;
        RegisterSnapshot before = State.Save();
        if (!(vcpu.TryGetDeviceStore(out DeviceStore store) ? TryRecoverStore(in store, in before) : TryRecoverLoad(in before)))
        {
            return new FailedExit(
                Errno.EIO,
                $"the instruction that {(isWrite ? "wrote" : "read")} guest-physical 0x{exit.Gpa:x} "
                + $"cannot be found around RIP 0x{before.Rip:x}, in {reader.BytesAround(before.Rip)}"
                + $": {(isWrite ? stores.Reason : half.Reason)}");
        }

        reader.Describe(exit);
        exit.InstructionLength = 0; // the hypervisor gives bytes, not a length
        return exit;
    }

    private bool TryRecoverStore(in DeviceStore store, in RegisterSnapshot before)
    {
        bool isRecovered = stores.TryRecover(in store, in before, out ulong gva);
        exit.Gva = gva;
        return isRecovered;
    }

    private bool TryRecoverLoad(in RegisterSnapshot before)
    {
        if (!reader.TryDecode(State.Rip, out Instruction instruction))
        {
            return false;
        }

        exit.Gva = operands.TryFindAccess(in instruction, exit.Gpa, out ulong gva) ? gva : null;
        return half.TryAbandon(in instruction, in before) && reader.TryDecode(State.Rip, out _);
    }
}
