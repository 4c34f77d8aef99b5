using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Outside;

// The hypervisor of a machine that is user-mode Linux: answers what its driver asks, with the emulated device's own half.
//   HvBindgen.Mshv.Outside SOCKET    ends when the machine does; with 4, and the reason, where guests cannot run
if (args is not [{ } path])
{
    Console.Error.WriteLine("usage: HvBindgen.Mshv.Outside SOCKET");
    return 2;
}

if (!MshvEmulator.IsAvailable(out string? reason))
{
    Console.Error.WriteLine(reason);
    return 4;
}

using Link link = Link.Accept(path);
using RootPartition root = new(link);
while (link.TryReceive(out Hypercall call))
{
    link.Answer(root.Call(in call));
}

Console.Error.WriteLine(
    $"{root.CallCount} hypercalls of {root.CodeCount} kinds, {root.PartitionCount} partitions, {link.NoticeCount} messages");
return 0;
