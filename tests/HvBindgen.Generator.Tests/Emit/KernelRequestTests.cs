using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit;

/// <summary>Requests whose macros say other things than their drivers do, sent to the running kernel.</summary>
public sealed class KernelRequestTests
{
    // libc's declaration, which linux/if.h leaves to others.
    private const string Socket = "struct sockaddr { unsigned short sa_family; char sa_data[14]; };\n";

    private const string Devices = """
            private static int Open(string path, int flags)
            {
                fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + "\0"))
                {
                    return open(name, flags);
                }
            }

            [DllImport("libc")]
            private static extern int open(byte* path, int flags);

            [DllImport("libc")]
            private static extern int close(int fd);

            [DllImport("libc")]
            private static extern void* mmap(void* address, nuint size, int protection, int flags, int fd, nint offset);
        """;

    [Fact]
    public void A_tap_device_is_named_by_a_record_and_made_persistent_by_a_number()
    {
        Requirement.Device("/dev/net/tun");
        object? result = Run(["linux/if.h", "linux/if_tun.h"], """
            int fd = Open("/dev/net/tun", 2);
            if (fd < 0) return "skip: /dev/net/tun opens with error " + Marshal.GetLastSystemError();
            ifreq request = default;
            request.ifr_ifru.ifru_flags = (short)(Constants.IFF_TAP | Constants.IFF_NO_PI);
            IoctlResult made = FdIoctls.TUNSETIFF(new Fd(fd), ref request);
            if (!made.IsSuccess) { close(fd); return "skip: TUNSETIFF gives error " + made.Errno; }
            ifreq got = default;
            IoctlResult asked = FdIoctls.TUNGETIFF(new Fd(fd), ref got);
            bool same = MemoryMarshal.AsBytes(new ReadOnlySpan<ifreq>(in request))[..16]
                .SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<ifreq>(in got))[..16]);
            IoctlResult kept = FdIoctls.TUNSETPERSIST(new Fd(fd), 1);
            FdIoctls.TUNGETIFF(new Fd(fd), ref got);
            bool isKept = (got.ifr_ifru.ifru_flags & Constants.IFF_PERSIST) != 0;
            IoctlResult freed = FdIoctls.TUNSETPERSIST(new Fd(fd), 0);
            FdIoctls.TUNGETIFF(new Fd(fd), ref got);
            bool isFree = (got.ifr_ifru.ifru_flags & Constants.IFF_PERSIST) == 0;
            IoctlResult steering = FdIoctls.TUNSETSTEERINGEBPF(new Fd(fd), -1);
            close(fd);
            return $"{asked.IsSuccess} {same} {kept.IsSuccess} {isKept} {freed.IsSuccess} {isFree} {steering.IsSuccess}";
            """);

        Assert.Equal("True True True True True True True", result);
    }

    [Fact]
    public void Memory_is_taken_from_userfaultfd_by_a_range_that_the_kernel_reads()
    {
        Requirement.Device("/dev/userfaultfd");
        object? result = Run(["linux/userfaultfd.h"], """
            int device = Open("/dev/userfaultfd", 0);
            if (device < 0) return "skip: /dev/userfaultfd opens with error " + Marshal.GetLastSystemError();
            IoctlResult made = FdIoctls.USERFAULTFD_IOC_NEW(new Fd(device), 0);
            close(device);
            if (!made.IsSuccess) return "skip: USERFAULTFD_IOC_NEW gives error " + made.Errno;
            Fd fd = new(made.Value);
            uffdio_api api = new() { api = Constants.UFFD_API };
            IoctlResult agreed = FdIoctls.UFFDIO_API(fd, ref api);
            ulong address = (ulong)mmap(null, 8192, 3, 0x22, -1, 0);
            uffdio_register register = new()
            {
                range = new uffdio_range { start = address, len = 8192 },
                mode = Constants.UFFDIO_REGISTER_MODE_MISSING,
            };
            IoctlResult registered = FdIoctls.UFFDIO_REGISTER(fd, ref register);
            uffdio_range range = register.range;
            IoctlResult woken = FdIoctls.UFFDIO_WAKE(fd, in range);
            IoctlResult taken = FdIoctls.UFFDIO_UNREGISTER(fd, in range);
            close(made.Value);
            return $"{agreed.IsSuccess} {registered.IsSuccess} {woken.IsSuccess} {taken.IsSuccess} {range.len}";
            """);

        Assert.Equal("True True True True 8192", result);
    }

    [Fact]
    public void Entropy_is_given_as_a_record_with_its_bytes_behind_it()
    {
        Requirement.Device("/dev/random");
        object? result = Run(["linux/random.h"], """
            int fd = Open("/dev/random", 2);
            if (fd < 0) return "skip: /dev/random opens with error " + Marshal.GetLastSystemError();
            byte[] pool = new byte[rand_pool_info.AllocationSize(2)];
            MemoryMarshal.Write(pool, new rand_pool_info { entropy_count = 0, buf_size = 8 });
            IoctlResult added = FdIoctls.RNDADDENTROPY(new Fd(fd), pool);
            IoctlResult counted = FdIoctls.RNDGETENTCNT(new Fd(fd), out int bits);
            close(fd);
            if (added.Errno == 1) return "skip: adding entropy needs a privilege";
            return $"{added.IsSuccess} {counted.IsSuccess} {bits is >= 0 and <= 4096}";
            """);

        Assert.Equal("True True True", result);
    }

    [Fact]
    public void A_free_loop_device_is_asked_for_with_a_plain_number()
    {
        Requirement.Device("/dev/loop-control");
        object? result = Run(["linux/loop.h"], """
            int fd = Open("/dev/loop-control", 2);
            if (fd < 0) return "skip: /dev/loop-control opens with error " + Marshal.GetLastSystemError();
            IoctlResult free = FdIoctls.LOOP_CTL_GET_FREE(new Fd(fd));
            close(fd);
            return free.IsSuccess && free.Value >= 0;
            """, ["LOOP_*"]);

        Assert.Equal(true, result);
    }

    private static object? Run(string[] headers, string use, string[]? numberRequests = null)
    {
        string tree = Path.Combine(Repository.DownloadedHeaders(), "usr/include");
        using TemporaryFolder folder = new();
        folder.With("sys/socket.h", Socket);
        object? result = Bindings.Of(
            headers[0],
            use,
            Devices,
            parse: request => request with
            {
                Headers = headers,
                OwnHeaders = headers,
                IncludePaths = [folder.Root, Path.Combine(tree, request.Target.Multiarch), tree],
                NumberRequests = numberRequests ?? [],
            },
            emit: options => options with { IoctlUses = new IoctlUses(new Dictionary<string, IoctlUse>(), MisdeclaredRequests.ByName) })
            .Result;
        if (result is string text && text.StartsWith("skip: ", StringComparison.Ordinal))
        {
            Assert.Skip(text["skip: ".Length..]);
        }

        return result;
    }
}
