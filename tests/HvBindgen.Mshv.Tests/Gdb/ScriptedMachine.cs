using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Gdb;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Fakes;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Gdb;

/// <summary>A machine of the fake driver with a server: guests do what a test writes as messages.</summary>
internal sealed class ScriptedMachine : IDisposable
{
    private readonly GuestMemory ram = GuestMemory.Allocate(0x10000);

    internal ScriptedMachine(uint processorCount = 1, GuestArchitecture architecture = GuestArchitecture.X64)
    {
        Fake = new FakeMachine(architecture, calls => calls.OnRun = (descriptor, argument) => Enter(descriptor.Index, argument));
        Fake.Calls.OnHypercall = (code, _, _) => code == Constants.HVCALL_TRANSLATE_VIRTUAL_ADDRESS
            ? (ushort)Constants.HV_STATUS_INVALID_HYPERCALL_CODE
            : null;
        Fake.Partition.Memory.Map(0, ram);
        Processors = [.. Enumerable.Range(0, (int)processorCount).Select(index => Fake.CreateProcessor((uint)index))];
        Machine = new Machine(Processors.Select(processor => new RunLoop(processor, Handlers)));
        Server = new GdbServer(Machine, Fake.Partition, Handlers);
    }

    internal FakeMachine Fake { get; }

    internal IReadOnlyList<VirtualProcessor> Processors { get; }

    internal MachineHandlers Handlers { get; } = new();

    internal Machine Machine { get; }

    internal GdbServer Server { get; }

    /// <summary>What a processor does at an entry: null is nothing, until it is kicked.</summary>
    internal Func<uint, hv_message?> OnEntry { get; set; } = _ => null;

    internal hv_u128 Register(Name name, uint vpIndex = 0) => Fake.Calls.Registers.GetValueOrDefault((vpIndex, (uint)name));

    /// <summary>The message of an exception, with RIP in front of the instruction.</summary>
    internal static hv_message Exception(byte vector, ulong rip, ulong parameter = 0)
    {
        Abi.X64.hv_x64_exception_intercept_message payload = new()
        {
            header = Running.TestMessages.Header64(rip: rip, length: 1),
            exception_vector = vector,
            exception_parameter = parameter,
        };
        return Running.TestMessages.Of(hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT, payload);
    }

    public void Dispose()
    {
        Server.Dispose();
        Machine.Dispose();
        Fake.Dispose();
        ram.Dispose();
    }

    private unsafe IoctlResult Enter(uint vpIndex, nint argument)
    {
        if (OnEntry(vpIndex) is { } message)
        {
            *(hv_message*)argument = message;
            return IoctlResult.Success(0);
        }

        // Until a signal comes, or soon after: the driver returns for no reason too.
        _ = CLibrary.Poll(null, 0, 1);
        return IoctlResult.Failure(Errno.EINTR);
    }
}
