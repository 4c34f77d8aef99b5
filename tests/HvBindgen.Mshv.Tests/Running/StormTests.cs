using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Pauses, ends and posted work at any moment, while a processor repeats an instruction, halts, and is in handlers that
/// wait.</summary>
public sealed class StormTests(ITestOutputHelper output)
{
    private const ushort Port = 0x70;
    private const ulong Data = 0x4000;
    private const ulong Count = 2000;
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(60);

    [Fact]
    public void Nothing_is_lost_or_done_twice_whatever_is_asked_of_a_processor_and_when()
    {
        int rounds = Environment.GetEnvironmentVariable("HVBINDGEN_FUZZ") == "1" ? 100_000 : 1500;
        const int Seed = 20261129;
        Random random = new(Seed);
        using FakeMachine machine = new();
        using GuestMemory ram = GuestMemory.Allocate(0x10000);
        machine.Partition.Memory.Map(0, ram);
        for (ulong i = 0; i < Count; i++)
        {
            machine.Partition.Memory.Write(Data + i, (byte)i);
        }

        VirtualProcessor processor = machine.CreateProcessor();
        Guest guest = new(machine.Calls, Set);
        machine.Calls.KeepsLog = false;
        machine.Calls.OnRun = guest.Enter;
        MachineHandlers handlers = new() { Halts = guest };
        handlers.Ports.Map(Port, 1, guest);
        RunLoop loop = new(processor, handlers, new RunOptions { MaxStringIterations = 300 });

        Set(hv_register_name.HV_X64_REGISTER_CR0, 0x10);
        Set(hv_register_name.HV_X64_REGISTER_RFLAGS, 2);
        hv_x64_segment_register flat = new() { limit = 0xffff, present = 1, segment_type = 3, non_system_segment = 1 };
        machine.Calls.Registers[(0, (uint)hv_register_name.HV_X64_REGISTER_DS)] = new hv_register_value { segment = flat }.reg128;
        machine.Calls.Registers[(0, (uint)hv_register_name.HV_X64_REGISTER_SS)] = new hv_register_value { segment = flat }.reg128;
        machine.Calls.Registers[(0, (uint)hv_register_name.HV_X64_REGISTER_CS)] = new hv_register_value { segment = flat }.reg128;

        int done = 0;
        int ends = 0;
        bool isOver = false;
        List<string> wrong = [];
        Thread thread = new(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                RunResult result = loop.Run();
                ends++;
                if (result.End != RunEnd.Requested)
                {
                    lock (wrong)
                    {
                        wrong.Add(result.ToString());
                    }

                    return;
                }
            }
        });
        thread.Start();
        int posted = 0;
        for (int round = 0; round < rounds && thread.IsAlive; round++)
        {
            Thread.SpinWait(random.Next(3000));
            switch (random.Next(4))
            {
                case 0:
                    loop.RequestEnd(RunEnd.Requested);
                    break;
                case 1:
                    Post();
                    break;
                default:
                    loop.Pause();
                    Assert.False(processor.IsRunning && thread.IsAlive && guest.IsInside, "a paused processor is in a handler");
                    Post();
                    loop.Resume();
                    break;
            }
        }

        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref done) == posted || !thread.IsAlive, TooLong));
        Volatile.Write(ref isOver, true);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                loop.RequestEnd(RunEnd.Requested);
                return thread.Join(1);
            },
            TooLong));
        output.WriteLine($"seed {Seed}, {rounds} rounds: {guest.Bytes} bytes, {guest.Halts} halts, {ends} ends, {done} posts");
        Assert.Empty(wrong);
        Assert.Null(guest.Wrong);
        Assert.Equal(posted, done);
        Assert.True(guest.Bytes > 0 && guest.Halts > 0 && ends > 0);

        void Post()
        {
            posted++;
            loop.Post(() => Volatile.Write(ref done, done + 1));
        }

        void Set(hv_register_name name, ulong value) => machine.Calls.Registers[(0, (uint)name)] = new hv_u128 { low_part = value };
    }

    /// <summary>Sends the same bytes again and again by one repeated instruction, and halts in between.</summary>
    private sealed unsafe class Guest(FakeSystemCalls calls, Action<hv_register_name, ulong> set) : IPortIoHandler, IHaltHandler
    {
        private static readonly byte[] RepeatedOut = [0xf3, 0x6e];
        private readonly Random random = new(5);
        private ulong expected;

        internal long Bytes { get; private set; }

        internal long Halts { get; private set; }

        internal string? Wrong { get; private set; }

        internal bool IsInside { get; private set; }

        internal IoctlResult Enter(FakeDescriptor descriptor, nint argument)
        {
            switch (random.Next(8))
            {
                case 0:
                    return IoctlResult.Failure(Errno.EINTR);
                case 1:
                    *(hv_message*)argument = TestMessages.Of(
                        hv_message_type.HVMSG_X64_HALT, new hv_x64_halt_message { header = TestMessages.Header() });
                    return IoctlResult.Success(0);
                default:
                    if (Read(hv_register_name.HV_X64_REGISTER_RCX) == 0)
                    {
                        // The instruction is over, or has not begun yet.
                        Wrong ??= expected % Count == 0 ? null : $"the instruction ended at byte {expected}";
                        set(hv_register_name.HV_X64_REGISTER_RCX, Count);
                        set(hv_register_name.HV_X64_REGISTER_RSI, Data);
                        set(hv_register_name.HV_X64_REGISTER_RDX, Port);
                        set(hv_register_name.HV_X64_REGISTER_RIP, TestMessages.Rip);
                    }

                    hv_message message = TestMessages.IoPort(
                        InterceptAccess.Write, Port, 1, isString: true, isRepeated: true, bytes: RepeatedOut);
                    *(hv_message*)argument = message;
                    return IoctlResult.Success(0);
            }
        }

        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
            IsInside = true;
            if (random.Next(200) == 0)
            {
                // Waits a moment, and gives the access up if something is asked: it is made again.
                RunLoop.Current!.Interrupted.WaitHandle.WaitOne(1);
                if (RunLoop.Current.Interrupted.IsCancellationRequested)
                {
                    IsInside = false;
                    throw new OperationCanceledException();
                }
            }

            Wrong ??= (byte)value == (byte)(expected % Count) ? null : $"byte {expected} is {value}";
            expected++;
            Bytes++;
            IsInside = false;
        }

        public bool OnHalt(uint vpIndex, CancellationToken interrupted)
        {
            Halts++;
            _ = interrupted.WaitHandle.WaitOne(random.Next(2));
            return !interrupted.IsCancellationRequested;
        }

        private ulong Read(hv_register_name name) => calls.Registers.GetValueOrDefault((0U, (uint)name)).low_part;
    }
}
