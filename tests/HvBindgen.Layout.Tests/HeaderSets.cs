using System.Collections.Concurrent;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Layout.Tests;

/// <summary>The header sets of the product, parsed once for each target.</summary>
internal static class HeaderSets
{
    private static readonly Lazy<LoadedLibClang> LibClang = new(() => LibClangLocator.Load());
    private static readonly ConcurrentDictionary<(string Set, string Target), Lazy<ParsedHeaders>> Parsed = new();
    private static readonly Lazy<BindingConfiguration> Committed =
        new(() => BindingConfiguration.Read(Repository.PathOf("headers/hvbindgen.json")));

    private static readonly string[] KernelHeaders =
        ["kernel.h", "linux/mshv.h", "hyperv/hvhdk.h", "hyperv/hvgdk.h", "hyperv/hvgdk_ext.h"];

    internal static TargetInfo Target(string name) =>
        TargetInfo.Find(name) ?? throw new ArgumentException($"{name} is no known target", nameof(name));

    /// <summary>A set by name: a committed one, or <c>mshv-kernel</c> (without our own supplement), or <c>common</c>.</summary>
    internal static ParseRequest Request(string set, TargetInfo target)
    {
        string[] folders = IncludePaths(target);
        return set switch
        {
            "mshv-kernel" => new ParseRequest(set, target, KernelHeaders, folders) { OwnHeaders = ["linux/mshv.h", "hyperv/*.h"] },
            // Bit-fields of every kind, anonymous members, pointers, ioctls of every direction; nothing of one architecture.
            "common" => new ParseRequest(
                set,
                target,
                ["linux/types.h", "linux/fs.h", "linux/cdrom.h", "linux/ip.h", "linux/tcp.h", "linux/bpf.h", "linux/vfio.h",
                    "linux/perf_event.h", "linux/elf.h", "linux/btrfs.h"],
                folders),
            _ => Committed.Value.Sets.Single(committed => committed.Name == set).ToParseRequest(target),
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
}
