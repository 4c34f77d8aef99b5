using System.Collections.Concurrent;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Layout.Tests;

/// <summary>The header sets of the product, parsed once for each target.</summary>
internal static class HeaderSets
{
    private static readonly Lazy<LoadedLibClang> LibClang = new(() => LibClangLocator.Load());
    private static readonly ConcurrentDictionary<(string Set, string Target), Lazy<ParsedHeaders>> Parsed = new();

    internal static IReadOnlyList<string> KernelHeaders { get; } =
        ["kernel.h", "linux/mshv.h", "hyperv/hvhdk.h", "hyperv/hvgdk.h", "hyperv/hvgdk_ext.h"];

    internal static TargetInfo Target(string name) =>
        TargetInfo.Find(name) ?? throw new ArgumentException($"{name} is no known target", nameof(name));

    /// <summary>A set by name: <c>mshv</c>, <c>mshv-kernel</c> (without our own supplement), <c>kvm</c>, <c>common</c>.</summary>
    internal static ParseRequest Request(string set, TargetInfo target)
    {
        string[] folders = IncludePaths(target);
        return set switch
        {
            "mshv" => new ParseRequest(set, target, [.. KernelHeaders, .. VmmHeaders()], folders)
            {
                OwnHeaders = ["linux/mshv.h", "hyperv/*.h", "vmm/*.h"],
                EnumContinuation = "__vmm",
            },
            "mshv-kernel" => new ParseRequest(set, target, KernelHeaders, folders) { OwnHeaders = ["linux/mshv.h", "hyperv/*.h"] },
            "kvm" => new ParseRequest(set, target, ["linux/kvm.h"], folders) { OwnHeaders = ["linux/kvm.h", "asm/kvm.h"] },

            // Bit-fields of every kind, anonymous members, pointers, ioctls of every direction; nothing of one architecture.
            "common" => new ParseRequest(
                set,
                target,
                ["linux/types.h", "linux/fs.h", "linux/cdrom.h", "linux/ip.h", "linux/tcp.h", "linux/bpf.h", "linux/vfio.h",
                    "linux/perf_event.h", "linux/elf.h", "linux/btrfs.h"],
                folders),
            _ => throw new ArgumentException($"{set} is no known set", nameof(set)),
        };
    }

    /// <summary>The model of a set. Skips the test when headers or libclang are missing.</summary>
    internal static AbiModel Model(string set, string targetName)
    {
        Repository.DownloadedHeaders();
        LoadLibClang();
        return Parsed.GetOrAdd(
            (set, targetName), key => new Lazy<ParsedHeaders>(() => HeaderParser.Parse(Request(key.Set, Target(key.Target))))).Value.Model;
    }

    internal static void LoadLibClang()
    {
        try
        {
            _ = LibClang.Value;
        }
        catch (LibClangNotFoundException missing)
        {
            Requirement.SkipOrFail(missing.Message);
        }
    }

    private static string[] IncludePaths(TargetInfo target)
    {
        string downloaded = Repository.PathOf("headers/downloaded");
        return
        [
            Repository.PathOf("headers/shim"),
            Repository.PathOf("headers"),
            downloaded,
            Path.Combine(downloaded, "usr/include", target.Multiarch),
            Path.Combine(downloaded, "usr/include"),
        ];
    }

    private static IEnumerable<string> VmmHeaders() => Directory.EnumerateFiles(Repository.PathOf("headers/vmm"), "*.h")
        .Select(file => $"vmm/{Path.GetFileName(file)}")
        .Order(StringComparer.Ordinal);
}
