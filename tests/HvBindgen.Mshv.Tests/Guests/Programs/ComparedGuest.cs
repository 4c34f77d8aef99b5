using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Boot;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Tests.Guests.Programs;

/// <summary>Runs programs on the emulated device and in software alone, and compares.</summary>
internal sealed class ComparedGuest : IDisposable
{
    private const ulong PageTablesGpa = RunningGuest.PageTablesGpa;
    private const ulong AdjustFlag = 1 << 4;
    private const int EdgeBytes = 64;

    private readonly RunningGuest guest;
    private readonly DeviceLog[] onGuest;
    private readonly DeviceLog[] inSoftware;
    private readonly MachineHandlers[] softwareHandlers;
    private readonly FlatMemory memory = new((int)RunningGuest.DeviceGpa);

    internal ComparedGuest(int processors)
    {
        guest = new RunningGuest((uint)processors);
        ProgramPlace[] places = [.. Enumerable.Range(0, processors).Select(each => new ProgramPlace(each))];
        onGuest = [.. places.Select(each => new DeviceLog(each))];
        inSoftware = [.. places.Select(each => new DeviceLog(each))];
        softwareHandlers = [.. places.Select(_ => new MachineHandlers())];
        for (int index = 0; index < processors; index++)
        {
            onGuest[index].Connect(guest.Handlers);
            inSoftware[index].Connect(softwareHandlers[index]);
            guest.Handlers.Ports.Map(places[index].EndPort, 1, new EndDevice(guest.Loops[index]));
        }
    }

    /// <summary>How many accesses to devices were the same.</summary>
    internal long Accesses { get; private set; }

    /// <summary>What the emulated device could not do.</summary>
    internal string Refusals => string.Join("; ", guest.Refusals);

    /// <summary>Runs one program on each processor.</summary>
    /// <param name="random">What the data are made of.</param>
    /// <param name="programs">The programs.</param>
    /// <param name="shared">What they add to the shared counter in all; null where they have none.</param>
    /// <param name="isRefused">Whether the emulated device said that it could not go on.</param>
    /// <returns>What differs.</returns>
    internal string[] Compare(Random random, byte[][] programs, ulong? shared, out bool isRefused)
    {
        ulong[][] starts = Prepare(random, programs);
        byte[] before = new byte[memory.SizeBytes];
        guest.Partition.Memory.Read(0, before);
        RunResult[] results = Run();
        byte[] after = new byte[memory.SizeBytes];
        guest.Partition.Memory.Read(0, after);
        isRefused = Array.Exists(results, each => each.End == RunEnd.Refused);
        List<string> differences = [];
        for (int index = 0; index < programs.Length; index++)
        {
            if (results[index].End is not (RunEnd.PowerOff or RunEnd.Refused))
            {
                differences.Add($"processor {index} ended with {results[index]}");
                continue;
            }

            before.CopyTo(memory.Bytes);
            SoftwareProcessor software = new(memory, softwareHandlers[index]);
            ProgramPlace place = new(index);
            software.Start(place.CodeGpa, starts[index], PageTablesGpa);
            software.RunTo(place.EndPort);
            differences.AddRange(CompareAccesses(index, results[index].End == RunEnd.Refused));
            if (results[index].End == RunEnd.PowerOff)
            {
                differences.AddRange(CompareRegisters(index, software));
                differences.AddRange(CompareMemory(place, after));
            }
        }

        ulong found = BitConverter.ToUInt64(after, (int)ProgramPlace.SharedGpa);
        if (!isRefused && shared is { } expected && found != expected)
        {
            differences.Add($"the shared counter is {found}, and {expected} was added");
        }

        return [.. differences];
    }

    public void Dispose()
    {
        guest.Dispose();
        memory.Dispose();
    }

    // Gives the general registers that each program begins with.
    private ulong[][] Prepare(Random random, byte[][] programs)
    {
        byte[] data = new byte[programs.Length * (int)ProgramPlace.DataBytes];
        random.NextBytes(data);
        guest.Partition.Memory.Write(RunningGuest.DataGpa, data);
        guest.Partition.Memory.Write(ProgramPlace.EdgeGpa - EdgeBytes, data.AsSpan(0, EdgeBytes));
        guest.Partition.Memory.Write(ProgramPlace.SharedGpa, new byte[8]);
        for (int index = 0; index < programs.Length; index++)
        {
            ProgramPlace place = new(index);
            onGuest[index].Reset();
            inSoftware[index].Reset();
            guest.Partition.Memory.Write(place.CodeGpa, programs[index]);
            X64Boot.LongMode(guest.Partition.Memory, place.CodeGpa, place.StackTop, pageTablesGpa: PageTablesGpa)
                .Set(hv_register_name.HV_X64_REGISTER_RSP, place.StackTop)
                .Set(hv_register_name.HV_REGISTER_INTERNAL_ACTIVITY_STATE, 0) // needs no startup interrupt
                .ApplyTo(guest.Processors[index]);
        }

        return [.. guest.Processors.Select(each => GeneralOf(each.X64.General))];
    }

    private static ulong[] GeneralOf(X64GeneralRegisters general) =>
    [
        general.Rax, general.Rcx, general.Rdx, general.Rbx, general.Rsp, general.Rbp, general.Rsi, general.Rdi,
        general.R8, general.R9, general.R10, general.R11, general.R12, general.R13, general.R14, general.R15,
    ];

    private RunResult[] Run()
    {
        using CancellationTokenSource deadline = new(RunningGuest.TooLong);
        Task<RunResult>[] runs = [.. guest.Loops.Select(loop => Task.Factory.StartNew(
            () => loop.Run(deadline.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        return [.. runs.Select(each => each.GetAwaiter().GetResult())];
    }

    private IEnumerable<string> CompareAccesses(int index, bool isPrefix)
    {
        List<string> expected = inSoftware[index].Accesses;
        List<string> actual = onGuest[index].Accesses;
        int count = Math.Min(expected.Count, actual.Count);
        Accesses += count;
        for (int at = 0; at < count; at++)
        {
            if (expected[at] != actual[at])
            {
                yield return $"processor {index}, access {at}: {actual[at]}, and in software {expected[at]}";
                yield break;
            }
        }

        if (expected.Count != actual.Count && !(isPrefix && actual.Count < expected.Count))
        {
            yield return $"processor {index}: {actual.Count} accesses, and in software {expected.Count}";
        }
    }

    private List<string> CompareRegisters(int index, SoftwareProcessor software)
    {
        X64GeneralRegisters general = guest.Processors[index].X64.General;
        ulong[] actual = [.. GeneralOf(general), general.Rflags & ~AdjustFlag];
        ulong[] expected = [.. (ReadOnlySpan<ulong>)software.State.Gpr, software.State.Rflags & ~AdjustFlag];
        List<string> differences = [];
        for (int register = 0; register < actual.Length; register++)
        {
            if (actual[register] != expected[register])
            {
                differences.Add(
                    $"processor {index}, register {register}: 0x{actual[register]:x}, and in software 0x{expected[register]:x}");
            }
        }

        return differences;
    }

    private List<string> CompareMemory(ProgramPlace place, byte[] after)
    {
        List<string> differences = [];
        CompareRange(place.DataGpa, (int)ProgramPlace.DataBytes);
        CompareRange(place.StackTop - ProgramPlace.StackBytes, (int)ProgramPlace.StackBytes);
        if (place.Processor == 0)
        {
            CompareRange(ProgramPlace.EdgeGpa - EdgeBytes, EdgeBytes);
        }

        return differences;

        void CompareRange(ulong gpa, int sizeBytes)
        {
            int same = after.AsSpan((int)gpa, sizeBytes).CommonPrefixLength(memory.Bytes.Slice((int)gpa, sizeBytes));
            if (same < sizeBytes)
            {
                differences.Add($"processor {place.Processor}, memory at 0x{gpa + (ulong)same:x}: 0x{after[(int)gpa + same]:x}, "
                    + $"and in software 0x{memory.Bytes[(int)gpa + same]:x}");
            }
        }
    }

    private sealed class EndDevice(RunLoop loop) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => loop.RequestEnd(RunEnd.PowerOff);
    }
}
