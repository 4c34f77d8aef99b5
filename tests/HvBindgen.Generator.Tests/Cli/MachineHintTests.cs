using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using HvBindgen.Cli.Examining;
using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Starting;
using HvBindgen.Generator.Headers;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary>
/// What a message says to do to the machine: make room, name another mirror, install a package. The command that gets libclang from NuGet
/// is run by <c>LibClangPackageTests</c>. What is not tried: that a mirror which is there gives the headers, which needs the network, and
/// installing a package, which needs root and changes the machine; package managers of other distributions are not here.
/// </summary>
public sealed partial class MachineHintTests
{
    [Fact]
    public async Task Headers_that_found_no_room_are_fetched_when_there_is_some()
    {
        using HeaderWorkplace place = new();
        HeaderSyncOptions options = place.Options with
        {
            TreePath = place.Folder["small/downloaded"],
            KernelTree = place.Kernel.Root,
            Update = true,
        };
        using UnusableFolder? disk = UnusableFolder.Full(place.Folder["small"], sizeBytes: 16 * 1024);
        Assert.SkipWhen(disk is null, "needs the right to mount a file system");

        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(
            () => HeaderSync.SyncAsync(options, null, TestContext.Current.CancellationToken));
        bool isLocked = File.Exists(options.LockPath);
        disk!.Dispose();
        HeaderSyncReport report = await HeaderSync.SyncAsync(options, null, TestContext.Current.CancellationToken);

        Assert.Contains("see that the disk has room", fault.Remedy, StringComparison.Ordinal);
        Assert.False(isLocked);
        Assert.True(new HeaderTree(options.TreePath).Verify(report.Lock).IsClean);
    }

    [Fact]
    public void A_mirror_that_does_not_answer_is_named_and_another_can_be_given()
    {
        Requirement.Program("apt-get", "apt");
        using HeaderWorkplace place = new();
        place.Folder.With("hvbindgen.json", """
            {
              "targets": ["x86_64"],
              "sets": [{ "name": "dev", "headers": ["linux/dev.h"], "includePaths": ["downloaded/usr/include"] }]
            }
            """);
        string mirror = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{UnusedPort()}/debian");

        Ending result = CommandLine.Run(place.Folder, "headers", "sync", "--update", "--mirror", mirror);
        Ending other = CommandLine.Run(place.Folder, "headers", "sync", "--update", "--kernel", place.Kernel.Root);

        Assert.True(result.ExitCode == (int)ExitCode.SyncFailed, result.Error);
        Assert.Contains($"apt-get failed for suite new of {mirror}", result.Error, StringComparison.Ordinal);
        Assert.Contains("Check the network and the mirror that apt uses", result.Error, StringComparison.Ordinal);
        Assert.True(other.ExitCode == (int)ExitCode.Ok, other.Error);
    }

    // The words of each command are taken from the sources, so that a new one is tried too.
    [Fact]
    public void Packages_that_messages_name_are_known_to_apt_where_it_knows_any()
    {
        Assert.SkipUnless(RuntimeInformation.RuntimeIdentifier.EndsWith("-x64", StringComparison.Ordinal), "names are those on x86-64");
        Requirement.Program("apt-get", "apt");
        HashSet<string> known = [.. ChildProgram.Run("apt-cache", "pkgnames").Out.Split('\n')];
        Assert.SkipUnless(known.Contains("gcc-multilib"), "apt has no lists of packages on this machine");
        string[] texts =
        [
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "generator"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText),
            .. TargetInfo.Known.Select(CompilerChoice.HowToGet),
            .. TargetInfo.Known.Select(target => $"apt-get install {StarterConfiguration.PackageOf(target)}"),
        ];
        SortedSet<string> packages =
            [.. texts.SelectMany(text => Install().Matches(text)).Select(match => match.Groups["package"].Value)];

        // Each release has its own numbers of libclang; the message says so.
        Assert.Contains(packages, package => LibClang().IsMatch(package));
        packages.RemoveWhere(package => LibClang().IsMatch(package));
        Assert.Contains(known, name => LibClang().IsMatch(name));
        Assert.Contains("gcc-aarch64-linux-gnu", packages);
        Assert.Empty(packages.Except(known));
        Assert.Equal(0, ChildProgram.Run("apt-get", "--simulate", "install", "linux-libc-dev").ExitCode);
    }

    // One that was free a moment ago, and that nobody listens at.
    private static int UnusedPort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"apt-get install (?<package>[a-z0-9][a-z0-9.+-]*[a-z0-9])")]
    private static partial Regex Install();

    [GeneratedRegex("^libclang1-[0-9]+(t64)?$")]
    private static partial Regex LibClang();
}
