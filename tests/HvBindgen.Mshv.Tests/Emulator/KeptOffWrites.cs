using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>
/// Instructions that read a device and write to memory: what KVM still does of them when it has stopped touches no memory.
/// </summary>
public sealed class KeptOffWrites
{
    private const ulong Device = GuestCode.DeviceGpa;
    private const ulong Ram = 0x9000;
    private const ulong EdgeOfRam = EmulatedMachine.RamBytes;
    private const int Stops = 400;

    /// <summary>Bits of the code, the instruction, where it writes, and how many bytes.</summary>
    private static Dictionary<string, (int Bits, Action<Assembler> Write, ulong Gpa, int SizeBytes)> Kinds => new()
    {
        ["copy"] = (64, a => a.movsq(), Ram, 8),
        ["repeated copy"] = (64, a => a.rep.movsb(), Ram, 1),
        ["copy, 32 bits"] = (32, a => a.movsd(), Ram, 4),
        ["input"] = (64, a => a.insb(), Ram, 1),
        ["repeated input"] = (32, a => a.rep.insw(), Ram, 2),
        ["input, 16 bits"] = (16, a => a.insb(), Ram, 1),
        ["push"] = (64, a => a.push(__qword_ptr[rbx]), GuestCode.StackGpa - 8, 8),
        ["push, 32 bits"] = (32, a => a.push(__dword_ptr[ebx]), GuestCode.StackGpa - 4, 4),
        ["call"] = (64, a => a.call(__qword_ptr[rbx]), GuestCode.StackGpa - 8, 8),
        ["operand that ends in the device"] = (64, a => a.add(__qword_ptr[rbp], rax), EdgeOfRam - 4, 4),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_another_processor_writes_there_meanwhile_stays(string name)
    {
        (int bits, Action<Assembler> write, ulong gpa, int sizeBytes) = Kinds[name];
        using EmulatedMachine machine = new();
        GuestCode.Start(machine, bits, GuestCode.Assemble(bits, write));
        machine.Set(hv_register_name.HV_X64_REGISTER_RAX, 0x0101_0101_0101_0101);
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, Device);
        machine.Set(hv_register_name.HV_X64_REGISTER_RCX, 3);
        machine.Set(hv_register_name.HV_X64_REGISTER_RDX, 0x80);
        machine.Set(hv_register_name.HV_X64_REGISTER_RBP, EdgeOfRam - 4);
        machine.Set(hv_register_name.HV_X64_REGISTER_RSI, Device);
        machine.Set(hv_register_name.HV_X64_REGISTER_RDI, Ram);
        using CancellationTokenSource end = new();
        Task<string> other = Task.Factory.StartNew(
            () => WriteAndLook(machine.RamAt(gpa, sizeBytes), end.Token),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            for (int stop = 0; stop < Stops; stop++)
            {
                int errno = machine.Run(out hv_message message);
                Assert.True(errno is 0 or Interop.Errno.EINTR, string.Join("; ", machine.Refusals));
                Assert.Equal(GuestCode.CodeGpa, machine.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64);
                Assert.Equal(3ul, machine.Get(hv_register_name.HV_X64_REGISTER_RCX).reg64);
            }
        }
        finally
        {
            await end.CancelAsync();
        }

        Assert.Equal("", await other);

        // Nothing of the answer that KVM was given is left for the next read.
        byte[] load = GuestCode.Assemble(bits, a => a.mov(al, bits == 16 ? __byte_ptr[bx] : __byte_ptr[ebx]));
        GuestCode.Start(machine, bits, load);
        machine.Set(hv_register_name.HV_X64_REGISTER_DS, new hv_register_value
        {
            segment = new() { @base = bits == 16 ? Device : 0, limit = uint.MaxValue, selector = 16, attributes = 0xc093 },
        });
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, bits == 16 ? 0x40 : Device + 0x40);
        hv_x64_memory_intercept_message next =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);
        Assert.Equal(Device + 0x40, next.guest_physical_address);
        Assert.Empty(machine.Refusals);
    }

    // No one else writes there: what was written is read again.
    private static string WriteAndLook(Span<byte> target, CancellationToken end)
    {
        for (byte value = 0; !end.IsCancellationRequested; value++)
        {
            for (int at = 0; at < target.Length; at++)
            {
                Volatile.Write(ref target[at], value);
            }

            Thread.SpinWait(50);
            for (int at = 0; at < target.Length; at++)
            {
                byte found = Volatile.Read(ref target[at]);
                if (found != value)
                {
                    return $"byte {at} is 0x{found:x}, and 0x{value:x} was written";
                }
            }
        }

        return "";
    }
}
