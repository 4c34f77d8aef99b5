using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <content>Exceptions, and instructions that KVM refuses to execute.</content>
internal sealed unsafe partial class KvmProcessor
{
    public bool TryInterceptExceptions(uint vectors) => vectors == 0;

    private static void RecoverException(ref ProcessorExit exit) => Fail(ref exit, Errno.EIO, "KVM stopped for debugging, which was not asked for");

    private bool StepOver(ref ProcessorExit exit)
    {
        Fail(ref exit, Errno.EIO, $"KVM cannot execute the instruction at RIP 0x{State.Rip:x}");
        return true;
    }
}
