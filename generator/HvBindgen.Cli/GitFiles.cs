using System.Diagnostics;
using System.Text;
using HvBindgen.Generator.Diff;

namespace HvBindgen.Cli;

/// <summary>Reads a folder's files as they were at a revision of the repository around it.</summary>
internal sealed class GitFiles
{
    private readonly string revision;
    private readonly string workingFolder;
    private readonly string inside;

    /// <summary>Looks the revision up.</summary>
    /// <param name="revision">Anything that git takes for a commit.</param>
    /// <param name="folder">The folder; it need not exist any more.</param>
    /// <exception cref="DiffException">git is missing, this is no repository, or the revision is unknown.</exception>
    public GitFiles(string revision, string folder)
    {
        this.revision = revision;
        string full = Path.GetFullPath(folder);
        workingFolder = full;
        while (!Directory.Exists(workingFolder))
        {
            workingFolder = Path.GetDirectoryName(workingFolder)!;
        }

        // git goes by paths relative to where it runs.
        inside = full == workingFolder ? "./" : Path.GetRelativePath(workingFolder, full) + "/";

        // A revision that begins with a dash would be an option.
        Run("rev-parse", "--verify", "--quiet", "--end-of-options", $"{revision}^{{commit}}");
    }

    /// <summary>Names of the folder's files, as <see cref="Read"/> takes them.</summary>
    public IReadOnlyList<string> List() =>
        Encoding.UTF8.GetString(Run("ls-tree", "--name-only", revision, inside)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Content of a file.</summary>
    public byte[] Read(string file) => Run("show", $"{revision}:./{file}");

    private byte[] Run(params string[] arguments)
    {
        try
        {
            ProcessStartInfo start = new("git", arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = workingFolder,
            };
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            using MemoryStream output = new();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            string fault = errors.GetAwaiter().GetResult().Trim();
            return process.ExitCode == 0
                ? output.ToArray()
                : throw new DiffException($"git {string.Join(' ', arguments)} failed{(fault.Length > 0 ? $": {fault}" : ": is the revision known here?")}");
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new DiffException("git cannot be started: install it, or compare files instead of revisions", fault);
        }
    }
}
