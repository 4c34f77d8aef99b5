using HvBindgen.Mshv.Abi;

namespace HvBindgen.Docs.Tests;

/// <summary>The folders that documents speak of, made anew: what lies in them is what the text around a block tells.</summary>
internal static class Scenes
{
    /// <summary>Makes the folder of a name.</summary>
    /// <exception cref="ArgumentException">A document names a scene that nobody makes.</exception>
    public static TemporaryFolder Make(string name) => name switch
    {
        "a message" => Message(),
        "a bit is taken" => new TemporaryFolder().With("before/f.h", Reserved("__u64 reserved : 63;")).With(
            "after/f.h", Reserved("__u64 b : 1; __u64 reserved : 62;")),
        "a new request" => Lint(),
        "two releases" => Releases(after => after),
        "reserved bytes used" => Releases(
            _ => Before().Replace("__u32 rsvd;", "__u8 priority;\n\t__u8 rsvd[3];", StringComparison.Ordinal)),
        "another number" => Releases(_ => Before().Replace("'R', 4", "'R', 5", StringComparison.Ordinal)),
        "added in between" => Releases(
            _ => Before().Replace("\tRING_KIND_CREDIT", "\tRING_KIND_CLOSE,\n\tRING_KIND_CREDIT", StringComparison.Ordinal)),
        "stale acceptance" => Releases(after => after).With("headers/accepted.json", Accepted),
        _ => throw new ArgumentException($"no scene \"{name}\"", nameof(name)),
    };

    private static TemporaryFolder Message()
    {
        TemporaryFolder folder = new();
        byte[] bytes = new byte[256];
        bytes[0] = 1;
        bytes[3] = 0x80;
        bytes[4] = 80;
        hv_x64_memory_intercept_message content = default;
        content.header.vp_index = 1;
        content.header.instruction_length = 3;
        content.memory_access_info.as_uint8 = 3;
        content.guest_virtual_address = 0xffffc90000001010;
        content.guest_physical_address = 0xfee00010;
        ReadOnlySpan<byte> code = [0x8b, 0x47, 0x10, .. Enumerable.Repeat((byte)0x90, 13)];
        code.CopyTo(content.instruction_bytes);
        System.Runtime.InteropServices.MemoryMarshal.Write(bytes.AsSpan(16), content);
        File.WriteAllBytes(folder["exit.bin"], bytes);
        return folder;
    }

    private static string Reserved(string members) => $"typedef unsigned long long __u64;\nstruct f {{ __u64 a : 1; {members} }};\n";

    private static string Sample(string path) => File.ReadAllText(Path.Combine(Repository.Root, "samples/AbiReport", path));

    private static string Before() => Sample("before/ring.h");

    private static TemporaryFolder Releases(Func<string, string> edit) => new TemporaryFolder()
        .With("before/ring.h", Before()).With("before/uapi.h", Sample("before/uapi.h"))
        .With("after/ring.h", edit(Sample("after/ring.h"))).With("after/uapi.h", Sample("after/uapi.h"));

    private const string Accepted = """
        {"suppressions": [
          {"rule": "HV1010", "symbol": "ring_setup", "reason": "the driver takes both sizes", "expires": "2020-01-01"},
          {"rule": "HV1011", "symbol": "ring_setup", "reason": "nobody asks", "expires": "2100-01-01"}
        ]}
        """;

    private static TemporaryFolder Lint() => new TemporaryFolder()
        .With("include/linux/ring.h", """
            #include "uapi.h"
            struct ring_map {
            	__u64 *gpa;
            	__u64 *result;
            	__u64 length;
            	__u64 reserved;
            };
            #define RING_MAP _IOW(0x72, 4, struct ring_map)
            """)
        .With("include/linux/uapi.h", Sample("before/uapi.h"))
        .With("hvbindgen.json", """
            {
              "targets": ["x86_64", "arm64"],
              "sets": [{
                "name": "ring", "headers": ["linux/ring.h"], "includePaths": ["include"],
                "csharp": { "namespace": "Ring", "output": "Generated" }
              }]
            }
            """);
}
