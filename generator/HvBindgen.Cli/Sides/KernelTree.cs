using System.ComponentModel;
using System.Globalization;
using System.Text;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Processes;

namespace HvBindgen.Cli.Sides;

/// <summary>A git repository of the kernel, whose own makefiles install the headers of a revision.</summary>
/// <remarks>They are programs of that repository, and run as the user: such a tree is one that the user would build.</remarks>
/// <param name="root">Top of the repository.</param>
/// <param name="architecture">The machine as the kernel's makefiles name it.</param>
/// <param name="jobs">Commands that make runs at the same time.</param>
internal sealed class KernelTree(string root, KernelArchitecture architecture, int jobs) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hvbindgen-uapi-");
    private readonly List<string> untested = ["asm-generic/*"];
    private int installed;

    /// <summary>The kernel's repository around a folder.</summary>
    /// <exception cref="DiffException">There is none, or it is not one of the kernel.</exception>
    internal static KernelTree Open(string folder, KernelArchitecture architecture, int jobs)
    {
        string? root = PathBounds.RepositoryOf(folder);
        return root is null ? throw new DiffException("this is no git repository: start it in one of the kernel")
            : !Directory.Exists(Path.Combine(root, "arch", architecture.Name))
                ? throw new DiffException($"there is no arch/{architecture.Name} in {root}: set ARCH to a machine that this kernel has")
            : new KernelTree(root, architecture, jobs);
    }

    /// <summary>Whether files that git knows differ from what is committed or staged.</summary>
    internal bool IsDirty => Git("diff", "--quiet").ExitCode != 0;

    /// <summary>Makes sure that two revisions are there, differ, and that one comes from the other.</summary>
    /// <param name="past">The older revision.</param>
    /// <param name="revision">The newer one; null for the working tree.</param>
    /// <exception cref="DiffException">They are not.</exception>
    internal void RequireAncestor(string past, string? revision)
    {
        string old = CommitOf(past);
        if (revision is null)
        {
            return;
        }

        string now = CommitOf(revision);
        if (old == now)
        {
            throw new DiffException($"{past} and {revision} are the same commit");
        }

        if (Git("merge-base", "--is-ancestor", old, now).ExitCode != 0)
        {
            throw new DiffException($"{past} is no ancestor of {revision}: its headers are not what {revision} began with");
        }
    }

    /// <summary>Installs the headers of a revision.</summary>
    /// <param name="revision">The revision; null for the working tree.</param>
    /// <returns>The headers; those of which the kernel says that they do not stand alone are skipped, in all trees.</returns>
    /// <exception cref="DiffException">They cannot be installed.</exception>
    internal IncludeTree Install(string? revision)
    {
        string number = (++installed).ToString(CultureInfo.InvariantCulture);
        string headers = Path.Combine(folder.FullName, $"headers{number}");
        string source = root;
        if (revision is not null)
        {
            source = Path.Combine(folder.FullName, $"source{number}");
            Dictionary<string, string?> index = new() { ["GIT_INDEX_FILE"] = Path.Combine(folder.FullName, $"index{number}") };
            Require(Run("git", root, index, default, "read-tree", CommitOf(revision)), $"git cannot read {revision}");
            Require(
                Run("git", root, index, default, "checkout-index", "--all", "--force", $"--prefix={source}/"),
                $"git cannot write {revision}");
        }

        string words = revision ?? "the working tree";
        Require(
            Run("make", source, [], default, "-j", jobs.ToString(CultureInfo.InvariantCulture), $"ARCH={architecture.Name}",
                $"INSTALL_HDR_PATH={headers}", "headers_install"),
            $"the headers of {words} cannot be installed");
        untested.AddRange(UntestedIn(source, words));
        string include = Path.Combine(headers, "include");
        return Directory.Exists(include)
            ? new IncludeTree(include, new PathBounds(headers, []))
            : throw new DiffException($"make headers_install of {words} has made no folder include");
    }

    /// <summary>A tree without the headers that do not stand alone, as the kernel of any installed revision says.</summary>
    internal IncludeTree Tested(IncludeTree tree) => tree with { Skipped = [.. untested.Distinct()] };

    /// <summary>Removes everything.</summary>
    public void Dispose() => folder.Delete(recursive: true);

    // usr/include/Makefile lists them for the kernel's own test of its headers; make itself knows which are of this machine.
    private string[] UntestedIn(string source, string words)
    {
        string makefile = Path.Combine(source, "usr", "include", "Makefile");
        if (!File.Exists(makefile))
        {
            throw new DiffException($"{words} has no usr/include/Makefile, which kernels have since 5.3");
        }

        byte[] asking = [.. "hvbindgen_list: ; @echo $(no-header-test)\n"u8, .. File.ReadAllBytes(makefile)];
        Dictionary<string, string?> environment = new() { ["SRCARCH"] = architecture.Name };
        ProcessEnd end = Require(
            Run("make", source, environment, asking, "--always-make", "-f", "-", "hvbindgen_list"),
            $"make cannot read usr/include/Makefile of {words}");
        return [.. Encoding.UTF8.GetString(end.Bytes.ToArray()).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(pattern => pattern.Replace('%', '*'))];
    }

    private string CommitOf(string revision)
    {
        ProcessEnd end = Git("rev-parse", "--verify", "--quiet", "--end-of-options", $"{revision}^{{commit}}");
        return end.ExitCode == 0
            ? Encoding.UTF8.GetString(end.Bytes.ToArray()).Trim()
            : throw new DiffException($"the revision \"{revision}\" is not known here");
    }

    private ProcessEnd Git(params string[] arguments) => Run("git", root, [], default, arguments);

    private static ProcessEnd Require(ProcessEnd end, string fault) =>
        end.ExitCode == 0 ? end : throw new DiffException($"{fault}: {end.Errors.Trim()}");

    private static ProcessEnd Run(
        string program, string folder, Dictionary<string, string?> environment, ReadOnlyMemory<byte> input, params string[] arguments)
    {
        try
        {
            return new ChildProcess(program, arguments) { WorkFolder = folder, Environment = environment, Input = input }.Run();
        }
        catch (Win32Exception fault)
        {
            throw new DiffException($"{program} cannot be started: install it", fault);
        }
    }
}

/// <summary>A machine, as the kernel's makefiles and as this program name it.</summary>
/// <param name="Name">Folder below <c>arch</c>.</param>
/// <param name="Target">The target.</param>
internal sealed record KernelArchitecture(string Name, TargetInfo Target)
{
    // Documentation/kbuild/kbuild.rst: ARCH is the folder below arch, and for some machines a further name.
    private static readonly Dictionary<string, (string Name, string Target)> Known = new(StringComparer.Ordinal)
    {
        ["x86"] = ("x86", "x86_64"),
        ["x86_64"] = ("x86", "x86_64"),
        ["i386"] = ("x86", "i686"),
        ["arm64"] = ("arm64", "arm64"),
        ["aarch64"] = ("arm64", "arm64"),
        ["arm"] = ("arm", "armv7"),
        ["riscv"] = ("riscv", "riscv64"),
        ["powerpc"] = ("powerpc", "ppc64le"),
        ["s390"] = ("s390", "s390x"),
    };

    /// <summary>The machine that the environment variable <c>ARCH</c> names; this one where it names none.</summary>
    /// <exception cref="DiffException">It is none that can be parsed for.</exception>
    internal static KernelArchitecture FromEnvironment()
    {
        string name = Environment.GetEnvironmentVariable("ARCH") is { Length: > 0 } named ? named
            : System.Runtime.InteropServices.RuntimeInformation.OSArchitecture
                == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x86_64";
        return Known.TryGetValue(name, out (string Name, string Target) known)
            ? new KernelArchitecture(known.Name, TargetInfo.Find(known.Target)!)
            : throw new DiffException($"ARCH={name}: known are {string.Join(", ", Known.Keys)}");
    }
}
