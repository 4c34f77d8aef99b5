using System;
using System.IO;
using System.Linq;
using Uapi;
using Uapi.Random;

// Two sets of one project, both named without a prefix: linux/input.h, and an internal one of linux/random.h.
using FileStream device = File.OpenRead("/dev/urandom");
Fd fd = new((int)device.SafeFileHandle.DangerousGetHandle());
IoctlResult random = RandomIoctls.RNDGETENTCNT(fd, out int bits);
IoctlResult input = FdIoctls.EVIOCGVERSION(fd, out int version);
bool isInternal = !typeof(RandomConstants).IsPublic && typeof(Constants).IsPublic;
int mismatches = AbiLayout.FindMismatches(out int facts).Count;
unsafe
{
    // struct input_event: 24 bytes on 64-bit machines.
    Console.WriteLine($"entropy: {random.IsSuccess}, not an input device: errno {input.Errno}, internal: {isInternal}");
    Console.WriteLine($"event: {sizeof(input_event)} bytes, {mismatches} of {facts} facts differ, BUS_USB {Constants.BUS_USB}");
    return version == 0 && bits >= 0 ? 0 : 1;
}
