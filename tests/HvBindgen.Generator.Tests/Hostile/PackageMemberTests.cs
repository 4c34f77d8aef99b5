using System.Formats.Tar;
using System.Globalization;
using System.Text;
using HvBindgen.Generator.Headers;
using Xunit;

namespace HvBindgen.Generator.Tests.Hostile;

/// <summary>Package files that no packager made: their members stay below the folder, and what is wrong is said.</summary>
public sealed class PackageMemberTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public PackageMemberTests() => Assert.SkipUnless(System.IO.File.Exists("/usr/bin/dpkg-deb"), "dpkg-deb is needed to read packages");

    public static TheoryData<int> Seeds => [.. FuzzRounds.Seeds];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_member_twice_is_said()
    {
        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(
            () => ExtractAsync(Package(File("usr/include/a.h", "1"), File("usr/include/a.h", "2"))));

        Assert.Contains("it holds usr/include/a.h twice", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_larger_than_any_header_is_refused()
    {
        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(
            () => ExtractAsync(Package(File("usr/include/a.h", new string(' ', (32 << 20) + 1)))));

        Assert.Contains("more than 32 MB in a file", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_lead_out_are_passed_by_and_links_that_do_are_refused()
    {
        IReadOnlyList<string> taken = await ExtractAsync(Package(
            File("usr/include/../../../evil.h", "x"), File("/usr/include/absolute.h", "x"), File("usr/include/good.h", "x"),
            File("usr/include//double.h", "x")));
        Assert.Equal(["good.h"], Directory.GetFiles(folder.Root, "*.h", SearchOption.AllDirectories).Select(Path.GetFileName));
        HeaderSyncException fault = await Assert.ThrowsAsync<HeaderSyncException>(() => ExtractAsync(Package(
            new PaxTarEntry(TarEntryType.SymbolicLink, "usr/include/link.h") { LinkName = "../../../../../etc/passwd" })));

        Assert.Equal(["good.h"], taken);
        Assert.Contains("links to", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Damaged_packages_are_read_or_refused(int seed)
    {
        byte[] whole = Package(File("usr/include/a.h", "int a;\n"), File("usr/include/linux/b.h", "int b;\n"));
        FuzzRounds.Repeat(seed, 30, 2000, random =>
        {
            byte[] damaged = [.. whole];
            for (int edit = random.Next(1, 6); edit > 0; edit--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                ExtractAsync(random.Next(4) == 0 ? damaged[..random.Next(damaged.Length)] : damaged).GetAwaiter().GetResult();
            }
            catch (HeaderSyncException fault)
            {
                Assert.Contains("is no package that can be read", fault.Message, StringComparison.Ordinal);
            }
        }, TestContext.Current.TestOutputHelper!.WriteLine);

        Assert.DoesNotContain(Directory.GetFiles(folder.Root), file => Path.GetFileName(file) != "p.deb");
    }

    private static PaxTarEntry File(string name, string text) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) };

    // deb(5): an ar archive of a version, an archive of control files and one of the content.
    private static byte[] Package(params PaxTarEntry[] entries)
    {
        using MemoryStream deb = new();
        deb.Write("!<arch>\n"u8);
        Member(deb, "debian-binary", "2.0\n"u8.ToArray());
        Member(deb, "control.tar", Tar([new PaxTarEntry(TarEntryType.RegularFile, "control")
        {
            DataStream = new MemoryStream("Package: p\nVersion: 1\nArchitecture: all\nMaintainer: n\nDescription: d\n"u8.ToArray()),
        }]));
        Member(deb, "data.tar", Tar(entries));
        return deb.ToArray();
    }

    private static byte[] Tar(PaxTarEntry[] entries)
    {
        using MemoryStream stream = new();
        using (TarWriter writer = new(stream, leaveOpen: true))
        {
            foreach (PaxTarEntry entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        return stream.ToArray();
    }

    private static void Member(MemoryStream archive, string name, byte[] content)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"{name,-16}{0,-12}{0,-6}{0,-6}{100644,-8}{content.Length,-10}`\n");
        archive.Write(Encoding.ASCII.GetBytes(head));
        archive.Write(content);
        if (content.Length % 2 == 1)
        {
            archive.WriteByte((byte)'\n');
        }
    }

    private async Task<IReadOnlyList<string>> ExtractAsync(byte[] package)
    {
        string target = Path.Combine(folder.Root, "target");
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        await System.IO.File.WriteAllBytesAsync(folder["p.deb"], package, TestContext.Current.CancellationToken);
        return await DebianPackageFile.ExtractAsync(folder["p.deb"], "usr/include", target, TestContext.Current.CancellationToken);
    }
}
